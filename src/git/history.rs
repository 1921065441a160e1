//! Who touched which file of a programme, and when: one walk over all commits, for all files at once.
//!
//! Only what the commits themselves say counts: replacements (`git replace`) and grafts of a clone are not looked at.

use std::borrow::Cow;
use std::collections::BTreeMap;

use gix::objs::CommitRef;
use jiff::Timestamp;
use rayon::prelude::*;

use super::graph::{Graph, NOWHERE, Node};
use super::head::differs;
use super::lines::{Versions, wanted};
use super::objects::Objects;
use super::signature::{Keys, Reached};
use super::tree_diff::Side;
use super::walk::{Found, Wanted, walk};
use super::{Commit, Repository};
use crate::error::Result;
use crate::history::{self, FileHistory, History, Reach, Signature, Touch, Who};
use crate::program::Program;
use crate::source::FileId;

/// Longer first lines of a message, and longer names, are cut off.
const SUBJECT_CAP: usize = 1024;

impl Repository {
    /// What git remembers of a programme's files, seen from a commit. `committed` says that the files are that commit's.
    pub fn history(&self, from: Commit, program: &Program, committed: bool) -> Result<History> {
        self.history_by_keys_of(from, program, committed, from)
    }

    /// The same, with the allowed signers and the forges' keys that another commit names: the one a change is compared with.
    pub fn history_by_keys_of(
        &self,
        from: Commit,
        program: &Program,
        committed: bool,
        keys: Commit,
    ) -> Result<History> {
        let held = self.held(from, &program.sources);
        let paths = program.sources.files().map(|(_, file)| &*file.path);
        let walked = self.walked(from, paths.zip(held.iter().map(Option::is_some)));
        let uncommitted = if committed { Vec::new() } else { self.uncommitted(program, &held) };
        let lines = self.lines(program, &walked, &uncommitted);
        let chosen = &walked.chosen;
        let mut files = BTreeMap::new();
        for (place, (_, file)) in program.sources.files().enumerate() {
            let Some(mut history) = walked.file(place) else { continue };
            history.uncommitted = uncommitted.get(place).copied().unwrap_or(false);
            let lines = lines.get(&place).map_or(&[][..], |lines| lines);
            history.lines = lines.iter().map(|index| chosen.place(*index).unwrap_or(NOWHERE)).collect();
            files.insert(Box::from(&*file.path), history);
        }
        Ok(self.told(&walked, files, Keys::of(self, keys)))
    }

    /// What git remembers of any files that a commit has, whether a programme reads them or not.
    pub fn history_of_paths(&self, from: Commit, paths: &[&str]) -> History {
        let walked = self.walked(from, paths.iter().map(|path| (*path, true)));
        let files = paths.iter().enumerate();
        let files = files.filter_map(|(place, path)| Some(((*path).into(), walked.file(place)?)));
        self.told(&walked, files.collect(), Keys::of(self, from))
    }

    /// Who touched some files that a commit has, and nothing more: no other commits, no signatures.
    pub fn touches_of_paths(&self, from: Commit, paths: &[&str]) -> History {
        let mut walked = self.walked(from, paths.iter().map(|path| (*path, true)));
        walked.chosen.keep_touched(&walked.found);
        let Walked { graph, found, chosen } = &walked;
        let files = paths.iter().enumerate();
        let files = files.filter_map(|(place, path)| Some(((*path).into(), walked.file(place)?)));
        History {
            reach: reach(graph, found),
            commits: self.read(graph, chosen, None),
            files: files.collect(),
            ..History::default()
        }
    }

    /// Walks from a commit; with each path, whether that commit has it.
    fn walked<'a>(&self, from: Commit, paths: impl Iterator<Item = (&'a str, bool)>) -> Walked {
        let prefix = self.prefix().as_bytes();
        let graph = Graph::collect(&plain(&self.repo), from.id);
        let wanted =
            paths.map(|(path, there)| Wanted { path: [prefix, path.as_bytes()].concat().into(), there });
        let found = walk(&self.repo, &graph, wanted.collect(), prefix);
        let chosen = Chosen::new(&graph, &found);
        Walked { graph, found, chosen }
    }

    fn told(&self, walked: &Walked, files: BTreeMap<Box<str>, FileHistory>, keys: Keys<'_>) -> History {
        let Walked { graph, found, chosen } = walked;
        let keys = Judges::new(keys, graph, chosen);
        History {
            reach: reach(graph, found),
            head: (!graph.nodes.is_empty()).then_some(0),
            commits: self.read(graph, chosen, Some(&keys)),
            files,
            ..History::default()
        }
    }

    /// Of each file: are the judged bytes others than those of the commit?
    fn uncommitted(&self, program: &Program, held: &[Option<Side>]) -> Vec<bool> {
        let files: Vec<_> = program.sources.files().map(|(id, _)| id).zip(held).collect();
        let known = |repo: &mut gix::Repository, (id, held): (_, &Option<Side>)| {
            held.is_none_or(|held| differs(repo, program, id, held))
        };
        files.into_par_iter().map_init(|| plain(&self.repo), known).collect()
    }

    /// By place of the file, the commit of each line: for texts whose records need it and whose lines may be of several.
    fn lines(
        &self,
        program: &Program,
        Walked { graph, found, .. }: &Walked,
        uncommitted: &[bool],
    ) -> BTreeMap<usize, Box<[u32]>> {
        let several = |file: &FileId| {
            let place = file.0 as usize;
            let touches = found.touches.get(place).map_or(0, Vec::len);
            touches > 1 || (touches == 1 && uncommitted.get(place).copied().unwrap_or(false))
        };
        let files: Vec<FileId> = wanted(program).into_iter().filter(several).collect();
        let told = |repo: &mut gix::Repository, file: FileId| {
            let mut objects = Objects::new(repo);
            let touches = found.touches.get(file.0 as usize)?;
            let mut versions = Versions::new(graph, found, &mut objects, touches);
            Some((file.0 as usize, versions.lines(program.sources.text(file), file.0)?))
        };
        files.into_par_iter().map_init(|| plain(&self.repo), told).flatten().collect()
    }

    /// The chosen commits, as their authors and committers tell them.
    fn read(&self, graph: &Graph, chosen: &Chosen, keys: Option<&Judges<'_>>) -> Vec<history::Commit> {
        let read = |repo: &mut gix::Repository, index: &u32| {
            let node = &graph.nodes[*index as usize];
            let through = chosen.through.get(*index as usize).copied().filter(|through| through != index);
            let through = through.and_then(|through| chosen.place(through));
            let keys = keys.map(|keys| (&keys.keys, keys.reached(graph, *index)));
            commit(repo, node, through, keys)
        };
        chosen.commits.par_iter().with_min_len(64).map_init(|| plain(&self.repo), read).collect()
    }
}

/// The repository on this thread, with the objects that the ids name and no others in their place.
pub(super) fn plain(repo: &gix::ThreadSafeRepository) -> gix::Repository {
    let mut repo = repo.to_thread_local();
    repo.objects.ignore_replacements = true;
    repo
}

fn reach(graph: &Graph, found: &Found) -> Reach {
    match () {
        () if graph.nodes.is_empty() => Reach::None,
        () if graph.shallow => Reach::Shallow,
        () if graph.missing || found.missing => Reach::Partial,
        () => Reach::Whole,
    }
}

/// What the walk over all commits found.
struct Walked {
    graph: Graph,
    found: Found,
    chosen: Chosen,
}

impl Walked {
    /// What is remembered of a file; `None` when no commit has it.
    fn file(&self, place: usize) -> Option<FileHistory> {
        let touches = self.chosen.touches(&self.found, place);
        let complete = !self.found.cut.get(place).copied().unwrap_or(false);
        let none = touches.is_empty();
        (!none).then(|| FileHistory { touches, complete, ..FileHistory::default() })
    }
}

/// The commits that matter: the first-parent line and those that touched a file.
struct Chosen {
    /// Indices into the graph, newest first.
    commits: Vec<u32>,
    /// Of each commit of the graph, its place among the chosen.
    places: Vec<u32>,
    /// Of each commit of the graph, the commit of the first-parent line through which it came.
    through: Vec<u32>,
}

impl Chosen {
    fn new(graph: &Graph, found: &Found) -> Self {
        let line = graph.line();
        let through = graph.through(&line);
        let mut chosen = Self { commits: Vec::new(), places: vec![NOWHERE; graph.nodes.len()], through };
        chosen.choose(found, line);
        chosen
    }

    /// Leaves out what touched nothing.
    fn keep_touched(&mut self, found: &Found) {
        self.commits.clear();
        self.places.fill(NOWHERE);
        self.choose(found, Vec::new());
    }

    fn choose(&mut self, found: &Found, line: Vec<u32>) {
        let touched = found.touches.iter().flatten().map(|touched| touched.commit);
        for index in line.into_iter().chain(touched) {
            self.places[index as usize] = 0;
        }
        for (index, place) in self.places.iter_mut().enumerate().filter(|(_, place)| **place == 0) {
            *place = u32::try_from(self.commits.len()).unwrap_or(NOWHERE);
            self.commits.push(u32::try_from(index).unwrap_or(NOWHERE));
        }
    }

    fn place(&self, index: u32) -> Option<u32> {
        self.places.get(index as usize).copied().filter(|place| *place != NOWHERE)
    }

    /// The touches of a file, newest first.
    fn touches(&self, found: &Found, file: usize) -> Vec<Touch> {
        let touched = found.touches.get(file).into_iter().flatten();
        let mut touches: Vec<Touch> = touched
            .filter_map(|one| Some(Touch { commit: self.place(one.commit)?, added: one.added }))
            .collect();
        // A file that had two names side by side has a touch of each.
        touches.dedup_by(|later, first| {
            let same = later.commit == first.commit;
            first.added &= later.added || !same;
            same
        });
        touches
    }
}

/// The keys that count, and through which commit of their own first-parent line each commit came in.
struct Judges<'a> {
    keys: Keys<'a>,
    /// Of each commit of the graph; `None` when the commit whose keys count is not part of it.
    through: Option<Cow<'a, [u32]>>,
}

impl<'a> Judges<'a> {
    fn new(keys: Keys<'a>, graph: &Graph, chosen: &'a Chosen) -> Self {
        let of = |node: &Node| Some(node.id) == keys.commit();
        let through = match graph.nodes.iter().position(of).and_then(|at| u32::try_from(at).ok()) {
            Some(0) => Some(Cow::Borrowed(&chosen.through[..])),
            Some(at) => Some(Cow::Owned(graph.through(&graph.line_from(at)))),
            None => None,
        };
        Self { keys, through }
    }

    fn reached(&self, graph: &Graph, commit: u32) -> Reached {
        let Some(through) = &self.through else { return Reached::Unknown };
        let through = through.get(commit as usize).and_then(|at| graph.nodes.get(*at as usize));
        through.map_or(Reached::After, |node| Reached::With(node.id))
    }
}

/// A commit as its object tells it; one that cannot be read says nothing of itself.
fn commit(
    repo: &gix::Repository,
    node: &Node,
    through: Option<u32>,
    keys: Option<(&Keys<'_>, Reached)>,
) -> history::Commit {
    let mut objects = Objects::new(repo);
    let hash = objects.hash();
    let nobody = || Who { name: "".into(), email: "".into(), at: Timestamp::UNIX_EPOCH };
    let mut commit = history::Commit {
        id: node.id.to_hex().to_string().into(),
        author: nobody(),
        committer: nobody(),
        subject: "".into(),
        parents: u32::try_from(node.parents.len()).unwrap_or(u32::MAX),
        through,
        signature: Signature::Unsigned,
    };
    let Some(data) = objects.commit(node.id) else { return commit };
    let Ok(raw) = CommitRef::from_bytes(data, hash) else { return commit };
    commit.parents = u32::try_from(raw.parents.len()).unwrap_or(u32::MAX);
    commit.author = raw.author().map_or_else(|_| nobody(), who);
    commit.committer = raw.committer().map_or_else(|_| nobody(), who);
    commit.subject = short(raw.message.split(|byte| *byte == b'\n').next().unwrap_or(&[]));
    if let Some((keys, reached)) = keys {
        commit.signature = keys.judge(data, hash, commit.committer.at, reached);
    }
    commit
}

fn who(signature: gix::actor::SignatureRef<'_>) -> Who {
    let at = signature.time().ok().and_then(|time| Timestamp::from_second(time.seconds).ok());
    Who { name: short(signature.name), email: short(signature.email), at: at.unwrap_or_default() }
}

fn short(bytes: &[u8]) -> Box<str> {
    let text = String::from_utf8_lossy(bytes.get(..SUBJECT_CAP).unwrap_or(bytes));
    text.trim().into()
}
