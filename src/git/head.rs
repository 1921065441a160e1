//! Which of the programme's files a commit holds, and whether the judged bytes are those.

use std::io::Read;
use std::ops::Range;

use gix::ObjectId;
use rayon::prelude::*;

use super::objects::Objects;
use super::tree_diff::{Kind, Side, entries};
use super::{Commit, Repository};
use crate::program::Program;
use crate::source::{Body, FileId, Sources};

/// Below this, reading trees is cheaper than reading the index.
const FEW: usize = 500;
/// Larger pointers are none.
const POINTER_CAP: u64 = 1024;

/// The index and the folders of which it knows that nothing is staged there.
struct Staged(gix::index::File);

impl Repository {
    /// What a commit holds at each of the programme's paths.
    pub(super) fn held(&self, commit: Commit, sources: &Sources) -> Vec<Option<Side>> {
        let paths: Vec<&str> = sources.files().map(|(_, file)| &*file.path).collect();
        let staged = if paths.len() > FEW { self.index_file().map(Staged) } else { None };
        let Some(root) = self.folder(commit, self.prefix()) else { return vec![None; paths.len()] };
        let node = staged.as_ref().and_then(|staged| staged.folder(self.prefix()));
        let mut out = vec![None; paths.len()];
        let below = Below { of: self, staged: staged.as_ref() };
        below.fill(root, node, &paths, 0, &mut out);
        out
    }

    fn index_file(&self) -> Option<gix::index::File> {
        let repo = super::history::plain(&self.repo);
        let path = repo.index_path();
        gix::index::File::at(&path, repo.object_hash(), true, gix::index::decode::Options::default()).ok()
    }
}

impl Staged {
    fn folder(&self, prefix: &str) -> Option<&gix::index::extension::Tree> {
        let parts = prefix.split('/').filter(|part| !part.is_empty());
        parts.fold(self.0.tree(), |tree, part| child(tree, part.as_bytes()))
    }
}

fn child<'a>(
    tree: Option<&'a gix::index::extension::Tree>,
    name: &[u8],
) -> Option<&'a gix::index::extension::Tree> {
    tree?.children.iter().find(|child| child.name[..] == *name)
}

struct Below<'a> {
    of: &'a Repository,
    staged: Option<&'a Staged>,
}

impl Below<'_> {
    /// Fills in what a folder holds at `paths`, which are in order and all start with the same `depth` bytes.
    fn fill(
        &self,
        folder: ObjectId,
        node: Option<&gix::index::extension::Tree>,
        paths: &[&str],
        depth: usize,
        out: &mut [Option<Side>],
    ) {
        if let (Some(staged), Some(node)) = (self.staged, node)
            && node.id == folder
            && node.num_entries.is_some()
        {
            return self.from_index(&staged.0, paths, out);
        }
        let repo = super::history::plain(&self.of.repo);
        let Ok(tree) = Objects::new(&repo).tree(Some(folder)) else { return };
        let mut work = Vec::new();
        let mut rest = out;
        let mut groups = groups(paths, depth).into_iter().peekable();
        let mut listed: Vec<(&[u8], Side)> = entries(&tree, repo.object_hash().len_in_bytes());
        listed.sort_by_key(|(name, _)| *name);
        while let Some(range) = groups.next() {
            let (mine, others) = rest.split_at_mut(range.len());
            rest = others;
            let Some(group) = paths.get(range) else { continue };
            let Some(name) = group.first().and_then(|path| path.get(depth..)?.split('/').next()) else {
                continue;
            };
            let Ok(at) = listed.binary_search_by_key(&name.as_bytes(), |(name, _)| name) else { continue };
            let Some((_, side)) = listed.get(at).copied() else { continue };
            match side.kind {
                Kind::Folder => {
                    work.push((side.id, child(node, name.as_bytes()), group, depth + name.len() + 1, mine));
                }
                _ if group.len() == 1
                    && group.first().is_some_and(|path| path.len() == depth + name.len()) =>
                {
                    mine.fill(Some(side));
                }
                _ => {}
            }
        }
        let fill = |(id, node, group, depth, mine): (_, _, &[&str], _, &mut [Option<Side>])| {
            self.fill(id, node, group, depth, mine);
        };
        if work.len() > 1 { work.into_par_iter().for_each(fill) } else { work.into_iter().for_each(fill) }
    }

    fn from_index(&self, index: &gix::index::File, paths: &[&str], out: &mut [Option<Side>]) {
        let prefix = self.of.prefix();
        for (path, slot) in paths.iter().zip(out) {
            let whole = format!("{prefix}{path}");
            *slot = index.entry_by_path(whole.as_str().into()).and_then(|entry| {
                let kind = match entry.mode {
                    gix::index::entry::Mode::FILE => Kind::File,
                    gix::index::entry::Mode::FILE_EXECUTABLE => Kind::Executable,
                    gix::index::entry::Mode::SYMLINK => Kind::Link,
                    gix::index::entry::Mode::COMMIT => Kind::Submodule,
                    _ => return None,
                };
                Some(Side { kind, id: entry.id })
            });
        }
    }
}

/// The ranges of paths, in order, that share their next part.
fn groups(paths: &[&str], depth: usize) -> Vec<Range<usize>> {
    let part = |path: &&str| path.get(depth..).and_then(|rest| rest.split('/').next().map(str::to_owned));
    let mut out = Vec::new();
    let mut start = 0;
    for end in 1..=paths.len() {
        if paths.get(end).map(part) != paths.get(start).map(part) {
            out.push(start..end);
            start = end;
        }
    }
    out
}

/// Are the judged bytes of a file others than those that a commit holds?
pub(super) fn differs(repo: &gix::Repository, program: &Program, file: FileId, held: Side) -> bool {
    if !matches!(held.kind, Kind::File | Kind::Executable) {
        return false;
    }
    if let Some(blob) = program.sources.file(file).blob {
        return blob.as_bytes() != held.id.as_slice();
    }
    let Ok(Some(header)) = repo.try_find_header(held.id) else { return true };
    let plain = hashed(&program.sources, file, header.size(), repo.object_hash(), false);
    let same = plain == Some(held.id)
        || hashed(&program.sources, file, header.size(), repo.object_hash(), true) == Some(held.id)
        || is_pointer_to(repo, program, file, held.id, header.size());
    !same
}

/// The id of a blob of a file's bytes, if there are as many as a length says.
fn hashed(
    sources: &Sources,
    file: FileId,
    length: u64,
    hash: gix::hash::Kind,
    without_returns: bool,
) -> Option<ObjectId> {
    let mut reader = sources.open(file).ok()?;
    let mut hasher = gix::hash::hasher(hash);
    hasher.update(format!("blob {length}\0").as_bytes());
    let (mut buffer, mut count, mut held) = (vec![0; 64 << 10], 0_u64, false);
    loop {
        let read = reader.read(&mut buffer).ok()?;
        let bytes = buffer.get_mut(..read)?;
        if without_returns {
            let mut kept = Vec::with_capacity(read + 1);
            for byte in bytes.iter().copied() {
                if held && byte != b'\n' {
                    kept.push(b'\r');
                }
                held = byte == b'\r';
                if !held {
                    kept.push(byte);
                }
            }
            if read == 0 && held {
                kept.push(b'\r');
            }
            hasher.update(&kept);
            count += kept.len() as u64;
        } else {
            hasher.update(bytes);
            count += read as u64;
        }
        if read == 0 {
            break;
        }
        if count > length {
            return None;
        }
    }
    if count == length { hasher.try_finalize().ok() } else { None }
}

/// Does git hold a pointer to a file that a filter puts in its place, as large file storage does?
fn is_pointer_to(
    repo: &gix::Repository,
    program: &Program,
    file: FileId,
    blob: ObjectId,
    length: u64,
) -> bool {
    let Body::Artifact(facts) = &program.sources.file(file).body else { return false };
    if length > POINTER_CAP {
        return false;
    }
    let Some(bytes) = Objects::new(repo).blob(blob, POINTER_CAP) else { return false };
    let text = String::from_utf8_lossy(&bytes);
    let oid = text.lines().find_map(|line| line.strip_prefix("oid sha256:"));
    text.starts_with("version https://git-lfs.github.com/spec/")
        && oid == Some(&crate::source::hex(&facts.sha256))
}
