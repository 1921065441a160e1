//! A commit's tree as a [`Tree`]: only the programme's part of it is listed.

use std::io;
use std::sync::Mutex;

use gix::objs::tree::EntryKind as Mode;

use super::{Commit, Repository};
use crate::source::{BlobId, DEPTH_CAP, Entry, EntryKind, ROOT_FILE, TEXT_CAP, Tree};

/// The programme's folder in a commit, or nothing but its objects for an index.
#[derive(Debug)]
pub(super) struct Committed {
    views: Views,
    /// The tree of the programme's root; `None` when the commit has no such folder.
    root: Option<gix::ObjectId>,
    /// The paths that are listed, with what is below them, if not all are.
    only: Option<Vec<String>>,
}

/// Views of a repository for threads that come and go: making one costs more than reading a small blob through it.
#[derive(Debug)]
struct Views {
    repo: gix::ThreadSafeRepository,
    idle: Mutex<Vec<gix::Repository>>,
}

impl Views {
    fn of(repo: &gix::ThreadSafeRepository) -> Self {
        Self { repo: repo.clone(), idle: Mutex::default() }
    }

    fn with<T>(&self, ask: impl FnOnce(&gix::Repository) -> T) -> T {
        let idle = self.idle.lock().ok().and_then(|mut idle| idle.pop());
        let view = idle.unwrap_or_else(|| self.repo.to_thread_local());
        let told = ask(&view);
        if let Ok(mut idle) = self.idle.lock() {
            idle.push(view);
        }
        told
    }
}

/// Bytes that a listing of one folder may take, which is about a million files or 200,000 folders: a tree can name another one as often as
/// it likes, so a small one can unfold without end.
const LISTING_CAP: usize = 128 << 20;
/// What a folder counts for beside its path: the time to look it up.
const FOLDER_COST: usize = 512;

impl Repository {
    /// The programme as a commit holds it.
    pub fn tree(&self, commit: Commit) -> Box<dyn Tree> {
        self.part_of(self.folder(commit, self.prefix()), None)
    }

    /// One file or folder of the programme in a commit: nothing else is listed.
    pub fn only(&self, commit: Commit, name: &'static str) -> Box<dyn Tree> {
        self.part(commit, vec![name.to_owned()])
    }

    /// Some files or folders of the programme in a commit: nothing else is listed.
    pub fn part(&self, commit: Commit, paths: Vec<String>) -> Box<dyn Tree> {
        self.part_of(self.folder(commit, self.prefix()), Some(paths))
    }

    /// The bytes of a file of the programme in a commit; `None` when it has none there, or it is too large for a text.
    pub fn text_at(&self, commit: Commit, path: &str) -> Option<Vec<u8>> {
        self.text_of(self.length_at(commit, path)?.0)
    }

    /// A file of the programme in a commit, and how many bytes it has.
    pub fn length_at(&self, commit: Commit, path: &str) -> Option<(BlobId, u64)> {
        let repo = self.repo.to_thread_local();
        let (mode, id) = entry(&repo, self.folder(commit, self.prefix())?, path).ok()??;
        let blob = BlobId::new(id.as_bytes());
        mode.is_blob().then(|| Some((blob, self.length_of(blob)?)))?
    }

    /// The bytes of a blob; `None` when it is not here, or too large for a text.
    pub fn text_of(&self, blob: BlobId) -> Option<Vec<u8>> {
        let store = self.store();
        store.length(blob).ok().filter(|length| *length <= TEXT_CAP)?;
        store.read(blob).ok()
    }

    /// How many bytes a blob has; `None` when it is not here.
    pub fn length_of(&self, blob: BlobId) -> Option<u64> {
        self.store().length(blob).ok()
    }

    /// Nothing but the object store, to read blobs from.
    pub(super) fn store(&self) -> Box<dyn Tree> {
        self.part_of(None, None)
    }

    fn part_of(&self, root: Option<gix::ObjectId>, only: Option<Vec<String>>) -> Box<dyn Tree> {
        Box::new(Committed { views: Views::of(&self.repo), root, only })
    }

    /// The nearest folder at or above `prefix` that holds `soc2.toml` in a commit: `compliance/`, or empty.
    pub fn programme_in(&self, commit: Commit, prefix: &str) -> Option<String> {
        let repo = self.repo.to_thread_local();
        let is_root = |folder: &&str| {
            let tree = self.folder(commit, folder).and_then(|id| repo.find_tree(id).ok());
            tree.is_some_and(|tree| tree.find_entry(ROOT_FILE).is_some())
        };
        folders_up(prefix).find(is_root).map(str::to_owned)
    }

    /// A folder of a commit that holds `soc2.toml`, the first by name of those at most two levels down.
    pub fn programme_below(&self, commit: Commit) -> Option<String> {
        let repo = self.repo.to_thread_local();
        let mut level = vec![(String::new(), commit.tree)];
        for _ in 0..=2 {
            let mut next = Vec::new();
            for (path, id) in level {
                let Ok(tree) = repo.find_tree(id) else { continue };
                if tree.find_entry(ROOT_FILE).is_some() {
                    return Some(path);
                }
                let folders = tree.iter().flatten().filter(|entry| entry.mode().is_tree());
                let slash = if path.is_empty() { "" } else { "/" };
                next.extend(
                    folders.map(|entry| (format!("{path}{slash}{}", entry.filename()), entry.object_id())),
                );
            }
            level = next;
        }
        None
    }

    /// Is the list of what a commit holds in this clone, down to a folder? A partial clone can lack it.
    pub fn has_listing(&self, commit: Commit, prefix: &str) -> bool {
        let repo = self.repo.to_thread_local();
        let mut id = Some(commit.tree);
        for part in prefix.split('/') {
            let Some(here) = id else { return true };
            let Ok(tree) = repo.find_tree(here) else { return false };
            let entry = tree.find_entry(part).filter(|entry| entry.mode().is_tree());
            id = entry.map(|entry| entry.object_id());
        }
        true
    }

    /// The tree of a folder of a commit.
    pub(super) fn folder(&self, commit: Commit, prefix: &str) -> Option<gix::ObjectId> {
        let repo = self.repo.to_thread_local();
        let mut id = commit.tree;
        for part in prefix.split('/').filter(|part| !part.is_empty()) {
            let tree = repo.find_tree(id).ok()?;
            let entry = tree.find_entry(part).filter(|entry| entry.mode().is_tree())?;
            id = entry.object_id();
        }
        Some(id)
    }
}

/// `a/b/`, `a/` and the empty folder.
pub(super) fn folders_up(prefix: &str) -> impl Iterator<Item = &str> {
    let mut next = Some(prefix);
    std::iter::from_fn(move || {
        let here = next?;
        let above = here.trim_end_matches('/');
        next = (!here.is_empty()).then(|| above.rfind('/').map_or("", |at| &here[..=at]));
        Some(here)
    })
}

impl Tree for Committed {
    fn folders(&self) -> Vec<String> {
        self.views.with(|repo| {
            let tree = self.root.and_then(|root| repo.find_tree(root).ok());
            let Some(tree) = tree else { return Vec::new() };
            let folders = tree.iter().flatten().filter(|entry| entry.mode().is_tree());
            folders.map(|entry| entry.filename().to_string()).collect()
        })
    }

    fn list(&self, name: &str) -> io::Result<Vec<Entry>> {
        self.views.with(|repo| self.listed(repo, name))
    }

    fn read(&self, blob: BlobId) -> io::Result<Vec<u8>> {
        let id = gix::ObjectId::try_from(blob.as_bytes()).map_err(io::Error::other)?;
        self.views.with(|repo| {
            let found = repo.try_find_object(id).map_err(missing)?;
            let mut object = found.ok_or(io::ErrorKind::NotFound)?;
            Ok(std::mem::take(&mut object.data))
        })
    }

    fn length(&self, blob: BlobId) -> io::Result<u64> {
        let id = gix::ObjectId::try_from(blob.as_bytes()).map_err(io::Error::other)?;
        self.views.with(|repo| {
            let header = repo.try_find_header(id).map_err(missing)?;
            Ok(header.ok_or(io::ErrorKind::NotFound)?.size())
        })
    }
}

impl Committed {
    fn listed(&self, repo: &gix::Repository, name: &str) -> io::Result<Vec<Entry>> {
        let mut listing = Listing::new(repo);
        let Some(root) = self.root else { return Ok(listing.found) };
        let mut list = |path: &str| {
            let Some(entry) = entry(repo, root, path)? else { return Ok(()) };
            if name == ROOT_FILE && entry.0.is_tree() {
                return Ok(());
            }
            listing.put(entry.0.kind(), entry.1, path.to_owned(), 0)
        };
        match &self.only {
            None => list(name)?,
            Some(paths) => {
                let below = |path: &&String| path.split('/').next() == Some(name);
                paths.iter().filter(below).try_for_each(|path| list(path))?;
            }
        }
        Ok(listing.found)
    }
}

/// The entry of a path below a tree.
fn entry(
    repo: &gix::Repository,
    root: gix::ObjectId,
    path: &str,
) -> io::Result<Option<(gix::objs::tree::EntryMode, gix::ObjectId)>> {
    let mut at = root;
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    for part in folders.split('/').filter(|part| !part.is_empty()) {
        let tree = repo.find_tree(at).map_err(missing)?;
        let Some(entry) = tree.find_entry(part).filter(|entry| entry.mode().is_tree()) else {
            return Ok(None);
        };
        at = entry.object_id();
    }
    let tree = repo.find_tree(at).map_err(missing)?;
    Ok(tree.find_entry(name).map(|entry| (entry.mode(), entry.object_id())))
}

pub(super) fn missing(fault: impl std::fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, fault.to_string())
}

/// What is below a folder, as far as a listing may grow.
pub(super) struct Listing<'r> {
    repo: &'r gix::Repository,
    room: usize,
    pub(super) found: Vec<Entry>,
}

impl<'r> Listing<'r> {
    pub(super) fn new(repo: &'r gix::Repository) -> Self {
        Self { repo, room: LISTING_CAP, found: Vec::new() }
    }

    /// Lists an entry, and what is below it if it is a folder.
    pub(super) fn put(
        &mut self,
        mode: Mode,
        id: gix::ObjectId,
        path: String,
        depth: usize,
    ) -> io::Result<()> {
        let folder = if mode == Mode::Tree { FOLDER_COST } else { 0 };
        let cost = path.len() + size_of::<Entry>() + folder;
        self.room = self.room.checked_sub(cost).ok_or(io::ErrorKind::InvalidData)?;
        let kind = match mode {
            Mode::Tree if depth > DEPTH_CAP => EntryKind::Deep,
            Mode::Tree => {
                let tree = self.repo.try_find_object(id).map_err(missing)?.ok_or(io::ErrorKind::NotFound)?;
                let tree = tree.try_into_tree().map_err(missing)?;
                for entry in tree.iter() {
                    let entry = entry.map_err(missing)?;
                    let below = format!("{path}/{}", entry.filename());
                    self.put(entry.mode().kind(), entry.object_id(), below, depth + 1)?;
                }
                return Ok(());
            }
            Mode::Blob | Mode::BlobExecutable => EntryKind::File,
            Mode::Link => EntryKind::Link,
            Mode::Commit => EntryKind::Submodule,
        };
        self.found.push(Entry { path, kind, blob: BlobId::new(id.as_slice()) });
        Ok(())
    }
}
