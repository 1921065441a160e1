//! What belongs into a bundle: the controls of the criteria in scope, and the evidence that stands behind their slots, lies in
//! the window, or follows up what does. Everything else is counted and left out.

use std::collections::{BTreeMap, BTreeSet};

use super::{Ground, Told};
use crate::model::Status;
use crate::model::control::Applies;
use crate::program::EvidenceFolder;
use crate::timeline::{ControlStanding, Operation, Slot, SlotState, Spell, occurrences};

/// Where evidence is kept: below the first control that it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Home {
    /// Index into the programme's controls.
    pub(super) control: usize,
    /// The slot or item, `follow-up`, or `other`.
    pub(super) slot: String,
}

/// What was chosen.
#[derive(Debug, Default)]
pub(super) struct Choice {
    /// Controls by index, in the programme's order.
    pub(super) controls: Vec<usize>,
    /// Evidence by index.
    pub(super) evidence: BTreeMap<usize, Home>,
    /// Evidence of these controls that lies outside the window.
    pub(super) outside: BTreeSet<usize>,
}

/// A folder for evidence of the window that fills no slot.
const OTHER: &str = "other";
/// A folder for evidence that follows up an open result.
const FOLLOW_UP: &str = "follow-up";

/// Chooses, and tells of the drafts that are left out.
pub(super) fn choose(ground: &Ground<'_>, told: &mut Told) -> Choice {
    let mut choice = Choice::default();
    let program = ground.judgement.program;
    for standing in shown(ground) {
        let Some(control) = program.controls.get(standing.control) else { continue };
        match control.status() {
            Status::Draft => told.drafts.push(ground.judgement.control_name(standing.control)),
            _ if ground.only_controls.as_ref().is_some_and(|only| !only.contains(&standing.control)) => {}
            _ => choice.controls.push(standing.control),
        }
    }
    if !ground.profile.verdicts() {
        return choice;
    }
    let standings: Vec<&ControlStanding> =
        choice.controls.iter().filter_map(|index| ground.audit.controls.get(*index)).collect();
    for standing in &standings {
        of_slots(ground, standing, &mut choice.evidence);
    }
    for standing in &standings {
        beside_slots(ground, standing, &mut choice);
    }
    follow_ups(ground, &mut choice.evidence);
    choice.outside.retain(|evidence| !choice.evidence.contains_key(evidence));
    choice
}

/// Controls that a criterion in scope names, and that apply.
fn shown<'g>(ground: &Ground<'g>) -> impl Iterator<Item = &'g ControlStanding> {
    let audit = ground.audit;
    let named: BTreeSet<usize> =
        audit.criteria.iter().flat_map(|criterion| criterion.controls.iter().copied()).collect();
    named.into_iter().filter_map(|index| audit.controls.get(index))
}

/// Does the control run here, so that a sheet of it makes sense?
pub(super) fn has_slots(standing: &ControlStanding) -> bool {
    !matches!(standing.operation, Operation::NotApplicable | Operation::NotImplemented)
}

fn of_slots(ground: &Ground<'_>, standing: &ControlStanding, into: &mut BTreeMap<usize, Home>) {
    for slot in &standing.slots {
        if slot.state == SlotState::NotExpected {
            continue;
        }
        for evidence in behind(slot) {
            let home = || Home {
                control: standing.control,
                slot: folder_name(ground, slot, ground.judgement.program.evidence.get(evidence)),
            };
            into.entry(evidence).or_insert_with(home);
        }
    }
}

/// The evidence that a slot's verdict rests on or refuses.
pub(super) fn behind(slot: &Slot) -> BTreeSet<usize> {
    let filled = slot.filled_by.map(|filler| filler.evidence);
    filled.into_iter().chain(slot.also.iter().copied()).chain(slot.refused.iter().map(|one| one.evidence)).collect()
}

/// The slot as a folder: `2026-Q1`; for a control without intervals the one item that the evidence is of.
fn folder_name(ground: &Ground<'_>, slot: &Slot, folder: Option<&EvidenceFolder>) -> String {
    if let Spell::Window(..) = slot.spell
        && let Some(folder) = folder
    {
        let shown = occurrences(folder, &ground.judgement.zone());
        let items: BTreeSet<&str> = shown.iter().filter_map(|one| one.item).collect();
        if let (1, Some(item)) = (items.len(), items.first()) {
            return (*item).to_owned();
        }
    }
    slot.spell.name()
}

/// Evidence that names the control and stands behind no slot of it.
fn beside_slots(ground: &Ground<'_>, standing: &ControlStanding, choice: &mut Choice) {
    let (from, to) = ground.audit.window;
    let naming = ground.judgement.evidence_of.get(standing.control).map_or(&[][..], |list| list);
    for evidence in naming.iter().map(|index| *index as usize) {
        if choice.evidence.contains_key(&evidence)
            || ground.judgement.evidence.get(evidence).is_none_or(|standing| standing.out_of_view)
        {
            continue;
        }
        let Some(folder) = ground.judgement.program.evidence.get(evidence) else { continue };
        let shown = occurrences(folder, &ground.judgement.zone());
        if shown.is_empty() || shown.iter().any(|one| from <= one.on && one.on <= to) {
            choice.evidence.insert(evidence, Home { control: standing.control, slot: OTHER.to_owned() });
        } else {
            choice.outside.insert(evidence);
        }
    }
}

/// Evidence that follows up what was chosen, wherever it is dated.
fn follow_ups(ground: &Ground<'_>, chosen: &mut BTreeMap<usize, Home>) {
    let program = ground.judgement.program;
    for (index, folder) in program.evidence.iter().enumerate() {
        if chosen.contains_key(&index)
            || ground.judgement.evidence.get(index).is_none_or(|standing| standing.out_of_view)
        {
            continue;
        }
        let of = folder.manifest.follows_up.iter().find_map(|name| {
            let found = program.names.evidence.get(&*name.value.0).copied();
            chosen.get(&found?).map(|home| home.control)
        });
        if let Some(control) = of {
            chosen.insert(index, Home { control, slot: FOLLOW_UP.to_owned() });
        }
    }
}

/// Is it run by a subservice organisation, so that there is nothing of ours to show?
pub(super) fn is_inherited(ground: &Ground<'_>, control: usize) -> bool {
    ground.judgement.program.controls.get(control).is_some_and(|of| of.applies_as() == Applies::Inherited)
}
