//! Commits, trees and blobs by id, with buffers that are used again.

use std::sync::Arc;

use gix::ObjectId;
use gix::objs::{Find, Kind};

use super::packs::PackedTrees;
use super::tree_diff::Incomparable;

/// One thread's view of the object store.
pub(super) struct Objects<'a> {
    repo: &'a gix::Repository,
    buffer: Vec<u8>,
    packed: Option<&'a mut PackedTrees>,
}

impl<'a> Objects<'a> {
    pub(super) fn new(repo: &'a gix::Repository) -> Self {
        Self { repo, buffer: Vec::new(), packed: None }
    }

    /// The same, for a walk over many trees that stand near each other in the packs.
    pub(super) fn with(repo: &'a gix::Repository, packed: &'a mut PackedTrees) -> Self {
        Self { packed: Some(packed), ..Self::new(repo) }
    }

    pub(super) fn hash(&self) -> gix::hash::Kind {
        self.repo.object_hash()
    }

    /// The bytes of a commit, if it is here and a commit.
    pub(super) fn commit(&mut self, id: ObjectId) -> Option<&[u8]> {
        let data = self.repo.objects.try_find(&id, &mut self.buffer).ok()??;
        (data.kind == Kind::Commit).then_some(data.data)
    }

    /// The bytes of a tree; of none for no tree.
    pub(super) fn tree(&mut self, id: Option<ObjectId>) -> Result<Arc<[u8]>, Incomparable> {
        let Some(id) = id.filter(|id| !id.is_empty_tree()) else { return Ok([].into()) };
        if let Some(tree) = self.packed.as_mut().and_then(|packed| packed.tree(id)) {
            return Ok(tree);
        }
        match self.repo.objects.try_find(&id, &mut self.buffer).map_err(|_| Incomparable)? {
            Some(found) if found.kind == Kind::Tree => Ok(found.data.into()),
            _ => Err(Incomparable),
        }
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
