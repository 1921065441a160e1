//! Who has acknowledged which policy, and who still has to.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use super::policies::{in_force, replaced, since};
use super::window::Window;
use crate::model::Policy;
use crate::model::registers::{Acknowledgement, Person};
use crate::program::{Program, document};
use crate::text::{count, safe, some};
use crate::timeline::Judgement;
use crate::timeline::people;

/// A policy in force and where its acknowledgements stand.
pub(in crate::rules) struct Standing<'p> {
    pub(in crate::rules) policy: &'p Policy,
    version: &'p str,
    given: usize,
    /// People whose last day to acknowledge it is over, and that day.
    pub(in crate::rules) overdue: Vec<(&'p Person, Date)>,
    /// People who still have time, and their last day.
    pub(in crate::rules) due: Vec<(&'p Person, Date)>,
}

impl Standing<'_> {
    /// `the policy … is acknowledged by 15 of 18 people`.
    pub(in crate::rules) fn words(&self) -> String {
        let asked = count(self.given + self.overdue.len() + self.due.len(), "person");
        let (version, id) = (safe(self.version), &self.policy.head.id);
        format!("version `{version}` of the policy `{id}` is acknowledged by {} of {asked}", self.given)
    }
}

/// The first few people, each with their day.
pub(in crate::rules) fn named(people: &[(&Person, Date)]) -> String {
    let names: Vec<String> = people.iter().map(|(person, day)| format!("`{}` ({day})", person.id)).collect();
    some(&names, 5)
}

/// Every policy that is in force on the last judged day, unless another one took its place.
pub(in crate::rules) fn standings<'p>(judgement: &Judgement<'p>) -> Vec<Standing<'p>> {
    let program = judgement.program;
    let unread = ["registers/people", "registers/acknowledgements"];
    if unread.iter().any(|register| program.may_be_defined_in_unread(register)) {
        return Vec::new();
    }
    let day = Window::of(judgement).last();
    let given = by_policy_and_person(program);
    let gone = replaced(program, day);
    let staff: Vec<usize> = staff(program, day).collect();
    let mut all = Vec::new();
    for (index, policy) in program.policies.iter().enumerate() {
        if gone.contains(&*policy.head.id.value.0) {
            continue;
        }
        let Some(approval) = in_force(policy, day) else { continue };
        let (Some(version), Some(since)) = (&approval.version, since(approval)) else { continue };
        let mut standing =
            Standing { policy, version: version.trim(), given: 0, overdue: Vec::new(), due: Vec::new() };
        for person in audience(program, policy, day).unwrap_or_else(|| staff.clone()) {
            let rows = given.get(&(index, person)).map_or(&[][..], |rows| rows);
            ask(judgement, person, day, since, rows, &mut standing);
        }
        all.push(standing);
    }
    all
}

/// A policy's version that a person still has to acknowledge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outstanding {
    /// Index into [`Program::policies`].
    pub policy: usize,
    /// Index into the people register.
    pub person: usize,
    /// The last day in time.
    pub due: Date,
}

/// Every acknowledgement that is due or overdue on the last judged day.
pub fn outstanding_acknowledgements(judgement: &Judgement<'_>) -> Vec<Outstanding> {
    let program = judgement.program;
    let mut all = Vec::new();
    for standing in standings(judgement) {
        let Some(policy) = program.names.policies.get(&*standing.policy.head.id.value.0) else { continue };
        for (person, due) in standing.overdue.iter().chain(&standing.due) {
            let person = program.person(&person.id);
            all.extend(person.map(|person| Outstanding { policy: *policy, person, due: *due }));
        }
    }
    all
}

fn ask<'p>(
    judgement: &Judgement<'p>,
    person: usize,
    day: Date,
    since: Date,
    rows: &[&Acknowledgement],
    standing: &mut Standing<'p>,
) {
    let Some(person) = judgement.program.registers.people.get(person) else { return };
    let counts = |row: &&Acknowledgement| {
        let same = row.version.as_ref().is_some_and(|version| version.trim() == standing.version);
        let on = row.on.as_ref().map(|on| on.value);
        same && on.is_some_and(|on| since <= on && on <= judgement.as_of && people::employed(person, on))
    };
    if rows.iter().any(counts) {
        standing.given += 1;
        return;
    }
    let hired = people::stint(person, day).map_or(since, |(from, _)| from);
    let Ok(due) = hired.max(since).checked_add(judgement.settings.acknowledgement_days.days()) else {
        return;
    };
    // Who left before the day was over was never late.
    if people::employed(person, due.min(judgement.as_of)) {
        let list = if due < judgement.as_of { &mut standing.overdue } else { &mut standing.due };
        list.push((person, due));
    }
}

/// Those who hold the role that a policy is for; `None` when it is for everybody.
fn audience(program: &Program, policy: &Policy, day: Date) -> Option<Vec<usize>> {
    let role = program.names.roles.get(policy.head.audience.as_ref()?.trim())?;
    let holders = people::holders(program, program.registers.roles.get(*role)?, day);
    let human = |index: &usize| program.registers.people.get(*index).is_some_and(|p| !people::is_bot(p));
    Some(holders.into_iter().filter(human).collect())
}

/// The employees and contractors of a day, by index.
fn staff(program: &Program, day: Date) -> impl Iterator<Item = usize> {
    let people = program.registers.people.iter().enumerate();
    people
        .filter(move |(_, person)| !people::is_bot(person) && people::employed(person, day))
        .map(|(index, _)| index)
}

fn by_policy_and_person(program: &Program) -> BTreeMap<(usize, usize), Vec<&Acknowledgement>> {
    let mut given: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for row in &program.registers.acknowledgements {
        let policy = row.policy.as_ref().and_then(|policy| program.names.policies.get(document(policy)));
        let person = row.person.as_ref().and_then(|person| program.person(person));
        if let (Some(policy), Some(person)) = (policy, person) {
            given.entry((*policy, person)).or_default().push(row);
        }
    }
    given
}
