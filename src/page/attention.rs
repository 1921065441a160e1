//! What needs a look: slots that are not on time, results nobody followed up, designs that are deficient, controls not in
//! place, policies not in force, remarks, waivers, and what is due next; one line each.

use serde::Serialize;

use super::badge::{self, Badge};
use super::filter::{self, Number};
use super::lookup::Lookup;
use crate::model::registers::Waiver;
use crate::text::{count, some};
use crate::timeline::{
    ControlStanding, DesignFault, Operation, PolicyStanding, PolicyState, Reason, Slot, SlotState,
};

/// Names of slots above this are counted in a line.
const NAMED: usize = 6;

/// The states to look at, worst first.
const STATES: &[SlotState] = &[
    SlotState::Deviation,
    SlotState::Missed,
    SlotState::InsufficientEvidence,
    SlotState::Unknown,
    SlotState::NeedsAuditorAgreement,
    SlotState::OperatedBeforeWindow,
    SlotState::Late,
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
    /// What a line is about: `Control`.
    head: &'static str,
    /// Shown unfolded.
    open: bool,
    lines: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    anchor: String,
    name: String,
    title: String,
    owner: String,
    slots: String,
    because: String,
    change: String,
}

/// Every group that has a line.
pub(super) fn view(lookup: &Lookup<'_>) -> Vec<Group> {
    let mut groups: Vec<Group> = STATES
        .iter()
        .map(|state| of_slots(lookup, *state, Number::new(0, "", "slot", state.name()), |_| true))
        .collect();
    groups.push(remarked(lookup, "result-open"));
    groups.push(designs(lookup));
    groups.push(not_in_place(lookup));
    groups.extend(PolicyState::MEANINGS.iter().map(|(state, meaning)| policies(lookup, *state, meaning)));
    groups.extend(REMARKS.iter().skip(1).map(|(name, ..)| remarked(lookup, name)));
    groups.push(waivers(lookup));
    let open = SlotState::Open;
    let waiting =
        of_slots(lookup, open, Number::new(0, "", "slots", "not-due-yet"), super::slots::is_waiting);
    groups.push(Group { title: "open: not due yet".to_owned(), open: false, ..waiting });
    let next = of_slots(lookup, open, Number::new(0, "", "slots", "next-window"), super::slots::is_next);
    groups.push(Group {
        title: super::slots::NEXT.to_owned(),
        meaning: "the interval ends after the window, so nothing is due for it in this one",
        open: false,
        ..next
    });
    groups.retain(|group| !group.lines.is_empty());
    groups
}

/// Slots of one state that are wanted, a line for each control; `link` says where their number leads.
fn of_slots(lookup: &Lookup<'_>, state: SlotState, link: Number, wanted: impl Fn(&Slot) -> bool) -> Group {
    let mut lines = Vec::new();
    let mut n = 0;
    for standing in lookup.audit.controls.iter().filter(|one| one.operation != Operation::NotYetOperated) {
        let slots: Vec<&Slot> =
            standing.slots.iter().filter(|slot| slot.state == state && wanted(slot)).collect();
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
    let meaning =
        SlotState::MEANINGS.iter().find(|(own, _)| *own == state).map_or("", |(_, meaning)| meaning);
    Group {
        title: state.name().to_owned(),
        badge: badge::of_slot(state),
        number: Number { n, what: count(n, "slot"), ..link },
        controls: lines.len(),
        meaning,
        head: "Control",
        open: true,
        lines,
    }
}

/// The remarks that are told, and what they mean; an open result comes first.
const REMARKS: &[(&str, &str, &str, Badge)] = &[
    (
        "result-open",
        "results nobody followed up",
        "a performance noted exceptions or failed, and no evidence says what was done about it",
        Badge { name: "result-open", sign: "!", tone: "weak" },
    ),
    (
        "partial-period",
        "in place on part of the window",
        "a change inside the window, which the auditor is told of (DC 9)",
        Badge { name: "partial-period", sign: "!", tone: "watch" },
    ),
    (
        "clustered",
        "performed close together",
        "two neighbouring slots were filled within a third of the cadence",
        Badge { name: "clustered", sign: "!", tone: "watch" },
    ),
    (
        "shown-once",
        "shown once",
        "a setting that is on all the time is shown near one point of the window only",
        Badge { name: "shown-once", sign: "!", tone: "watch" },
    ),
    (
        "no-system-in-scope",
        "no system in scope",
        "the control names systems, and the audit looks at none of them",
        Badge { name: "no-system-in-scope", sign: "!", tone: "watch" },
    ),
];

/// Controls with one kind of remark, a line for each remark.
fn remarked(lookup: &Lookup<'_>, name: &str) -> Group {
    let (_, title, meaning, badge) =
        REMARKS.iter().find(|(own, ..)| *own == name).copied().unwrap_or(("", "", "", NONE));
    let mut lines = Vec::new();
    let mut controls = 0;
    for standing in &lookup.audit.controls {
        let own = standing.remarks.iter().filter(|remark| filter::remark(remark) == Some(name));
        let before = lines.len();
        let why = |remark| lookup.judgement.why_remark(standing, remark);
        lines.extend(own.map(|remark| line(lookup, standing, String::new(), why(remark))));
        controls += usize::from(lines.len() > before);
    }
    let of = if name == "result-open" { "result" } else { "remark" };
    Group {
        title: title.to_owned(),
        badge,
        number: Number::new(lines.len(), count(lines.len(), of), "remark", name),
        controls,
        meaning,
        head: "Control",
        open: name == "result-open",
        lines,
    }
}

/// Nothing to say.
const NONE: Badge = Badge { name: "", sign: "", tone: "none" };

/// Controls that are draft or planned, or in place on no judged day.
fn not_in_place(lookup: &Lookup<'_>) -> Group {
    let own = lookup.audit.controls.iter().filter(|one| one.operation == Operation::NotImplemented);
    let why = |standing| lookup.judgement.why_control(lookup.audit, standing);
    let lines: Vec<Line> = own.map(|one| line(lookup, one, String::new(), why(one))).collect();
    let state = Operation::NotImplemented;
    Group {
        title: "not implemented".to_owned(),
        badge: badge::of_control(state),
        number: Number::new(lines.len(), count(lines.len(), "control"), "state", state.name()),
        controls: lines.len(),
        meaning: Operation::MEANINGS.iter().find(|(own, _)| *own == state).map_or("", |(_, meaning)| meaning),
        head: "Control",
        open: false,
        lines,
    }
}

/// Policies of a state, other than those that are simply in force.
fn policies(lookup: &Lookup<'_>, state: PolicyState, meaning: &'static str) -> Group {
    let own = |one: &&PolicyStanding| one.state == state && state != PolicyState::InForce;
    let one = |standing: &PolicyStanding| {
        let head = &lookup.program.policies.get(standing.policy)?.head;
        let why = lookup.judgement.why_policy(standing);
        Some(Line {
            anchor: format!("p-{}", head.id.value.0),
            name: head.id.value.0.to_string(),
            title: head.title.as_ref().map_or_else(String::new, |title| title.value.to_string()),
            owner: head.owner.as_ref().map_or_else(|| "nobody".to_owned(), |owner| owner.value.0.to_string()),
            slots: String::new(),
            because: why.because,
            change: why.change.unwrap_or_default(),
        })
    };
    let lines: Vec<Line> = lookup.judgement.policies.iter().filter(own).filter_map(one).collect();
    let n = lines.len();
    let named = |reference: &str| lookup.policy(reference).is_some_and(|policy| policy.state == state);
    let resting = lookup.program.controls.iter();
    let resting = resting.filter(|control| control.policies.iter().any(|name| named(&name.value.0))).count();
    let number = Number::new(n, count(n, "policy"), "policy-state", state.name());
    Group {
        title: format!("policies: {}", state.name()),
        badge: badge::of_policy(state),
        number: if resting == 0 { Number { filter: String::new(), ..number } } else { number },
        controls: resting,
        meaning,
        head: "Policy",
        open: false,
        lines,
    }
}

/// Waivers that hold on the as-of day.
fn waivers(lookup: &Lookup<'_>) -> Group {
    let day = lookup.judgement.as_of;
    let holds = |waiver: &&Waiver| {
        let approved = waiver.approved.as_ref().and_then(|act| act.on.as_ref());
        approved.is_some_and(|on| on.value <= day)
            && waiver.expires.as_ref().is_some_and(|last| day <= last.value)
    };
    let one = |waiver: &Waiver| {
        let hidden = lookup.waived.get(&*waiver.id.value.0).map_or(0, Vec::len);
        let rule = waiver.rule.as_ref().map_or("", |rule| &*rule.value);
        let subject = waiver.subject.as_ref().map_or("", |subject| &*subject.value);
        let requested = waiver.requested.as_ref().and_then(|act| act.by.as_ref());
        let reason = waiver.reason.as_ref().map_or("no reason given", |reason| reason.value.trim());
        Line {
            anchor: "waivers".to_owned(),
            name: waiver.id.value.0.to_string(),
            title: format!("{rule} of {subject}"),
            owner: requested.map_or_else(|| "nobody".to_owned(), |by| lookup.who(&by.value.0)),
            slots: waiver.expires.as_ref().map_or_else(String::new, |last| format!("until {}", last.value)),
            because: format!("hides {}: {reason}", count(hidden, "gap")),
            change: "mend what it hides, or decide anew before it ends".to_owned(),
        }
    };
    let lines: Vec<Line> = lookup.program.registers.waivers.iter().filter(holds).map(one).collect();
    let number = Number::new(lines.len(), count(lines.len(), "waiver"), "", "");
    Group {
        title: "waivers in force".to_owned(),
        badge: Badge { name: "waived", sign: "~", tone: "watch" },
        controls: lines.len(),
        number: Number { filter: String::new(), ..number },
        meaning: "each lets a gap through for a time and changes no state on this page",
        head: "Waiver",
        open: false,
        lines,
    }
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
        number: Number::new(lines.len(), count(lines.len(), "control"), "design", "deficient"),
        meaning: "nobody answers for the control, no policy in force orders it, or its design is so recorded; \
                  judged apart from operation",
        head: "Control",
        open: true,
        lines,
    }
}

fn line(lookup: &Lookup<'_>, standing: &ControlStanding, slots: String, why: Reason) -> Line {
    let owner = lookup.control(standing).and_then(|control| control.owner.as_ref());
    Line {
        anchor: lookup.anchor(standing.control),
        name: lookup.judgement.control_name(standing.control),
        title: lookup.program.title(standing.control).into_owned(),
        owner: owner.map_or_else(|| "nobody".to_owned(), |owner| owner.value.0.to_string()),
        slots,
        because: why.because,
        change: why.change.unwrap_or_default(),
    }
}
