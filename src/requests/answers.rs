//! What the auditor is told: for each row of their list our status, our words and the evidence; and the list as a table of ours
//! where they sent none.

use std::collections::{BTreeMap, BTreeSet};

use super::list::Answer;
use super::listed::Listed;
use super::standing::{Standing, State, standing};
use crate::model::registers::Request;
use crate::program::Program;
use crate::table::{Cell, Column, Table};
use crate::text::{capitalized, some};
use crate::timeline::Judgement;

/// Answers by row of the auditor's list, and what could not be answered.
#[derive(Debug, Default)]
pub struct Answers {
    pub rows: BTreeMap<u32, Answer>,
    /// References of the list that the register does not hold.
    pub unknown: Vec<String>,
    /// References of the register that the list does not hold.
    pub missing: Vec<String>,
}

/// The answers to a list.
pub fn answers(judgement: &Judgement<'_>, audit: Option<&str>, listed: &[Listed]) -> Answers {
    let program = judgement.program;
    let all = standing(program, judgement);
    let mut of: BTreeMap<&str, &Standing<'_>> = BTreeMap::new();
    for one in of_audit(&all, audit) {
        let own = one.request.audit.is_some();
        let known = of.contains_key(one.request.id.trim());
        if own || !known {
            of.insert(one.request.id.trim(), one);
        }
    }
    let mut answers = Answers::default();
    for one in listed {
        match of.get(one.reference.trim()) {
            Some(standing) => drop(answers.rows.insert(one.row, answer(program, standing))),
            None => answers.unknown.push(one.reference.clone()),
        }
    }
    let there: BTreeSet<&str> = listed.iter().map(|one| one.reference.trim()).collect();
    let missing =
        of.iter().filter(|(reference, one)| !there.contains(*reference) && one.state != State::Withdrawn);
    answers.missing = missing.map(|(reference, _)| (*reference).to_owned()).collect();
    answers
}

/// Requests of an audit, and those that name none.
fn of_audit<'a, 'p>(
    all: &'a [Standing<'p>],
    audit: Option<&'a str>,
) -> impl Iterator<Item = &'a Standing<'p>> {
    all.iter().filter(move |one| match (&one.request.audit, audit) {
        (Some(own), Some(audit)) => &*own.value.0 == audit,
        _ => true,
    })
}

fn answer(program: &Program, one: &Standing<'_>) -> Answer {
    Answer { status: status(one), answer: answer_of(one.request), evidence: evidence(program, one) }
}

/// `Submitted`; of what was reopened also why, for the auditor has to know it.
fn status(one: &Standing<'_>) -> String {
    let name = capitalized(one.state.name());
    if one.state == State::Reopened { format!("{name}: {}", some(&one.changes, 3)) } else { name }
}

fn answer_of(request: &Request) -> String {
    request.answer.as_ref().map_or_else(String::new, |text| text.value.trim().to_owned())
}

/// A line for each evidence folder with the names of its files.
fn evidence(program: &Program, one: &Standing<'_>) -> String {
    let folders = one.evidence.iter().filter_map(|index| program.evidence.get(*index));
    let lines: Vec<String> = folders
        .map(|folder| {
            let paths = folder.manifest.artifacts.iter().filter_map(|artifact| artifact.path.as_ref());
            let files: Vec<&str> = paths.map(|path| &*path.value).collect();
            match files.is_empty() {
                true => program.evidence_id(folder).to_owned(),
                false => format!("{}: {}", program.evidence_id(folder), some(&files, 20)),
            }
        })
        .collect();
    lines.join("\n")
}

/// The list of requests as a table, for an auditor who sent none.
pub fn table(judgement: &Judgement<'_>, audit: Option<&str>) -> Table {
    let program = judgement.program;
    let all = standing(program, judgement);
    let text = |text: &Option<crate::model::scalar::Text>| match text {
        Some(text) => Cell::Text(text.value.trim().to_owned()),
        None => Cell::Blank,
    };
    let day = |day: Option<jiff::civil::Date>| day.map_or(Cell::Blank, Cell::Day);
    let joined = |names: Vec<&str>| Cell::Text(names.join(", "));
    let row = |one: &Standing<'_>| {
        let request = one.request;
        let period = request.period.as_ref();
        vec![
            Cell::Text(request.id.value.to_string()),
            text(&request.text),
            joined(request.controls.iter().map(|control| &*control.value.0).collect()),
            joined(request.criteria.iter().map(|criterion| &*criterion.value.0).collect()),
            day(period.and_then(|period| Some(period.from.as_ref()?.value))),
            day(period.and_then(|period| Some(period.to.as_ref()?.value))),
            day(request.due.as_ref().map(|due| due.value)),
            Cell::Text(request.owner.as_ref().map_or_else(String::new, |owner| owner.value.0.to_string())),
            text(&request.auditor_status),
            text(&request.comment),
            Cell::Text(status(one)),
            Cell::Text(answer_of(request)),
            Cell::Text(evidence(program, one)),
        ]
    };
    let column = |title, width| Column { title, width };
    Table {
        name: "requests",
        title: "Requests".to_owned(),
        notes: Vec::new(),
        columns: vec![
            column("Ref", 10),
            column("Request", 50),
            column("Controls", 22),
            column("Criteria", 12),
            column("Period from", 12),
            column("Period to", 12),
            column("Due", 12),
            column("Owner", 16),
            column("Status", 14),
            column("Comment", 36),
            column("Company status", 18),
            column("Company response", 44),
            column("Company evidence", 44),
        ],
        rows: of_audit(&all, audit).map(row).collect(),
    }
}
