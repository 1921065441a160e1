//! The tables beside the controls: policies, owners, waivers, and what every state means.

use std::collections::BTreeMap;

use serde::Serialize;

use super::badge::{self, Badge};
use super::control::act;
use super::filter::{Number, filter};
use super::lookup::Lookup;
use crate::text::count;
use crate::timeline::{ControlStanding, Coverage, Operation, PolicyState, SlotCount, SlotState, Support};

/// An owner and what they answer for.
#[derive(Serialize)]
pub(super) struct Owner {
    name: String,
    people: String,
    controls: Number,
    due: Number,
    evidenced: Number,
    late: Number,
    lacking: Number,
    open: Number,
}

/// Every owner of a control, by name.
pub(super) fn owners(lookup: &Lookup<'_>) -> Vec<Owner> {
    let mut owners: BTreeMap<&str, Vec<&ControlStanding>> = BTreeMap::new();
    for standing in &lookup.audit.controls {
        let owner = lookup.control(standing).and_then(|control| control.owner.as_ref());
        if let Some(owner) = owner {
            owners.entry(&owner.value.0).or_default().push(standing);
        }
    }
    owners
        .into_iter()
        .map(|(name, controls)| {
            let slots = SlotCount::of(controls.iter().copied());
            let own = filter("owner", name);
            let number = |n: usize, key: &str| Number {
                n,
                what: format!("{} of {name}", count(n, "slot")),
                filter: format!("{own}&{}", filter("slots", key)),
                opens: String::new(),
            };
            Owner {
                people: lookup.holders(name),
                controls: Number {
                    n: controls.len(),
                    what: format!("{} of {name}", count(controls.len(), "control")),
                    filter: own.clone(),
                    opens: String::new(),
                },
                due: number(slots.due, "due"),
                evidenced: number(slots.evidenced, "evidenced"),
                late: number(slots.late, "late"),
                lacking: number(slots.lacking, "lacking"),
                open: number(slots.open, "open"),
                name: name.to_owned(),
            }
        })
        .collect()
}

/// A waiver and what it hides.
#[derive(Serialize)]
pub(super) struct Waiver {
    id: String,
    rule: String,
    subject: String,
    reason: String,
    requested: String,
    approved: String,
    expires: String,
    hides: Vec<String>,
}

/// Every waiver of the register.
pub(super) fn waivers(lookup: &Lookup<'_>) -> Vec<Waiver> {
    let text = |text: &Option<crate::model::Text>| {
        text.as_ref().map_or_else(String::new, |text| text.value.to_string())
    };
    let one = |waiver: &crate::model::registers::Waiver| {
        let gaps = lookup.waived.get(&*waiver.id.value.0).map_or(&[][..], |gaps| gaps);
        let done = |act_: &Option<crate::model::registers::Act>| {
            act_.as_ref().map_or_else(|| "not recorded".to_owned(), |done| act(lookup, done))
        };
        Waiver {
            id: waiver.id.value.0.to_string(),
            rule: text(&waiver.rule),
            subject: text(&waiver.subject),
            reason: text(&waiver.reason),
            requested: done(&waiver.requested),
            approved: done(&waiver.approved),
            expires: waiver.expires.as_ref().map_or_else(|| "no day".to_owned(), |day| day.value.to_string()),
            hides: gaps.iter().map(|gap| format!("{}: {}", gap.subject.id, gap.message)).collect(),
        }
    };
    lookup.program.registers.waivers.iter().map(one).collect()
}

/// States of one kind and what they mean.
#[derive(Serialize)]
pub(super) struct Legend {
    title: &'static str,
    states: Vec<Meaning>,
}

#[derive(Serialize)]
struct Meaning {
    badge: Badge,
    meaning: &'static str,
}

/// What is known of the bytes of a file.
const FILES: &[(&str, &str, &str)] = &[
    ("unchanged", "good", "the bytes are here and have the hash and length that the manifest records"),
    ("changed", "bad", "the bytes are not those that were recorded"),
    ("missing", "bad", "the manifest names the file, and it is not in the folder"),
    ("empty", "bad", "the file is here and holds nothing"),
    ("not here", "unknown", "the bytes are named by hash and kept elsewhere; nothing is known of them"),
    ("no hash recorded", "weak", "nothing says what the bytes were"),
];

/// Every state on the page in plain words.
pub(super) fn legend() -> Vec<Legend> {
    fn states<T: Copy>(all: &'static [(T, &'static str)], badge: impl Fn(T) -> Badge) -> Vec<Meaning> {
        all.iter().map(|(state, meaning)| Meaning { badge: badge(*state), meaning }).collect()
    }
    let plain = |coverage: Coverage| Badge { name: coverage.name(), sign: "", tone: "none" };
    let files =
        FILES.iter().map(|(name, tone, meaning)| Meaning { badge: Badge { name, sign: "", tone }, meaning });
    vec![
        Legend { title: "Slots", states: states(SlotState::MEANINGS, badge::of_slot) },
        Legend {
            title: "Controls: the worst settled slot, or one of these",
            states: states(Operation::MEANINGS, badge::of_control),
        },
        Legend { title: "Criteria", states: states(Support::MEANINGS, badge::of_support) },
        Legend { title: "Coverage of a criterion", states: states(Coverage::MEANINGS, plain) },
        Legend { title: "Policies", states: states(PolicyState::MEANINGS, badge::of_policy) },
        Legend { title: "Files", states: files.collect() },
    ]
}
