//! Which artefacts were used before, for which interval. It does not say whether evidence may be used again.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;

use crate::model::Evidence;
use crate::model::evidence::Artifact;

/// What tells an artefact from others: its bytes. Where a program made them, the moment of the run as well: settings that nobody
/// changed print the same bytes in each quarter, and each run shows its own. Bytes without a moment may be a copy of any run.
pub(super) type Mark = ([u8; 32], Option<Timestamp>);

/// The artefacts of a manifest. The same bytes listed twice, or under two names, are still one artefact; bytes beside a run that
/// made them are that run's.
pub(super) fn marks(manifest: &Evidence) -> Vec<Mark> {
    let all =
        manifest.artifacts.iter().filter_map(|one| Some((one.sha256.as_ref()?.value.0, ran(manifest, one))));
    let marks: BTreeSet<Mark> = all.collect();
    let is_copy = |(bytes, _): &Mark| {
        marks.range((*bytes, Some(Timestamp::MIN))..=(*bytes, Some(Timestamp::MAX))).next().is_some()
    };
    marks.iter().filter(|mark| mark.1.is_some() || !is_copy(mark)).copied().collect()
}

/// When the program ran. A run that cannot have been as it is said shows nothing beyond its bytes.
fn ran(manifest: &Evidence, artifact: &Artifact) -> Option<Timestamp> {
    let capture = artifact.capture.as_ref()?;
    let collected = manifest.collected.as_ref()?.at.as_ref()?.value;
    let (started, ended) = (capture.started.as_ref()?.value, capture.ended.as_ref()?.value);
    let well = capture.exit.as_ref().is_none_or(|exit| exit.value == 0);
    (well && started <= ended && ended <= collected).then_some(started)
}

/// The first and the last interval that an occurrence may fill.
pub(super) type Fills = (Date, Date);

/// Two occurrences that may each fill one of two intervals could fill both, so they differ.
pub(super) fn same(one: Fills, other: Fills) -> bool {
    one == other && one.0 == one.1
}

/// Artefacts that evidence of a control used, with what they were used for first.
#[derive(Default)]
pub(super) struct Used {
    of: BTreeMap<Mark, (usize, Fills)>,
    /// By bytes and what they were used for, whatever their moment: a hundred runs of one day are looked at once.
    bytes: BTreeMap<([u8; 32], Fills), usize>,
}

impl Used {
    /// Other evidence that used the artefact before, for something else.
    pub(super) fn before(&self, mark: Mark, evidence: usize, of: Fills) -> Option<usize> {
        let differs = |by: usize, when: Fills| (by != evidence && !same(when, of)).then_some(by);
        let find = |mark: Mark| self.of.get(&mark).and_then(|(by, when)| differs(*by, *when));
        match mark {
            (bytes, Some(_)) => find(mark).or_else(|| find((bytes, None))),
            (bytes, None) => {
                let all = (bytes, (Date::MIN, Date::MIN))..=(bytes, (Date::MAX, Date::MAX));
                find(mark).or_else(|| self.bytes.range(all).find_map(|((_, when), by)| differs(*by, *when)))
            }
        }
    }

    pub(super) fn add(&mut self, mark: Mark, evidence: usize, of: Fills) {
        self.of.entry(mark).or_insert((evidence, of));
        self.bytes.entry((mark.0, of)).or_insert(evidence);
    }
}
