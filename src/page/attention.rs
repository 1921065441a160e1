//! What needs a look: slots that are not on time, results nobody followed up, designs that are deficient, and what is
//! due next; one line a control.

use serde::Serialize;

use super::badge::{self, Badge};
use super::filter::{Number, counted};
use super::lookup::Lookup;
use crate::text::some;
use crate::timeline::{ControlStanding, DesignFault, Operation, Reason, Remark, Slot, SlotState};

/// Names of slots above this are counted in a line.
const NAMED: usize = 6;

/// The states to look at, worst first; the last is only waiting.
const STATES: &[SlotState] = &[
    SlotState::Deviation,
    SlotState::Missed,
    SlotState::InsufficientEvidence,
    SlotState::Unknown,
    SlotState::NeedsAuditorAgreement,
    SlotState::OperatedBeforeWindow,
    SlotState::Late,
    SlotState::Open,
];

/// Controls that have something in common.
#[derive(Serialize)]
pub(super) struct Group {
    title: String,
    badge: Badge,
    number: Number,
    /// How many controls, where slots are counted.
    controls: usize,
    meaning: &'static str,
    lines: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    anchor: String,
    control: String,
    title: String,
    owner: String,
    slots: String,
    because: String,
    change: String,
}

/// Every group that has a line.
pub(super) fn view(lookup: &Lookup<'_>) -> Vec<Group> {
    let mut groups: Vec<Group> = STATES.iter().map(|state| of_state(lookup, *state)).collect();
    let waiting = groups.pop();
    groups.push(open_results(lookup));
    groups.push(designs(lookup));
    groups.extend(waiting);
    groups.retain(|group| !group.lines.is_empty());
    groups
}

fn of_state(lookup: &Lookup<'_>, state: SlotState) -> Group {
    let mut lines = Vec::new();
    let mut n = 0;
    for standing in lookup.audit.controls.iter().filter(|one| one.operation != Operation::NotYetOperated) {
        let slots: Vec<&Slot> = standing.slots.iter().filter(|slot| slot.state == state).collect();
        let Some(first) = slots.first() else { continue };
        n += slots.len();
        let why = lookup.judgement.why_slot(lookup.audit, standing, first);
        let names: Vec<String> = slots
            .iter()
            .map(|slot| lookup.judgement.slot_name(standing, slot))
            .filter(|name| !name.is_empty())
            .collect();
        lines.push(line(lookup, standing, some(&names, NAMED), why));
    }
    let controls = lookup.audit.controls.iter().filter(|one| counted(one).any(|own| own == state)).count();
    let title =
        if state == SlotState::Open { "open: not due yet".to_owned() } else { state.name().to_owned() };
    let meaning =
        SlotState::MEANINGS.iter().find(|(own, _)| *own == state).map_or("", |(_, meaning)| meaning);
    let number = Number::new(n, crate::text::count(n, "slot"), "slot", state.name());
    Group { title, badge: badge::of_slot(state), number, controls, meaning, lines }
}

fn open_results(lookup: &Lookup<'_>) -> Group {
    let mut lines = Vec::new();
    for standing in &lookup.audit.controls {
        for remark in standing.remarks.iter().filter(|remark| matches!(remark, Remark::ResultOpen { .. })) {
            lines.push(line(lookup, standing, String::new(), lookup.judgement.why_remark(standing, remark)));
        }
    }
    Group {
        title: "results nobody followed up".to_owned(),
        badge: Badge { name: "result-open", sign: "!", tone: "weak" },
        controls: lookup.audit.controls.iter().filter(|one| has_open_result(one)).count(),
        number: Number::new(lines.len(), crate::text::count(lines.len(), "result"), "result", "open"),
        meaning: "a performance noted exceptions or failed, and no evidence says what was done about it",
        lines,
    }
}

fn has_open_result(standing: &ControlStanding) -> bool {
    standing.remarks.iter().any(|remark| matches!(remark, Remark::ResultOpen { .. }))
}

fn designs(lookup: &Lookup<'_>) -> Group {
    let mut lines = Vec::new();
    for standing in lookup.audit.controls.iter().filter(|one| !one.design.is_empty()) {
        let words: Vec<String> = standing.design.iter().map(DesignFault::words).collect();
        let change = standing.design.first().map(|fault| fault.mend().to_owned());
        let why = Reason { because: words.join("; "), change, evidence: Vec::new() };
        lines.push(line(lookup, standing, String::new(), why));
    }
    Group {
        title: "design deficient".to_owned(),
        badge: Badge { name: "design-deficient", sign: "!", tone: "bad" },
        controls: lines.len(),
        number: Number::new(lines.len(), crate::text::count(lines.len(), "control"), "design", "deficient"),
        meaning: "nobody answers for the control, no policy in force orders it, or its design is so recorded; \
                  judged apart from operation",
        lines,
    }
}

fn line(lookup: &Lookup<'_>, standing: &ControlStanding, slots: String, why: Reason) -> Line {
    let owner = lookup.control(standing).and_then(|control| control.owner.as_ref());
    Line {
        anchor: lookup.anchor(standing.control),
        control: lookup.judgement.control_name(standing.control),
        title: lookup.program.title(standing.control).into_owned(),
        owner: owner.map_or_else(|| "nobody".to_owned(), |owner| owner.value.0.to_string()),
        slots,
        because: why.because,
        change: why.change.unwrap_or_default(),
    }
}
