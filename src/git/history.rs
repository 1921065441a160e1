//! Who touched which file of a programme, and when: one walk over all commits, for all files at once.
//!
//! Only what the commits themselves say counts: replacements (`git replace`) and grafts of a clone are not looked at.

use std::collections::BTreeMap;

use gix::objs::CommitRef;
use jiff::Timestamp;
use rayon::prelude::*;

use super::graph::{Graph, NOWHERE, Node};
use super::head::differs;
use super::objects::Objects;
use super::tree_diff::Side;
use super::walk::{Found, Wanted, walk};
use super::{Commit, Repository};
use crate::error::Result;
use crate::history::{self, FileHistory, History, Reach, Signature, Touch, Who};
use crate::program::Program;

/// Longer first lines of a message, and longer names, are cut off.
const SUBJECT_CAP: usize = 1024;

impl Repository {
    /// What git remembers of a programme's files, seen from a commit. `committed` says that the files are that commit's.
    pub fn history(&self, from: Commit, program: &Program, committed: bool) -> Result<History> {
        let held = self.held(from, &program.sources);
        let repo = plain(&self.repo);
        let graph = Graph::collect(&repo, from.id);
        let prefix = self.prefix().as_bytes();
        let files = program.sources.files().zip(&held);
        let wanted = files.map(|((_, file), held)| Wanted {
            path: [prefix, file.path.as_bytes()].concat().into(),
            there: held.is_some(),
        });
        let found = walk(&self.repo, &graph, wanted.collect(), prefix);
        let uncommitted = if committed { Vec::new() } else { self.uncommitted(program, &held) };
        let chosen = Chosen::new(&graph, &found);
        let mut files = BTreeMap::new();
        for (place, (_, file)) in program.sources.files().enumerate() {
            let touches = chosen.touches(&found, place);
            if touches.is_empty() {
                continue;
            }
            let complete = !found.cut.get(place).copied().unwrap_or(false);
            let uncommitted = uncommitted.get(place).copied().unwrap_or(false);
            let history = FileHistory { touches, complete, uncommitted, lines: [].into() };
            files.insert(file.path.clone(), history);
        }
        Ok(History {
            reach: reach(&graph, &found),
            head: (!graph.nodes.is_empty()).then_some(0),
            commits: self.read(&graph, &chosen),
            files,
            ..History::default()
        })
    }

    /// Of each file: are the judged bytes others than those of the commit?
    fn uncommitted(&self, program: &Program, held: &[Option<Side>]) -> Vec<bool> {
        let files: Vec<_> = program.sources.files().map(|(id, _)| id).zip(held).collect();
        let known = |repo: &mut gix::Repository, (id, held): (_, &Option<Side>)| {
            held.is_none_or(|held| differs(repo, program, id, held))
        };
        files.into_par_iter().map_init(|| plain(&self.repo), known).collect()
    }

    /// The chosen commits, as their authors and committers tell them.
    fn read(&self, graph: &Graph, chosen: &Chosen) -> Vec<history::Commit> {
        let read = |repo: &mut gix::Repository, index: &u32| {
            let node = &graph.nodes[*index as usize];
            let through = chosen.through.get(*index as usize).copied().filter(|through| through != index);
            let through = through.and_then(|through| chosen.place(through));
            commit(repo, node, through)
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
        let mut places = vec![NOWHERE; graph.nodes.len()];
        let touched = found.touches.iter().flatten().map(|touched| touched.commit);
        for index in line.into_iter().chain(touched) {
            places[index as usize] = 0;
        }
        let mut commits = Vec::new();
        for (index, place) in places.iter_mut().enumerate().filter(|(_, place)| **place == 0) {
            *place = u32::try_from(commits.len()).unwrap_or(NOWHERE);
            commits.push(u32::try_from(index).unwrap_or(NOWHERE));
        }
        Self { commits, places, through }
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

/// A commit as its object tells it; one that cannot be read says nothing of itself.
fn commit(repo: &gix::Repository, node: &Node, through: Option<u32>) -> history::Commit {
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
    let Some(raw) = objects.commit(node.id).and_then(|data| CommitRef::from_bytes(data, hash).ok()) else {
        return commit;
    };
    commit.parents = u32::try_from(raw.parents.len()).unwrap_or(u32::MAX);
    commit.author = raw.author().map_or_else(|_| nobody(), who);
    commit.committer = raw.committer().map_or_else(|_| nobody(), who);
    commit.subject = short(raw.message.split(|byte| *byte == b'\n').next().unwrap_or(&[]));
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
