//! What the index says of a work tree: which files are tracked, what a sparse checkout left out, where submodules are.

use std::path::Path;

use super::tree::submodule_words;
use super::work_tree::{Found, State};
use super::{BlobId, EntryKind, Tree};

/// What the index knows of a work tree.
#[derive(Debug, Default)]
pub struct Tracked {
    /// By path, in its order.
    pub entries: Vec<TrackedEntry>,
    /// Where blobs are read from.
    pub store: Option<Box<dyn Tree>>,
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
    /// What the index says of a path.
    pub(super) fn find(&self, path: &str) -> Option<&TrackedEntry> {
        let index = self.entries.binary_search_by(|entry| (*entry.path).cmp(path)).ok()?;
        self.entries.get(index)
    }

    /// Adds what is in the index and not on disk because the checkout is sparse; takes out what belongs to a submodule.
    pub(super) fn beside_disk(&self, root: &Path, found: &mut Vec<Found>) {
        let skipped = self.entries.iter().filter(|entry| entry.skipped && entry.kind == EntryKind::File);
        found.extend(skipped.filter(|entry| !root.join(&entry.path).exists()).map(|entry| Found {
            path: entry.path.clone(),
            disk: root.join(&entry.path),
            state: State::Blob(entry.blob),
        }));
        for submodule in self.entries.iter().filter(|entry| entry.kind == EntryKind::Submodule) {
            let below = format!("{}/", submodule.path);
            found.retain(|file| file.path != submodule.path && !file.path.starts_with(&below));
            let (message, help) = submodule_words(&submodule.path);
            let disk = root.join(&submodule.path);
            found.push(Found::refused(submodule.path.clone(), disk, "submodule-not-read", message, help));
        }
    }
}
