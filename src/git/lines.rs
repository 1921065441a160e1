//! The commit that gave each line of a text its present words, as `git blame` tells it: a line stays with the version of a
//! parent in which it stands unchanged.

use std::collections::BTreeMap;

use gix::ObjectId;
use gix::diff::blob::{Algorithm, Diff, InternedInput, sources::byte_lines};

use super::graph::{Graph, NOWHERE};
use super::objects::Objects;
use super::tree_diff::{Kind, entries};
use super::walk::{Found, Touched};
use crate::program::Program;
use crate::source::{Body, FileId};

/// Larger texts are not followed line by line, in bytes.
const TEXT_CAP: u64 = 1 << 20;
/// Files with more versions are not.
const VERSION_CAP: usize = 5_000;
/// What is compared of one file, in bytes; what is left then is of no known commit.
const COMPARED_CAP: usize = 64 << 20;

/// Registers whose records are judged by when they got their words.
const REGISTERS: &[&str] = &["registers/acknowledgements", "registers/exceptions", "registers/waivers"];

/// The files in which it matters who gave a record its words: policies, controls, some registers and reviewed manifests.
pub(super) fn wanted(program: &Program) -> Vec<FileId> {
    let named = program.sources.files().filter(|(_, file)| {
        let path = &*file.path;
        let is_policy = path.starts_with("policies/") && path.ends_with(".md");
        is_policy || path.starts_with("controls/") || REGISTERS.iter().any(|stem| path.starts_with(stem))
    });
    let reviewed = program.evidence.iter().filter(|folder| folder.manifest.reviewed.is_some());
    let all = named.map(|(id, _)| id).chain(reviewed.map(|folder| folder.file));
    let texts =
        all.filter(|id| matches!(&program.sources.file(*id).body, Body::Text(text) if !text.is_empty()));
    texts.collect()
}

/// One file's versions, and from where to read them.
pub(super) struct Versions<'a, 'r> {
    pub(super) graph: &'a Graph,
    pub(super) found: &'a Found,
    pub(super) objects: &'a mut Objects<'r>,
    /// The touches of the file, newest first.
    pub(super) touches: &'a [Touched],
    pub(super) left: usize,
}

/// Lines of one version, and which lines of the judged text they are.
type Pending = Vec<(u32, u32)>;

/// A version that cannot be read here.
struct Unknown;

impl<'a, 'r> Versions<'a, 'r> {
    pub(super) fn new(
        graph: &'a Graph,
        found: &'a Found,
        objects: &'a mut Objects<'r>,
        touches: &'a [Touched],
    ) -> Self {
        Self { graph, found, objects, touches, left: COMPARED_CAP }
    }

    /// For each line of a text, the index in the graph of the commit that gave it its words. `track` is the file's own.
    pub(super) fn lines(&mut self, text: &str, track: u32) -> Option<Box<[u32]>> {
        if text.len() as u64 > TEXT_CAP || self.touches.len() > VERSION_CAP {
            return None;
        }
        let text = plain(text.as_bytes());
        let count = byte_lines(&text).count();
        let mut out = vec![NOWHERE; count];
        let first = self.before(0, track)?;
        let newest = plain(&self.text(first).ok()??);
        let whole = (0..u32::try_from(count).ok()?).map(|line| (line, line)).collect();
        let (passed, _) = self.compare(&newest, &text, whole).ok()?;
        let mut open = BTreeMap::from([(first, passed)]);
        while let Some((version, pending)) = open.pop_first() {
            if pending.is_empty() {
                continue;
            }
            let (commit, own) = self.own(version, pending, &mut open);
            for (_, line) in own {
                if let Some(slot) = out.get_mut(line as usize) {
                    *slot = commit;
                }
            }
        }
        Some(out.into())
    }

    /// Passes lines on to the versions of the parents; gives those that are this version's own, and its commit if it is
    /// known that they are.
    fn own(
        &mut self,
        version: usize,
        mut pending: Pending,
        open: &mut BTreeMap<usize, Pending>,
    ) -> (u32, Pending) {
        let touches = self.touches;
        let Some(touched) = touches.get(version).filter(|touched| !touched.cut) else {
            return (NOWHERE, pending);
        };
        let graph = self.graph;
        let Some(node) = graph.nodes.get(touched.commit as usize) else { return (NOWHERE, pending) };
        let mut here = None;
        for (parent, track) in node.parents.iter().zip(&touched.on) {
            let Some(older) = self.before(*parent, *track) else { continue };
            let texts = match here.take() {
                None => self.text(version),
                Some(text) => Ok(Some(text)),
            };
            let (Ok(Some(now)), Ok(before)) = (texts, self.text(older)) else { return (NOWHERE, pending) };
            if let Some(before) = before {
                let Ok((passed, kept)) = self.compare(&before, &now, pending) else {
                    return (NOWHERE, Vec::new());
                };
                let waiting = open.entry(older).or_default();
                waiting.extend(passed);
                pending = kept;
            }
            here = Some(now);
        }
        (touched.commit, pending)
    }

    /// The version that a commit has of a file: the touch that is reached from it.
    fn before(&self, mut commit: u32, track: u32) -> Option<usize> {
        loop {
            let first = self.touches.partition_point(|touched| touched.commit < commit);
            let here = self.touches.iter().enumerate().skip(first);
            let mut here = here.take_while(|(_, touched)| touched.commit == commit);
            if let Some((version, _)) = here.find(|(_, touched)| touched.track == track) {
                return Some(version);
            }
            let parents = &self.graph.nodes.get(commit as usize)?.parents;
            let side = match parents.len() {
                0 | 1 => 0,
                _ => self.found.sides.get(&(commit, track)).copied().unwrap_or(0),
            };
            commit = *parents.get(side as usize)?;
        }
    }

    /// The bytes of a version; `None` where the commit has no such file.
    fn text(&mut self, version: usize) -> Result<Option<Vec<u8>>, Unknown> {
        let touched = self.touches.get(version).ok_or(Unknown)?;
        let node = self.graph.nodes.get(touched.commit as usize).ok_or(Unknown)?;
        let name = self.found.names.get(touched.track as usize).ok_or(Unknown)?;
        let Some(blob) = self.blob(node.tree, name)? else { return Ok(None) };
        self.objects.blob(blob, TEXT_CAP).map(Some).ok_or(Unknown)
    }

    fn blob(&mut self, root: ObjectId, path: &[u8]) -> Result<Option<ObjectId>, Unknown> {
        let hash = self.objects.hash().len_in_bytes();
        let mut parts = path.split(|byte| *byte == b'/').peekable();
        let mut folder = root;
        while let Some(part) = parts.next() {
            let tree = self.objects.tree(Some(folder)).map_err(|_| Unknown)?;
            let side = entries(&tree, hash).into_iter().find(|(name, _)| *name == part).map(|(_, side)| side);
            match side {
                Some(side) if side.kind == Kind::Folder && parts.peek().is_some() => folder = side.id,
                Some(side)
                    if matches!(side.kind, Kind::File | Kind::Executable) && parts.peek().is_none() =>
                {
                    return Ok(Some(side.id));
                }
                _ => return Ok(None),
            }
        }
        Ok(None)
    }

    /// Lines of `now` that stand in `before` as they are, by their place there; and the others.
    fn compare(
        &mut self,
        before: &[u8],
        now: &[u8],
        pending: Pending,
    ) -> Result<(Pending, Pending), Unknown> {
        self.left = self.left.checked_sub(before.len() + now.len()).ok_or(Unknown)?;
        let input = InternedInput::new(byte_lines(before), byte_lines(now));
        let mut diff = Diff::compute(Algorithm::Myers, &input);
        diff.postprocess_lines(&input);
        let mut hunks = diff.hunks().peekable();
        let (mut passed, mut kept) = (Vec::new(), Vec::new());
        let mut moved = 0_i64;
        let mut pending = pending;
        pending.sort_unstable();
        for (line, last) in pending {
            while let Some(hunk) = hunks.next_if(|hunk| hunk.after.end <= line) {
                moved = i64::from(hunk.before.end) - i64::from(hunk.after.end);
            }
            if hunks.peek().is_some_and(|hunk| hunk.after.start <= line) {
                kept.push((line, last));
                continue;
            }
            match u32::try_from(i64::from(line) + moved) {
                Ok(line) => passed.push((line, last)),
                Err(_) => kept.push((line, last)),
            }
        }
        Ok((passed, kept))
    }
}

/// Without a byte order mark and with `\n` at the ends of lines, as far as a checkout may have changed that.
fn plain(text: &[u8]) -> Vec<u8> {
    let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if byte != b'\r' || bytes.peek() != Some(&b'\n') {
            out.push(byte);
        }
    }
    out
}
