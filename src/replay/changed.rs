//! Which files differ between two commits, and which controls they concern.

use crate::program::Program;
use crate::source::{File, FileId, MANIFEST};
use crate::trend::{Changed, How};

/// A file of a programme.
type Held<'p> = (FileId, &'p File);

/// The files that differ between two programmes, by path.
pub(super) fn files(old: &Program, new: &Program) -> Vec<Changed> {
    let (mut before, mut after) = (old.sources.files().peekable(), new.sources.files().peekable());
    let mut out = Vec::new();
    loop {
        let order = match (before.peek(), after.peek()) {
            (None, None) => return out,
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some((_, one)), Some((_, other))) => one.path.cmp(&other.path),
        };
        let (was, is): (Option<Held<'_>>, Option<Held<'_>>) = match order {
            std::cmp::Ordering::Less => (before.next(), None),
            std::cmp::Ordering::Greater => (None, after.next()),
            std::cmp::Ordering::Equal => (before.next(), after.next()),
        };
        let (how, path) = match (was, is) {
            (Some((_, was)), Some((_, is))) if was.blob != is.blob => (How::Changed, &is.path),
            (Some((_, was)), None) => (How::Removed, &was.path),
            (None, Some((_, is))) => (How::Added, &is.path),
            _ => continue,
        };
        let mut controls = named(old, path);
        controls.extend(named(new, path));
        controls.sort_unstable();
        controls.dedup();
        out.push(Changed { path: Box::from(&**path), how, controls });
    }
}

/// The controls that the nearest manifest at or above a file of evidence names.
fn named(program: &Program, path: &str) -> Vec<Box<str>> {
    if !path.starts_with("evidence/") {
        return Vec::new();
    }
    let mut folder = path;
    while let Some((above, _)) = folder.rsplit_once('/') {
        folder = above;
        let manifest = program.sources.find(&format!("{folder}/{MANIFEST}"));
        let found = manifest
            .and_then(|file| program.evidence.binary_search_by_key(&file, |evidence| evidence.file).ok());
        if let Some(evidence) = found.and_then(|nth| program.evidence.get(nth)) {
            return evidence.manifest.controls.iter().map(|name| name.value.0.clone()).collect();
        }
    }
    Vec::new()
}
