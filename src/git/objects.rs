//! Commits, trees and blobs by id, with buffers that are used again.

use gix::ObjectId;
use gix::objs::{Find, Kind};

use super::tree_diff::Incomparable;

/// One thread's view of the object store.
pub(super) struct Objects<'a> {
    repo: &'a gix::Repository,
    buffer: Vec<u8>,
    spare: Vec<Vec<u8>>,
}

impl<'a> Objects<'a> {
    pub(super) fn new(repo: &'a gix::Repository) -> Self {
        Self { repo, buffer: Vec::new(), spare: Vec::new() }
    }

    pub(super) fn hash(&self) -> gix::hash::Kind {
        self.repo.object_hash()
    }

    /// The bytes of a commit, if it is here and a commit.
    pub(super) fn commit(&mut self, id: ObjectId) -> Option<&[u8]> {
        let data = self.repo.objects.try_find(&id, &mut self.buffer).ok()??;
        (data.kind == Kind::Commit).then_some(data.data)
    }

    /// The bytes of a tree; of none for no tree. Give them back with [`Self::done`].
    pub(super) fn tree(&mut self, id: Option<ObjectId>) -> Result<Vec<u8>, Incomparable> {
        let mut buffer = self.spare.pop().unwrap_or_default();
        buffer.clear();
        let Some(id) = id.filter(|id| !id.is_empty_tree()) else { return Ok(buffer) };
        let found = self.repo.objects.try_find(&id, &mut buffer).map_err(|_| Incomparable)?;
        match found.map(|data| data.kind) {
            Some(Kind::Tree) => Ok(buffer),
            _ => Err(Incomparable),
        }
    }

    pub(super) fn done(&mut self, tree: Vec<u8>) {
        self.spare.push(tree);
    }

    /// The bytes of a blob, if it is here and not larger than a cap.
    pub(super) fn blob(&mut self, id: ObjectId, cap: u64) -> Option<Vec<u8>> {
        let header = self.repo.try_find_header(id).ok()??;
        if header.size() > cap || header.kind() != Kind::Blob {
            return None;
        }
        let mut buffer = Vec::new();
        let data = self.repo.objects.try_find(&id, &mut buffer).ok()??;
        let length = data.data.len();
        buffer.truncate(length);
        Some(buffer)
    }
}
