//! Every control for every audit, side by side.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::acceptance::Ground;
use super::budget::Budget;
use super::operation::{ControlStanding, Judge, again, shown, stand};
use super::{AuditStanding, Operation, SlotState};

/// Fills in the controls of each audit; those of the first that are kept, by index, at most change their design.
pub(super) fn judge(
    judge: &Judge<'_, '_>,
    evidence_of: &[Vec<u32>],
    audits: &mut [AuditStanding],
    kept: Vec<Option<ControlStanding>>,
    designs: bool,
) {
    let Judge { ground, evidence, .. } = *judge;
    let unreadable = Unreadable::of(ground);
    let is_kept = |index: usize| kept.get(index).is_some_and(Option::is_some);
    let budget = Budget::new(judge, evidence_of, audits, is_kept);
    let round = |audits: &[AuditStanding], compensated: &(dyn Fn(usize) -> bool + Sync)| {
        let controls: Vec<Vec<ControlStanding>> = (0..ground.program.controls.len())
            .into_par_iter()
            .map(|index| {
                let Some(control) = ground.program.controls.get(index) else { return Vec::new() };
                if is_kept(index) {
                    return Vec::new();
                }
                let of = evidence_of.get(index).map_or(&[][..], Vec::as_slice);
                let cut = budget.cut(index);
                let shown = shown(ground, control, evidence, of, &cut, compensated);
                // What a log would show that is not read is not missed, but unknown.
                let unreadable = unreadable.is_of(&control.id.value.0) || !cut.is_empty();
                let one = |(nth, audit): (usize, &AuditStanding)| {
                    stand(judge, audit, index, &shown, unreadable, budget.is_over(nth, index))
                };
                audits.iter().enumerate().filter_map(one).collect()
            })
            .collect();
        controls
    };
    let mut controls = round(audits, &|_| false);
    if evidence.iter().any(|standing| standing.compensating.is_some()) {
        // What a small team reviewed alone counts only where the control that makes up for it is itself supported.
        let supported: BTreeSet<usize> = controls
            .iter()
            .enumerate()
            .filter(|(_, of)| !of.is_empty() && of.iter().all(is_supported))
            .map(|(index, _)| index)
            .collect();
        controls = round(audits, &|index| supported.contains(&index));
    }
    let kept = kept.into_iter().chain(std::iter::repeat_with(|| None));
    for (mut of, kept) in controls.into_iter().map(Vec::into_iter).zip(kept) {
        for (nth, audit) in audits.iter_mut().enumerate() {
            match &kept {
                Some(_) if nth == 0 => {}
                _ => audit.controls.extend(of.next()),
            }
        }
        if let (Some(kept), Some(audit)) = (kept, audits.first_mut()) {
            let standing = again(judge, audit, kept, designs);
            audit.controls.push(standing);
        }
    }
}

/// In place, with accepted evidence and nothing against it.
fn is_supported(standing: &ControlStanding) -> bool {
    let filled = standing.slots.iter().any(|slot| slot.state.is_filled());
    let good = match standing.operation {
        Operation::Settled(state) => state < SlotState::Unknown,
        Operation::NotDue | Operation::InPlace => true,
        _ => false,
    };
    standing.design.is_empty() && filled && good
}

/// Which controls may have evidence that could not be read.
struct Unreadable<'p> {
    /// Those whose folder of evidence holds a manifest that could not be read.
    controls: BTreeSet<&'p str>,
    /// A whole folder was not read, and it is no control's own.
    any: bool,
}

impl<'p> Unreadable<'p> {
    fn of(ground: &Ground<'p>) -> Self {
        let program = ground.program;
        let ids: BTreeSet<&str> = program.controls.iter().map(|control| &*control.id.value.0).collect();
        let mut unreadable = Self { controls: BTreeSet::new(), any: false };
        for file in &program.unread {
            let Some(below) = program.sources.path(*file).strip_prefix("evidence") else { continue };
            let id = below.trim_start_matches('/').split('/').next().unwrap_or("");
            unreadable.any |= program.is_unread_folder(*file) && !ids.contains(id);
            unreadable.controls.insert(id);
        }
        unreadable
    }

    fn is_of(&self, control: &str) -> bool {
        self.any || self.controls.contains(control)
    }
}
