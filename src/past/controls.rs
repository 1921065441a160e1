//! Every version of every control along the first-parent line. Each version of a file is parsed once; controls are told
//! apart by id, wherever they stand.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rayon::prelude::*;

use super::Index;
use super::typed::{self, Fields, Typed};
use crate::git::{Commit, Repository, Step};
use crate::history::ControlVersion;
use crate::source::BlobId;

/// Bytes of file versions that are read; more than any company writes. What is older is left out, and that is told.
const BYTE_CAP: u64 = 512 << 20;
/// What a version weighs at least.
const WEIGHT: u64 = 2 << 10;
/// Versions of files parsed at a time.
const BATCH: usize = 4_096;

/// A version of a file.
type Version = (String, BlobId);

/// Versions by control id, newest first, and the commit before which none was looked at.
pub(super) fn versions(
    repository: &Repository,
    line: &[Commit],
    index: &Index,
) -> (BTreeMap<Box<str>, Vec<ControlVersion>>, Option<u32>) {
    let mut steps = steps(repository, line);
    let cut = too_much(repository, &steps);
    if let Some(cut) = cut {
        let kept = line.iter().position(|commit| *commit == cut).map_or(0, |nth| nth + 1);
        steps = self::steps(repository, line.get(..kept).unwrap_or(line));
    }
    let mut now = Now::default();
    let mut rest = steps.as_slice();
    while !rest.is_empty() {
        let (batch, others) = rest.split_at(batch(rest));
        let parsed = parse(repository, batch);
        for step in batch {
            now.take(step, &parsed);
            now.note(index.of_commit(step.commit));
        }
        rest = others;
    }
    now.versions.values_mut().for_each(|list| list.reverse());
    (now.versions, cut.and_then(|commit| index.of_commit(commit)))
}

fn steps(repository: &Repository, line: &[Commit]) -> Vec<Step> {
    let mut steps = repository.steps(line, "controls");
    for step in &mut steps {
        step.changed.retain(|(path, _)| path.ends_with(".yaml"));
    }
    steps
}

/// How many steps are parsed together: at least one.
fn batch(steps: &[Step]) -> usize {
    let mut versions = 0;
    let fit = steps.iter().take_while(|step| {
        versions += step.changed.len();
        versions <= BATCH
    });
    fit.count().max(1)
}

/// The oldest commit whose changes can still be read, if not all can.
fn too_much(repository: &Repository, steps: &[Step]) -> Option<Commit> {
    let weigh = |step: &Step| -> u64 {
        let blobs = step.changed.iter().filter_map(|(_, blob)| *blob);
        blobs.map(|blob| repository.length_of(blob).unwrap_or(0).max(WEIGHT)).sum()
    };
    let weights: Vec<u64> = steps.par_iter().map(weigh).collect();
    let mut sum = 0_u64;
    for (nth, weight) in weights.iter().enumerate().rev() {
        sum = sum.saturating_add(*weight);
        if sum > BYTE_CAP {
            return steps.get(nth + 1).or(steps.last()).map(|step| step.commit);
        }
    }
    None
}

/// What each version of a file holds; `None` where that cannot be read.
fn parse(repository: &Repository, steps: &[Step]) -> BTreeMap<Version, Option<Vec<Typed>>> {
    let changed = steps.iter().flat_map(|step| &step.changed);
    let wanted: BTreeSet<Version> =
        changed.filter_map(|(path, blob)| Some((path.clone(), (*blob)?))).collect();
    let read = |version: Version| {
        let held = repository.text_of(version.1).and_then(|bytes| typed::controls(&version.0, bytes));
        (version, held)
    };
    wanted.into_iter().collect::<Vec<_>>().into_par_iter().map(read).collect()
}

/// The controls as the commit that was taken last left them.
#[derive(Default)]
struct Now {
    /// Ids by path of the file that holds them.
    files: BTreeMap<String, BTreeSet<Box<str>>>,
    /// By id, then by path: where several files hold an id, the first counts, as in loading.
    controls: BTreeMap<Box<str>, BTreeMap<String, Rc<Fields>>>,
    touched: BTreeSet<Box<str>>,
    versions: BTreeMap<Box<str>, Vec<ControlVersion>>,
}

impl Now {
    fn take(&mut self, step: &Step, parsed: &BTreeMap<Version, Option<Vec<Typed>>>) {
        for (path, blob) in &step.changed {
            match blob.map(|blob| parsed.get(&(path.clone(), blob))) {
                None => self.replace(path, &[]),
                Some(Some(Some(held))) => self.replace(path, held),
                // A version that cannot be read says nothing; what was known stays.
                Some(_) => {}
            }
        }
    }

    /// Takes what a file holds for what it held.
    fn replace(&mut self, path: &str, held: &[Typed]) {
        let mut before = self.files.remove(path).unwrap_or_default();
        let mut ids = BTreeSet::new();
        for one in held {
            before.remove(&one.id);
            if !ids.insert(one.id.clone()) {
                continue;
            }
            if let Some(fields) = &one.fields {
                let by_path = self.controls.entry(one.id.clone()).or_default();
                by_path.insert(path.to_owned(), Rc::new(fields.clone()));
                self.touched.insert(one.id.clone());
            }
        }
        for id in before {
            if let Some(by_path) = self.controls.get_mut(&id) {
                by_path.remove(path);
            }
            self.touched.insert(id);
        }
        if !ids.is_empty() {
            self.files.insert(path.to_owned(), ids);
        }
    }

    /// Notes what became of the controls that were touched, as the doing of a commit.
    fn note(&mut self, commit: Option<u32>) {
        let touched = std::mem::take(&mut self.touched);
        let Some(commit) = commit else { return };
        for id in touched {
            let fields = self.controls.get(&id).and_then(|by_path| by_path.values().next());
            let fields = fields.map_or_else(Fields::default, |fields| (**fields).clone());
            let before = self.versions.get(&id).and_then(|list| list.last());
            if before.map_or(fields.is_empty(), |before| before.fields == fields) {
                continue;
            }
            self.versions.entry(id).or_default().push(ControlVersion { commit, fields });
        }
    }
}
