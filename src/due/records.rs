//! What policies and registers date: reviews, acknowledgements, training, risks, waivers, requests.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;

use super::who::Who;
use super::{Found, Item, Kind, open, register};
use crate::model::registers::{Risk, Training, Waiver};
use crate::requests::{self, Standing};
use crate::rules::outstanding_acknowledgements;
use crate::text::{count, safe, some};
use crate::timeline::calendar::moved;
use crate::timeline::{Judgement, PolicyStanding, people};

/// Adds what the records date.
pub(super) fn of(judgement: &Judgement<'_>, found: &mut Found) {
    let policies = &judgement.program.policies;
    let in_force = judgement.policies.iter().filter(|standing| standing.state.is_in_force());
    let replaced: BTreeSet<&str> = in_force
        .filter_map(|standing| policies.get(standing.policy))
        .flat_map(|policy| policy.head.supersedes.iter().map(|id| id.trim()))
        .collect();
    for standing in &judgement.policies {
        let id = policies.get(standing.policy).map_or("", |policy| &*policy.head.id.value.0);
        if standing.state.is_in_force() && !replaced.contains(id) {
            policy(judgement, standing, found);
        }
    }
    acknowledgements(judgement, found);
    let registers = &judgement.program.registers;
    let taken = taken(judgement);
    for row in &registers.training {
        training(judgement, row, &taken, found);
    }
    for risk in &registers.risks {
        risk_action(judgement, risk, found);
        risk_acceptance(judgement, risk, found);
    }
    let mut last: BTreeMap<_, Date> = BTreeMap::new();
    for one in &registers.waivers {
        let expires = one.expires.as_ref().map_or(Date::MIN, |day| day.value);
        let known = last.entry(gap_of(one)).or_insert(expires);
        *known = expires.max(*known);
    }
    for one in &registers.waivers {
        let expires = one.expires.as_ref().map(|day| day.value);
        // A later waiver of the same gap takes over.
        if expires.is_some() && last.get(&gap_of(one)).copied() == expires {
            waiver(judgement, one, found);
        }
    }
    for one in &requests::standing_of_all(judgement.program, judgement) {
        request(judgement, one, found);
    }
}

fn policy(judgement: &Judgement<'_>, standing: &PolicyStanding, found: &mut Found) {
    let (Some(policy), Some(by)) = (judgement.program.policies.get(standing.policy), standing.review_by)
    else {
        return;
    };
    let id = &policy.head.id;
    let who = Who::of(judgement.program, policy.head.owner.as_ref(), by.max(judgement.as_of));
    found.add(Item {
        what: format!("review of the policy {id}"),
        todo: Some(
            "read it; when nothing changes, add to `reviews`: who, day, `result: no-change`".to_owned(),
        ),
        command: open(judgement.program.sources.path(policy.file)),
        ..Item::record(Kind::PolicyReview, (judgement.as_of, by, None), id, who)
    });
}

/// One item for all that a person has to acknowledge by the same day.
fn acknowledgements(judgement: &Judgement<'_>, found: &mut Found) {
    let program = judgement.program;
    let mut by_person: BTreeMap<(usize, Date), Vec<String>> = BTreeMap::new();
    for one in outstanding_acknowledgements(judgement) {
        let policy = program.policies.get(one.policy).map(|policy| policy.head.id.to_string());
        by_person.entry((one.person, one.due)).or_default().extend(policy);
    }
    for ((index, day), policies) in by_person {
        let Some(person) = program.registers.people.get(index) else { continue };
        let who = Who::person(program, index, judgement.as_of);
        let key = vec![person.id.to_string(), day.to_string()];
        let file = register(judgement, "acknowledgements");
        let row = match file.ends_with(".csv") {
            true => "person,policy,version,on",
            false => "- { person: ID, policy: ID, version: \"VERSION\", on: DATE }",
        };
        found.add(Item {
            what: format!("acknowledgement of {}: {}", count(policies.len(), "policy"), some(&policies, 3)),
            todo: Some(format!("let them read it and add a row: `{row}`")),
            command: open(&file),
            key,
            ..Item::record(Kind::Acknowledgement, (judgement.as_of, day, None), &person.id, who)
        });
    }
}

/// For each person and course, the last day on which it was completed.
type Taken<'p> = BTreeMap<(usize, &'p str), Date>;

fn taken<'p>(judgement: &Judgement<'p>) -> Taken<'p> {
    let mut taken: Taken<'p> = BTreeMap::new();
    for row in &judgement.program.registers.training {
        let person = row.person.as_ref().and_then(|name| judgement.program.person(name));
        let (Some(person), Some(course), Some(day)) = (person, &row.course, &row.completed) else { continue };
        if day.value <= judgement.as_of {
            let last = taken.entry((person, course.trim())).or_insert(day.value);
            *last = day.value.max(*last);
        }
    }
    taken
}

fn training(judgement: &Judgement<'_>, row: &Training, taken: &Taken<'_>, found: &mut Found) {
    let program = judgement.program;
    let (Some(name), Some(course), Some(assigned)) = (&row.person, &row.course, &row.assigned) else {
        return;
    };
    let Some(index) = program.person(name) else { return };
    let Some(person) = program.registers.people.get(index) else { return };
    let done = taken.get(&(index, course.trim())).is_some_and(|day| *day >= assigned.value);
    if done || assigned.value > judgement.as_of || !people::employed(person, judgement.as_of) {
        return;
    }
    let day = moved(assigned.value, judgement.settings.training_days.days());
    let who = Who::person(program, index, judgement.as_of);
    found.add(Item {
        what: format!("training of {}: {}", person.id, safe(course.trim())),
        todo: Some("let them take it and record the day under `completed`".to_owned()),
        command: open(&register(judgement, "training")),
        key: vec![person.id.to_string(), course.to_string(), assigned.value.to_string()],
        ..Item::record(Kind::Training, (judgement.as_of, day, None), &person.id, who)
    });
}

fn risk_action(judgement: &Judgement<'_>, risk: &Risk, found: &mut Found) {
    let Some(due) = &risk.due else { return };
    let action = risk.action.as_ref().map(|action| safe(action.trim()));
    let who = Who::of(judgement.program, risk.owner.as_ref(), due.value.max(judgement.as_of));
    found.add(Item {
        what: format!("action on the risk {}", risk.id),
        why: action.filter(|action| !action.is_empty()),
        todo: Some("once it is done, score the risk anew and take `action` and `due` out".to_owned()),
        command: open(&register(judgement, "risks")),
        ..Item::record(Kind::RiskAction, (judgement.as_of, due.value, None), &risk.id, who)
    });
}

fn risk_acceptance(judgement: &Judgement<'_>, risk: &Risk, found: &mut Found) {
    let Some(expires) = risk.accepted.as_ref().and_then(|accepted| accepted.expires.as_ref()) else { return };
    let who = Who::of(judgement.program, risk.owner.as_ref(), expires.value.max(judgement.as_of));
    found.add(Item {
        what: format!("end of the acceptance of the risk {}", risk.id),
        todo: Some("treat the risk, or have it accepted anew by somebody else than its owner".to_owned()),
        command: open(&register(judgement, "risks")),
        ..Item::record(Kind::RiskAcceptance, (judgement.as_of, expires.value, None), &risk.id, who)
    });
}

/// A waiver that is about to end; one that has ended lets nothing through, and its gap speaks for itself.
fn waiver(judgement: &Judgement<'_>, waiver: &Waiver, found: &mut Found) {
    let Some(expires) = waiver.expires.as_ref().map(|day| day.value) else { return };
    if expires < judgement.as_of {
        return;
    }
    let about = [waiver.rule.as_ref(), waiver.subject.as_ref()];
    let about: Vec<String> = about.into_iter().flatten().map(|text| safe(text)).collect();
    let asked = waiver.requested.as_ref().and_then(|act| act.by.as_ref());
    let person = asked.and_then(|by| judgement.program.person(by));
    let who = person.map(|index| Who::person(judgement.program, index, expires)).unwrap_or_default();
    found.add(Item {
        what: format!("end of the waiver {}", waiver.id),
        why: Some(format!("it lets {} through", about.join(" of "))),
        todo: Some("close the gap, or have a new waiver approved by another person".to_owned()),
        command: open(&register(judgement, "waivers")),
        ..Item::record(Kind::Waiver, (judgement.as_of, expires, None), &waiver.id, who)
    });
}

/// What a waiver lets through.
fn gap_of(waiver: &Waiver) -> [Option<&str>; 5] {
    [
        waiver.rule.as_ref().map(|text| &*text.value),
        waiver.subject.as_ref().map(|text| &*text.value),
        waiver.slot.as_ref().map(|text| &*text.value),
        waiver.system.as_ref().map(|system| &*system.value.0),
        waiver.audit.as_ref().map(|audit| &*audit.value.0),
    ]
}

fn request(judgement: &Judgement<'_>, standing: &Standing<'_>, found: &mut Found) {
    let request = standing.request;
    let (Some(due), true) = (&request.due, standing.state.waits_for_us()) else { return };
    let who = Who::of(judgement.program, request.owner.as_ref(), due.value.max(judgement.as_of));
    let why = match standing.state {
        requests::State::Returned => Some("the auditor wants more".to_owned()),
        requests::State::Reopened => Some(some(&standing.changes, 3)),
        _ => None,
    };
    let item = Item::record(Kind::Request, (judgement.as_of, due.value, None), &request.id, who);
    found.add(Item {
        what: format!("answer to the auditor's request {}", safe(&request.id)),
        why,
        todo: Some("hand over the evidence and set its status".to_owned()),
        command: open(&register(judgement, "requests")),
        ..item
    });
}
