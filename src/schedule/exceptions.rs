//! Deviations that we found ourselves: what did not happen as written, why, what came of it, and how it was mended.

use std::collections::BTreeSet;

use super::View;
use super::index::Index;
use super::registers::owner;
use super::words::{day, person, typed};
use crate::table::{Cell, Column, Table};

const COLUMNS: [Column; 15] = [
    Column::new("Exception", 22),
    Column::new("Control", 26),
    Column::new("Criteria", 14),
    Column::new("Slot", 11),
    Column::new("Item", 16),
    Column::new("System", 14),
    Column::new("Found on", 11),
    Column::new("Found by", 20),
    Column::new("Cause", 44),
    Column::new("Effect", 40),
    Column::new("Mended on", 11),
    Column::new("Mended by", 20),
    Column::new("What was done", 40),
    Column::new("Management's response", 40),
    Column::new("Owner", 26),
];

/// Exceptions that a slot of the audit rests on, that were found in the window, or that were still open in it.
pub fn exceptions(view: &View<'_>) -> Table {
    let mut table = view.table("exceptions", "Exceptions found by management", COLUMNS.to_vec());
    let index = Index::new(view);
    let program = view.program();
    let shown: BTreeSet<usize> = view.controls().iter().map(|control| control.control).collect();
    let slots = view.controls().into_iter().flat_map(|control| &control.slots);
    let named: BTreeSet<usize> = slots.filter_map(|slot| slot.exception).collect();
    for (nth, row) in program.registers.exceptions.iter().enumerate() {
        let name = row.control.as_ref().map_or("", |control| &*control.value.0);
        let control = program.names.controls.get(name).copied();
        let found = row.found.as_ref().and_then(|act| day(act.on.as_ref()));
        let mended = row.remediated.as_ref().and_then(|done| day(done.on.as_ref()));
        let ahead = found.is_some_and(|on| on > view.judgement.as_of);
        let of_window =
            mended.is_none_or(|on| on >= view.window().0) || found.is_some_and(|on| on >= view.window().0);
        let wanted = control.is_some_and(|control| shown.contains(&control));
        if ahead || !wanted || !(of_window || named.contains(&nth)) {
            continue;
        }
        let done = row.remediated.as_ref();
        let who = |by: Option<&crate::model::scalar::PersonRef>| {
            Cell::text(by.map_or_else(String::new, |by| person(program, &by.value.0)))
        };
        let control_cell = control.map_or_else(|| Cell::text(name), |control| view.control_cell(control));
        table.rows.push(vec![
            Cell::text(row.id.to_string()),
            control_cell,
            Cell::text(control.map_or_else(String::new, |control| index.criteria(&[control]).join(", "))),
            Cell::text(typed(row.slot.as_ref())),
            Cell::text(typed(row.item.as_ref())),
            Cell::text(row.system.as_ref().map_or("", |system| &*system.value.0)),
            Cell::day(found),
            who(row.found.as_ref().and_then(|act| act.by.as_ref())),
            Cell::text(typed(row.cause.as_ref())),
            Cell::text(typed(row.effect.as_ref())),
            Cell::day(mended),
            who(done.and_then(|done| done.by.as_ref())),
            Cell::text(done.map_or_else(String::new, |done| typed(done.what.as_ref()))),
            Cell::text(typed(row.response.as_ref())),
            owner(view, row.owner.as_ref()),
        ]);
    }
    table
}
