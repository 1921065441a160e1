//! The index: which files of a work tree are tracked, and the programme as it is about to be committed.

use std::fs;
use std::io;
use std::path::Path;
use std::time::UNIX_EPOCH;

use gix::index::entry::{Flags, Mode, Stage};

use super::Repository;
use super::tree::{missing, put};
use crate::error::{Error, Result};
use crate::source::{BlobId, Entry, EntryKind, Tracked, TrackedEntry, Tree};
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
    stat: gix::index::entry::Stat,
}

impl Repository {
    /// What the index says of the programme's files on disk; nothing where there is no index yet.
    pub fn tracked(&self, programme: &Path) -> Result<Tracked> {
        let Some((indexed, written)) = self.indexed(None)? else { return Ok(Tracked::default()) };
        let entries = indexed.into_iter().map(|one| {
            let clean = !one.skipped && is_clean(&programme.join(&one.entry.path), &one.stat, written);
            let Entry { path, kind, blob } = one.entry;
            TrackedEntry { path, kind, blob, skipped: one.skipped, clean }
        });
        Ok(Tracked { entries: entries.collect(), store: Some(self.store()) })
    }

    /// The programme as it is about to be committed, from the repository's index or the one that git names to a hook.
    pub fn staged(&self, index: Option<&Path>) -> Result<Box<dyn Tree>> {
        let indexed = self.indexed(index)?.map_or_else(Vec::new, |(indexed, _)| indexed);
        let entries = indexed.into_iter().map(|one| one.entry).collect();
        Ok(Box::new(Staged { entries, store: self.store() }))
    }

    /// The programme's paths in the index, in order, and when the index was written.
    fn indexed(&self, named: Option<&Path>) -> Result<Option<(Vec<Indexed>, i64)>> {
        let repo = self.repo.to_thread_local();
        let path = named.map_or_else(|| repo.index_path(), Path::to_owned);
        if !path.exists() {
            return Ok(None);
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
        let prefix = self.prefix().as_bytes();
        let mut out = Vec::new();
        for entry in index.entries() {
            let path = entry.path(&index);
            // Of a conflict our own side is read; the other stages say what it was.
            if !matches!(entry.stage(), Stage::Unconflicted | Stage::Ours) {
                continue;
            }
            let skipped = entry.flags.contains(Flags::SKIP_WORKTREE);
            if entry.mode == Mode::DIR {
                out.append(&mut below(&repo, entry, path, prefix).map_err(|fault| unreadable(&fault))?);
                continue;
            }
            let Some(path) = path.strip_prefix(prefix) else { continue };
            let kind = match entry.mode {
                Mode::SYMLINK => EntryKind::Link,
                Mode::COMMIT => EntryKind::Submodule,
                _ => EntryKind::File,
            };
            if entry.flags.contains(Flags::INTENT_TO_ADD) {
                continue;
            }
            let path = String::from_utf8_lossy(path).into_owned();
            let entry_of = Entry { path, kind, blob: BlobId::new(entry.id.as_slice()) };
            out.push(Indexed { entry: entry_of, skipped, stat: entry.stat });
        }
        out.sort_by(|a, b| a.entry.path.cmp(&b.entry.path));
        Ok(Some((out, written)))
    }
}

/// The files below a folder that a sparse index holds as one entry.
fn below(
    repo: &gix::Repository,
    entry: &gix::index::Entry,
    path: &gix::bstr::BStr,
    prefix: &[u8],
) -> io::Result<Vec<Indexed>> {
    let folder = path.to_string();
    let folder = folder.trim_end_matches('/');
    let mut files = Vec::new();
    put(repo, gix::objs::tree::EntryKind::Tree, entry.id, folder.to_owned(), 0, &mut files)?;
    let prefix = std::str::from_utf8(prefix).map_err(missing)?;
    let ours = files.into_iter().filter_map(|file| {
        let path = file.path.strip_prefix(prefix)?.to_owned();
        Some(Indexed {
            entry: Entry { path, ..file },
            skipped: true,
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
