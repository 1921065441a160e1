//! What differs between two trees, path by path. Folders of the same id are not entered.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Range;

use gix::ObjectId;

use super::objects::Objects;
use super::packs::PackedTrees;

/// A path that differs.
#[derive(Clone, Debug)]
pub(super) struct Change {
    path: Range<u32>,
    pub(super) old: Option<Side>,
    pub(super) new: Option<Side>,
}

/// What stands at a path in one tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Side {
    pub(super) kind: Kind,
    pub(super) id: ObjectId,
}

/// What git tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Executable,
    Link,
    Submodule,
    Folder,
}

/// All differences of two trees, in the order of their paths.
#[derive(Debug, Default)]
pub(super) struct Changes {
    names: Vec<u8>,
    pub(super) list: Vec<Change>,
    /// Some folder was too deep to be entered.
    pub(super) too_deep: bool,
}

impl Changes {
    pub(super) fn path(&self, change: &Change) -> &[u8] {
        self.names.get(change.path.start as usize..change.path.end as usize).unwrap_or(&[])
    }

    /// The change of a path.
    pub(super) fn find(&self, path: &[u8]) -> Option<&Change> {
        let at = self.list.binary_search_by(|change| self.path(change).cmp(path)).ok()?;
        self.list.get(at)
    }

    fn put(&mut self, path: &[u8], old: Option<Side>, new: Option<Side>) {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let start = offset(self.names.len());
        self.names.extend_from_slice(path);
        self.list.push(Change { path: start..offset(self.names.len()), old, new });
    }
}

/// The part of a tree that is looked at.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    /// All that is here and below.
    whole: bool,
    below: BTreeMap<Box<[u8]>, Self>,
}

impl Part {
    /// The whole tree.
    pub(super) fn whole() -> Self {
        Self { whole: true, below: BTreeMap::new() }
    }

    pub(super) fn is_whole(&self) -> bool {
        self.whole
    }

    /// Adds a file or folder with all below it.
    pub(super) fn add(&mut self, path: &[u8]) {
        let mut part = self;
        for name in path.split(|byte| *byte == b'/').filter(|name| !name.is_empty()) {
            part = part.below.entry(name.into()).or_default();
        }
        part.whole = true;
    }

    /// Is a path in it?
    pub(super) fn holds(&self, path: &[u8]) -> bool {
        let mut part = self;
        for name in path.split(|byte| *byte == b'/') {
            if part.whole {
                return true;
            }
            let Some(next) = part.below.get(name) else { return false };
            part = next;
        }
        part.whole
    }

    fn within(&self, name: &[u8]) -> Option<&Self> {
        if self.whole { Some(self) } else { self.below.get(name) }
    }
}

/// Why two trees cannot be compared: an object is missing or damaged, or they are larger than any programme.
#[derive(Clone, Copy, Debug)]
pub(super) struct Incomparable;

/// Folders deeper than this are not entered; no programme has them.
const DEPTH_CAP: usize = 256;
/// More differences than any commit of a programme has.
const CHANGE_CAP: usize = 2_000_000;

/// Compares the trees of one repository.
pub(super) struct Differ<'a> {
    objects: Objects<'a>,
    hash: usize,
    path: Vec<u8>,
}

impl<'a> Differ<'a> {
    pub(super) fn new(repo: &'a gix::Repository, packed: &'a mut PackedTrees) -> Self {
        let hash = repo.object_hash().len_in_bytes();
        Self { objects: Objects::with(repo, packed), hash, path: Vec::new() }
    }

    /// What differs in a part of two trees.
    pub(super) fn diff(
        &mut self,
        old: ObjectId,
        new: ObjectId,
        part: &Part,
    ) -> Result<Changes, Incomparable> {
        let mut out = Changes::default();
        self.path.clear();
        self.trees(Some(old), Some(new), part, 0, &mut out)?;
        Ok(out)
    }

    fn trees(
        &mut self,
        old: Option<ObjectId>,
        new: Option<ObjectId>,
        part: &Part,
        depth: usize,
        out: &mut Changes,
    ) -> Result<(), Incomparable> {
        if old == new || depth > DEPTH_CAP {
            out.too_deep |= old != new;
            return Ok(());
        }
        let (left, right) = (self.objects.tree(old)?, self.objects.tree(new)?);
        let (mut olds, mut news) = (Entries::new(&left, self.hash), Entries::new(&right, self.hash));
        olds.skip_equal(&mut news);
        let (mut old, mut new) = (olds.next()?, news.next()?);
        loop {
            let order = match (&old, &new) {
                (None, None) => break,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(old), Some(new)) => old.order(new),
            };
            match order {
                Ordering::Less => {
                    self.entry(old.as_ref(), None, part, depth, out)?;
                    old = olds.next()?;
                }
                Ordering::Greater => {
                    self.entry(None, new.as_ref(), part, depth, out)?;
                    new = news.next()?;
                }
                Ordering::Equal => {
                    self.entry(old.as_ref(), new.as_ref(), part, depth, out)?;
                    olds.skip_equal(&mut news);
                    (old, new) = (olds.next()?, news.next()?);
                }
            }
        }
        Ok(())
    }

    /// Two entries of one name, or one that the other tree lacks.
    fn entry(
        &mut self,
        old: Option<&Entry<'_>>,
        new: Option<&Entry<'_>>,
        part: &Part,
        depth: usize,
        out: &mut Changes,
    ) -> Result<(), Incomparable> {
        if let (Some(old), Some(new)) = (old, new)
            && old.id == new.id
            && old.kind == new.kind
        {
            return Ok(());
        }
        let Some(either) = old.or(new) else { return Ok(()) };
        let Some(part) = part.within(either.name) else { return Ok(()) };
        let id = |entry: Option<&Entry<'_>>| entry.map(|entry| ObjectId::from_bytes_or_panic(entry.id));
        let length = self.path.len();
        if length > 0 {
            self.path.push(b'/');
        }
        self.path.extend_from_slice(either.name);
        if either.kind == Kind::Folder {
            self.trees(id(old), id(new), part, depth + 1, out)?;
        } else if part.whole {
            if out.list.len() >= CHANGE_CAP {
                return Err(Incomparable);
            }
            let side = |entry: Option<&Entry<'_>>| Some(Side { kind: entry?.kind, id: id(entry)? });
            out.put(&self.path, side(old), side(new));
        }
        self.path.truncate(length);
        Ok(())
    }
}

/// The entries of a tree's bytes, as far as they can be read.
pub(super) fn entries(tree: &[u8], hash: usize) -> Vec<(&[u8], Side)> {
    let mut all = Entries::new(tree, hash);
    let next = || all.next().ok().flatten();
    let side = |entry: &Entry<'_>| Side { kind: entry.kind, id: ObjectId::from_bytes_or_panic(entry.id) };
    std::iter::from_fn(next).map(|entry| (entry.name, side(&entry))).collect()
}

/// One entry of a tree.
struct Entry<'a> {
    kind: Kind,
    name: &'a [u8],
    id: &'a [u8],
}

impl Entry<'_> {
    /// The order of entries in a tree: a folder as if its name ended in `/`. A file and a folder are never the same.
    fn order(&self, other: &Self) -> Ordering {
        let shared = self.name.len().min(other.name.len());
        let ahead = self.name[..shared].cmp(&other.name[..shared]);
        ahead.then_with(|| self.byte(shared).cmp(&other.byte(shared)))
    }

    fn byte(&self, at: usize) -> Option<u8> {
        let end = (self.kind == Kind::Folder).then_some(b'/');
        if at == self.name.len() { end } else { self.name.get(at).copied() }
    }
}

/// The entries of a tree's bytes: `MODE NAME\0HASH`, one after another.
struct Entries<'a> {
    rest: &'a [u8],
    hash: usize,
}

impl<'a> Entries<'a> {
    fn new(rest: &'a [u8], hash: usize) -> Self {
        Self { rest, hash }
    }

    fn next(&mut self) -> Result<Option<Entry<'a>>, Incomparable> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let blank = self.rest.iter().position(|byte| *byte == b' ').ok_or(Incomparable)?;
        let end = self.rest.iter().position(|byte| *byte == 0).ok_or(Incomparable)?;
        let name = self.rest.get(blank + 1..end).ok_or(Incomparable)?;
        let id = self.rest.get(end + 1..end + 1 + self.hash).ok_or(Incomparable)?;
        let kind = kind(&self.rest[..blank]).ok_or(Incomparable)?;
        self.rest = &self.rest[end + 1 + self.hash..];
        Ok(Some(Entry { kind, name, id }))
    }

    /// Passes over the entries that two trees begin with alike.
    fn skip_equal(&mut self, other: &mut Self) {
        let shared = &self.rest[..shared(self.rest, other.rest)];
        let mut passed = 0;
        while let Some(end) = memchr::memchr(0, &shared[passed..]) {
            let next = passed + end + 1 + self.hash;
            if next > shared.len() {
                break;
            }
            passed = next;
        }
        self.rest = &self.rest[passed..];
        other.rest = &other.rest[passed..];
    }
}

/// How many bytes two slices begin with alike.
fn shared(a: &[u8], b: &[u8]) -> usize {
    const STEP: usize = 64;
    let (chunks, others) = (a.as_chunks::<STEP>().0, b.as_chunks::<STEP>().0);
    let steps = chunks.iter().zip(others).take_while(|(a, b)| a == b).count() * STEP;
    steps + a[steps..].iter().zip(&b[steps..]).take_while(|(a, b)| a == b).count()
}

/// The kind of a mode in octal digits, as git reads it: of a file's permissions only the owner's `x` counts.
fn kind(mode: &[u8]) -> Option<Kind> {
    let mut value = 0_u32;
    for digit in mode {
        value = (value << 3) | u32::from(digit.checked_sub(b'0').filter(|digit| *digit < 8)?);
    }
    Some(match value & 0o170_000 {
        0o040_000 => Kind::Folder,
        0o120_000 => Kind::Link,
        0o160_000 => Kind::Submodule,
        _ if value & 0o100 != 0 => Kind::Executable,
        _ => Kind::File,
    })
}
