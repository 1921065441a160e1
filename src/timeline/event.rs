//! Event controls: performed each time something happens. What happened is shown by populations over the window; that
//! nothing happened needs the same proof.

use std::collections::BTreeSet;

use super::AuditStanding;
use super::coverage::{holes, overlap};
use super::occurrence;
use super::operation::{Case, ControlStanding, Operation};
use super::population::{self, PopulationFile};
use super::slot::{Because, Filler, Refused, Slot, SlotState, Spell};
use crate::model::EvidenceKind;

pub(super) fn judge(case: &Case<'_, '_>, audit: &AuditStanding, standing: &mut ControlStanding) {
    let Some(window) = overlap(case.life, audit.window) else { return };
    let found = found(case, window);
    let (state, because) = verdict(case, window, &found);
    if because == Some(Because::NothingHappened) {
        standing.operation = Operation::NoOccurrence;
    }
    let filled_by = found.filled_by.filter(|_| matches!(state, SlotState::OnTime | SlotState::NoOccurrence));
    let filler = filled_by.map(|by| by.evidence);
    standing.slots.push(Slot {
        spell: Spell::Window(window.0, window.1),
        system: None,
        due: window.1,
        state,
        filled_by,
        also: found.counted.into_iter().filter(|one| Some(*one) != filler).collect(),
        refused: found.refused,
        exception: None,
        because,
    });
}

/// What the evidence of the window shows.
#[derive(Default)]
struct Found<'p> {
    any: bool,
    filled_by: Option<Filler>,
    /// Accepted evidence, by index.
    counted: Vec<usize>,
    refused: Vec<Refused>,
    populations: Vec<PopulationFile<'p>>,
    nil_statement: bool,
    /// Items that accepted evidence names, each once.
    items: BTreeSet<&'p str>,
    /// Accepted performances that name no item.
    unnamed: u64,
}

/// Evidence that speaks about the window: performed in it, or a population that covers days of it.
fn found<'p>(case: &Case<'_, 'p>, window: (jiff::civil::Date, jiff::civil::Date)) -> Found<'p> {
    let mut found = Found::default();
    let mut seen: Vec<usize> = Vec::new();
    for shown in case.shown {
        let Some(folder) = case.ground.program.evidence.get(shown.evidence) else { continue };
        let covers =
            |file: &PopulationFile<'_>| file.covers().is_some_and(|days| overlap(days, window).is_some());
        let inside = window.0 <= shown.one.on && shown.one.on <= window.1;
        // A population speaks about the days it covers, whenever it was taken.
        let mut said = population::of(folder).filter(|file| file.covers().is_some()).peekable();
        let relevant = if said.peek().is_some() { said.any(|file| covers(&file)) } else { inside };
        if !relevant {
            continue;
        }
        found.any = true;
        let first = !seen.contains(&shown.evidence);
        if first {
            seen.push(shown.evidence);
        }
        if !shown.is_accepted() {
            if first {
                found.refused.push(shown.refused());
            }
            continue;
        }
        let kind = folder.manifest.kind.as_ref().map(|kind| kind.value);
        let populations: Vec<PopulationFile<'p>> = population::of(folder).filter(covers).collect();
        if kind == Some(EvidenceKind::NilStatement) {
            found.nil_statement = true;
        } else if inside && (populations.is_empty() || occurrence::has_items(&folder.manifest)) {
            match shown.one.item {
                Some(item) => {
                    found.items.insert(item);
                }
                None => found.unnamed += 1,
            }
        }
        if first {
            found.filled_by = found.filled_by.or(Some(shown.filler()));
            found.counted.push(shown.evidence);
            found.populations.extend(populations);
        }
    }
    found
}

fn verdict(
    case: &Case<'_, '_>,
    window: (jiff::civil::Date, jiff::civil::Date),
    found: &Found<'_>,
) -> (SlotState, Option<Because>) {
    if case.as_of() < window.1 {
        return (SlotState::Open, None);
    }
    let unfilled = || case.unfilled(&found.refused);
    if !found.any {
        return match (case.unreadable, case.as_of() > window.1) {
            (true, true) => (SlotState::Unknown, Some(Because::Unreadable)),
            (false, true) => (SlotState::Unknown, Some(Because::NoManifest)),
            (_, false) => (SlotState::Open, None),
        };
    }
    if found.populations.is_empty() {
        // Bytes that are not here may be the population.
        let state = if unfilled() == SlotState::Unknown {
            SlotState::Unknown
        } else {
            SlotState::InsufficientEvidence
        };
        let because = if found.nil_statement { Because::NilWithoutProof } else { Because::NoPopulation };
        return (state, Some(because));
    }
    let covered = found.populations.iter().filter_map(PopulationFile::covers).collect();
    if let Some((from, to)) = holes(covered, window).first() {
        // On the last day itself the list of it cannot be whole yet.
        let is_over = case.as_of() > window.1;
        let state = if is_over { SlotState::InsufficientEvidence } else { SlotState::Open };
        return (state, Some(Because::PopulationShort(*from, *to)));
    }
    let stated = |file: &PopulationFile<'_>| file.population.count.as_ref().map_or(0, |count| count.value);
    let total: u64 = found.populations.iter().map(stated).fold(0, u64::saturating_add);
    if total == 0 && !found.populations.iter().all(PopulationFile::is_empty_proven) {
        // A count that nobody can check proves nothing.
        return (SlotState::InsufficientEvidence, Some(Because::NilWithoutProof));
    }
    if total == 0 {
        // Only what is stated to be empty, with query, completeness and period, proves it.
        return (SlotState::NoOccurrence, Some(Because::NothingHappened));
    }
    let items = found.items.len() as u64;
    let because = match (items, found.unnamed) {
        (0, 0) => return (SlotState::InsufficientEvidence, Some(Because::NoItem(total))),
        (0, unnamed) => Because::Unnamed(unnamed, total),
        (items, _) => Because::Items(items.min(total), total),
    };
    (SlotState::OnTime, Some(because))
}
