//! Symbolic links: one step, relative, to a file or folder of the programme's own folders; everything else is refused
//! with the reason. A link is followed among the paths that were listed and nowhere else, so a work tree, a sparse one and
//! a commit agree.

use std::fs;
use std::io;

use super::tree::unreadable_words;
use super::work_tree::{Found, State};
use super::{BlobId, FOLDERS, Span, Tree};

/// Links above this are refused; each may name a large file.
const LINK_CAP: usize = 100;
/// Files behind links above this are refused: links can repeat a folder as often as they like.
const LINKED_CAP: usize = 10_000;
/// Longer than any path a link may hold.
const TARGET_CAP: u64 = 4 << 10;

const ABSOLUTE: &str = "this symbolic link is absolute";
const OUT: &str = "this symbolic link leads out of the programme's folders";
const NOWHERE: &str = "this symbolic link leads nowhere";
const TWICE: &str = "this symbolic link leads to another link; only one is followed";
const ABOVE: &str = "this symbolic link leads to a folder above it";
const NO_FILE: &str = "this symbolic link leads to no file";
const BEHIND: &str = "this link is behind another link; only one is followed";
const TOO_MANY: &str = "too many files are behind symbolic links";
const HELP: &str = "put the file itself here: an archive for the auditor cannot carry a link";

/// What was listed, in path order, links apart.
struct Listing {
    links: Vec<Found>,
    rest: Vec<Found>,
}

/// Puts what links lead to in their place.
pub(super) fn follow(found: Vec<Found>, store: Option<&dyn Tree>) -> Vec<Found> {
    let (mut links, mut rest): (Vec<Found>, Vec<Found>) =
        found.into_iter().partition(|one| matches!(one.state, State::Link(_)));
    if links.is_empty() {
        return rest;
    }
    links.sort_by(|a, b| a.path.cmp(&b.path));
    rest.sort_by(|a, b| a.path.cmp(&b.path));
    let listing = Listing { links, rest };
    let mut out = Vec::new();
    for (nth, link) in listing.links.iter().enumerate() {
        if nth >= LINK_CAP || out.len() > LINKED_CAP {
            out.push(refused(link, TOO_MANY));
            continue;
        }
        match target(link, store) {
            Ok(Some(target)) => match listing.behind(link, &target) {
                Ok(mut behind) => out.append(&mut behind),
                Err(why) => out.push(refused(link, why)),
            },
            Ok(None) => out.push(refused(link, NOWHERE)),
            Err(error) => {
                let (message, help) = unreadable_words(&error);
                out.push(link.to("unreadable-file", message, help));
            }
        }
    }
    let mut all = listing.rest;
    all.append(&mut out);
    all
}

fn refused(link: &Found, why: &str) -> Found {
    link.to("symlink-refused", why, HELP)
}

/// Where a link leads, as typed; `None` when that is no text. Fails when a link of a commit is not in this clone.
fn target(link: &Found, store: Option<&dyn Tree>) -> io::Result<Option<String>> {
    let State::Link(Some(blob)) = link.state else {
        let target = fs::read_link(&link.disk).ok().and_then(|to| to.into_os_string().into_string().ok());
        return Ok(target.map(|to| if cfg!(windows) { to.replace('\\', "/") } else { to }));
    };
    let Some(store) = store else { return Ok(None) };
    let bytes = |blob: BlobId| match store.length(blob)? {
        0..=TARGET_CAP => store.read(blob).map(Some),
        _ => Ok(None),
    };
    Ok(bytes(blob)?.and_then(|bytes| String::from_utf8(bytes).ok()))
}

impl Listing {
    /// What is behind a link, as if it were at the link's place.
    fn behind(&self, link: &Found, target: &str) -> Result<Vec<Found>, &'static str> {
        if target.starts_with('/') || std::path::Path::new(target).is_absolute() {
            return Err(ABSOLUTE);
        }
        let folder = link.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let path = resolved(folder, target).filter(|path| is_ours(path)).ok_or(OUT)?;
        // The target itself and the folders on the way to it.
        let on_the_way = || path.match_indices('/').map(|(at, _)| &path[..at]).chain([path.as_str()]);
        if on_the_way().any(|part| find(&self.links, part).is_some()) {
            return Err(TWICE);
        }
        if let Some(entry) = on_the_way().find_map(|part| find(&self.rest, part)) {
            let is_file = entry.path == path && matches!(entry.state, State::File | State::Blob(_));
            return is_file.then(|| vec![entry.at(link.path.clone())]).ok_or(NO_FILE);
        }
        let below = format!("{path}/");
        if link.path.starts_with(&below) {
            return Err(ABOVE);
        }
        let (files, links) = (within(&self.rest, &below), within(&self.links, &below));
        match files.len() + links.len() {
            0 => return Err(NOWHERE),
            n if n > LINKED_CAP => return Err(TOO_MANY),
            _ => {}
        }
        let place = |entry: &Found| entry.at(format!("{}/{}", link.path, &entry.path[below.len()..]));
        let files = files.iter().map(place);
        Ok(files.chain(links.iter().map(|link| refused(&place(link), BEHIND))).collect())
    }
}

/// Below one of the programme's folders, and no hidden file: a link must not show what else the machine holds.
fn is_ours(path: &str) -> bool {
    let mut parts = path.split('/');
    parts.next().is_some_and(|first| FOLDERS.contains(&first)) && parts.all(|part| !part.starts_with('.'))
}

fn find<'l>(list: &'l [Found], path: &str) -> Option<&'l Found> {
    list.get(list.binary_search_by(|one| one.path.as_str().cmp(path)).ok()?)
}

/// The part of a list whose paths start with a folder.
fn within<'l>(list: &'l [Found], below: &str) -> &'l [Found] {
    let first = list.partition_point(|one| one.path.as_str() < below);
    let rest = list.get(first..).unwrap_or_default();
    let count = rest.iter().take_while(|one| one.path.starts_with(below)).count();
    rest.get(..count).unwrap_or_default()
}

/// Joins and resolves `.` and `..`; `None` when that leads out of the programme, even if it comes back.
pub fn resolved(folder: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

impl Found {
    /// The same bytes under another path.
    fn at(&self, path: String) -> Self {
        Self { path, disk: self.disk.clone(), state: self.state.clone() }
    }

    /// Refused instead of read.
    fn to(&self, rule: &'static str, message: impl Into<String>, help: &str) -> Self {
        let fault = (rule, Span::default(), message.into(), Some(help.to_owned()));
        Self { path: self.path.clone(), disk: self.disk.clone(), state: State::Refused(fault) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_leaves_the_programme_is_out_even_if_it_comes_back() {
        assert_eq!(resolved("evidence/a", "../b/./c").as_deref(), Some("evidence/b/c"));
        assert_eq!(resolved("evidence/a", "../../controls").as_deref(), Some("controls"));
        assert_eq!(resolved("evidence/a", "../../../acme/controls"), None);
    }
}
