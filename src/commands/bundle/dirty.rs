//! Does what was read differ from a commit? A bundle that no commit holds cannot be checked by anybody.

use std::collections::BTreeMap;

use super::super::place::{Place, Selectors};
use crate::error::{Error, Result};
use crate::git::{Commit, Repository};
use crate::provenance::Read;
use crate::source::{Body, Entry, EntryKind, FOLDERS, File, ROOT_FILE, Sources, facts, is_skipped};
use crate::text::{count, safe, some};

/// What differs, by path.
pub(super) struct Dirty {
    files: Vec<String>,
    /// There is no commit to differ from.
    nothing_committed: bool,
}

/// Compares what was read with the commit it stands on.
pub(super) fn files(place: &Place, selectors: &Selectors) -> Result<Dirty> {
    let mut dirty = Dirty { files: Vec::new(), nothing_committed: false };
    if selectors.at.is_some() {
        return Ok(dirty);
    }
    let (Some(repository), Some(commit)) = (&place.repository, place.commit) else {
        dirty.nothing_committed = true;
        return Ok(dirty);
    };
    dirty.files = differing(&place.program.sources, repository, commit)?;
    Ok(dirty)
}

fn differing(sources: &Sources, repository: &Repository, commit: Commit) -> Result<Vec<String>> {
    let tree = repository.tree(commit);
    let mut committed: BTreeMap<String, Entry> = BTreeMap::new();
    for name in std::iter::once(ROOT_FILE).chain(FOLDERS.iter().copied()) {
        let listed = tree
            .list(name)
            .map_err(|error| Error::new("cannot list the files of the commit").because(error))?;
        let ours = listed.into_iter().filter(|entry| !is_skipped(&entry.path));
        committed.extend(ours.map(|entry| (entry.path.clone(), entry)));
    }
    let mut differing: Vec<String> = Vec::new();
    for (id, file) in sources.files() {
        let path = &*file.path;
        let Some(entry) = committed.remove(path) else {
            differing.push(path.to_owned());
            continue;
        };
        if entry.kind != EntryKind::File || file.blob == Some(entry.blob) {
            continue;
        }
        // Touched since the index was written; only its bytes can tell.
        let there = tree.read(entry.blob).ok();
        let same = there.is_some_and(|there| match &file.body {
            Body::Artifact(own) => facts(&there[..]).is_ok_and(|there| there.sha256 == own.sha256),
            _ => same_text(sources, id, file, &there),
        });
        if !same {
            differing.push(path.to_owned());
        }
    }
    // What was committed and is not there; a folder of another repository is not entered on either side.
    differing.extend(
        committed.into_values().filter(|entry| entry.kind == EntryKind::File).map(|entry| entry.path),
    );
    differing.sort();
    Ok(differing)
}

/// Is a text what the commit holds, line ends apart, which a checkout may change?
fn same_text(sources: &Sources, id: crate::source::FileId, file: &File, there: &[u8]) -> bool {
    match &file.body {
        Body::Text(text) | Body::Patterns(text) => {
            let plain = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace("\r\n", "\n");
            plain(text.as_bytes()) == plain(there)
        }
        _ => {
            let own = sources.open(id).ok().and_then(|bytes| facts(bytes).ok());
            own.is_some_and(|own| facts(there).is_ok_and(|there| there.sha256 == own.sha256))
        }
    }
}

impl Dirty {
    pub(super) fn is_clean(&self) -> bool {
        self.files.is_empty() && !self.nothing_committed
    }

    /// Why nothing is packed.
    pub(super) fn refusal(&self, allowed: bool) -> Option<Error> {
        if allowed || self.is_clean() {
            return None;
        }
        if self.nothing_committed {
            return Some(
                Error::new("nothing is committed: a bundle names the commit that it was made from").hint(
                    "commit the programme; or pack it all the same: --allow-dirty, and every report says so",
                ),
            );
        }
        let named: Vec<String> = self.files.iter().map(|path| safe(path)).collect();
        Some(
            Error::new(format!(
                "{} of the programme not as committed: nobody could check such a bundle against git",
                of(named.len())
            ))
            .because(some(&named, 5))
            .hint("commit or put aside the changes; or pack a commit: --at HEAD")
            .hint("or pack the files as they are: --allow-dirty, and every report says so"),
        )
    }

    /// What was read, for those who recompute it.
    pub(super) fn read<'r>(&self, id: Option<&'r str>, selectors: &Selectors) -> Read<'r> {
        match id {
            Some(id) if self.is_clean() => Read::Commit(id),
            on if selectors.staged => Read::Index(on),
            on => Read::WorkTree { on, dirty: true },
        }
    }
}

fn of(n: usize) -> String {
    if n == 1 { "1 file is".to_owned() } else { format!("{} are", count(n, "file")) }
}
