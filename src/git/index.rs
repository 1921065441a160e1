//! The index: which files of a work tree are tracked, and the programme as it is about to be committed.

use std::fs;
use std::io;
use std::path::Path;
use std::time::UNIX_EPOCH;

use gix::index::entry::{Flags, Mode, Stage};

use super::Repository;
use super::tree::{Listing, folders_up};
use crate::error::{Error, Result};
use crate::source::{BlobId, DEPTH_CAP, Entry, EntryKind, ROOT_FILE, Tracked, TrackedEntry, Tree};
use crate::text::safe;

/// The programme as the index holds it.
#[derive(Debug)]
struct Staged {
    /// By path.
    entries: Vec<Entry>,
    store: Box<dyn Tree>,
}

/// A path of the index that belongs to the programme.
struct Indexed {
    entry: Entry,
    skipped: bool,
    /// `git add -N`: the path will be added, its bytes are not yet.
    only_intended: bool,
    stat: gix::index::entry::Stat,
}

impl Repository {
    /// What the index says of the programme's files on disk.
    pub fn tracked(&self, programme: &Path) -> Result<Tracked> {
        let (indexed, written) = self.indexed(None, self.prefix(), &|_| true)?;
        let entries = indexed.into_iter().map(|one| {
            let clean = !one.skipped && is_clean(&programme.join(&one.entry.path), &one.stat, written);
            let Entry { path, kind, blob } = one.entry;
            TrackedEntry { path, kind, blob, skipped: one.skipped, clean }
        });
        Ok(Tracked::new(entries.collect(), self.store()))
    }

    /// The programme as it is about to be committed, from the repository's index or the one that git names to a hook.
    pub fn staged(&self, index: Option<&Path>) -> Result<Box<dyn Tree>> {
        let (indexed, _) = self.indexed(index, self.prefix(), &|_| true)?;
        let staged = indexed.into_iter().filter(|one| !one.only_intended);
        Ok(Box::new(Staged { entries: staged.map(|one| one.entry).collect(), store: self.store() }))
    }

    /// The nearest folder at or above ours that holds `soc2.toml` in an index: `compliance/`, or empty; with `left_out` only
    /// where a sparse checkout left that file out.
    pub fn programme_staged(&self, index: Option<&Path>, left_out: bool) -> Result<Option<String>> {
        let on_the_way = |folder: &str| self.prefix().starts_with(folder);
        let (indexed, _) = self.indexed(index, "", &on_the_way)?;
        let is_root = |folder: &str| {
            let file = format!("{folder}{ROOT_FILE}");
            let found = indexed.binary_search_by(|one| one.entry.path.cmp(&file)).ok();
            found.and_then(|at| indexed.get(at)).is_some_and(|one| one.skipped || !left_out)
        };
        Ok(folders_up(self.prefix()).find(|folder| is_root(folder)).map(str::to_owned))
    }

    /// The file at a path from the top that a sparse checkout left out of the work tree.
    pub(super) fn skipped(&self, path: &str) -> Result<Option<BlobId>> {
        let (indexed, _) = self.indexed(None, "", &|folder| path.starts_with(folder))?;
        let found = indexed.binary_search_by(|one| one.entry.path.as_str().cmp(path)).ok();
        let found = found.and_then(|at| indexed.get(at)).filter(|one| one.skipped);
        Ok(found.filter(|one| one.entry.kind == EntryKind::File).map(|one| one.entry.blob))
    }

    /// The paths of an index below a folder, in order, and when the index was written; nothing where there is none. Folders
    /// that a sparse index holds as one entry are opened where `opens` says so.
    fn indexed(
        &self,
        named: Option<&Path>,
        prefix: &str,
        opens: &dyn Fn(&str) -> bool,
    ) -> Result<(Vec<Indexed>, i64)> {
        let repo = self.repo.to_thread_local();
        // git names an index as seen from the top of the work tree.
        let path = named.map_or_else(|| repo.index_path(), |named| self.top().join(named));
        if !path.exists() {
            return Ok((Vec::new(), 0));
        }
        let unreadable = |fault: &dyn std::fmt::Display| {
            Error::new(format!("cannot read the index `{}`", safe(&path.display().to_string())))
                .because(safe(&fault.to_string()))
                .hint("git status repairs most of them; --at HEAD does without")
        };
        let options = gix::index::decode::Options::default();
        let index = gix::index::File::at(&path, repo.object_hash(), false, options)
            .map_err(|fault| unreadable(&fault))?;
        let written = index.timestamp().unix_seconds();
        let mut out = Vec::new();
        for entry in index.entries() {
            // Of a conflict our own side is read; the other stages say what it was.
            if !matches!(entry.stage(), Stage::Unconflicted | Stage::Ours) {
                continue;
            }
            let path = entry.path(&index);
            if entry.mode == Mode::DIR {
                let folder = path.to_string();
                if opens(&folder) && (folder.starts_with(prefix) || prefix.starts_with(&folder)) {
                    out.append(
                        &mut below(&repo, entry, &folder, prefix).map_err(|fault| unreadable(&fault))?,
                    );
                }
            } else if let Some(path) = path.strip_prefix(prefix.as_bytes()) {
                out.push(indexed(entry, String::from_utf8_lossy(path).into_owned()));
            }
        }
        out.sort_by(|a, b| a.entry.path.cmp(&b.entry.path));
        out.dedup_by(|a, b| a.entry.path == b.entry.path);
        Ok((out, written))
    }
}

fn indexed(entry: &gix::index::Entry, mut path: String) -> Indexed {
    let kind = match (too_deep(&path), entry.mode) {
        (Some(folder), _) => {
            path.truncate(folder);
            EntryKind::Deep
        }
        (None, Mode::SYMLINK) => EntryKind::Link,
        (None, Mode::COMMIT) => EntryKind::Submodule,
        (None, _) => EntryKind::File,
    };
    Indexed {
        entry: Entry { path, kind, blob: BlobId::new(entry.id.as_slice()) },
        skipped: entry.flags.contains(Flags::SKIP_WORKTREE),
        only_intended: entry.flags.contains(Flags::INTENT_TO_ADD),
        stat: entry.stat,
    }
}

/// Where the name of the folder ends that is not entered because it lies too deep.
fn too_deep(path: &str) -> Option<usize> {
    path.match_indices('/').nth(DEPTH_CAP + 1).map(|(at, _)| at)
}

/// The files below a folder that a sparse index holds as one entry.
fn below(
    repo: &gix::Repository,
    entry: &gix::index::Entry,
    folder: &str,
    prefix: &str,
) -> io::Result<Vec<Indexed>> {
    let mut listing = Listing::new(repo);
    listing.put(gix::objs::tree::EntryKind::Tree, entry.id, folder.trim_end_matches('/').to_owned(), 0)?;
    let files = listing.found;
    let ours = files.into_iter().filter_map(|file| {
        let path = file.path.strip_prefix(prefix)?.to_owned();
        Some(Indexed {
            entry: Entry { path, ..file },
            skipped: true,
            only_intended: false,
            stat: gix::index::entry::Stat::default(),
        })
    });
    Ok(ours.collect())
}

/// Has a file the size and time that the index remembers, from before the index was written? Then its bytes are the blob's.
fn is_clean(file: &Path, stat: &gix::index::entry::Stat, written: i64) -> bool {
    let Ok(meta) = fs::symlink_metadata(file) else { return false };
    let modified = meta.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    let Some(modified) = modified else { return false };
    meta.is_file()
        && u64::from(stat.size) == meta.len()
        && u64::from(stat.mtime.secs) == modified.as_secs()
        && (stat.mtime.nsecs == 0 || stat.mtime.nsecs == modified.subsec_nanos())
        && i64::from(stat.mtime.secs) < written
}

impl Tree for Staged {
    fn folders(&self) -> Vec<String> {
        let mut folders: Vec<String> =
            self.entries.iter().filter_map(|entry| Some(entry.path.split_once('/')?.0.to_owned())).collect();
        folders.dedup();
        folders
    }

    fn list(&self, name: &str) -> io::Result<Vec<Entry>> {
        let below = format!("{name}/");
        let ours = self.entries.iter().filter(|entry| entry.path == name || entry.path.starts_with(&below));
        Ok(ours.cloned().collect())
    }

    fn read(&self, blob: BlobId) -> io::Result<Vec<u8>> {
        self.store.read(blob)
    }

    fn length(&self, blob: BlobId) -> io::Result<u64> {
        self.store.length(blob)
    }
}
