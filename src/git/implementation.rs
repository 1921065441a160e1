//! Whether the product code that controls name is there: in a commit, in the index or in the work tree. No link is
//! followed and no large file is read.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::{Commit, Repository};
use crate::program::{IMPLEMENTATION_CAP, Implementation, Implementations, Presence, Program};
use crate::source::{BlobId, EntryKind, Tree};

/// Where product code is looked for.
#[derive(Clone, Copy, Debug)]
pub enum Product<'p> {
    Commit(Commit),
    /// The repository's index, or the one that git names to a hook.
    Index(Option<&'p Path>),
    WorkTree,
}

/// More names than any programme has; what goes beyond is not looked at.
const NAME_CAP: usize = 10_000;

impl Repository {
    /// Looks for everything that the controls of a programme name under `implemented_by`.
    pub fn implementations(&self, program: &Program, product: Product<'_>) -> Implementations {
        let typed = program.controls.iter().flat_map(|control| &control.implemented_by);
        let named: BTreeMap<&str, Implementation<'_>> = typed
            .filter_map(|typed| Some((&*typed.value, Implementation::of(&typed.value)?)))
            .take(NAME_CAP)
            .collect();
        if named.is_empty() {
            return Implementations::new();
        }
        let whole = self.seen_from("");
        let looked_at = named.into_iter().map(|(typed, named)| {
            let presence = match product {
                Product::Commit(commit) => whole.committed(commit, named),
                Product::Index(index) => whole.in_index(index, named),
                Product::WorkTree => whole.on_disk(named),
            };
            (typed.into(), presence)
        });
        looked_at.collect()
    }

    fn committed(&self, commit: Commit, named: Implementation<'_>) -> Presence {
        let repo = self.repo.to_thread_local();
        let (folder, name) = named.path.rsplit_once('/').unwrap_or(("", named.path));
        let Some(tree) = self.folder(commit, folder) else { return Presence::NoFile };
        let Ok(tree) = repo.find_tree(tree) else { return Presence::Unknown };
        match tree.find_entry(name).filter(|entry| entry.mode().is_blob()) {
            Some(entry) => blob(&*self.store(), BlobId::new(entry.object_id().as_slice()), named),
            None => Presence::NoFile,
        }
    }

    fn in_index(&self, index: Option<&Path>, named: Implementation<'_>) -> Presence {
        let Ok(tree) = self.staged(index) else { return Presence::Unknown };
        let first = named.path.split('/').next().unwrap_or(named.path);
        let Ok(entries) = tree.list(first) else { return Presence::Unknown };
        match entries.iter().find(|entry| entry.path == named.path && entry.kind == EntryKind::File) {
            Some(entry) => blob(&*tree, entry.blob, named),
            None => Presence::NoFile,
        }
    }

    fn on_disk(&self, named: Implementation<'_>) -> Presence {
        let mut path = self.top().to_owned();
        let mut parts = named.path.split('/').peekable();
        while let Some(part) = parts.next() {
            path.push(part);
            let last = parts.peek().is_none();
            match fs::symlink_metadata(&path) {
                Ok(found) if !last && found.is_dir() => {}
                Ok(found) if last && found.is_file() => {
                    if found.len() > IMPLEMENTATION_CAP {
                        return Presence::Unknown;
                    }
                    return fs::read(&path).map_or(Presence::Unknown, |bytes| named.presence(&bytes));
                }
                Ok(_) => return Presence::NoFile,
                // A sparse checkout leaves files out that are there.
                Err(_) => return self.left_out(named),
            }
        }
        Presence::NoFile
    }

    /// A file that a sparse checkout left out of the work tree.
    fn left_out(&self, named: Implementation<'_>) -> Presence {
        let Ok(tracked) = self.tracked(self.top()) else { return Presence::Unknown };
        let entry = tracked.entries.iter().find(|entry| entry.skipped && entry.path == named.path);
        match (entry, &tracked.store) {
            (Some(entry), Some(store)) => blob(&**store, entry.blob, named),
            _ => Presence::NoFile,
        }
    }
}

fn blob(store: &dyn Tree, id: BlobId, named: Implementation<'_>) -> Presence {
    match store.length(id) {
        Ok(length) if length <= IMPLEMENTATION_CAP => {
            store.read(id).map_or(Presence::Unknown, |bytes| named.presence(&bytes))
        }
        _ => Presence::Unknown,
    }
}
