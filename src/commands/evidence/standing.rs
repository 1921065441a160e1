//! What evidence counts for once it is written: the slots it fills, or what keeps it from filling one.

use std::collections::BTreeSet;

use super::Ground;
use crate::error::Result;
use crate::model::Cadence;
use crate::program::Program;
use crate::source::Sources;
use crate::text::{safe, some};
use crate::timeline::{Clock, Judgement, Slot, SlotState, needs_review};

/// One line about evidence as it now lies on disk; `None` when there is nothing to say.
pub(super) fn line(ground: &Ground<'_>, id: &str) -> Result<Option<String>> {
    let program = Program::load(Sources::read(&ground.root)?);
    let Some(index) = program.evidence.iter().position(|folder| program.evidence_id(folder) == id) else {
        return Ok(Some("It cannot be read: soc2 check names its faults".to_owned()));
    };
    let judgement = ground.ui.busy("judging", || Judgement::new(&program, Clock::today(ground.today), None));
    let against = against(&judgement, index);
    let filled = filled(&judgement, index);
    Ok(if !against.is_empty() {
        Some(format!("Not counted: {}", against.join("; ")))
    } else if !filled.is_empty() {
        Some(format!("Fills {}", some(&filled, 6)))
    } else {
        unfilled(&judgement, index)
    })
}

/// Why accepted evidence fills no slot: what it counts for instead, or which slots there are.
fn unfilled(judgement: &Judgement<'_>, index: usize) -> Option<String> {
    let program = judgement.program;
    let named = &program.evidence.get(index)?.manifest.controls;
    let own = named.iter().find_map(|named| program.names.controls.get(&named.value.0)).copied()?;
    let control = program.controls.get(own)?;
    let id = &control.id.value;
    if judgement.audits.iter().all(|audit| audit.id.is_none()) {
        return Some("Fills no slot: soc2.toml names no audit, so there are none yet".to_owned());
    }
    let mut slots = slots(judgement).filter(|(of, _)| *of == own).map(|(_, slot)| slot).peekable();
    if slots.peek().is_none() {
        return Some(format!("Fills no slot: `{id}` has none in an audit that is judged today"));
    }
    let counted = slots.find(|slot| slot.also.contains(&index));
    let event = control.cadence.as_ref().is_some_and(|cadence| cadence.value == Cadence::Event);
    Some(match counted {
        Some(slot) if event => format!(
            "Fills no slot yet: `{id}` is performed on events, and is judged once the window ends on {}, by a list of all that \
             happened (a population) and evidence of its items; this is kept for it",
            slot.spell.days().1
        ),
        Some(slot) => format!(
            "Fills no slot: other evidence fills {} of `{id}` already; this counts beside it",
            slot.spell.name()
        ),
        None => format!("Fills no slot: `{id}` has none for the day that it shows"),
    })
}

/// What keeps it from being accepted.
fn against(judgement: &Judgement<'_>, index: usize) -> Vec<String> {
    let program = judgement.program;
    let Some(standing) = judgement.evidence.get(index) else { return Vec::new() };
    let mut flaws: BTreeSet<_> = standing.flaws.iter().collect();
    let controls = program.evidence.get(index).map_or(&[][..], |folder| &folder.manifest.controls);
    let mut controls = controls.iter().filter_map(|named| program.names.controls.get(&named.value.0));
    if controls.any(|control| program.controls.get(*control).is_some_and(needs_review)) {
        flaws.extend(&standing.review);
    }
    for (_, slot) in slots(judgement) {
        flaws.extend(slot.refused.iter().filter(|one| one.evidence == index).flat_map(|one| &one.flaws));
    }
    flaws.into_iter().map(|flaw| flaw.words(program)).collect()
}

/// The slots it fills, with their states.
fn filled(judgement: &Judgement<'_>, index: usize) -> Vec<String> {
    let mut filled = BTreeSet::new();
    for (control, slot) in slots(judgement) {
        if slot.filled_by.is_none_or(|filler| filler.evidence != index) || slot.state == SlotState::Unknown {
            continue;
        }
        let Some(control) = judgement.program.controls.get(control) else { continue };
        let system = slot.system.and_then(|system| control.systems.get(system));
        let system = system.map_or_else(String::new, |system| format!(" for `{}`", safe(&system.value.0)));
        filled.insert(format!(
            "slot {} of `{}`{system}: {}",
            slot.spell.name(),
            control.id.value,
            slot.state.name()
        ));
    }
    filled.into_iter().collect()
}

/// Every slot of every audit, each with its control.
fn slots<'j>(judgement: &'j Judgement<'_>) -> impl Iterator<Item = (usize, &'j Slot)> {
    let controls = judgement.audits.iter().flat_map(|audit| &audit.controls);
    controls.flat_map(|control| control.slots.iter().map(|slot| (control.control, slot)))
}
