//! A list beside what the programme holds: what is new, what is the same, what differs. Nothing that is here is changed.

use std::collections::BTreeSet;

use super::cells::parts;
use super::fields::Form;
use super::held::{by_id, employment_words, held};
use super::listed::Row;
use super::people::employments;
use super::{Field, Kind, List, Record};
use crate::program::Program;
use crate::text::{clip, count, safe, some};

/// What a list would add, and what it says otherwise.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// In the order of the list.
    pub added: Vec<Row>,
    /// Rows that say nothing else than what is here.
    pub same: usize,
    /// What is here by another word than in the list: the id, and what differs.
    pub differs: Vec<(String, Vec<String>)>,
    /// What to know of what is added.
    pub told: Vec<String>,
}

/// Compares a list with the programme.
pub fn plan(kind: Kind, list: &List, program: &Program) -> Plan {
    let here = by_id(held(kind, program));
    let mut plan = Plan::default();
    for row in &list.listed.rows {
        match here.get(&row.id) {
            None => plan.added.push(row.clone()),
            Some(held) => {
                let words = differences(kind, held, &row.record);
                if words.is_empty() {
                    plan.same += 1;
                } else {
                    plan.differs.push((row.id.clone(), words));
                }
            }
        }
    }
    match kind {
        Kind::People => people(&mut plan),
        Kind::Controls => {
            for row in &mut plan.added {
                row.record.entry("status").or_insert_with(|| "draft".to_owned());
            }
        }
        _ => {}
    }
    incomplete(kind, &mut plan);
    plan
}

/// A person whom the list calls nothing else is taken for an employee, which is told.
fn people(plan: &mut Plan) {
    let mut taken = 0;
    for row in &mut plan.added {
        row.record.entry("kind").or_insert_with(|| {
            taken += 1;
            "employee".to_owned()
        });
    }
    if taken > 0 {
        plan.told.push(format!(
            "the list does not say what {} to the company: taken for {}; contractors and bots are marked by `kind`",
            if taken == 1 { "1 person is".to_owned() } else { format!("{} are", count(taken, "person")) },
            if taken == 1 { "an employee" } else { "employees" },
        ));
    }
}

/// What a record of the kind needs and a list often lacks.
fn incomplete(kind: Kind, plan: &mut Plan) {
    let needs: &[(&str, &str)] = match kind {
        Kind::People => &[("start", "a first day (`employed`)")],
        Kind::Vendors => &[("service", "a service"), ("owner", "an owner"), ("tier", "a tier")],
        Kind::Risks => {
            &[("owner", "an owner"), ("inherent.likelihood", "a score"), ("response", "a response")]
        }
        Kind::Controls => &[("criteria", "criteria"), ("owner", "an owner"), ("cadence", "a cadence")],
        Kind::Acknowledgements => &[("version", "a version"), ("on", "a day")],
        Kind::Training => &[("completed", "a day of completion")],
    };
    for (field, what) in needs {
        let without: Vec<String> = plan
            .added
            .iter()
            .filter(|row| !row.record.contains_key(field))
            .map(|row| clip(&safe(&row.id), 40))
            .collect();
        if !without.is_empty() {
            plan.told.push(format!("without {what}: {}", some(&without, 6)));
        }
    }
}

/// What a list says otherwise than what is here; what it does not say is no difference.
fn differences(kind: Kind, here: &Record, there: &Record) -> Vec<String> {
    let mut words = Vec::new();
    for field in kind.fields().iter().filter(|field| field.is_kept()) {
        let days_of_work = kind == Kind::People && matches!(field.name, "start" | "end" | "earlier");
        if days_of_work || matches!(field.name, "id" | "area") {
            continue;
        }
        let Some(theirs) = there.get(field.name) else { continue };
        let ours = here.get(field.name).map_or("", String::as_str);
        if !same(field, ours, theirs) {
            words.push(differs(&lower(field.heading), ours, theirs));
        }
    }
    if kind == Kind::People {
        words.extend(work_differs(here, there));
    }
    words
}

fn same(field: &Field, ours: &str, theirs: &str) -> bool {
    let set =
        |text: &str| -> BTreeSet<String> { parts(text).iter().map(|part| part.to_lowercase()).collect() };
    match field.form {
        // Names and addresses beside those of the list do no harm.
        Form::Emails => set(theirs).is_subset(&set(ours)),
        Form::Lines if field.name == "aliases" => set(theirs).is_subset(&set(ours)),
        Form::Many(_) | Form::Criteria | Form::Lines => set(theirs) == set(ours),
        _ => ours == theirs,
    }
}

/// What a list says otherwise of when somebody worked here.
fn work_differs(here: &Record, there: &Record) -> Option<String> {
    let (ours, theirs) = (employments(here), employments(there));
    let new = theirs.iter().find(|one| {
        let (from, to) = one;
        !ours.iter().any(|(our_from, our_to)| {
            (from.is_empty() || from == our_from) && (to.is_empty() || to == our_to)
        })
    })?;
    let ours: Vec<String> = ours.iter().map(employment_words).collect();
    let new = employment_words(new);
    if ours.is_empty() {
        return Some(differs("employment", "", &new));
    }
    Some(format!("employed {} here, {} in the file", clip(&safe(&ours.join("; ")), 60), safe(&new)))
}

fn differs(what: &str, ours: &str, theirs: &str) -> String {
    let shown = |text: &str| clip(&safe(text), 60);
    if ours.is_empty() {
        format!("{what} is not said here, {} in the file", shown(theirs))
    } else {
        format!("{what} is {} here, {} in the file", shown(ours), shown(theirs))
    }
}

/// A heading within a sentence: `DPA` and `ID` keep their letters.
fn lower(heading: &str) -> String {
    if heading.chars().nth(1).is_some_and(char::is_uppercase) {
        heading.to_owned()
    } else {
        heading.to_lowercase()
    }
}
