//! Files of the programme that a `.gitignore` hides. They are not judged, and that is told: git keeps a tracked file
//! whatever `.gitignore` says of it later, so one more line in there could make a register vanish.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;

use super::gitignore::{Hiding, Ignored, LIMITS};
use super::tracked::Tracked;
use super::work_tree::{Fault, Found, State, programme_path};
use super::{ROOT_FILE, Role, Span, role};
use crate::text::{count, safe};

/// Hidden files of one of the programme's folders that are told one by one; the others are counted.
const TOLD_ONE_BY_ONE: usize = 50;

/// A fault, and the path of the file it stands in.
pub(super) type Placed = (String, Fault);

/// Leaves out what is hidden or never read. A hidden text stays listed as not read, so that nothing it may define counts
/// as absent. `all` is in path order.
pub(super) fn leave_out(root: &Path, mut all: Vec<Found>, tracked: &Tracked) -> (Vec<Found>, Vec<Placed>) {
    let own = all.iter().filter(|f| f.path.ends_with("/.gitignore") && matches!(f.state, State::File));
    let ignored = Ignored::read(root, own.filter_map(|f| f.disk.parent().map(Path::to_owned)));
    all.retain(|f| matches!(f.state, State::Refused(_)) || role(&f.path) != Role::Skip);
    let hiding: Vec<Option<Hiding<'_>>> = all
        .par_iter()
        .map(|f| match f.state {
            State::Refused(_) | State::Blob(_) => None,
            // git keeps what is tracked, whatever `.gitignore` says of it.
            _ if tracked.find(&f.path).is_some() => None,
            _ => ignored.hides(&f.disk),
        })
        .collect();
    let mut telling = Telling { root, faults: Vec::new(), places: BTreeMap::new(), folders: BTreeMap::new() };
    let mut left = Vec::with_capacity(all.len());
    for (mut found, hiding) in all.into_iter().zip(hiding) {
        let Some(hiding) = hiding else {
            left.push(found);
            continue;
        };
        if is_litter(&found.path) || role(&found.path) == Role::Asset {
            continue;
        }
        telling.hidden(&found.path, hiding);
        if role(&found.path) == Role::Text {
            found.state = State::Hidden;
            left.push(found);
        }
    }
    telling.rest();
    telling.beyond(&ignored);
    let Telling { faults, places, .. } = telling;
    left.extend(places.into_iter().map(|(path, text)| {
        let disk = root.join(&path);
        Found { path, disk, state: State::Patterns(text) }
    }));
    (left, faults)
}

/// What editors and desktops leave beside a file and nobody tracks.
fn is_litter(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let starts = [".#", "#", ".~lock.", "~$"].iter().any(|start| name.starts_with(start));
    let ends = ["~", ".swp", ".swo"].iter().any(|end| name.ends_with(end));
    starts || ends || matches!(name, "Thumbs.db" | "desktop.ini")
}

/// Collects what is told, and the `.gitignore` files it is told at.
struct Telling<'r> {
    root: &'r Path,
    faults: Vec<Placed>,
    /// Texts of those files, by their path in the programme.
    places: BTreeMap<String, Box<str>>,
    /// By folder: how many of its files are hidden, and where the first is hidden that is not told by itself.
    folders: BTreeMap<String, (usize, Option<(String, Span)>)>,
}

impl Telling<'_> {
    fn hidden(&mut self, path: &str, hiding: Hiding<'_>) {
        let folder = path.split('/').next().unwrap_or(path).to_owned();
        let (known, first_left) = self.folders.entry(folder).or_default();
        *known += 1;
        if *known > TOLD_ONE_BY_ONE + 1 {
            return;
        }
        let (line, span) = hiding.line();
        let (at, shown) = place(self.root, &hiding.patterns.folder);
        let span = if at == ROOT_FILE { Span::default() } else { span };
        if *known > TOLD_ONE_BY_ONE {
            *first_left = Some((at.clone(), span));
        } else {
            let message = format!("`{}` is hidden by `{}:{line}` and not judged", safe(path), safe(&shown));
            self.faults.push((at.clone(), file_ignored(span, message)));
        }
        if at != ROOT_FILE {
            self.places.entry(at).or_insert_with(|| hiding.patterns.text.as_str().into());
        }
    }

    /// Counts what was not told by itself.
    fn rest(&mut self) {
        for (folder, (known, first_left)) in std::mem::take(&mut self.folders) {
            let Some((at, span)) = first_left else { continue };
            let more = known.saturating_sub(TOLD_ONE_BY_ONE);
            let verb = if more == 1 { "is" } else { "are" };
            let message = format!(
                "{} of `{}/` {verb} hidden by `.gitignore` and not judged",
                count(more, "more file"),
                safe(&folder)
            );
            self.faults.push((at, file_ignored(span, message)));
        }
    }

    /// Tells that a `.gitignore` is too large to count.
    fn beyond(&mut self, ignored: &Ignored) {
        let Some(first) = ignored.beyond.first() else { return };
        let (at, shown) = place(self.root, first);
        let others = match ignored.beyond.len() - 1 {
            0 => String::new(),
            more => {
                format!(", nor {} more", if more == 1 { "is 1".to_owned() } else { format!("are {more}") })
            }
        };
        let message = format!("`{}` is too large to be applied{others}: {LIMITS} are read", safe(&shown));
        let help = "keep the patterns that name something, or move the file out of the programme's folders";
        if at != ROOT_FILE {
            self.places.entry(at.clone()).or_default();
        }
        self.faults.push((at, ("input-too-large", Span::default(), message, Some(help.to_owned()))));
    }
}

fn file_ignored(span: Span, message: String) -> Fault {
    let help = "take the pattern out, or move the file out of the programme's folders";
    ("file-ignored", span, message, Some(help.to_owned()))
}

/// The file at which something about the `.gitignore` of a folder is told, and that `.gitignore` as seen from the root. One
/// above the root is no file of the programme; `soc2.toml` stands in for it.
fn place(root: &Path, folder: &Path) -> (String, String) {
    match folder.strip_prefix(root) {
        Ok(below) => {
            let path = programme_path("", &below.join(".gitignore"));
            (path.clone(), path)
        }
        Err(_) => {
            let up = root.ancestors().take_while(|above| *above != folder).count();
            (ROOT_FILE.to_owned(), format!("{}.gitignore", "../".repeat(up)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn litter_is_what_nobody_tracks() {
        for path in
            ["controls/.a.yaml.swp", "controls/a.yaml~", "controls/.#a.yaml", "evidence/a/~$users.xlsx"]
        {
            assert!(is_litter(path), "{path}");
        }
        for path in ["registers/exceptions.yaml", "evidence/a/.env", "evidence/a/swp", "soc2.toml"] {
            assert!(!is_litter(path), "{path}");
        }
    }
}
