//! How one folder of a programme changed along a line of commits: blobs by path, whole subtrees that stayed the same
//! skipped by their id. Nothing is parsed here.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use gix::objs::tree::{EntryKind as Mode, EntryRef};
use rayon::prelude::*;

use super::history::plain;
use super::{Commit, Repository};
use crate::source::{BlobId, DEPTH_CAP, ROOT_FILE};

/// What a commit of a line did to a folder.
#[derive(Debug)]
pub struct Step {
    pub commit: Commit,
    /// Paths from the programme's root, each with its blob; `None` when the file is gone.
    pub changed: Vec<(String, Option<BlobId>)>,
}

/// Bytes of trees a thread keeps: each is looked at twice, from both sides.
const CACHE: usize = 16 << 20;
/// Commits a thread takes at a time.
const CHUNK: usize = 256;

/// What a commit holds of a folder.
enum Held {
    /// Its objects are not here.
    Unreadable,
    /// There is no programme in it.
    NoProgramme,
    /// The folder's tree; `None` when it has none.
    Folder(Option<gix::ObjectId>),
}

/// A tree that is not here or no tree.
struct Missing;

impl Repository {
    /// The commits of a line, newest first, that changed a folder of the programme, oldest first. The oldest one that can
    /// be read lists all it holds. Commits without a programme are passed over.
    pub fn steps(&self, line: &[Commit], folder: &str) -> Vec<Step> {
        let held: Vec<Held> = line
            .par_chunks(CHUNK)
            .flat_map_iter(|commits| {
                let repo = self.cached();
                commits.iter().map(move |commit| self.held_in(&repo, *commit, folder)).collect::<Vec<_>>()
            })
            .collect();
        let mut states: Vec<(Commit, Option<gix::ObjectId>)> = Vec::new();
        for (commit, held) in line.iter().zip(held) {
            match held {
                Held::Unreadable => break,
                Held::NoProgramme => {}
                // The older of two commits that hold the same brought it.
                Held::Folder(tree) => match states.last_mut() {
                    Some(newer) if newer.1 == tree => newer.0 = *commit,
                    _ => states.push((*commit, tree)),
                },
            }
        }
        let older = states.iter().skip(1).map(|(_, tree)| *tree).chain([None]);
        let pairs: Vec<_> = states.iter().copied().zip(older).collect();
        let told: Vec<Option<(Step, bool)>> = pairs
            .par_chunks(CHUNK)
            .flat_map_iter(|pairs| {
                let repo = self.cached();
                let told = pairs.iter().map(|((commit, new), old)| step(&repo, *commit, *old, *new, folder));
                told.collect::<Vec<_>>()
            })
            .collect();
        let mut steps = Vec::with_capacity(told.len());
        for (step, whole) in told.into_iter().map_while(|told| told) {
            steps.push(step);
            if !whole {
                break;
            }
        }
        steps.reverse();
        steps
    }

    /// For one thread, with a cache for loose trees.
    pub(super) fn cached(&self) -> gix::Repository {
        let mut repo = plain(&self.repo);
        repo.object_cache_size(CACHE);
        repo
    }

    fn held_in(&self, repo: &gix::Repository, commit: Commit, folder: &str) -> Held {
        let mut id = commit.tree;
        for part in self.prefix().split('/').filter(|part| !part.is_empty()) {
            let Ok(tree) = repo.find_tree(id) else { return Held::Unreadable };
            match tree.find_entry(part).filter(|entry| entry.mode().is_tree()) {
                Some(entry) => id = entry.object_id(),
                None => return Held::NoProgramme,
            }
        }
        let Ok(tree) = repo.find_tree(id) else { return Held::Unreadable };
        if tree.find_entry(ROOT_FILE).is_none() {
            return Held::NoProgramme;
        }
        let entry = tree.find_entry(folder).filter(|entry| entry.mode().is_tree());
        Held::Folder(entry.map(|entry| entry.object_id()))
    }
}

/// What a commit did to a folder, and whether what was before could be read; if not, all it holds is listed.
fn step(
    repo: &gix::Repository,
    commit: Commit,
    old: Option<gix::ObjectId>,
    new: Option<gix::ObjectId>,
    folder: &str,
) -> Option<(Step, bool)> {
    let mut changed = Vec::new();
    if compare(repo, old, new, folder, 0, &mut changed).is_ok() {
        return Some((Step { commit, changed }, true));
    }
    changed.clear();
    compare(repo, None, new, folder, 0, &mut changed).ok()?;
    Some((Step { commit, changed }, false))
}

fn entries<'t>(tree: Option<&'t gix::Tree<'_>>) -> Result<Vec<EntryRef<'t>>, Missing> {
    let Some(tree) = tree else { return Ok(Vec::new()) };
    let entries = gix::objs::TreeRefIter::from_bytes(&tree.data, tree.id.kind());
    entries.collect::<Result<_, _>>().map_err(|_| Missing)
}

fn is_file(entry: &EntryRef<'_>) -> bool {
    matches!(entry.mode.kind(), Mode::Blob | Mode::BlobExecutable)
}

/// Lists what differs between two trees of a folder.
fn compare(
    repo: &gix::Repository,
    old: Option<gix::ObjectId>,
    new: Option<gix::ObjectId>,
    folder: &str,
    depth: usize,
    out: &mut Vec<(String, Option<BlobId>)>,
) -> Result<(), Missing> {
    if old == new || depth > DEPTH_CAP {
        return Ok(());
    }
    let read = |id: Option<gix::ObjectId>| id.map(|id| repo.find_tree(id)).transpose().map_err(|_| Missing);
    let (old, new) = (read(old)?, read(new)?);
    let (old, new) = (entries(old.as_ref())?, entries(new.as_ref())?);
    let (mut old, mut new) = (old.into_iter().peekable(), new.into_iter().peekable());
    // Folders of both sides by name, so that a file that became a folder is both.
    let mut folders: BTreeMap<String, [Option<gix::ObjectId>; 2]> = BTreeMap::new();
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(old), Some(new)) => old.cmp(new),
        };
        let was = if order.is_le() { old.next() } else { None };
        let is = if order.is_ge() { new.next() } else { None };
        if let (Some(was), Some(is)) = (&was, &is)
            && was.oid == is.oid
            && was.mode == is.mode
        {
            continue;
        }
        let path = |entry: &EntryRef<'_>| format!("{folder}/{}", entry.filename);
        for (side, entry) in [&was, &is].into_iter().enumerate() {
            if let Some(entry) = entry.as_ref().filter(|entry| entry.mode.is_tree()) {
                folders.entry(path(entry)).or_default()[side] = Some(entry.oid.to_owned());
            }
        }
        match (was.filter(is_file), is.filter(is_file)) {
            (_, Some(file)) => out.push((path(&file), Some(BlobId::new(file.oid.as_bytes())))),
            (Some(file), None) => out.push((path(&file), None)),
            (None, None) => {}
        }
    }
    for (path, [old, new]) in folders {
        compare(repo, old, new, &path, depth + 1, out)?;
    }
    Ok(())
}
