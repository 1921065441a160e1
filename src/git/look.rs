//! The bytes of one file that the programme does not read itself: in a commit, in the index or in the work tree. No link is
//! followed and no large file is read.

use std::fs;
use std::path::Path;

use super::{Commit, Repository};
use crate::source::{BlobId, EntryKind, Tree};

/// Where such files are looked for.
#[derive(Clone, Copy, Debug)]
pub enum Product<'p> {
    Commit(Commit),
    /// The repository's index, or the one that git names to a hook.
    Index(Option<&'p Path>),
    WorkTree,
}

/// What is at a path.
pub(super) enum Looked {
    Bytes(Vec<u8>),
    /// There is no such file: a folder, a link and a submodule are none.
    NoFile,
    /// It is larger than the cap, or its bytes are not in this clone.
    Unknown,
}

impl Repository {
    /// Looks at a path from the top of the repository that does not lead out of it.
    pub(super) fn look(&self, product: Product<'_>, path: &str, cap: u64) -> Looked {
        match product {
            Product::Commit(commit) => self.committed(commit, path, cap),
            Product::Index(index) => self.in_index(index, path, cap),
            Product::WorkTree => self.on_disk(path, cap),
        }
    }

    fn committed(&self, commit: Commit, path: &str, cap: u64) -> Looked {
        let repo = self.repo.to_thread_local();
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let Some(tree) = self.folder(commit, folder) else { return Looked::NoFile };
        let Ok(tree) = repo.find_tree(tree) else { return Looked::Unknown };
        match tree.find_entry(name).filter(|entry| entry.mode().is_blob()) {
            Some(entry) => blob(&*self.store(), BlobId::new(entry.object_id().as_slice()), cap),
            None => Looked::NoFile,
        }
    }

    fn in_index(&self, index: Option<&Path>, path: &str, cap: u64) -> Looked {
        let Ok(tree) = self.seen_from("").staged(index) else { return Looked::Unknown };
        let first = path.split('/').next().unwrap_or(path);
        let Ok(entries) = tree.list(first) else { return Looked::Unknown };
        match entries.iter().find(|entry| entry.path == path && entry.kind == EntryKind::File) {
            Some(entry) => blob(&*tree, entry.blob, cap),
            None => Looked::NoFile,
        }
    }

    fn on_disk(&self, named: &str, cap: u64) -> Looked {
        let mut path = self.top().to_owned();
        let mut parts = named.split('/').peekable();
        while let Some(part) = parts.next() {
            path.push(part);
            let last = parts.peek().is_none();
            match fs::symlink_metadata(&path) {
                Ok(found) if !last && found.is_dir() => {}
                Ok(found) if last && found.is_file() => {
                    if found.len() > cap {
                        return Looked::Unknown;
                    }
                    return fs::read(&path).map_or(Looked::Unknown, Looked::Bytes);
                }
                Ok(_) => return Looked::NoFile,
                // A sparse checkout leaves files out that are there.
                Err(_) => return self.left_out(named, cap),
            }
        }
        Looked::NoFile
    }

    /// A file that a sparse checkout left out of the work tree.
    fn left_out(&self, path: &str, cap: u64) -> Looked {
        match self.skipped(path) {
            Ok(Some(id)) => blob(&*self.store(), id, cap),
            Ok(None) => Looked::NoFile,
            Err(_) => Looked::Unknown,
        }
    }
}

fn blob(store: &dyn Tree, id: BlobId, cap: u64) -> Looked {
    match store.length(id) {
        Ok(length) if length <= cap => store.read(id).map_or(Looked::Unknown, Looked::Bytes),
        _ => Looked::Unknown,
    }
}
