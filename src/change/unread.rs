//! Files of the state before that could not be read: what a change does to their records is not known.

use super::found::Found;
use super::{Effect, Kind};
use crate::gap::Subject;
use crate::source::{File, FileId, Location, Sources};
use crate::text::safe;

/// The noun of a file as what a change is about.
pub(super) const FILE: &str = "file";

pub(super) static UNREAD: Kind = Kind {
    name: "file-unread-before",
    effect: Effect::Disclosure,
    brief: "a file that changed could not be read in the state before",
    why: "what cannot be read vouches for nothing: whether the change weakens its records is not known",
};

pub(super) fn compare(found: &mut Found<'_>) {
    let (before, after) = (found.before, found.after);
    let mut unread: Vec<FileId> = before.unread.clone();
    unread.sort_unstable();
    unread.dedup();
    for file in unread.into_iter().filter(|file| !stays(&before.sources, *file, &after.sources)) {
        let path = before.sources.path(file);
        let message = format!(
            "`{}` could not be read in the base: what this change does to its records is not known",
            safe(path)
        );
        let told = found.gone(&UNREAD, Subject::new(FILE, path), Location::start_of(file), message);
        told.help("compare the file by eye, or mend its text in a change of its own first");
    }
}

/// Is the same file there with the same bytes? A file of which no bytes are known, as another repository, stays as long as
/// its name does.
fn stays(before: &Sources, file: FileId, after: &Sources) -> bool {
    let Some(now) = after.find(before.path(file)) else { return false };
    let blob = |file: &File| file.blob;
    match (blob(before.file(file)), blob(after.file(now))) {
        (Some(old), Some(new)) => old == new,
        _ => before.text(file) == after.text(now),
    }
}
