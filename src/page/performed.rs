//! The performances that a manifest shows, each with its own outcome; those that need a look come first.

use std::collections::BTreeMap;

use super::lookup::Lookup;
use crate::model::Evidence;
use crate::model::evidence::{Occurrences, Outcome};
use crate::text::{clip, count};
use crate::timeline::Occurrence;

/// Occurrences above this are counted, not listed.
const LISTED: usize = 12;

/// The first lines, and how many more there are; empty when all are listed.
pub(super) fn lines(
    lookup: &Lookup<'_>,
    manifest: &Evidence,
    found: &[Occurrence<'_>],
    exceptions: &BTreeMap<&str, &str>,
) -> (Vec<String>, String) {
    let own = outcomes(manifest);
    let mut all: Vec<Performed<'_, '_>> = found
        .iter()
        .enumerate()
        .map(|(nth, one)| Performed {
            one,
            outcome: own.get(nth).copied().flatten(),
            exception: one.item.and_then(|item| exceptions.get(item).copied()),
        })
        .collect();
    all.sort_by_key(|one| !one.stands_out());
    let rest = all.get(LISTED..).unwrap_or_default();
    let more = match (rest.len(), rest.iter().filter(|one| one.stands_out()).count()) {
        (0, _) => String::new(),
        (more, 0) => format!("and {more} more, none of them with an outcome of its own to look at"),
        (more, out) => format!("and {more} more, {out} of them with an outcome of its own to look at"),
    };
    (all.iter().take(LISTED).map(|one| one.words(lookup)).collect(), more)
}

/// What is typed beside each listed occurrence, as [`crate::timeline::occurrences`] gives them. The rows of a log and a
/// single performance have none: the manifest's result speaks for all of them together.
fn outcomes(manifest: &Evidence) -> Vec<Option<Outcome>> {
    let Some(Occurrences::Listed(list)) = manifest.occurrences.as_deref() else { return Vec::new() };
    let dated = list.iter().filter(|one| one.on.is_some());
    dated.map(|one| one.outcome.as_ref().map(|outcome| outcome.value)).collect()
}

struct Performed<'a, 'v> {
    one: &'a Occurrence<'v>,
    outcome: Option<Outcome>,
    /// The exception that names its item.
    exception: Option<&'a str>,
}

impl Performed<'_, '_> {
    fn stands_out(&self) -> bool {
        self.exception.is_some() || self.outcome.is_some_and(|outcome| outcome != Outcome::AsExpected)
    }

    /// `2026-03-28 by Alice Adams (alice), item 17, system github: failed`.
    fn words(&self, lookup: &Lookup<'_>) -> String {
        let one = self.one;
        let mut out = one.on.to_string();
        match one.by {
            Some(by) => out.push_str(&format!(" by {}", lookup.who(by))),
            None => out.push_str(", by whom is not said"),
        }
        let parts = [("slot", one.slot), ("item", one.item), ("system", one.system)];
        for (name, value) in parts.into_iter().filter_map(|(name, value)| Some((name, value?))) {
            out.push_str(&format!(", {name} {value}"));
        }
        if let Some(outcome) = self.outcome {
            out.push_str(&format!(": {}", in_words(outcome)));
        }
        if let Some(id) = self.exception {
            out.push_str(&format!("; exception {id} on record"));
        }
        out
    }
}

/// What the manifest says came of it, once: the outcome in words, the summary, what follows it up.
pub(super) fn result(manifest: &Evidence, performances: usize) -> String {
    let Some(result) = &manifest.result else { return String::new() };
    let outcome = result.outcome.as_ref().map_or("no outcome", |outcome| in_words(outcome.value));
    let all = match performances {
        0 | 1 => String::new(),
        n => format!(" (of all {} together)", count(n, "performance")),
    };
    let summary = result.summary.as_ref().map(|text| format!(": {}", text.value)).unwrap_or_default();
    let follow_up: Vec<&str> = result.follow_up.iter().map(|text| &*text.value).collect();
    let follow_up = match follow_up.is_empty() {
        true => String::new(),
        false => format!("; follow-up: {}", crate::text::some(&follow_up, 8)),
    };
    format!("{outcome}{all}{summary}{follow_up}")
}

/// The result of what fills a slot, where it is anything but as expected: `failed: 3 of 40 restores did not finish`.
pub(super) fn unusual(manifest: &Evidence) -> Option<String> {
    let result = manifest.result.as_ref()?;
    let outcome = result.outcome.as_ref()?.value;
    if outcome == Outcome::AsExpected {
        return None;
    }
    let summary = result.summary.as_ref().map(|text| format!(": {}", clip(text.value.trim(), 200)));
    Some(format!("{}{}", in_words(outcome), summary.unwrap_or_default()))
}

/// An outcome as it is said.
fn in_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::AsExpected => "as expected",
        Outcome::ExceptionsNoted => "exceptions noted",
        Outcome::Failed => "failed",
    }
}
