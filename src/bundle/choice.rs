//! What belongs into a bundle: the controls of the criteria in scope that are in place in the window, and their evidence, each
//! piece at the first control and slot that it shows. Everything else is counted and left out.

use std::collections::{BTreeMap, BTreeSet};

use super::{Ground, Told};
use crate::model::control::Applies;
use crate::program::EvidenceFolder;
use crate::schedule::{Places, View, belonging};
use crate::timeline::{ControlStanding, Slot, Spell, occurrences};

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
}

/// A folder for evidence of the window that fills no slot.
const OTHER: &str = "other";
/// A folder for evidence that follows up an open result.
const FOLLOW_UP: &str = "follow-up";

/// Chooses, and tells of what is left out: controls that are not in place, evidence outside the window.
pub(super) fn choose(ground: &Ground<'_>, told: &mut Told) -> Choice {
    let places = Places::default();
    let view = ground.view(&places);
    let shown = view.controls();
    let all = View { plans: true, ..view }.controls();
    told.not_in_place = all.len().saturating_sub(shown.len());
    let controls: Vec<usize> = shown.iter().map(|standing| standing.control).collect();
    if !ground.profile.verdicts() {
        return Choice { controls, evidence: BTreeMap::new() };
    }
    let wanted: BTreeSet<usize> = match &ground.narrowed.evidence {
        Some(only) => only.clone(),
        None => belonging(&view).into_iter().collect(),
    };
    let evidence = homes(ground, &shown, &wanted);
    let naming = controls.iter().filter_map(|control| ground.judgement.evidence_of.get(*control)).flatten();
    let naming: BTreeSet<usize> = naming.map(|index| *index as usize).collect();
    told.outside = naming.difference(&wanted).count();
    Choice { controls, evidence }
}

/// The home of each wanted piece of evidence.
fn homes(ground: &Ground<'_>, shown: &[&ControlStanding], wanted: &BTreeSet<usize>) -> BTreeMap<usize, Home> {
    let judgement = ground.judgement;
    let mut homes: BTreeMap<usize, Home> = BTreeMap::new();
    for standing in shown {
        for slot in &standing.slots {
            for evidence in behind(slot).into_iter().filter(|index| wanted.contains(index)) {
                let slot = || folder_name(ground, slot, judgement.program.evidence.get(evidence));
                homes.entry(evidence).or_insert_with(|| Home { control: standing.control, slot: slot() });
            }
        }
    }
    for standing in shown {
        for evidence in
            judgement.evidence_of.get(standing.control).into_iter().flatten().map(|index| *index as usize)
        {
            if wanted.contains(&evidence) {
                let slot = || beside(ground, standing, judgement.program.evidence.get(evidence));
                homes.entry(evidence).or_insert_with(|| Home { control: standing.control, slot: slot() });
            }
        }
    }
    let first = shown.first().map_or(0, |standing| standing.control);
    let by_id: BTreeMap<&str, usize> = wanted
        .iter()
        .filter_map(|index| {
            Some((judgement.program.evidence_id(judgement.program.evidence.get(*index)?), *index))
        })
        .collect();
    for evidence in wanted {
        if homes.contains_key(evidence) {
            continue;
        }
        let folder = judgement.program.evidence.get(*evidence);
        let followed = folder.into_iter().flat_map(|folder| &folder.manifest.follows_up);
        let of =
            followed.filter_map(|name| homes.get(by_id.get(&*name.value.0)?)).map(|home| home.control).next();
        homes.insert(*evidence, Home { control: of.unwrap_or(first), slot: FOLLOW_UP.to_owned() });
    }
    homes
}

/// The evidence that a slot's verdict rests on or refuses.
pub(super) fn behind(slot: &Slot) -> BTreeSet<usize> {
    let filled = slot.filled_by.map(|filler| filler.evidence);
    let refused = slot.refused.iter().map(|one| one.evidence);
    filled.into_iter().chain(slot.also.iter().copied()).chain(refused).collect()
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

/// The folder of evidence that stands behind no slot, as where a slot kept better evidence: that of the slot in whose days it
/// was performed.
fn beside(ground: &Ground<'_>, standing: &ControlStanding, folder: Option<&EvidenceFolder>) -> String {
    let shown = folder.map_or_else(Vec::new, |folder| occurrences(folder, &ground.judgement.zone()));
    let on = shown.iter().map(|one| one.on).min();
    let holds = |slot: &&Slot| {
        let (from, to) = slot.spell.days();
        on.is_some_and(|on| from <= on && on <= to)
    };
    standing.slots.iter().find(holds).map_or_else(|| OTHER.to_owned(), |slot| slot.spell.name())
}

/// Is it run by a subservice organisation, so that there is nothing of ours to show?
pub(super) fn is_inherited(ground: &Ground<'_>, control: usize) -> bool {
    ground.judgement.program.controls.get(control).is_some_and(|of| of.applies_as() == Applies::Inherited)
}
