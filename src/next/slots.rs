//! What is due, as work: first what can still be mended, then what is late, what was missed, what comes soonest; then
//! follow-ups, then reviews of policies and the other records.

use std::collections::BTreeMap;

use super::{Stage, Step, does};
use crate::due::{Item, Kind, List, State, Who};
use crate::text::{safe, some, word};
use crate::timeline::{AuditStanding, Judgement};

/// How far ahead work is named.
const DAYS: i64 = 30;

/// What is told together: stage, urgency, what kind of work, whose.
type Group = (Stage, State, Kind, Who);

/// Adds the steps for what is due.
pub(super) fn add(judgement: &Judgement<'_>, audit: &AuditStanding, steps: &mut Vec<Step>) {
    let list = List::new(judgement, [audit], DAYS);
    let mut groups: BTreeMap<Group, Vec<&Item>> = BTreeMap::new();
    for item in &list.items {
        groups.entry(group(item)).or_default().push(item);
    }
    let mut ordered: Vec<(Group, Vec<&Item>)> = groups.into_iter().collect();
    // Items come by day, so the first of a group is its soonest.
    ordered.sort_by_key(|((stage, state, ..), items)| {
        (*stage, urgency(*state), items.first().map(|item| item.day))
    });
    steps.extend(ordered.iter().map(|(group, items)| step(group, items)));
}

/// What was missed cannot be mended, so what still can comes before it.
fn urgency(state: State) -> usize {
    match state {
        State::Overdue => 0,
        State::Late => 1,
        State::Missed => 2,
        State::Due => 3,
        State::Open => 4,
    }
}

fn group(item: &Item) -> Group {
    let stage = match item.kind {
        Kind::Slot | Kind::EvidenceReview => Stage::Slots,
        Kind::FollowUp => Stage::FollowUps,
        _ => Stage::Records,
    };
    // Everybody acknowledges and learns for themselves; one step reminds them all.
    let who = match item.kind {
        Kind::Acknowledgement | Kind::Training => Who::default(),
        // What any other person may review is told together.
        Kind::EvidenceReview if item.who.names().is_empty() => Who::default(),
        _ => item.who.clone(),
    };
    (stage, item.state, item.kind, who)
}

fn step((stage, state, kind, who): &Group, items: &[&Item]) -> Step {
    let Some(first) = items.first() else { return Step::new(*stage, "", "", "") };
    let more = items.len() - 1;
    let by = match (state, first.grace) {
        (State::Due, _) if *kind == Kind::EvidenceReview => String::new(),
        (State::Due, _) => format!(" by {}", first.day),
        (State::Late, Some(grace)) => format!(" by {grace}"),
        _ => String::new(),
    };
    let about = match *kind {
        Kind::Slot => first.what.clone(),
        Kind::EvidenceReview => first.subject.clone(),
        _ => format!("the {}", first.what),
    };
    let others = match (more, state) {
        (0, _) => String::new(),
        (more, State::Due) => format!(", then {more} more"),
        (more, _) => format!(" and {more} more"),
    };
    if matches!(kind, Kind::Acknowledgement | Kind::Training) {
        return reminder(*stage, *kind, items, first);
    }
    let order = match (kind, state) {
        (Kind::Slot, State::Missed) => {
            does(who, "files, or says why there is none of,", "file, or say why there is none of,")
        }
        (Kind::Slot, State::Overdue) => does(who, "mends the evidence of", "mend the evidence of"),
        (Kind::Slot, _) => does(who, "files evidence of", "file evidence of"),
        (Kind::EvidenceReview, _) => {
            does(who, "reviews the evidence", "have another person review the evidence")
        }
        (Kind::FollowUp, _) => does(who, "files", "file"),
        _ => does(who, "sees to", "see to"),
    };
    let since =
        (!matches!(state, State::Due | State::Open)).then(|| format!("{} since {}", state.name(), first.day));
    let parts = [since.as_ref(), first.why.as_ref(), first.todo.as_ref()];
    let parts: Vec<&str> = parts.into_iter().flatten().map(|part| part.trim_end_matches('.')).collect();
    let mut why = match (parts.is_empty(), first.grace) {
        (false, _) => parts.join("; "),
        (true, Some(grace)) => format!("due on {}, and missed after {grace}", first.day),
        (true, None) => format!("due on {}", first.day),
    };
    if more > 0 {
        why.push_str(&match who.names().first() {
            Some(name) => format!("; the others: soc2 due --owner {}", word(&safe(name))),
            None => "; the others: soc2 due".to_owned(),
        });
    }
    let step = Step::new(*stage, format!("{order} {about}{by}{others}"), why, first.command.clone());
    let whose: Vec<Who> = items.iter().map(|item| item.who.clone()).collect();
    if who == &Who::default() { step } else { step.of(&whose) }
}

/// What everybody does for themselves, as one step.
fn reminder(stage: Stage, kind: Kind, items: &[&Item], first: &Item) -> Step {
    let whose: Vec<Who> = items.iter().map(|item| item.who.clone()).collect();
    let mut people: Vec<String> = whose.iter().flat_map(Who::names).collect();
    people.sort_unstable();
    people.dedup();
    let what = match kind {
        Kind::Training => "take their training",
        _ => "read and acknowledge their policies",
    };
    let what = format!("let {} {what}", some(&people, 3));
    let why = match first.state {
        State::Due => format!("first due on {}", first.day),
        _ => format!("overdue since {}", first.day),
    };
    let step = Step::new(stage, what, why, first.command.clone());
    Step { who: None, ..step.of(&whose) }
}
