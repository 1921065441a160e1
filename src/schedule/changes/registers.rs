//! What policies and registers date: approvals, people who answer for something and come or go, systems, vendors, incidents.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{Change, days};
use crate::schedule::View;
use crate::schedule::words::{person, typed};
use crate::timeline::people::{self, Holder};

/// Changes that the records date in the window.
pub(super) fn changes(view: &View<'_>) -> Vec<Change> {
    let within = |day: Option<Date>| day.filter(|day| (days(view).0..=days(view).1).contains(day));
    let mut found = Vec::new();
    policies(view, &within, &mut found);
    staff(view, &within, &mut found);
    systems(view, &within, &mut found);
    vendors(view, &within, &mut found);
    incidents(view, &within, &mut found);
    found
}

type Within<'w> = dyn Fn(Option<Date>) -> Option<Date> + 'w;

fn policies(view: &View<'_>, within: &Within<'_>, found: &mut Vec<Change>) {
    for policy in &view.program().policies {
        let id = &*policy.head.id.value.0;
        let mut before = String::new();
        for approval in &policy.head.approvals {
            let version = typed(approval.version.as_ref());
            if let Some(on) = within(approval.effective.as_ref().map(|day| day.value)) {
                let by = approval.by.as_ref();
                found.push(Change {
                    before: before.clone(),
                    after: version.clone(),
                    by: by.map_or_else(String::new, |by| person(view.program(), &by.value.0)),
                    ..Change::typed("policy", id, on, "a version that was approved takes effect")
                });
            }
            before = version;
        }
    }
}

/// People who own something or hold a role, and who holds a role.
fn staff(view: &View<'_>, within: &Within<'_>, found: &mut Vec<Change>) {
    let program = view.program();
    let owners = owners(view);
    for (index, row) in program.registers.people.iter().enumerate() {
        if !owners.contains(&index) {
            continue;
        }
        for (from, to) in people::stints(row) {
            let name = || person(program, &row.id.value.0);
            if let Some(on) = within(Some(from)) {
                found
                    .push(Change { after: name(), ..Change::typed("person", &row.id.value.0, on, "joined") });
            }
            if let Some(on) = within(Some(to)) {
                found.push(Change { before: name(), ..Change::typed("person", &row.id.value.0, on, "left") });
            }
        }
    }
    for role in &program.registers.roles {
        for (index, (from, to)) in people::held(program, role) {
            let name = program.registers.people.get(index).map_or("", |row| &*row.id.value.0);
            let name = person(program, name);
            if let Some(on) = within(Some(from)) {
                let after = name.clone();
                found.push(Change { after, ..Change::typed("role", &role.id.value.0, on, "is held by") });
            }
            if let Some(on) = within(Some(to)) {
                let before = name;
                found.push(Change {
                    before,
                    ..Change::typed("role", &role.id.value.0, on, "was held to the end of this day by")
                });
            }
        }
    }
}

/// People who held a role or owned a control, by index.
fn owners(view: &View<'_>) -> BTreeSet<usize> {
    let program = view.program();
    let roles =
        program.registers.roles.iter().flat_map(|role| people::held(program, role)).map(|(person, _)| person);
    let owned = program.controls.iter().filter_map(|control| control.owner.as_ref());
    let owned = owned.filter_map(|name| match people::holder(program, &name.value.0) {
        Some(Holder::Person(index)) => Some(index),
        _ => None,
    });
    roles.chain(owned).collect()
}

fn systems(view: &View<'_>, within: &Within<'_>, found: &mut Vec<Change>) {
    for row in &view.program().registers.systems {
        let (from, to) = (row.from.as_ref().map(|day| day.value), row.to.as_ref().map(|day| day.value));
        let scope = match row.in_scope.as_ref().map(|said| said.value) {
            Some(true) => "in scope",
            Some(false) => "not in scope",
            None => "",
        };
        for (day, what) in [(from, "came into use"), (to, "was in use for the last day")] {
            if let Some(on) = within(day) {
                found.push(Change {
                    after: scope.to_owned(),
                    ..Change::typed("system", &row.id.value.0, on, what)
                });
            }
        }
    }
}

fn vendors(view: &View<'_>, within: &Within<'_>, found: &mut Vec<Change>) {
    for row in &view.program().registers.vendors {
        let contract = row.contract.as_ref();
        let from = contract.and_then(|contract| contract.from.as_ref()).map(|day| day.value);
        for (day, what) in
            [(from, "contract begins"), (row.ended.as_ref().map(|day| day.value), "no longer used")]
        {
            if let Some(on) = within(day) {
                let after = typed(row.service.as_ref());
                found.push(Change { after, ..Change::typed("vendor", &row.id.value.0, on, what) });
            }
        }
    }
}

fn incidents(view: &View<'_>, within: &Within<'_>, found: &mut Vec<Change>) {
    let zone = view.judgement.zone();
    for row in &view.program().registers.incidents {
        let detected = row.detected.as_ref().map(|at| zone.to_datetime(at.value).date());
        if let Some(on) = within(detected) {
            let severity = row.severity.as_ref().map_or("", |severity| severity.value.word());
            found.push(Change {
                after: typed(row.title.as_ref()),
                ..Change::typed("incident", &row.id.value.0, on, format!("was noticed ({severity})"))
            });
        }
    }
}
