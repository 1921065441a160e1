//! From one commit to a later one: which files of the programme differ. Folders that are the same are not entered, so a
//! line of many commits costs what changed in it.

use std::cmp::Ordering;

use gix::objs::tree::EntryKind as Mode;

use super::{Commit, Repository};
use crate::error::{Error, Result};
use crate::source::{BlobId, DEPTH_CAP, EntryKind, FOLDERS, ROOT_FILE};

/// A path that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Below the programme's root.
    pub path: String,
    pub old: Option<(EntryKind, BlobId)>,
    pub new: Option<(EntryKind, BlobId)>,
}

/// An entry of a tree.
struct Side {
    name: Vec<u8>,
    mode: Mode,
    id: gix::ObjectId,
}

impl Repository {
    /// The files of the programme's folders that differ between two commits, by path; all of the new one without an old.
    pub fn between(&self, old: Option<Commit>, new: Commit) -> Result<Vec<Difference>> {
        let repo = self.repo.to_thread_local();
        let before = old.and_then(|commit| self.folder(commit, self.prefix()));
        let after = self.folder(new, self.prefix());
        let mut walk = Walk { repo: &repo, out: Vec::new() };
        walk.folders(before, after, "", 0).map_err(|fault| {
            Error::new(format!("cannot read the files of commit {}", new.short()))
                .because(crate::text::safe(&fault))
                .hint("the repository may be damaged, or the clone partial: git fsck")
        })?;
        let mut out = walk.out;
        out.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(out)
    }
}

struct Walk<'r> {
    repo: &'r gix::Repository,
    out: Vec<Difference>,
}

impl Walk<'_> {
    fn folders(
        &mut self,
        old: Option<gix::ObjectId>,
        new: Option<gix::ObjectId>,
        path: &str,
        depth: usize,
    ) -> std::result::Result<(), String> {
        if old == new {
            return Ok(());
        }
        if depth > DEPTH_CAP {
            return Err("folders are nested too deep".to_owned());
        }
        let mut old = self.entries(old, depth)?.into_iter().peekable();
        let mut new = self.entries(new, depth)?.into_iter().peekable();
        loop {
            let order = match (old.peek(), new.peek()) {
                (None, None) => return Ok(()),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(one), Some(other)) => one.name.cmp(&other.name),
            };
            let was = if order == Ordering::Greater { None } else { old.next() };
            let is = if order == Ordering::Less { None } else { new.next() };
            self.entry(was, is, path, depth)?;
        }
    }

    /// One name on both sides.
    fn entry(
        &mut self,
        was: Option<Side>,
        is: Option<Side>,
        path: &str,
        depth: usize,
    ) -> std::result::Result<(), String> {
        let Some(name) = was.as_ref().or(is.as_ref()).map(|one| String::from_utf8_lossy(&one.name)) else {
            return Ok(());
        };
        let path = if path.is_empty() { name.into_owned() } else { format!("{path}/{name}") };
        let tree = |side: &Option<Side>| side.as_ref().filter(|one| one.mode == Mode::Tree).map(|one| one.id);
        let file = |side: &Option<Side>| {
            let one = side.as_ref().filter(|one| one.mode != Mode::Tree)?;
            let kind = match one.mode {
                Mode::Link => EntryKind::Link,
                Mode::Commit => EntryKind::Submodule,
                _ => EntryKind::File,
            };
            Some((kind, BlobId::new(one.id.as_slice())))
        };
        let (old, new) = (file(&was), file(&is));
        if old != new {
            self.out.push(Difference { path: path.clone(), old, new });
        }
        self.folders(tree(&was), tree(&is), &path, depth + 1)
    }

    /// What a tree holds, by name; at the programme's root only what belongs to it.
    fn entries(&self, id: Option<gix::ObjectId>, depth: usize) -> std::result::Result<Vec<Side>, String> {
        let Some(id) = id else { return Ok(Vec::new()) };
        let tree = self.repo.find_tree(id).map_err(|fault| fault.to_string())?;
        let mut out = Vec::new();
        for entry in tree.iter() {
            let entry = entry.map_err(|fault| fault.to_string())?;
            let name: &[u8] = entry.filename();
            let ours = match entry.mode().kind() {
                Mode::Tree => FOLDERS.iter().any(|folder| folder.as_bytes() == name),
                _ => name == ROOT_FILE.as_bytes() || FOLDERS.iter().any(|folder| folder.as_bytes() == name),
            };
            if depth > 0 || ours {
                out.push(Side { name: name.to_vec(), mode: entry.mode().kind(), id: entry.object_id() });
            }
        }
        out.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(out)
    }
}
