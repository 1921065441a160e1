//! The stories of a person, a role and a system: what their rows in the registers said after each commit of the
//! first-parent line that touched them.

use rayon::prelude::*;

use super::{Facet, Of, State, Told, written};
use crate::git::{Commit, Repository};
use crate::model::audit::OpenPeriod;
use crate::model::registers::{Role, Tenure};
use crate::model::scalar::Date;
use crate::program::Program;
use crate::source::Sources;

/// What each commit did to a person, role or system, newest first.
pub(super) fn story(repository: &Repository, from: Commit, program: &Program, of: &Of) -> Vec<Told> {
    let Some((id, wanted)) = asked(program, of) else { return Vec::new() };
    let Ok(line) = repository.first_parents(from) else { return Vec::new() };
    let mut steps = repository.steps(&line, "registers");
    steps.retain(|step| step.changed.iter().any(|(path, _)| is_of(path, wanted)));
    let states: Vec<Option<Option<State>>> = steps
        .par_iter()
        .map(|step| {
            let parts = wanted.iter().flat_map(|name| {
                ["", ".yaml", ".csv"].iter().map(move |end| format!("registers/{name}{end}"))
            });
            let tree = repository.part(step.commit, parts.collect());
            let then = Program::load(Sources::of_tree(tree));
            then.unread.is_empty().then(|| state(&then, of, &id))
        })
        .collect();
    let mut told = Vec::new();
    let mut before: Option<State> = None;
    // Oldest first; a version that cannot be read says nothing.
    for (step, after) in steps.iter().zip(states) {
        let (Some(after), Some(index)) = (after, program.history.index_of(&step.commit.id())) else {
            continue;
        };
        if let Some(one) = Told::between(index, before.as_ref(), after.as_ref()) {
            let paths = step.changed.iter().map(|(path, _)| path).filter(|path| is_of(path, wanted));
            let mut written: Vec<u32> =
                paths.flat_map(|path| written(&program.history, path, index)).collect();
            written.sort_unstable();
            written.dedup();
            told.push(Told { written, ..one });
        }
        before = after;
    }
    told.reverse();
    told
}

/// The id, and the registers that speak of it.
fn asked(program: &Program, of: &Of) -> Option<(String, &'static [&'static str])> {
    let registers = &program.registers;
    Some(match of {
        Of::Person(index) => (registers.people.get(*index)?.id.to_string(), &["people", "roles"]),
        Of::Role(index) => (registers.roles.get(*index)?.id.to_string(), &["roles", "people"]),
        Of::System(index) => (registers.systems.get(*index)?.id.to_string(), &["systems"]),
        _ => return None,
    })
}

/// Is it a file of one of these registers: `registers/people.yaml`, `registers/people/2026.csv`?
fn is_of(path: &str, registers: &[&str]) -> bool {
    let name = path.strip_prefix("registers/").and_then(|name| name.split(['/', '.']).next());
    name.is_some_and(|name| registers.contains(&name))
}

/// What the registers say of an id; `None` when nothing.
fn state(program: &Program, of: &Of, id: &str) -> Option<State> {
    match of {
        Of::Person(_) => person(program, id),
        Of::Role(_) => {
            let role = program.registers.roles.get(*program.names.roles.get(id)?)?;
            let title = role.title.as_ref().map(|title| title.value.to_string());
            let duties = role.duties.as_ref().map(|duties| duties.value.to_string());
            let held = role.held.iter().map(|row| held(program, row)).collect();
            Some(put([("title", title), ("duties", duties)], [("held", held)]))
        }
        Of::System(_) => {
            let of = program.registers.systems.get(*program.names.systems.get(id)?)?;
            let one = [
                ("name", of.name.as_ref().map(|name| name.value.to_string())),
                ("in_scope", of.in_scope.as_ref().map(|is| is.value.to_string())),
                ("reason", of.reason.as_ref().map(|reason| reason.value.to_string())),
                ("owner", of.owner.as_ref().map(|owner| owner.value.0.to_string())),
                ("vendor", of.vendor.as_ref().map(|vendor| vendor.value.0.to_string())),
                ("from", of.from.as_ref().map(Date::to_string)),
                ("to", of.to.as_ref().map(Date::to_string)),
            ];
            Some(put(one, []))
        }
        _ => None,
    }
}

fn person(program: &Program, id: &str) -> Option<State> {
    let index = program.person(id)?;
    let of = program.registers.people.get(index)?;
    let theirs = |role: &Role| -> Vec<String> {
        let rows =
            role.held.iter().filter(|row| row.by.as_ref().and_then(|by| program.person(by)) == Some(index));
        rows.map(|row| format!("{} {}", role.id, span(row.from.as_ref(), row.to.as_ref()))).collect()
    };
    let one = [
        ("name", of.name.as_ref().map(|name| name.value.to_string())),
        ("kind", of.kind.as_ref().map(|kind| kind.value.word().to_owned())),
        ("manager", of.manager.as_ref().map(|manager| manager.value.0.to_string())),
        ("notified", of.notified.as_ref().map(Date::to_string)),
        ("background_check", of.background_check.as_ref().map(Date::to_string)),
        ("confidentiality_agreement", of.confidentiality_agreement.as_ref().map(Date::to_string)),
        ("code_of_conduct", of.code_of_conduct.as_ref().map(Date::to_string)),
        ("notes", of.notes.as_ref().map(|notes| notes.value.to_string())),
    ];
    let employed = |row: &OpenPeriod| span(row.from.as_ref(), row.to.as_ref());
    let many = [
        ("employed", of.employed.iter().map(employed).collect()),
        ("roles", program.registers.roles.iter().flat_map(theirs).collect()),
        ("emails", of.emails.iter().map(|email| email.value.to_string()).collect()),
        ("aliases", of.aliases.iter().map(|alias| alias.value.to_string()).collect()),
    ];
    Some(put(one, many))
}

fn held(program: &Program, row: &Tenure) -> String {
    let by = row.by.as_ref().map_or("nobody", |by| &by.value.0);
    let index = program.person(by);
    let id = index.and_then(|index| program.registers.people.get(index)).map(|person| person.id.to_string());
    format!("{} {}", id.as_deref().unwrap_or(by), span(row.from.as_ref(), row.to.as_ref()))
}

fn span(from: Option<&Date>, to: Option<&Date>) -> String {
    match (from, to) {
        (Some(from), Some(to)) => format!("from {from} to {to}"),
        (Some(from), None) => format!("from {from} on"),
        (None, Some(to)) => format!("to {to}"),
        (None, None) => "without days".to_owned(),
    }
}

fn put<const ONE: usize, const MANY: usize>(
    one: [(&str, Option<String>); ONE],
    many: [(&str, Vec<String>); MANY],
) -> State {
    let one = one.into_iter().filter_map(|(key, value)| Some((key.to_owned(), Facet::One(value?))));
    let many = many.into_iter().filter(|(_, items)| !items.is_empty());
    one.chain(many.map(|(key, items)| (key.to_owned(), Facet::Many(items)))).collect()
}
