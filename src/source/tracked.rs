//! What the index says of a work tree: which files are tracked, what a sparse checkout left out, where submodules are.

use std::path::Path;

use super::tree::{submodule, too_deep};
use super::work_tree::{Found, State};
use super::{BlobId, EntryKind, FOLDERS, Tree};

/// What the index knows of a work tree.
#[derive(Debug, Default)]
pub struct Tracked {
    /// By path, in its order.
    pub entries: Vec<TrackedEntry>,
    /// Where blobs are read from; `None` where there is no git work tree.
    pub store: Option<Box<dyn Tree>>,
    has_submodules: bool,
}

/// One path of the index.
#[derive(Debug)]
pub struct TrackedEntry {
    pub path: String,
    pub kind: EntryKind,
    pub blob: BlobId,
    /// Left out of a sparse checkout.
    pub skipped: bool,
    /// The file on disk was not touched since the index was written, so its bytes are the blob's.
    pub clean: bool,
}

impl Tracked {
    /// Of the entries of an index, in any order.
    pub fn new(mut entries: Vec<TrackedEntry>, store: Box<dyn Tree>) -> Self {
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        let has_submodules = entries.iter().any(|entry| entry.kind == EntryKind::Submodule);
        Self { entries, store: Some(store), has_submodules }
    }

    /// Is there a git work tree at all? Without one nothing is tracked and nothing ignored.
    pub(super) fn is_known(&self) -> bool {
        self.store.is_some()
    }

    /// What the index says of a path.
    pub(super) fn find(&self, path: &str) -> Option<&TrackedEntry> {
        let index = self.entries.binary_search_by(|entry| (*entry.path).cmp(path)).ok()?;
        self.entries.get(index)
    }

    /// Does the index hold that path or anything below it?
    pub(super) fn knows_below(&self, folder: &str) -> bool {
        let below = format!("{folder}/");
        let first = self.entries.partition_point(|entry| entry.path.as_str() < below.as_str());
        self.find(folder).is_some() || self.entries.get(first).is_some_and(|one| one.path.starts_with(&below))
    }

    /// Adds what is in the index and not on disk because the checkout is sparse; takes out what belongs to a submodule.
    pub(super) fn beside_disk(&self, root: &Path, found: &mut Vec<Found>) {
        for entry in self.entries.iter().filter(|entry| entry.skipped) {
            let disk = root.join(&entry.path);
            if disk.symlink_metadata().is_ok() {
                continue;
            }
            let state = match entry.kind {
                EntryKind::File => State::Blob(entry.blob),
                EntryKind::Link => State::Link(Some(entry.blob)),
                EntryKind::Deep => {
                    found.push(too_deep(entry.path.clone(), disk));
                    continue;
                }
                EntryKind::Submodule => continue,
            };
            found.push(Found { path: entry.path.clone(), disk, state });
        }
        found.retain(|file| !self.is_in_submodule(&file.path));
        let submodules =
            self.entries.iter().filter(|one| one.kind == EntryKind::Submodule && is_ours(&one.path));
        found.extend(submodules.map(|one| submodule(one.path.clone(), root.join(&one.path))));
    }

    fn is_in_submodule(&self, path: &str) -> bool {
        let above = path.match_indices('/').map(|(at, _)| &path[..at]);
        let is_one = |part| self.find(part).is_some_and(|entry| entry.kind == EntryKind::Submodule);
        self.has_submodules && above.chain([path]).any(is_one)
    }
}

/// In one of the programme's folders, or one of them: the product's own submodules are nobody's business here.
fn is_ours(path: &str) -> bool {
    path.split('/').next().is_some_and(|first| FOLDERS.contains(&first))
}
