//! What a bundle tells of itself: how much is in it, and everything that somebody might wish were hidden.

use std::collections::BTreeMap;

use super::choice::Choice;
use super::{Ground, Place};
use crate::schedule::Withheld;
use crate::text::count;
use crate::timeline::{Remark, SlotState};

/// Counts and lists.
#[derive(Debug, Default)]
pub struct Told {
    pub controls: usize,
    pub policies: usize,
    pub versions: usize,
    /// Files of evidence, and their bytes.
    pub files: usize,
    pub bytes: u64,
    /// Settled slots that are not on time, by state.
    pub slots: BTreeMap<SlotState, usize>,
    pub results_open: usize,
    pub withheld: Vec<Withheld>,
    /// Policies in scope of nothing in the window: drafts, and texts that cannot be read; with the reason.
    pub policies_left_out: Vec<(String, String)>,
    /// Controls of criteria in scope that are not in place on any judged day: drafts, plans, retired ones.
    pub not_in_place: usize,
    /// Pieces of evidence of these controls that lie outside the window.
    pub outside: usize,
    /// Gaps that a waiver lets through, and that are told all the same.
    pub waived: usize,
    /// The bundle carries a draft of management's assertion that nobody signed.
    pub assertion_unsigned: bool,
}

impl Told {
    pub(super) fn count(&mut self, ground: &Ground<'_>, choice: &Choice, place: &Place) {
        let program = ground.judgement.program;
        self.controls = choice.controls.len();
        self.versions = place.versions.len();
        let mut ids: Vec<&str> = place.versions.iter().map(|version| &*version.id).collect();
        ids.dedup();
        self.policies = ids.len();
        let files = place.pieces.iter().flat_map(|piece| &piece.files).filter(|placed| placed.path.is_some());
        for facts in files.filter_map(|placed| program.facts(placed.file?)) {
            self.files += 1;
            self.bytes = self.bytes.saturating_add(facts.bytes);
        }
        // A part of a bundle carries no draft of the assertion.
        self.assertion_unsigned = ground.profile.verdicts() && !ground.narrowed.is_narrow();
        if !ground.profile.verdicts() {
            return;
        }
        for standing in choice.controls.iter().filter_map(|index| ground.audit.controls.get(*index)) {
            for slot in standing
                .slots
                .iter()
                .filter(|slot| slot.state.is_settled() && slot.state != SlotState::OnTime)
            {
                *self.slots.entry(slot.state).or_default() += 1;
            }
            let open = standing.remarks.iter().filter(|remark| matches!(remark, Remark::ResultOpen { .. }));
            self.results_open += open.count();
        }
        if ground.narrowed.is_narrow() {
            self.policies_left_out.clear();
            return;
        }
        self.waived = ground.report.gaps.iter().filter(|gap| gap.waiver.is_some()).count();
    }

    /// `64 controls, 17 policies in 21 versions, 402 files of evidence, 188 MB`.
    pub fn holds(&self) -> String {
        let policies = match self.policies {
            0 => "no policy".to_owned(),
            n if n == self.versions => count(n, "policy"),
            n => format!("{} in {}", count(n, "policy"), count(self.versions, "version")),
        };
        let mut parts = vec![count(self.controls, "control"), policies];
        if self.files > 0 {
            parts.push(format!("{} of evidence", count(self.files, "file")));
            parts.push(size(self.bytes));
        }
        parts.join(", ")
    }

    /// `3 missed, 2 late, 1 result open, 6 withheld, assertion unsigned`: what nobody would like to tell, worst first.
    pub fn honest(&self) -> Vec<String> {
        let mut parts: Vec<String> =
            self.slots.iter().rev().map(|(state, n)| format!("{n} {}", state.name())).collect();
        let some = |n: usize, words: &str| (n > 0).then(|| format!("{n} {words}"));
        let open = match self.results_open {
            1 => Some("1 result open".to_owned()),
            n => some(n, "results open"),
        };
        parts.extend(open);
        parts.extend(some(self.waived, "waived"));
        parts.extend(some(self.withheld.len(), "withheld"));
        if self.assertion_unsigned {
            parts.push("assertion unsigned".to_owned());
        }
        parts
    }

    /// What is not in the bundle because it is not of this audit or not in force.
    pub fn left_out(&self) -> Vec<String> {
        let mut parts = Vec::new();
        if self.not_in_place > 0 {
            parts.push(format!("{} not in place", count(self.not_in_place, "control")));
        }
        if !self.policies_left_out.is_empty() {
            parts.push(format!("{} not in force", count(self.policies_left_out.len(), "policy")));
        }
        if self.outside > 0 {
            parts.push(format!("{} of evidence outside the window", count(self.outside, "piece")));
        }
        parts
    }
}

/// Bytes for people.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        1_000_000..10_000_000_000 => format!("{} MB", bytes / 1_000_000),
        _ => format!("{} GB", bytes / 1_000_000_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hurts_is_told_worst_first() {
        let told = Told {
            controls: 64,
            policies: 17,
            versions: 21,
            files: 402,
            bytes: 188_400_000,
            slots: BTreeMap::from([(SlotState::Late, 2), (SlotState::Missed, 3)]),
            results_open: 1,
            assertion_unsigned: true,
            not_in_place: 1,
            ..Told::default()
        };
        assert_eq!(told.holds(), "64 controls, 17 policies in 21 versions, 402 files of evidence, 188 MB");
        assert_eq!(told.honest().join(", "), "3 missed, 2 late, 1 result open, assertion unsigned");
        assert_eq!(told.left_out(), ["1 control not in place"]);
    }
}
