//! Evidence that a slot waits for and does not take, each piece once.

use std::collections::BTreeMap;

use super::current::is_superseded;
use super::verdicts::{self, Seen};
use crate::program::EvidenceFolder;
use crate::timeline::{Flaw, Judgement, Refused, SlotState};

/// A flaw of a piece of evidence, and a slot that refused it.
pub(in crate::rules) struct Refusal<'j, 'p> {
    pub(in crate::rules) seen: Seen<'j, 'p>,
    pub(in crate::rules) refused: &'j Refused,
    pub(in crate::rules) flaw: &'j Flaw,
    pub(in crate::rules) folder: &'p EvidenceFolder,
}

/// The flaws that are asked for, each once a piece of evidence, in order of the evidence: of what nothing takes the
/// place of, as far as a slot is without accepted evidence. Of several slots the one of its date is shown.
pub(in crate::rules) fn refusals<'j, 'p>(
    judgement: &'j Judgement<'p>,
    asked: impl Fn(&Flaw) -> bool,
) -> impl Iterator<Item = Refusal<'j, 'p>> {
    let mut found: BTreeMap<(usize, &'j Flaw), Refusal<'j, 'p>> = BTreeMap::new();
    for seen in verdicts::all(judgement).filter(|seen| waits(seen.slot.state)) {
        for refused in &seen.slot.refused {
            let standing = judgement.evidence.get(refused.evidence);
            let Some(folder) = judgement.program.evidence.get(refused.evidence) else { continue };
            if standing.is_none_or(is_superseded) {
                continue;
            }
            for flaw in refused.flaws.iter().filter(|flaw| asked(flaw)) {
                let refusal = Refusal { seen, refused, flaw, folder };
                let known = found.get(&(refused.evidence, flaw));
                if known.is_none_or(|known| !known.is_of_its_date() && refusal.is_of_its_date()) {
                    found.insert((refused.evidence, flaw), refusal);
                }
            }
        }
    }
    found.into_values()
}

impl Refusal<'_, '_> {
    /// Was the control performed inside the slot's interval?
    pub(in crate::rules) fn is_of_its_date(&self) -> bool {
        let (from, to) = self.seen.slot.spell.days();
        from <= self.refused.on && self.refused.on <= to
    }

    /// The evidence's id.
    pub(in crate::rules) fn id(&self) -> &str {
        self.seen.judgement.program.evidence_id(self.folder)
    }
}

/// Could evidence still change the slot?
fn waits(state: SlotState) -> bool {
    matches!(
        state,
        SlotState::Open
            | SlotState::Unknown
            | SlotState::InsufficientEvidence
            | SlotState::Missed
            | SlotState::Deviation
    )
}
