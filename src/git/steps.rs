//! From one commit to a later one: which files of the programme differ. Folders that are the same are not entered, so a
//! line of many commits costs what changed in it.

use rayon::prelude::*;

use super::packs::{PackedTrees, Packs};
use super::tree_diff::{Changes, Differ, Kind, Part, Side};
use super::{Commit, Repository};
use crate::error::{Error, Result};
use crate::source::{BlobId, DEPTH_CAP, EntryKind, FOLDERS, ROOT_FILE};

/// A path that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Below the programme's root.
    pub path: String,
    /// What the later commit has there; `None` when it is gone.
    pub new: Option<(EntryKind, BlobId)>,
}

/// Pairs of commits that a thread takes at a time.
const SHARE: usize = 32;

impl Repository {
    /// For each pair of commits the files of the programme's folders that differ, by path; all of the later one where there
    /// is no earlier one.
    pub fn between(&self, pairs: &[(Option<Commit>, Commit)]) -> Result<Vec<Vec<Difference>>> {
        let packs = Packs::of(&self.cached());
        let mut part = Part::default();
        FOLDERS.iter().chain([&ROOT_FILE]).for_each(|name| part.add(name.as_bytes()));
        let shares: Vec<Vec<Vec<Difference>>> = pairs
            .par_chunks(SHARE)
            .map(|pairs| {
                let (repo, mut packed) = (self.cached(), PackedTrees::new(&packs));
                let mut differ = Differ::new(&repo, &mut packed);
                pairs.iter().map(|(old, new)| self.differences(&mut differ, &part, *old, *new)).collect()
            })
            .collect::<Result<_>>()?;
        Ok(shares.into_iter().flatten().collect())
    }

    fn differences(
        &self,
        differ: &mut Differ<'_>,
        part: &Part,
        old: Option<Commit>,
        new: Commit,
    ) -> Result<Vec<Difference>> {
        let tree = |commit| self.folder(commit, self.prefix());
        let empty = gix::ObjectId::empty_tree(new.tree.kind());
        let (before, after) = (old.and_then(tree).unwrap_or(empty), tree(new).unwrap_or(empty));
        let changes = differ.diff(before, after, part).ok().filter(|changes| !changes.too_deep);
        changes.map(|changes| told(&changes)).ok_or_else(|| {
            Error::new(format!("cannot read the files of commit {}", new.short()))
                .because("an object is missing or damaged, or folders are nested too deep")
                .hint("the repository may be damaged, or the clone partial: git fsck")
        })
    }
}

fn told(changes: &Changes) -> Vec<Difference> {
    let mut all = Vec::new();
    for change in &changes.list {
        let path = String::from_utf8_lossy(changes.path(change)).into_owned();
        let deep = path.matches('/').count() > DEPTH_CAP;
        let seen = |side: Option<Side>| {
            let side = side?;
            let kind = match side.kind {
                _ if deep => EntryKind::Deep,
                Kind::Link => EntryKind::Link,
                Kind::Submodule => EntryKind::Submodule,
                Kind::File | Kind::Executable | Kind::Folder => EntryKind::File,
            };
            Some((kind, BlobId::new(side.id.as_slice())))
        };
        // Whether a file may be executed is no difference.
        if seen(change.old) != seen(change.new) {
            all.push(Difference { path, new: seen(change.new) });
        }
    }
    all.sort_by(|one, other| one.path.cmp(&other.path));
    all
}
