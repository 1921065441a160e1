//! A control with everything its state rests on.

use serde::Serialize;

use super::badge::{self, Badge};
use super::evidence::{Evidence, Pieces};
use super::filter;
use super::lookup::Lookup;
use super::slots::{self, Row, Strip};
use crate::gap::Gap;
use crate::model::Control;
use crate::model::registers::Act;
use crate::timeline::{self, ControlStanding, DesignFault};

/// A control to show.
#[derive(Serialize)]
pub(super) struct Shown {
    anchor: String,
    id: String,
    title: String,
    state: Badge,
    words: String,
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
    exceptions: Vec<Fact>,
    waived: Vec<Fact>,
}

/// A name and what there is to say of it.
#[derive(Serialize)]
struct Fact {
    name: String,
    text: String,
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
        owner: control.owner.as_ref().map_or_else(|| "nobody".to_owned(), |owner| owner.value.0.to_string()),
        strip: slots::strip(standing),
        tally: tally(standing),
        because: why.because,
        change: why.change.unwrap_or_default(),
        description: description
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect(),
        facts: facts(lookup, standing, control),
        criteria: criteria(lookup, index),
        policies: policies(lookup, control),
        design: design(standing),
        slots: slots::rows(lookup, standing, &pieces),
        evidence: pieces.view(lookup),
        remarks: remarks(lookup, standing),
        exceptions: exceptions(lookup, control),
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

fn facts(lookup: &Lookup<'_>, standing: &ControlStanding, control: &Control) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut fact = |name: &str, text: String| {
        if !text.is_empty() {
            facts.push(Fact { name: name.to_owned(), text });
        }
    };
    let held = |name: &str| format!("{name}: {} on {}", lookup.holders(name), lookup.audit.days.1);
    fact(
        "Owner",
        control.owner.as_ref().map_or_else(|| "nobody is named".to_owned(), |name| held(&name.value.0)),
    );
    fact("Operator", control.operator.as_ref().map_or_else(String::new, |name| held(&name.value.0)));
    fact("Reviewer", control.reviewer.as_ref().map_or_else(String::new, |name| held(&name.value.0)));
    fact("Claimed", claimed(control));
    if let Some((from, to)) = standing.in_place {
        fact(
            "In place",
            format!("{from} to {to}, of the judged days {} to {}", lookup.audit.days.0, lookup.audit.days.1),
        );
    }
    fact("Cadence", cadence(lookup, control));
    fact("Type", kind(control));
    let review = match timeline::needs_review(control) {
        true => "evidence counts once another person has accepted it",
        false => "evidence counts without a review",
    };
    fact("Review", review.to_owned());
    let asked: Vec<String> = control
        .evidence_required
        .iter()
        .filter_map(|one| Some((one.kind.as_ref()?.value.word(), one.what.as_ref())))
        .map(|(kind, what)| what.map_or_else(|| kind.to_owned(), |what| format!("{kind} ({})", what.value)))
        .collect();
    fact("Evidence asked for", asked.join(", "));
    fact("Systems", ids(control.systems.iter().map(|id| &*id.value.0)));
    fact("Procedures", ids(control.procedures.iter().map(|id| &*id.value.0)));
    fact("Risks", ids(control.risks.iter().map(|id| &*id.value.0)));
    fact("Also known as", ids(control.aliases.iter().map(|text| &*text.value)));
    fact("File", lookup.program.sources.path(control.id.at.file).to_owned());
    facts
}

fn ids<'a>(ids: impl Iterator<Item = &'a str>) -> String {
    ids.collect::<Vec<_>>().join(", ")
}

fn claimed(control: &Control) -> String {
    let mut out = control.status().word().to_owned();
    if let Some(from) = &control.effective_from {
        out.push_str(&format!(", in place from {}", from.value));
    }
    if let Some(to) = &control.retired_at {
        out.push_str(&format!(", last day {}", to.value));
    }
    if let Some(next) = &control.superseded_by {
        out.push_str(&format!(", replaced by {}", next.value.0));
    }
    out
}

fn cadence(lookup: &Lookup<'_>, control: &Control) -> String {
    let Some(cadence) = control.cadence.as_ref().map(|cadence| cadence.value) else {
        return "none is named, so nothing says when it is due".to_owned();
    };
    let anchor = control.anchor.as_ref().map(|anchor| format!(", anchored to the {}", anchor.value.word()));
    let grace = timeline::longest_grace(cadence).map(|longest| {
        let own = control.grace_days.as_ref().and_then(|days| i64::try_from(days.value).ok());
        let days = own.unwrap_or_else(|| lookup.judgement.settings.grace(cadence)).clamp(0, longest);
        format!("; grace {}", super::lookup::days(days))
    });
    format!("{}{}{}", cadence.word(), anchor.unwrap_or_default(), grace.unwrap_or_default())
}

fn kind(control: &Control) -> String {
    let mut parts = vec![control.control_type().word()];
    parts.extend(control.nature.as_ref().map(|nature| nature.value.word()));
    if control.key.as_ref().is_some_and(|key| key.value) {
        parts.push("key control");
    }
    parts.join(", ")
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
            Named {
                name: reference.to_owned(),
                anchor: format!("p-{}", crate::program::document(reference)),
                badge: badge::of_policy(policy.state),
                text: why.because,
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

/// Rows of the exceptions register about the control.
fn exceptions(lookup: &Lookup<'_>, control: &Control) -> Vec<Fact> {
    let rows = lookup.program.registers.exceptions.iter();
    let own = rows.filter(|row| row.control.as_ref().is_some_and(|id| *id.value.0 == *control.id.value.0));
    own.map(|row| {
        let text = |name: &str, text: Option<&crate::model::Text>| {
            text.map(|text| format!("{name} {}", clause(&text.value)))
        };
        let parts = [
            text("slot", row.slot.as_ref()),
            text("item", row.item.as_ref()),
            row.found.as_ref().map(|found| format!("found {}", act(lookup, found))),
            text("cause:", row.cause.as_ref()),
            text("effect:", row.effect.as_ref()),
            Some(match &row.remediated {
                Some(mended) => format!(
                    "mended {}{}",
                    mended.on.as_ref().map_or_else(|| "on no date".to_owned(), |on| on.value.to_string()),
                    mended.what.as_ref().map(|what| format!(": {}", clause(&what.value))).unwrap_or_default()
                ),
                None => "not mended yet".to_owned(),
            }),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        Fact { name: row.id.value.0.to_string(), text: parts.join("; ") }
    })
    .collect()
}

/// A sentence as part of a longer one.
fn clause(text: &str) -> &str {
    text.trim().trim_end_matches('.')
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
