//! Every commit that can be reached from one: its tree, its parents and an order in which no parent stands before a child.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use gix::ObjectId;
use gix::hashtable::HashMap;
use gix::objs::CommitRefIter;
use gix::objs::commit::ref_iter::Token;

use super::objects::Objects;

/// The commits; indices into `nodes` go from children to parents.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    /// Was the clone cut off at one of them?
    pub(super) shallow: bool,
    /// Is a parent missing that should be here?
    pub(super) missing: bool,
}

/// One commit.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) id: ObjectId,
    pub(super) tree: ObjectId,
    /// Seconds, by the committer's clock.
    at: i64,
    pub(super) parents: Box<[u32]>,
    /// It has parents that are not here.
    pub(super) cut: bool,
}

/// No commit of the graph.
pub(super) const NOWHERE: u32 = u32::MAX;

impl Graph {
    /// Walks from a commit to every root. A commit whose parents are not all here counts as cut off.
    pub(super) fn collect(repo: &gix::Repository, from: ObjectId) -> Self {
        let mut read = Reader::new(repo);
        let mut graph = Self::default();
        let mut index: HashMap<ObjectId, u32> = HashMap::default();
        let Some(first) = read.node(from) else { return graph };
        let mut open = vec![(first, 0_usize)];
        index.insert(from, 0);
        let mut found: Vec<Option<Node>> = Vec::new();
        found.push(None);
        while let Some((raw, place)) = open.pop() {
            let cut = read.shallow.contains(&raw.id);
            let mut parents = Vec::with_capacity(raw.parents.len());
            for id in raw.parents.into_iter().take(if cut { 0 } else { usize::MAX }) {
                if let Some(known) = index.get(&id) {
                    parents.push(*known);
                    continue;
                }
                let Some(parent) = read.node(id) else {
                    index.insert(id, NOWHERE);
                    parents.push(NOWHERE);
                    continue;
                };
                let place = u32::try_from(found.len()).unwrap_or(NOWHERE);
                index.insert(id, place);
                found.push(None);
                open.push((parent, place as usize));
                parents.push(place);
            }
            let missing = parents.contains(&NOWHERE);
            graph.shallow |= cut;
            graph.missing |= missing;
            if missing {
                parents.clear();
            }
            let node =
                Node { id: raw.id, tree: raw.tree, at: raw.at, parents: parents.into(), cut: cut || missing };
            if let Some(slot) = found.get_mut(place) {
                *slot = Some(node);
            }
        }
        // A commit with a missing parent was given none, so some may be out of reach now; the order leaves them out.
        graph.nodes = ordered(found.into_iter().flatten().collect());
        graph
    }

    /// The commit and its first parents, newest first.
    pub(super) fn line(&self) -> Vec<u32> {
        self.line_from(0)
    }

    /// Another commit of the graph and its first parents, newest first.
    pub(super) fn line_from(&self, commit: u32) -> Vec<u32> {
        let mut line = Vec::new();
        let mut next = ((commit as usize) < self.nodes.len()).then_some(commit);
        while let Some(index) = next {
            line.push(index);
            next = self.nodes.get(index as usize).and_then(|node| node.parents.first().copied());
        }
        line
    }

    /// Of each commit that is not on a line: the oldest commit of the line that has it as an ancestor.
    pub(super) fn through(&self, line: &[u32]) -> Vec<u32> {
        let mut through = vec![NOWHERE; self.nodes.len()];
        for on_line in line {
            through[*on_line as usize] = *on_line;
        }
        let mut open: Vec<u32> = Vec::new();
        for merge in line.iter().rev() {
            open.extend(self.nodes[*merge as usize].parents.iter().skip(1));
            while let Some(index) = open.pop() {
                let slot = &mut through[index as usize];
                if *slot == NOWHERE {
                    *slot = *merge;
                    open.extend(&self.nodes[index as usize].parents);
                }
            }
        }
        through
    }
}

/// Children before parents; of those that are free the newest first, of those the first found.
fn ordered(nodes: Vec<Node>) -> Vec<Node> {
    let mut children = vec![0_u32; nodes.len()];
    let mut open: Vec<u32> = nodes.first().map(|_| 0).into_iter().collect();
    while let Some(index) = open.pop() {
        for parent in &nodes[index as usize].parents {
            children[*parent as usize] += 1;
            if children[*parent as usize] == 1 {
                open.push(*parent);
            }
        }
    }
    let mut free = BinaryHeap::new();
    let mut order = Vec::with_capacity(nodes.len());
    free.extend(nodes.first().map(|node| (node.at, Reverse(0), 0)));
    let mut found = 1;
    while let Some((_, _, index)) = free.pop() {
        order.push(index);
        for parent in &nodes[index].parents {
            let left = &mut children[*parent as usize];
            *left -= 1;
            if *left == 0 {
                let parent = *parent as usize;
                free.push((nodes[parent].at, Reverse(found), parent));
                found += 1;
            }
        }
    }
    let mut place = vec![NOWHERE; nodes.len()];
    for (new, old) in order.iter().enumerate() {
        place[*old] = u32::try_from(new).unwrap_or(NOWHERE);
    }
    let mut slots: Vec<Option<Node>> = nodes.into_iter().map(Some).collect();
    let moved = order.into_iter().filter_map(|old| slots.get_mut(old)?.take());
    let moved = moved.map(|mut node| {
        for parent in &mut node.parents {
            *parent = place[*parent as usize];
        }
        node
    });
    moved.collect()
}

/// A commit as it was read.
struct Raw {
    id: ObjectId,
    tree: ObjectId,
    at: i64,
    parents: Vec<ObjectId>,
}

struct Reader<'a> {
    objects: Objects<'a>,
    shallow: Vec<ObjectId>,
    /// A list of commits that git keeps for speed; a shallow clone has none that can be used.
    listed: Option<gix::commitgraph::Graph>,
}

impl<'a> Reader<'a> {
    fn new(repo: &'a gix::Repository) -> Self {
        let shallow = repo.shallow_commits().ok().flatten();
        let shallow = shallow.map_or_else(Vec::new, |cut| cut.iter().copied().collect());
        let listed = if shallow.is_empty() { repo.commit_graph().ok() } else { None };
        Self { objects: Objects::new(repo), shallow, listed }
    }

    fn node(&mut self, id: ObjectId) -> Option<Raw> {
        self.in_list(id).or_else(|| self.in_store(id))
    }

    fn in_list(&self, id: ObjectId) -> Option<Raw> {
        let listed = self.listed.as_ref()?;
        let commit = listed.commit_by_id(id)?;
        let parent = |at: std::result::Result<gix::commitgraph::Position, _>| {
            at.ok().map(|at| listed.id_at(at).to_owned())
        };
        let parents = commit.iter_parents().map(parent).collect::<Option<_>>()?;
        let at = i64::try_from(commit.committer_timestamp()).unwrap_or(0);
        Some(Raw { id, tree: commit.root_tree_id().to_owned(), at, parents })
    }

    fn in_store(&mut self, id: ObjectId) -> Option<Raw> {
        let hash = self.objects.hash();
        let data = self.objects.commit(id)?;
        let (mut tree, mut at, mut parents) = (None, 0, Vec::new());
        for token in CommitRefIter::from_bytes(data, hash) {
            match token.ok()? {
                Token::Tree { id } => tree = Some(id),
                Token::Parent { id } => parents.push(id),
                Token::Committer { signature } => {
                    at = signature.time().map_or(0, |time| time.seconds);
                    break;
                }
                _ => {}
            }
        }
        Some(Raw { id, tree: tree?, at, parents })
    }
}
