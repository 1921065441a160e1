//! Who has acknowledged which version of which policy, and when.

use std::collections::BTreeSet;

use super::View;
use super::policies::in_force;
use super::words::{day, person, typed};
use crate::program::document;
use crate::table::{Cell, Column, Table};

const COLUMNS: [Column; 5] = [
    Column::new("Policy", 28),
    Column::new("Version", 9),
    Column::new("Person", 18),
    Column::new("Name", 26),
    Column::new("Acknowledged on", 14),
];

/// Acknowledgements given in the window, and earlier ones of versions that were in force in it.
pub fn acknowledgements(view: &View<'_>) -> Table {
    let mut table = view.table("acknowledgements", "Acknowledgements of policies", COLUMNS.to_vec());
    let program = view.program();
    let mut versions: BTreeSet<(&str, String)> = BTreeSet::new();
    for standing in &view.judgement.policies {
        let Some(policy) = program.policies.get(standing.policy) else { continue };
        for one in in_force(view, standing) {
            let version = policy.head.approvals.get(one.approval).and_then(|of| of.version.as_ref());
            versions.insert((&policy.head.id.value.0, typed(version)));
        }
    }
    for row in &program.registers.acknowledgements {
        let Some(on) = day(row.on.as_ref()).filter(|on| *on <= view.judgement.as_of) else { continue };
        let policy = row.policy.as_ref().map_or("", |policy| document(&policy.value.0));
        let version = typed(row.version.as_ref());
        let (from, to) = view.window();
        let of_version = on < from && versions.contains(&(policy, version.clone()));
        if !of_version && !(from..=to).contains(&on) {
            continue;
        }
        let who = row.person.as_ref().map_or("", |person| &*person.value.0);
        table.rows.push(vec![
            Cell::text(policy),
            Cell::text(version),
            Cell::text(who),
            Cell::text(person(program, who)),
            Cell::Day(on),
        ]);
    }
    table
}
