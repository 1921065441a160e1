//! What the controls can be filtered by. Each control carries words such as `owner:security-lead`; a filter is a list
//! of such words, all of which a control must have. The same words stand in the address after `#`, so that a view of
//! the page can be sent to somebody.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::Serialize;

use super::lookup::Lookup;
use crate::timeline::{ControlStanding, Operation, Remark, SlotCount, SlotState};

/// A number and the filter that opens the controls behind it.
#[derive(Serialize)]
pub(super) struct Number {
    pub(super) n: usize,
    pub(super) what: String,
    pub(super) filter: String,
    /// How many controls it opens, where it counts something else: `5 controls`.
    pub(super) opens: String,
}

impl Number {
    /// A number of something, behind it the controls with that word.
    pub(super) fn new(n: usize, what: impl Into<String>, key: &str, value: &str) -> Self {
        Self { n, what: what.into(), filter: filter(key, value), opens: String::new() }
    }

    /// The same, of something else than controls; so many controls are behind it.
    pub(super) fn opening(self, controls: usize) -> Self {
        Self { opens: crate::text::count(controls, "control"), ..self }
    }
}

/// `owner=security-lead`.
pub(super) fn filter(key: &str, value: &str) -> String {
    format!("{key}={}", coded(value))
}

/// The name of a criterion's place in the page.
pub(super) fn anchor(criterion: &str) -> String {
    format!("r-{}", coded(criterion))
}

/// A value as it can stand between blanks and in an address.
fn coded(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Every word of a control, with a blank around each.
pub(super) fn words(lookup: &Lookup<'_>, standing: &ControlStanding) -> String {
    let mut words: BTreeSet<(&str, &str)> = BTreeSet::new();
    words.insert(("state", standing.operation.name()));
    words.extend(counted(standing).map(|state| ("slot", state.name())));
    let count = SlotCount::of([standing]);
    let counts = [
        ("due", count.due),
        ("evidenced", count.evidenced),
        ("late", count.late),
        ("lacking", count.lacking),
        ("open", count.open),
    ];
    words.extend(counts.iter().filter(|(_, n)| *n > 0).map(|(name, _)| ("slots", *name)));
    if standing.slots.iter().any(super::slots::is_next) {
        words.insert(("slots", "next-window"));
    }
    if standing.slots.iter().any(super::slots::is_waiting) {
        words.insert(("slots", "not-due-yet"));
    }
    words.extend(standing.remarks.iter().filter_map(remark).map(|name| ("remark", name)));
    if let Some(control) = lookup.control(standing) {
        words.extend(control.owner.as_ref().map(|owner| ("owner", &*owner.value.0)));
        for reference in &control.policies {
            words.insert(("policy", crate::program::document(&reference.value.0)));
            words.extend(
                lookup.policy(&reference.value.0).map(|policy| ("policy-state", policy.state.name())),
            );
        }
    }
    if !standing.design.is_empty() {
        words.insert(("design", "deficient"));
    }
    words.iter().filter(|(_, value)| !value.is_empty()).fold(String::from(" "), |mut out, (key, value)| {
        let _ = write!(out, "{key}={} ", coded(value));
        out
    })
}

/// What each criterion of a control can be filtered by, joined: `CC6.1/CC6/security/supported`. Several filters of this
/// kind have to fit one and the same criterion.
pub(super) fn criteria(lookup: &Lookup<'_>, standing: &ControlStanding) -> String {
    let own = lookup.criteria.get(standing.control).into_iter().flatten();
    let joined = own.map(|criterion| {
        let (id, series, category) = lookup.names_of(criterion);
        [id, series, category, criterion.support.name()].map(coded).join("/")
    });
    joined.collect::<Vec<_>>().join(" ")
}

/// The word for a remark; what lies outside the window is said at the evidence itself.
pub(super) fn remark(remark: &Remark) -> Option<&'static str> {
    match remark {
        Remark::ResultOpen { .. } => Some("result-open"),
        Remark::Clustered { .. } => Some("clustered"),
        Remark::PartialPeriod { .. } => Some("partial-period"),
        Remark::ShownOnce => Some("shown-once"),
        Remark::NoSystemInScope => Some("no-system-in-scope"),
        Remark::OutsideWindow(_) => None,
    }
}

/// The states of the slots that are counted: those of a Type I control that has not run yet are not.
pub(super) fn counted(standing: &ControlStanding) -> impl Iterator<Item = SlotState> {
    let counts = standing.operation != Operation::NotYetOperated;
    standing.slots.iter().filter(move |_| counts).map(|slot| slot.state)
}

/// One list to choose from.
#[derive(Serialize)]
pub(super) struct Choice {
    key: &'static str,
    label: &'static str,
    options: Vec<Chosen>,
}

/// A value to choose.
#[derive(Serialize)]
struct Chosen {
    value: String,
    text: String,
}

/// The lists above the controls: only what some control has can be chosen.
pub(super) fn choices(lookup: &Lookup<'_>) -> Vec<Choice> {
    let mut states = BTreeSet::new();
    let mut slots = BTreeSet::new();
    let mut owners = BTreeSet::new();
    let mut supports = BTreeSet::new();
    let mut series: Vec<&str> = Vec::new();
    let mut categories: Vec<&str> = Vec::new();
    for standing in &lookup.audit.controls {
        states.insert(standing.operation);
        slots.extend(counted(standing));
        let owner = lookup.control(standing).and_then(|control| control.owner.as_ref());
        owners.extend(owner.map(|owner| &*owner.value.0));
    }
    for criterion in lookup.audit.criteria.iter().filter(|criterion| !criterion.controls.is_empty()) {
        supports.insert(criterion.support);
        let (_, own_series, category) = lookup.names_of(criterion);
        if !series.contains(&own_series) {
            series.push(own_series);
        }
        if !categories.contains(&category) {
            categories.push(category);
        }
    }
    fn options<'a>(values: impl IntoIterator<Item = &'a str>) -> Vec<Chosen> {
        let known = values.into_iter().filter(|value| !value.is_empty());
        known.map(|value| Chosen { value: coded(value), text: value.to_owned() }).collect()
    }
    vec![
        Choice { key: "state", label: "State", options: options(states.iter().map(|state| state.name())) },
        Choice { key: "slot", label: "Has a slot", options: options(slots.iter().map(|state| state.name())) },
        Choice { key: "owner", label: "Owner", options: options(owners) },
        Choice {
            key: "support",
            label: "Criterion is",
            options: options(supports.iter().map(|support| support.name())),
        },
        Choice { key: "series", label: "Series", options: options(series) },
        Choice { key: "category", label: "Category", options: options(categories) },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_keeps_to_itself() {
        assert_eq!(filter("owner", "security-lead"), "owner=security-lead");
        assert_eq!(filter("criterion", "CC6.1"), "criterion=CC6.1");
        assert_eq!(filter("owner", "a b&slot=é"), "owner=a%20b%26slot%3D%C3%A9");
    }
}
