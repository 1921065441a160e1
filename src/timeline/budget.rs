//! How much one judgement looks at, whatever a programme asks for. What goes beyond is unknown, never left out; it is
//! counted beforehand and in the programme's order, so that the same files give the same verdicts on every machine.
//! Controls that are kept are not counted again: who keeps them sees to it that all together are far below.

use std::collections::BTreeSet;

use super::log::LogFile;
use super::operation::{Case, ControlStanding, Judge, systems};
use super::slot::{Because, Slot, SlotState, Spell};
use super::{AuditStanding, in_effect, overlap, periodic};
use crate::model::control::Applies;

/// Slots of all controls in all audits together.
const SLOTS: u64 = 500_000;

/// Intervals of one control on one system.
const INTERVALS: u64 = 10_000;

/// Rows of logs, each counted once for every control that the log is filed for.
const ROWS: usize = 1_000_000;

/// What goes beyond.
#[derive(Debug, Default)]
pub(super) struct Budget {
    /// Audits and their controls that have too many slots, by index.
    slots: BTreeSet<(usize, usize)>,
    /// Controls and the evidence whose log has too many rows for them, by index.
    logs: BTreeSet<(usize, u32)>,
}

impl Budget {
    pub(super) fn new(
        judge: &Judge<'_, '_>,
        evidence_of: &[Vec<u32>],
        audits: &[AuditStanding],
        is_kept: impl Fn(usize) -> bool,
    ) -> Self {
        Self { slots: slots(judge, audits, is_kept), logs: logs(judge, evidence_of) }
    }

    /// Does the control have more slots in the audit than are judged?
    pub(super) fn is_over(&self, audit: usize, control: usize) -> bool {
        self.slots.contains(&(audit, control))
    }

    /// Of the evidence of a control, that whose log is not read for it.
    pub(super) fn cut(&self, control: usize) -> Vec<u32> {
        self.logs.range((control, 0)..=(control, u32::MAX)).map(|(_, evidence)| *evidence).collect()
    }
}

fn slots(
    judge: &Judge<'_, '_>,
    audits: &[AuditStanding],
    is_kept: impl Fn(usize) -> bool,
) -> BTreeSet<(usize, usize)> {
    let mut over = BTreeSet::new();
    let mut total = 0;
    for (nth, audit) in audits.iter().enumerate() {
        let all = 0..judge.ground.program.controls.len();
        for control in all.filter(|control| nth > 0 || !is_kept(*control)) {
            let own = size(judge, audit, control);
            // A single slot stands for all that are too many, so nothing is won where there is no other.
            match own.filter(|own| *own <= 1 || total + own <= SLOTS) {
                Some(own) => total += own,
                None => {
                    total += 1;
                    over.insert((nth, control));
                }
            }
        }
    }
    over
}

/// How many slots a control has in an audit; `None` when it has too many on one system alone.
fn size(judge: &Judge<'_, '_>, audit: &AuditStanding, index: usize) -> Option<u64> {
    let Judge { ground, settings, .. } = *judge;
    let Some(control) = ground.program.controls.get(index) else { return Some(0) };
    let life = in_effect(control).filter(|life| overlap(*life, audit.days).is_some());
    let applies = matches!(control.applies_as(), Applies::Applicable | Applies::Shared);
    let cadence = control.cadence.as_ref().map(|cadence| cadence.value);
    let (Some(life), Some(cadence), true) = (life, cadence, applies) else { return Some(0) };
    let case = Case { ground, settings, control, cadence, life, shown: &[], unreadable: false };
    let systems = systems(&case, audit);
    let Some(grid) = periodic::grid(&case, audit) else { return u64::try_from(systems.len()).ok() };
    let (mut total, mut last) = (0, None);
    for (_, in_use) in systems {
        let reach = overlap(life, in_use).and_then(|life| periodic::reach(audit.window, life));
        let Some(days) = reach else { continue };
        // Most systems are in use all the time.
        let count = match last {
            Some((same, count)) if same == days => count,
            _ => grid.count(days),
        };
        if count > INTERVALS {
            return None;
        }
        last = Some((days, count));
        total += count;
    }
    Some(total)
}

/// The slot that stands for all that are too many: unknown, from the first judged day of the control on.
pub(super) fn stand_in(standing: &ControlStanding) -> Option<Slot> {
    let (from, to) = standing.in_place?;
    Some(Slot {
        spell: Spell::Window(from, to),
        system: None,
        due: to,
        state: SlotState::Unknown,
        filled_by: None,
        also: Vec::new(),
        refused: Vec::new(),
        exception: None,
        because: Some(Because::TooMany),
    })
}

fn logs(judge: &Judge<'_, '_>, evidence_of: &[Vec<u32>]) -> BTreeSet<(usize, u32)> {
    let folders = &judge.ground.program.evidence;
    let rows: Vec<usize> = folders
        .iter()
        .map(|folder| LogFile::of(folder).and_then(|log| log.table).map_or(0, |table| table.dated.len()))
        .collect();
    let mut over = BTreeSet::new();
    let mut total = 0;
    for (control, evidence) in evidence_of.iter().enumerate() {
        for one in evidence {
            let own = rows.get(*one as usize).copied().unwrap_or(0);
            if own > 1 && total + own > ROWS {
                over.insert((control, *one));
            } else {
                total += own;
            }
        }
    }
    over
}
