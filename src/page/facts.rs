//! What a control says of itself, and who answered for it over the window.

use std::collections::BTreeMap;

use serde::Serialize;

use super::evidence::Pieces;
use super::lookup::{Lookup, days};
use crate::model::control::{DesignIs, EvidenceRequired};
use crate::model::{Cadence, Control};
use crate::text::count;
use crate::timeline::{self, ControlStanding, DesignFault};

/// A name and what there is to say of it.
#[derive(Serialize)]
pub(super) struct Fact {
    pub(super) name: String,
    pub(super) text: String,
}

impl Fact {
    pub(super) fn new(name: &str, text: impl Into<String>) -> Self {
        Self { name: name.to_owned(), text: text.into() }
    }
}

/// In the order in which an auditor asks; what is not said is left out, except where its absence matters.
pub(super) fn view(
    lookup: &Lookup<'_>,
    standing: &ControlStanding,
    control: &Control,
    pieces: &Pieces<'_>,
) -> Vec<Fact> {
    let review = match timeline::needs_review(control) {
        true => "evidence counts once another person has accepted it",
        false => "evidence counts without a review",
    };
    let role = |name: Option<&str>| name.map(|name| lookup.over_window(name)).unwrap_or_default();
    let mut facts = vec![
        Fact::new("Design", design(lookup, standing, control)),
        Fact::new("Key control", key(control)),
        Fact::new(
            "Owner",
            control
                .owner
                .as_ref()
                .map_or_else(|| "nobody is named".to_owned(), |name| lookup.over_window(&name.value.0)),
        ),
        Fact::new("Operator", role(control.operator.as_ref().map(|name| &*name.value.0))),
        Fact::new("Reviewer", role(control.reviewer.as_ref().map(|name| &*name.value.0))),
        Fact::new("Claimed", claimed(control)),
        Fact::new("In place", in_place(lookup, standing)),
        Fact::new("Cadence", cadence(control)),
        Fact::new("Grace", grace(lookup, control)),
        Fact::new("Type", kind(control)),
        Fact::new("Review", review),
        Fact::new("Systems", systems(lookup, control)),
        Fact::new("Evidence asked for", asked(lookup, control, &pieces.kinds(lookup))),
        Fact::new("Procedures", ids(control.procedures.iter().map(|id| &*id.value.0))),
        Fact::new("Risks", ids(control.risks.iter().map(|id| &*id.value.0))),
        Fact::new("Also known as", ids(control.aliases.iter().map(|text| &*text.value))),
        Fact::new("File", lookup.program.sources.path(control.id.at.file)),
    ];
    facts.retain(|fact| !fact.text.is_empty());
    facts
}

fn design(lookup: &Lookup<'_>, standing: &ControlStanding, control: &Control) -> String {
    if !standing.design.is_empty() {
        let words: Vec<String> = standing.design.iter().map(DesignFault::words).collect();
        return format!("deficient: {}", words.join("; ").replace('`', ""));
    }
    let recorded = control.design.as_ref().and_then(|design| Some((design, design.is.as_ref()?.value)));
    let Some((design, DesignIs::Adequate)) = recorded else {
        return "nothing against it".to_owned();
    };
    let by = design.by.as_ref().map(|by| format!(" by {}", lookup.who(&by.value.0))).unwrap_or_default();
    let on = design.on.as_ref().map(|on| format!(" on {}", on.value)).unwrap_or_default();
    format!("nothing against it; judged adequate{by}{on}")
}

fn key(control: &Control) -> &'static str {
    match control.key.as_ref().map(|key| key.value) {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not said",
    }
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

fn in_place(lookup: &Lookup<'_>, standing: &ControlStanding) -> String {
    let Some((from, to)) = standing.in_place else { return String::new() };
    format!("{from} to {to}, of the judged days {} to {}", lookup.audit.days.0, lookup.audit.days.1)
}

fn cadence(control: &Control) -> String {
    let Some(cadence) = control.cadence.as_ref().map(|cadence| cadence.value) else {
        return "none is named, so nothing says when it is due".to_owned();
    };
    let anchor = control.anchor.as_ref().map(|anchor| format!(", anchored to the {}", anchor.value.word()));
    format!("{}{}", cadence.word(), anchor.unwrap_or_default())
}

/// How many days, and who says so.
fn grace(lookup: &Lookup<'_>, control: &Control) -> String {
    let Some(cadence) = control.cadence.as_ref().map(|cadence| cadence.value) else { return String::new() };
    if timeline::longest_grace(cadence).is_none() {
        return String::new();
    }
    let said = match (&control.grace_days, in_settings(lookup, cadence)) {
        (Some(_), _) => "set in the control".to_owned(),
        (None, true) => "set in soc2.toml".to_owned(),
        (None, false) => format!("usual for {}", cadence.word()),
    };
    format!("{} ({said})", days(lookup.judgement.settings.grace_of(control, cadence)))
}

fn in_settings(lookup: &Lookup<'_>, cadence: Cadence) -> bool {
    let settings = lookup.program.config.as_ref().and_then(|config| config.timeline.as_ref());
    settings.is_some_and(|settings| settings.grace_days.get(cadence.word()).is_some())
}

fn kind(control: &Control) -> String {
    let nature = control.nature.as_ref().map(|nature| format!(", {}", nature.value.word()));
    format!("{}{}", control.control_type().word(), nature.unwrap_or_default())
}

/// Each system, and whether it is in scope.
fn systems(lookup: &Lookup<'_>, control: &Control) -> String {
    if control.systems.is_empty() {
        return "no system named".to_owned();
    }
    let one = |id: &str| match lookup.is_in_scope(id) {
        true => format!("{id} (in scope)"),
        false => format!("{id} (not in scope)"),
    };
    control.systems.iter().map(|id| one(&id.value.0)).collect::<Vec<_>>().join(", ")
}

/// Each kind that is asked for, against what counts.
fn asked(lookup: &Lookup<'_>, control: &Control, filed: &BTreeMap<&str, usize>) -> String {
    let one = |asked: &EvidenceRequired| {
        let kind = asked.kind.as_ref()?.value.word();
        let per = asked.per.as_ref().map(|per| format!(" per {}", per.value.word())).unwrap_or_default();
        let min = asked.min.as_ref().map(|min| format!(", at least {}", min.value)).unwrap_or_default();
        let what =
            asked.what.as_ref().map(|what| format!(" ({})", lookup.program.filled(what))).unwrap_or_default();
        let filed = match filed.get(kind) {
            Some(n) => format!("✓ accepted in {}", count(*n, "manifest")),
            None => "none filed".to_owned(),
        };
        Some(format!("{kind}{per}{min}{what}: {filed}"))
    };
    let all: Vec<String> = control.evidence_required.iter().filter_map(one).collect();
    if all.is_empty() { "no kind in particular".to_owned() } else { all.join("; ") }
}
