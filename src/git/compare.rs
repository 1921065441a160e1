//! Commits compared with their parents, many at a time on every core.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use gix::ObjectId;

use super::graph::{Graph, Node};
use super::packs::{PackedTrees, Packs};
use super::tree_diff::{Changes, Differ, Incomparable, Part};

/// A commit beside its parents.
pub(super) enum Compared {
    /// It has no parents.
    Root,
    /// Some object is missing.
    Missing,
    /// What differs from the first parent; then, of the same paths, what differs from each other parent.
    Parents(Vec<Changes>),
}

impl Compared {
    /// How many differences there are.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Parents(changes) => changes.iter().map(|changes| changes.list.len()).sum(),
            Self::Root | Self::Missing => 0,
        }
    }
}

/// A cache of loose trees for each thread: neighbours in history share nearly all of theirs.
const TREE_CACHE: usize = 16 << 20;
/// Commits that one thread takes at a time.
const SHARE: usize = 128;

/// One view of the repository for each thread.
pub(super) struct Comparer {
    views: Vec<(gix::Repository, PackedTrees)>,
}

impl Comparer {
    pub(super) fn new(repo: &gix::ThreadSafeRepository) -> Self {
        let threads = std::thread::available_parallelism().map_or(1, |n| n.get().min(8));
        let packs = Packs::of(&super::history::plain(repo));
        let view = |_| {
            let mut repo = super::history::plain(repo);
            repo.object_cache_size(TREE_CACHE);
            (repo, PackedTrees::new(&packs))
        };
        Self { views: (0..threads).map(view).collect() }
    }

    /// Each commit of a range with its parents.
    pub(super) fn compare(&mut self, graph: &Graph, range: Range<usize>, part: &Part) -> Vec<Compared> {
        let nodes = graph.nodes.get(range).unwrap_or(&[]);
        let next = AtomicUsize::new(0);
        let work = |(repo, packed): &mut (gix::Repository, PackedTrees)| {
            let mut differ = Differ::new(repo, packed);
            let mut done = Vec::new();
            loop {
                let share = next.fetch_add(1, Ordering::Relaxed);
                let Some(nodes) = nodes.chunks(SHARE).nth(share) else { break };
                done.push((share, nodes.iter().map(|node| one(graph, node, part, &mut differ)).collect()));
            }
            done
        };
        let mut done: Vec<(usize, Vec<Compared>)> = if nodes.len() <= SHARE {
            self.views.first_mut().map_or_else(Vec::new, work)
        } else {
            std::thread::scope(|scope| {
                let threads: Vec<_> = self.views.iter_mut().map(|view| scope.spawn(|| work(view))).collect();
                threads.into_iter().filter_map(|thread| thread.join().ok()).flatten().collect()
            })
        };
        done.sort_by_key(|(share, _)| *share);
        done.into_iter().flat_map(|(_, compared)| compared).collect()
    }

    /// All differences of two trees.
    pub(super) fn one(&mut self, old: ObjectId, new: ObjectId) -> Option<Changes> {
        let (repo, packed) = self.views.first_mut()?;
        Differ::new(repo, packed).diff(old, new, &Part::whole()).ok()
    }
}

fn one(graph: &Graph, node: &Node, part: &Part, differ: &mut Differ<'_>) -> Compared {
    if node.parents.is_empty() {
        return Compared::Root;
    }
    match with_parents(graph, node, part, differ) {
        Ok(changes) => Compared::Parents(changes),
        Err(Incomparable) => Compared::Missing,
    }
}

fn with_parents(
    graph: &Graph,
    node: &Node,
    part: &Part,
    differ: &mut Differ<'_>,
) -> Result<Vec<Changes>, Incomparable> {
    let mut trees = node.parents.iter().filter_map(|parent| Some(graph.nodes.get(*parent as usize)?.tree));
    let Some(first) = trees.next() else { return Ok(Vec::new()) };
    let mut all = vec![differ.diff(first, node.tree, part)?];
    for tree in trees {
        let changed = all.first().map_or_else(Part::default, |first| {
            let mut part = Part::default();
            first.list.iter().for_each(|change| part.add(first.path(change)));
            part
        });
        all.push(differ.diff(tree, node.tree, &changed)?);
    }
    Ok(all)
}
