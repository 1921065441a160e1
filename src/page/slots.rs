//! The slots of a control: a strip of the window, and a row each.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::badge::{self, Badge};
use super::evidence::{Pieces, counting};
use super::lookup::Lookup;
use super::performed;
use crate::timeline::{Because, ControlStanding, Slot, SlotState, Spell};

/// A strip has no more cells than this; a daily control's hold a week each.
const CELLS: usize = 53;

/// What is said of an interval that ends after the window.
pub(super) const NEXT: &str = "belongs to the next window";

/// Does the interval end after the window? Nothing is due for it in this one.
pub(super) fn is_next(slot: &Slot) -> bool {
    slot.because == Some(Because::EndsAfterWindow)
}

/// Is it open, and falls due in the window?
pub(super) fn is_waiting(slot: &Slot) -> bool {
    slot.state == SlotState::Open && !is_next(slot)
}

/// Up to so many slots have a row each, whatever they say.
const EACH: usize = 24;

/// The intervals of a window side by side.
#[derive(Serialize)]
pub(super) struct Strip {
    cells: Vec<Cell>,
    /// Too many to be wide.
    many: bool,
    /// The same in words.
    words: String,
}

#[derive(Serialize)]
struct Cell {
    #[serde(flatten)]
    badge: Badge,
    words: String,
}

/// A slot in words, or several alike.
#[derive(Serialize)]
pub(super) struct Row {
    /// How many slots it stands for.
    n: usize,
    name: String,
    system: String,
    from: String,
    to: String,
    due: String,
    badge: Badge,
    /// What an open slot waits for.
    beside: &'static str,
    /// What came of it, where that is anything but as expected.
    result: String,
    /// `2026-03-28 by Alice Adams (alice)`; empty when nothing fills it.
    performed: String,
    because: String,
    change: String,
    /// Evidence it rests on, or that was not accepted for it.
    evidence: Vec<Link>,
}

/// A link to a piece of evidence below the slots.
#[derive(Serialize)]
struct Link {
    anchor: String,
    id: String,
    /// `counts for this slot`, `not accepted`.
    role: &'static str,
}

/// The strip of a control, all its systems together: a cell is as bad as the worst of them.
pub(super) fn strip(standing: &ControlStanding) -> Strip {
    let mut spells: BTreeMap<Spell, BTreeMap<SlotState, usize>> = BTreeMap::new();
    for slot in &standing.slots {
        *spells.entry(slot.spell).or_default().entry(slot.state).or_default() += 1;
    }
    let spells: Vec<(Spell, BTreeMap<SlotState, usize>)> = spells.into_iter().collect();
    let width = spells.len().div_ceil(CELLS).max(1);
    let cells: Vec<(String, SlotState, BTreeMap<SlotState, usize>)> =
        spells.chunks(width).filter_map(merged).collect();
    Strip { words: in_words(&cells), many: cells.len() > 26, cells: cells.into_iter().map(cell).collect() }
}

/// Neighbouring intervals as one cell.
fn merged(
    spells: &[(Spell, BTreeMap<SlotState, usize>)],
) -> Option<(String, SlotState, BTreeMap<SlotState, usize>)> {
    let mut counts: BTreeMap<SlotState, usize> = BTreeMap::new();
    for (state, n) in spells.iter().flat_map(|(_, counts)| counts) {
        *counts.entry(*state).or_default() += n;
    }
    let (first, last) = (&spells.first()?.0, &spells.last()?.0);
    let name = if first == last { first.name() } else { format!("{} to {}", first.name(), last.name()) };
    Some((name, worst(&counts)?, counts))
}

fn cell((name, state, counts): (String, SlotState, BTreeMap<SlotState, usize>)) -> Cell {
    let total: usize = counts.values().sum();
    let words = match total {
        1 => format!("{name}: {}", state.name()),
        _ => {
            let each: Vec<String> = counts.iter().map(|(state, n)| format!("{n} {}", state.name())).collect();
            format!("{name}: {}", each.join(", "))
        }
    };
    Cell { badge: badge::of_slot(state), words }
}

/// The state that a cell shows: what is settled and not on time, else what is open, else the best.
fn worst(counts: &BTreeMap<SlotState, usize>) -> Option<SlotState> {
    let bad = counts.keys().filter(|state| state.is_settled() && **state != SlotState::OnTime).max();
    let open = counts.keys().find(|state| **state == SlotState::Open);
    bad.or(open).or_else(|| counts.keys().next()).copied()
}

/// Runs of one state together: `2026-Q1 to 2026-Q2 on-time, 2026-Q3 open`.
fn in_words(cells: &[(String, SlotState, BTreeMap<SlotState, usize>)]) -> String {
    let runs = cells.chunk_by(|a, b| a.1 == b.1).filter_map(|run| {
        let (first, last) = (run.first()?, run.last()?);
        let from = first.0.split(" to ").next().unwrap_or_default();
        let to = last.0.rsplit(" to ").next().unwrap_or_default();
        let name = if from == to { from.to_owned() } else { format!("{from} to {to}") };
        Some(format!("{name} {}", first.1.name()))
    });
    runs.collect::<Vec<_>>().join(", ")
}

/// A row for each slot; where there are many, runs of slots that are alike share one.
pub(super) fn rows(lookup: &Lookup<'_>, standing: &ControlStanding, pieces: &Pieces<'_>) -> Vec<Row> {
    let one = |slot| row(lookup, standing, slot, pieces);
    if standing.slots.len() <= EACH {
        return standing.slots.iter().map(one).collect();
    }
    let runs = standing.slots.chunk_by(alike);
    runs.flat_map(|run| match run {
        [first, _, _, .., last] => vec![shared(run.len(), one(first), one(last))],
        _ => run.iter().map(one).collect(),
    })
    .collect()
}

/// Do two neighbours of one system say the same, with nothing to explain?
fn alike(a: &Slot, b: &Slot) -> bool {
    let plain = |slot: &Slot| {
        matches!(slot.state, SlotState::OnTime | SlotState::Open | SlotState::NotExpected)
            && slot.refused.is_empty()
            && slot.exception.is_none()
    };
    let shown_by = |slot: &Slot| slot.filled_by.map(|filler| filler.evidence);
    is_next(a) == is_next(b)
        && plain(a)
        && plain(b)
        && (a.system, a.state, shown_by(a)) == (b.system, b.state, shown_by(b))
}

/// One row for a run of slots.
fn shared(n: usize, first: Row, last: Row) -> Row {
    let performed = match first.performed.is_empty() {
        true => String::new(),
        false => format!("first {}, last {}", first.performed, last.performed),
    };
    Row {
        n,
        name: format!("{} to {}", first.name, last.name),
        to: last.to,
        due: last.due,
        performed,
        because: format!("each alike; the first: {}; the last: {}", first.because, last.because),
        ..first
    }
}

fn row(lookup: &Lookup<'_>, standing: &ControlStanding, slot: &Slot, pieces: &Pieces<'_>) -> Row {
    let judgement = lookup.judgement;
    let (from, to) = slot.spell.days();
    let why = judgement.why_slot(lookup.audit, standing, slot);
    let performed = slot.filled_by.map_or_else(String::new, |filler| {
        match pieces.performer(filler.evidence, filler.on) {
            Some(by) => format!("{} by {}", filler.on, lookup.who(by)),
            None => filler.on.to_string(),
        }
    });
    let link = |evidence: usize, role| Link {
        anchor: pieces.anchor(evidence),
        id: judgement.evidence_name(evidence),
        role,
    };
    let result = slot.filled_by.and_then(|by| lookup.program.evidence.get(by.evidence));
    let result = result.and_then(|folder| performed::unusual(&folder.manifest));
    let mut refused: Vec<usize> = slot.refused.iter().map(|refused| refused.evidence).collect();
    refused.dedup();
    Row {
        n: 1,
        name: slot.spell.name(),
        system: judgement.slot_system(standing, slot).unwrap_or_default(),
        from: day(from),
        to: day(to),
        due: day(slot.due),
        badge: badge::of_slot(slot.state),
        beside: if is_next(slot) { NEXT } else { "" },
        result: result.unwrap_or_default(),
        performed,
        because: why.because,
        change: why.change.unwrap_or_default(),
        evidence: counting(slot)
            .into_iter()
            .map(|one| link(one, "counts for this slot"))
            .chain(refused.into_iter().map(|one| link(one, "not accepted")))
            .collect(),
    }
}

fn day(day: Date) -> String {
    day.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(states: &[SlotState]) -> BTreeMap<SlotState, usize> {
        states.iter().map(|state| (*state, 1)).collect()
    }

    #[test]
    fn a_cell_never_looks_better_than_a_system_of_it() {
        use SlotState::{Missed, NotExpected, OnTime, Open, Unknown};
        assert_eq!(worst(&counts(&[OnTime, Missed, Open])), Some(Missed));
        assert_eq!(worst(&counts(&[OnTime, Open])), Some(Open));
        assert_eq!(worst(&counts(&[OnTime, Unknown])), Some(Unknown));
        assert_eq!(worst(&counts(&[OnTime, NotExpected])), Some(OnTime));
        assert_eq!(worst(&counts(&[])), None);
    }
}
