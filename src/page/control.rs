//! A control with everything its state rests on.

use serde::Serialize;

use super::badge::{self, Badge};
use super::evidence::{Evidence, Pieces};
use super::exception::{self, Recorded};
use super::facts::{self, Fact};
use super::filter;
use super::lookup::Lookup;
use super::slots::{self, Row, Strip};
use crate::gap::Gap;
use crate::model::Control;
use crate::model::registers::Act;
use crate::timeline::{ControlStanding, DesignFault};

/// A control to show.
#[derive(Serialize)]
pub(super) struct Shown {
    anchor: String,
    id: String,
    title: String,
    state: Badge,
    words: String,
    /// By which of its criteria it is found.
    joined: String,
    owner: String,
    strip: Strip,
    /// `4 slots: 2 on-time, 1 missed, 1 open`.
    tally: String,
    because: String,
    change: String,
    description: Vec<String>,
    facts: Vec<Fact>,
    criteria: Vec<Named>,
    policies: Vec<Named>,
    design: Vec<Clause>,
    slots: Vec<Row>,
    evidence: Vec<Evidence>,
    remarks: Vec<Clause>,
    exceptions: Vec<Recorded>,
    waived: Vec<Fact>,
}

/// Something with a state of its own.
#[derive(Serialize)]
struct Named {
    name: String,
    /// Its place in the page; empty when it has none.
    anchor: String,
    badge: Badge,
    text: String,
    change: String,
}

/// What changes a state that needs nothing done.
const UNDONE: &str =
    "nothing has to; what could: an exception found, or its evidence changed, rejected, superseded or gone";

/// A reason and what would change it.
#[derive(Serialize)]
struct Clause {
    because: String,
    change: String,
}

/// The control of that index; `None` when there is no such control.
pub(super) fn view(lookup: &Lookup<'_>, index: usize) -> Option<Shown> {
    let standing = lookup.audit.controls.get(index)?;
    let control = lookup.control(standing)?;
    let pieces = Pieces::new(lookup, standing);
    let why = lookup.judgement.why_control(lookup.audit, standing);
    let description = lookup.program.description(index);
    Some(Shown {
        anchor: lookup.anchor(index),
        id: lookup.judgement.control_name(index),
        title: lookup.program.title(index).into_owned(),
        state: badge::of_control(standing.operation),
        words: filter::words(lookup, standing),
        joined: filter::criteria(lookup, standing),
        owner: control.owner.as_ref().map_or_else(|| "nobody".to_owned(), |owner| owner.value.0.to_string()),
        strip: slots::strip(standing),
        tally: tally(standing),
        because: why.because,
        change: why.change.unwrap_or_else(|| UNDONE.to_owned()),
        description: description
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect(),
        facts: facts::view(lookup, standing, control, &pieces),
        criteria: criteria(lookup, index),
        policies: policies(lookup, control),
        design: design(standing),
        slots: slots::rows(lookup, standing, &pieces),
        evidence: pieces.view(lookup),
        remarks: remarks(lookup, standing),
        exceptions: exception::view(lookup, control),
        waived: waived(lookup, control, standing),
    })
}

fn tally(standing: &ControlStanding) -> String {
    let mut counts = std::collections::BTreeMap::new();
    for slot in &standing.slots {
        *counts.entry(slot.state).or_insert(0usize) += 1;
    }
    let total = crate::text::count(standing.slots.len(), "slot");
    let each: Vec<String> = counts.iter().map(|(state, n)| format!("{n} {}", state.name())).collect();
    match each.len() {
        0 => "no slots".to_owned(),
        _ => format!("{total}: {}", each.join(", ")),
    }
}

fn criteria(lookup: &Lookup<'_>, index: usize) -> Vec<Named> {
    let all = lookup.criteria.get(index).into_iter().flatten();
    all.map(|standing| Named {
        name: lookup.names_of(standing).0.to_owned(),
        anchor: filter::anchor(lookup.names_of(standing).0),
        badge: badge::of_support(standing.support),
        text: String::new(),
        change: String::new(),
    })
    .collect()
}

fn policies(lookup: &Lookup<'_>, control: &Control) -> Vec<Named> {
    let one = |reference: &str| match lookup.policy(reference) {
        Some(policy) => {
            let why = lookup.judgement.why_policy(policy);
            let beside = [super::policies::as_of(lookup, policy), super::policies::part(lookup, policy)];
            let beside = beside.into_iter().filter(|text| !text.is_empty());
            Named {
                name: reference.to_owned(),
                anchor: format!("p-{}", crate::program::document(reference)),
                badge: badge::of_policy(policy.state),
                text: beside.chain([why.because]).collect::<Vec<_>>().join("; "),
                change: why.change.unwrap_or_default(),
            }
        }
        None => Named {
            name: reference.to_owned(),
            anchor: String::new(),
            badge: Badge { name: "unknown", sign: "?", tone: "unknown" },
            text: "no policy of that name could be read".to_owned(),
            change: "correct the name under `policies`".to_owned(),
        },
    };
    control.policies.iter().map(|reference| one(&reference.value.0)).collect()
}

fn design(standing: &ControlStanding) -> Vec<Clause> {
    let one = |fault: &DesignFault| Clause { because: fault.words(), change: fault.mend().to_owned() };
    standing.design.iter().map(one).collect()
}

fn remarks(lookup: &Lookup<'_>, standing: &ControlStanding) -> Vec<Clause> {
    let whys = standing.remarks.iter().map(|remark| lookup.judgement.why_remark(standing, remark));
    whys.map(|why| Clause { because: why.because, change: why.change.unwrap_or_default() }).collect()
}

/// `on 2026-03-01 by Alice Adams (alice)`.
pub(super) fn act(lookup: &Lookup<'_>, act: &Act) -> String {
    let on = act.on.as_ref().map_or_else(|| "on no date".to_owned(), |on| format!("on {}", on.value));
    match &act.by {
        Some(by) => format!("{on} by {}", lookup.who(&by.value.0)),
        None => on,
    }
}

/// Gaps about the control or its evidence that a waiver lets through.
fn waived(lookup: &Lookup<'_>, control: &Control, standing: &ControlStanding) -> Vec<Fact> {
    let evidence = lookup.judgement.evidence_of.get(standing.control).into_iter().flatten();
    let mut about: Vec<String> = vec![control.id.value.0.to_string()];
    if !lookup.waived_about.is_empty() {
        about.extend(evidence.map(|index| lookup.judgement.evidence_name(*index as usize)));
    }
    let gaps = about.iter().filter_map(|id| lookup.waived_about.get(id.as_str())).flatten();
    let is_own = |gap: &&&Gap| matches!(gap.subject.kind, "control" | "evidence");
    gaps.filter(is_own)
        .map(|gap| Fact {
            name: gap.waiver.clone().unwrap_or_default(),
            text: format!("{}: {}", gap.rule, gap.message),
        })
        .collect()
}
