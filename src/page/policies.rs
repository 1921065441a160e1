//! The policies: in force since when, approved and reviewed by whom, and what rests on them.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::badge::{self, Badge};
use super::filter::Number;
use super::lookup::Lookup;
use crate::model::policy::{Approval, DocumentReview, PolicyHead};
use crate::text::count;
use crate::timeline::PolicyStanding;
use crate::timeline::calendar::length;

/// A policy to show.
#[derive(Serialize)]
pub(super) struct Policy {
    id: String,
    title: String,
    owner: String,
    file: String,
    badge: Badge,
    /// `as of 2026-06-30`, where its state speaks of a day.
    as_of: String,
    /// `in force on 90 of 181 days`, where that is not all of them.
    part: String,
    because: String,
    change: String,
    approved: String,
    reviewed: String,
    review_by: String,
    controls: Number,
}

/// Every policy, in order of paths.
pub(super) fn view(lookup: &Lookup<'_>) -> Vec<Policy> {
    let resting = resting(lookup);
    let one = |standing: &PolicyStanding| {
        let policy = lookup.program.policies.get(standing.policy)?;
        let head = &policy.head;
        let why = lookup.judgement.why_policy(standing);
        let id = head.id.value.0.to_string();
        let n = resting.get(&standing.policy).copied().unwrap_or(0);
        Some(Policy {
            title: head.title.as_ref().map_or_else(String::new, |title| title.value.to_string()),
            owner: head.owner.as_ref().map_or_else(|| "nobody".to_owned(), |owner| owner.value.0.to_string()),
            file: lookup.program.sources.path(policy.file).to_owned(),
            badge: badge::of_policy(standing.state),
            as_of: as_of(lookup, standing),
            part: part(lookup, standing),
            because: why.because,
            change: why.change.unwrap_or_default(),
            approved: approved(lookup, head),
            reviewed: reviewed(lookup, head),
            review_by: match standing.review_by {
                Some(day) => format!("; next review by {day}"),
                None => String::new(),
            },
            controls: Number::new(n, count(n, "control"), "policy", &id),
            id,
        })
    };
    lookup.judgement.policies.iter().filter_map(one).collect()
}

/// For each policy, how many controls name it.
fn resting(lookup: &Lookup<'_>) -> BTreeMap<usize, usize> {
    let mut resting: BTreeMap<usize, usize> = BTreeMap::new();
    for control in &lookup.program.controls {
        let mut named: Vec<usize> = control
            .policies
            .iter()
            .filter_map(|reference| lookup.policy(&reference.value.0))
            .map(|policy| policy.policy)
            .collect();
        named.sort_unstable();
        named.dedup();
        for policy in named {
            *resting.entry(policy).or_default() += 1;
        }
    }
    resting
}

/// The day for which a policy is said to be in force.
pub(super) fn as_of(lookup: &Lookup<'_>, standing: &PolicyStanding) -> String {
    match standing.state.is_in_force() {
        true => format!("as of {}", lookup.judgement.as_of),
        false => String::new(),
    }
}

/// On how many judged days the text as it stands was in force, where that is not all of them.
pub(super) fn part(lookup: &Lookup<'_>, standing: &PolicyStanding) -> String {
    let (first, last) = lookup.audit.days;
    match standing.since.filter(|_| standing.state.is_in_force()) {
        Some(since) if first < since && since <= last => {
            format!("in force on {} of {} days", length((since, last)), length((first, last)))
        }
        _ => String::new(),
    }
}

/// The last approval in view, with its day and person.
fn approved(lookup: &Lookup<'_>, head: &PolicyHead) -> String {
    let day = |one: &Approval| one.on.as_ref().map(|on| on.value);
    let Some((on, last)) = newest(lookup, &head.approvals, day) else {
        return "not approved yet".to_owned();
    };
    let by = last.by.as_ref().map(|by| format!(" by {}", lookup.who(&by.value.0))).unwrap_or_default();
    let version = last.version.as_ref().map(|of| format!(", version {}", of.value)).unwrap_or_default();
    let from = last.effective.as_ref().map(|day| format!(", effective {}", day.value)).unwrap_or_default();
    format!("last approved on {on}{by}{version}{from}")
}

/// The last review in view, with its day and person.
fn reviewed(lookup: &Lookup<'_>, head: &PolicyHead) -> String {
    let day = |one: &DocumentReview| one.on.as_ref().map(|on| on.value);
    let Some((on, last)) = newest(lookup, &head.reviews, day) else {
        return "not reviewed yet".to_owned();
    };
    let by = last.by.as_ref().map(|by| format!(" by {}", lookup.who(&by.value.0))).unwrap_or_default();
    let result = last.result.as_ref().map(|result| format!(": {}", result.value)).unwrap_or_default();
    format!("last reviewed on {on}{by}{result}")
}

/// The newest row up to the as-of day; of one day the last.
fn newest<'r, R>(
    lookup: &Lookup<'_>,
    rows: &'r [R],
    day: impl Fn(&R) -> Option<Date>,
) -> Option<(Date, &'r R)> {
    let dated = rows.iter().filter_map(|row| Some((day(row)?, row)));
    dated.filter(|(on, _)| *on <= lookup.judgement.as_of).max_by_key(|(on, _)| *on)
}
