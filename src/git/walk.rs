//! Which commits touched which files: one walk from children to parents, for all files at once, as `git log -- FILE` tells it
//! for each. A commit that equals a parent in a file passes the file on to the first such parent; one that differs from all
//! its parents touched it, and all parents are asked on.

use std::collections::BTreeMap;

use super::bits::Bits;
use super::compare::{Compared, Comparer};
use super::graph::Graph;
use super::tree_diff::{Changes, Kind, Part, Side};

/// A file to follow: where it is in the repository, and whether the first commit has it.
pub(super) struct Wanted {
    pub(super) path: Box<[u8]>,
    pub(super) there: bool,
}

/// What the walk found.
#[derive(Default)]
pub(super) struct Found {
    /// Of each wanted file, newest first.
    pub(super) touches: Vec<Vec<Touched>>,
    /// Of each wanted file: does its oldest touch rest on the end of the history at hand?
    pub(super) cut: Vec<bool>,
    /// Trees were missing.
    pub(super) missing: bool,
    /// Where merges pass a file to another parent than their first: by commit and track, the parent's place.
    pub(super) sides: BTreeMap<(u32, u32), u32>,
    /// Of each track, the name it follows. The tracks of the wanted files come first, in their order.
    pub(super) names: Vec<Box<[u8]>>,
}

/// A commit that touched a file.
#[derive(Clone, Debug)]
pub(super) struct Touched {
    /// Index into the graph.
    pub(super) commit: u32,
    pub(super) added: bool,
    /// Nothing older is known.
    pub(super) cut: bool,
    /// By which track the file is followed on into each parent.
    pub(super) on: Box<[u32]>,
    pub(super) track: u32,
}

/// A file under one of the names it had.
struct Track {
    file: u32,
    name: Box<[u8]>,
}

/// Files followed through a commit, and which of them it has.
#[derive(Clone, Default)]
struct Followed {
    all: Bits,
    there: Bits,
}

/// Commits that are compared before what they changed is looked at.
const BATCH: usize = 4096;
/// When files keep moving in from folders that were not looked at, all are.
const WIDENED_CAP: usize = 4;
/// More places to look at than this are the whole tree.
const PLACES_CAP: usize = 32;
/// More differences than the history of any programme has; a hostile one ends here.
const TOTAL_CAP: usize = 50_000_000;

struct Walk<'a> {
    graph: &'a Graph,
    tracks: Vec<Track>,
    /// The tracks of the wanted files, by name.
    sorted: Vec<u32>,
    /// The tracks that renames brought.
    by_name: BTreeMap<Box<[u8]>, Vec<u32>>,
    followed: Vec<Option<Followed>>,
    part: Part,
    places: usize,
    prefix: &'a [u8],
    found: Found,
    deleted: Option<(u32, u32, Changes)>,
}

/// Walks from the first commit of a graph. `prefix` is where the programme lives: `compliance/`, or empty.
pub(super) fn walk(
    repo: &gix::ThreadSafeRepository,
    graph: &Graph,
    wanted: Vec<Wanted>,
    prefix: &[u8],
) -> Found {
    let mut walk = Walk::new(graph, wanted, prefix);
    let mut comparer = Comparer::new(repo);
    let (mut next, mut widened, mut total) = (0, 0, 0);
    while next < graph.nodes.len() {
        let end = graph.nodes.len().min(next + BATCH);
        let compared = comparer.compare(graph, next..end, &walk.part);
        let from = next;
        for compared in compared {
            let commit = next;
            next += 1;
            total += compared.len();
            let compared = if total > TOTAL_CAP { Compared::Missing } else { compared };
            if walk.step(commit, compared, &mut comparer) {
                widened += 1;
                if widened > WIDENED_CAP {
                    walk.part = Part::whole();
                }
                break;
            }
        }
        if next == from {
            break;
        }
    }
    walk.finish()
}

impl<'a> Walk<'a> {
    fn new(graph: &'a Graph, wanted: Vec<Wanted>, prefix: &'a [u8]) -> Self {
        let mut walk = Self {
            graph,
            tracks: Vec::new(),
            sorted: Vec::new(),
            by_name: BTreeMap::new(),
            followed: Vec::new(),
            part: Part::default(),
            places: 0,
            prefix,
            found: Found::default(),
            deleted: None,
        };
        walk.followed.resize_with(graph.nodes.len(), || None);
        walk.found.touches.resize_with(wanted.len(), Vec::new);
        walk.found.cut.resize(wanted.len(), false);
        let mut first = Followed::default();
        for (file, wanted) in (0_u32..).zip(wanted) {
            walk.widen(&wanted.path);
            walk.tracks.push(Track { file, name: wanted.path });
            walk.sorted.push(file);
            first.all.insert(file);
            if wanted.there {
                first.there.insert(file);
            }
        }
        let tracks = &walk.tracks;
        walk.sorted.sort_by_key(|track| tracks.get(*track as usize).map(|track| &track.name));
        if let Some(slot) = walk.followed.first_mut() {
            *slot = Some(first);
        }
        walk
    }

    /// The tracks of a name.
    fn tracks(&self, name: &[u8]) -> impl Iterator<Item = u32> {
        let named = |track: &u32| self.tracks.get(*track as usize).map_or(&[][..], |track| &track.name);
        let start = self.sorted.partition_point(|track| named(track) < name);
        let wanted = self.sorted.iter().skip(start).take_while(move |track| named(track) == name);
        wanted.chain(self.by_name.get(name).into_iter().flatten()).copied()
    }

    /// The track of a file under a name, and whether the part of trees that is looked at grew for it.
    fn track(&mut self, file: u32, name: &[u8]) -> (u32, bool) {
        let own = |track: &u32| self.tracks.get(*track as usize).is_some_and(|track| track.file == file);
        let known = self.tracks(name).find(own);
        if let Some(track) = known {
            return (track, false);
        }
        let track = u32::try_from(self.tracks.len()).unwrap_or(u32::MAX);
        self.tracks.push(Track { file, name: name.into() });
        self.by_name.entry(name.into()).or_default().push(track);
        (track, self.widen(name))
    }

    /// Looks at the part of trees that a name is in from now on. True when it was not looked at.
    fn widen(&mut self, name: &[u8]) -> bool {
        let grows = !self.part.holds(name);
        if grows {
            self.places += 1;
            if self.places > PLACES_CAP {
                self.part = Part::whole();
            } else {
                self.part.add(place(name, self.prefix));
            }
        }
        grows
    }

    /// Passes on or ends what is followed through a commit. True when what comes next has to be compared anew.
    fn step(&mut self, commit: usize, compared: Compared, comparer: &mut Comparer) -> bool {
        let Some(mut followed) = self.followed.get_mut(commit).and_then(Option::take) else { return false };
        let node = &self.graph.nodes[commit];
        let commit = u32::try_from(commit).unwrap_or(u32::MAX);
        let changes = match compared {
            Compared::Parents(changes) => changes,
            Compared::Root if !node.cut => {
                self.end(commit, &followed, false);
                return false;
            }
            Compared::Root | Compared::Missing => {
                self.found.missing |= matches!(compared, Compared::Missing);
                self.end(commit, &followed, true);
                return false;
            }
        };
        let mut widened = false;
        let Some((first, others)) = changes.split_first() else { return false };
        let mut passed: Vec<(u32, u32, bool)> = Vec::new();
        for change in &first.list {
            let path = first.path(change);
            let tracks: Vec<u32> = self.tracks(path).filter(|track| followed.all.contains(*track)).collect();
            for track in tracks {
                followed.all.remove(track);
                followed.there.remove(track);
                let same = others.iter().position(|other| other.find(path).is_none());
                if let Some(other) = same.and_then(|other| u32::try_from(other + 1).ok()) {
                    self.found.sides.insert((commit, track), other);
                    passed.push((other, track, change.new.is_some()));
                    continue;
                }
                let olds = std::iter::once(change.old)
                    .chain(others.iter().map(|other| other.find(path).and_then(|change| change.old)));
                let olds: Vec<Option<Side>> = olds.collect();
                widened |= self.touch(commit, track, change.new, &olds, comparer, first, &mut passed);
            }
        }
        let parents = &node.parents;
        if let Some(parent) = parents.first() {
            self.pass(*parent, followed);
        }
        for (parent, track, there) in passed {
            let Some(slot) = parents.get(parent as usize).and_then(|p| self.followed.get_mut(*p as usize))
            else {
                continue;
            };
            let set = slot.get_or_insert_default();
            set.all.insert(track);
            if there {
                set.there.insert(track);
            }
        }
        widened
    }

    /// A commit differs from all its parents in a file: notes it, and follows the file into each of them, under the name it
    /// had there.
    #[expect(clippy::too_many_arguments, reason = "one commit's view of one file")]
    fn touch(
        &mut self,
        commit: u32,
        track: u32,
        new: Option<Side>,
        olds: &[Option<Side>],
        comparer: &mut Comparer,
        first: &Changes,
        passed: &mut Vec<(u32, u32, bool)>,
    ) -> bool {
        let mut widened = false;
        let mut on = Vec::with_capacity(olds.len());
        let mut added = new.is_some();
        for (parent, old) in olds.iter().enumerate() {
            let parent = u32::try_from(parent).unwrap_or(u32::MAX);
            let (mut next, mut there) = (track, old.is_some());
            if let (Some(new), None) = (new, old)
                && let Some(name) = self.renamed(commit, parent, track, new, comparer, first)
            {
                let (file, grown);
                file = self.tracks[track as usize].file;
                (next, grown) = self.track(file, &name);
                widened |= grown;
                there = true;
            }
            added &= !there;
            on.push(next);
            passed.push((parent, next, there));
        }
        self.note(track, Touched { commit, added, cut: false, on: on.into(), track });
        widened
    }

    /// The name under which a file stood in a parent, when the same bytes vanish there under that name.
    fn renamed(
        &mut self,
        commit: u32,
        parent: u32,
        track: u32,
        new: Side,
        comparer: &mut Comparer,
        first: &Changes,
    ) -> Option<Box<[u8]>> {
        let whole = parent == 0 && self.part.is_whole();
        let kept = matches!(&self.deleted, Some((c, p, _)) if (*c, *p) == (commit, parent));
        if !whole && !kept {
            let node = self.graph.nodes.get(commit as usize)?;
            let other = self.graph.nodes.get(*node.parents.get(parent as usize)? as usize)?;
            let changes = comparer.one(other.tree, node.tree).unwrap_or_default();
            self.deleted = Some((commit, parent, changes));
        }
        let changes = if whole { first } else { &self.deleted.as_ref()?.2 };
        let name = &self.tracks.get(track as usize)?.name;
        let prefix = self.prefix;
        let base = |path: &[u8]| path.rsplit(|byte| *byte == b'/').next().map(<[u8]>::to_vec);
        let wanted = base(name);
        let gone = changes.list.iter().filter(|change| {
            let same = |old: Side| old.id == new.id && is_file(old.kind) == is_file(new.kind);
            change.new.is_none() && change.old.is_some_and(same)
        });
        let gone = gone.map(|change| changes.path(change)).filter(|path| may_become(path, name, prefix));
        let gone: Vec<&[u8]> = gone.collect();
        let twin = gone.iter().find(|path| base(path) == wanted).or(gone.first())?;
        Some((*twin).into())
    }

    /// The history at hand ends at a commit: at a root, which added what it has, or where the clone was cut off.
    fn end(&mut self, commit: u32, followed: &Followed, cut: bool) {
        let there: Vec<u32> = followed.there.iter().filter(|track| followed.all.contains(*track)).collect();
        for track in there {
            let touched = Touched { commit, added: !cut, cut, on: [].into(), track };
            self.note(track, touched);
        }
    }

    fn note(&mut self, track: u32, touched: Touched) {
        let Some(file) = self.tracks.get(track as usize).map(|track| track.file as usize) else { return };
        if let Some(cut) = self.found.cut.get_mut(file) {
            *cut |= touched.cut;
        }
        let Some(touches) = self.found.touches.get_mut(file) else { return };
        touches.push(touched);
    }

    fn pass(&mut self, parent: u32, followed: Followed) {
        if followed.all.is_empty() {
            return;
        }
        match self.followed.get_mut(parent as usize) {
            Some(Some(known)) => {
                known.all.join(followed.all);
                known.there.join(followed.there);
            }
            Some(slot) => *slot = Some(followed),
            None => {}
        }
    }

    fn finish(mut self) -> Found {
        self.found.names = self.tracks.into_iter().map(|track| track.name).collect();
        self.found
    }
}

/// The folder at the top of the repository or of the programme that a path is in, or the file that is there itself.
fn place<'a>(path: &'a [u8], prefix: &[u8]) -> &'a [u8] {
    let start = if path.starts_with(prefix) { prefix.len() } else { 0 };
    let end = path[start..].iter().position(|byte| *byte == b'/').map_or(path.len(), |at| start + at);
    &path[..end]
}

/// May a file that moved be the same record? Anything else with the same bytes would lend a new record its age: a manifest
/// was a manifest of evidence before, and a file of the programme stood in the same folder at its top. A programme moves as a
/// whole, so each path is seen from where its own folder begins.
fn may_become(old: &[u8], new: &[u8], prefix: &[u8]) -> bool {
    let Some(inner) = new.strip_prefix(prefix) else { return true };
    let Some(top) = inner.iter().position(|byte| *byte == b'/').map(|at| &inner[..=at]) else {
        // A file at the programme's top, as `soc2.toml`: the name is what it is.
        return old.rsplit(|byte| *byte == b'/').next() == Some(inner);
    };
    let within = old.starts_with(top) || contains(old, &[b"/", top].concat());
    let manifest = b"/manifest.yaml";
    within && (top != b"evidence/" || old.ends_with(manifest) == new.ends_with(manifest))
}

fn contains(path: &[u8], part: &[u8]) -> bool {
    path.windows(part.len()).any(|window| window == part)
}

fn is_file(kind: Kind) -> bool {
    matches!(kind, Kind::File | Kind::Executable)
}
