//! Untracked files of the programme that a `.gitignore` hides. They will never reach git, so they are not judged, and that
//! is told: somebody may believe that they count. git keeps a tracked file whatever `.gitignore` says of it, and so do we.

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

/// Leaves out what is never read and, in a git work tree, untracked files that a `.gitignore` hides. `all` is in path order.
pub(super) fn leave_out(root: &Path, mut all: Vec<Found>, tracked: &Tracked) -> (Vec<Found>, Vec<Placed>) {
    if !tracked.is_known() {
        all.retain(|f| matches!(f.state, State::Refused(_)) || role(&f.path) != Role::Skip);
        return (all, Vec::new());
    }
    let own = all.iter().filter(|f| f.path.ends_with("/.gitignore") && matches!(f.state, State::File));
    let ignored = Ignored::read(root, own.filter_map(|f| f.disk.parent().map(Path::to_owned)));
    all.retain(|f| matches!(f.state, State::Refused(_)) || role(&f.path) != Role::Skip);
    let hiding: Vec<Option<Hiding<'_>>> = all
        .par_iter()
        .map(|f| match f.state {
            State::File if !is_tracked(root, f, tracked) => ignored.hides(&f.disk),
            _ => None,
        })
        .collect();
    let mut telling = Telling { root, faults: Vec::new(), places: BTreeMap::new(), folders: BTreeMap::new() };
    // Where the root file itself is kept out, git knows nothing of the programme, and all that is here is judged.
    let root_hidden =
        all.iter().zip(&hiding).find(|(one, _)| one.path == ROOT_FILE).and_then(|(_, hiding)| *hiding);
    if let Some(hiding) = root_hidden {
        telling.programme(hiding);
        return (all, telling.faults);
    }
    let mut left = Vec::with_capacity(all.len());
    for (found, hiding) in all.into_iter().zip(hiding) {
        match hiding {
            None => left.push(found),
            Some(_) if is_litter(&found.path) || role(&found.path) == Role::Asset => {}
            Some(hiding) => telling.hidden(&found.path, hiding),
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

/// Is the path in the index, or what a link in the index leads to?
fn is_tracked(root: &Path, found: &Found, tracked: &Tracked) -> bool {
    let target =
        || found.disk.strip_prefix(root).map_or_else(|_| String::new(), |below| programme_path("", below));
    tracked.find(&found.path).is_some() || tracked.find(&target()).is_some()
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
    fn programme(&mut self, hiding: Hiding<'_>) {
        let (_, shown) = place(self.root, &hiding.patterns.folder);
        let message = format!("the programme is kept out of git by `{}:{}`", safe(&shown), hiding.line().0);
        self.faults.push((ROOT_FILE.to_owned(), file_ignored(Span::default(), message)));
    }

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
            let message =
                format!("`{}` is kept out of git by `{}:{line}` and not judged", safe(path), safe(&shown));
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
                "{} of `{}/` {verb} kept out of git by `.gitignore` and not judged",
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
    let help = "to keep it in git: git add -f FILE; else move it out of the programme's folders";
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
