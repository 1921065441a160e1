//! The auditor's list, with where each request stands.

use super::View;
use super::registers::owner;
use super::words::{day, listed, typed};
use crate::table::{Cell, Column, Table};

const COLUMNS: [Column; 10] = [
    Column::new("Ref", 10),
    Column::new("Request", 56),
    Column::new("Controls", 30),
    Column::new("Period from", 11),
    Column::new("Period to", 11),
    Column::new("Due", 11),
    Column::new("Answered by", 26),
    Column::new("Status", 11),
    Column::new("Comment", 44),
    Column::new("Evidence", 44),
];

/// Every request, in the auditor's order.
pub fn requests(view: &View<'_>) -> Table {
    let mut table = view.table("requests", "Requests of the auditor", COLUMNS.to_vec());
    for row in &view.program().registers.requests {
        let period = row.period.as_ref();
        table.rows.push(vec![
            Cell::text(row.id.value.trim()),
            Cell::text(typed(row.text.as_ref())),
            Cell::text(listed(row.controls.iter().map(|control| &*control.value.0))),
            Cell::day(period.and_then(|period| day(period.from.as_ref()))),
            Cell::day(period.and_then(|period| day(period.to.as_ref()))),
            Cell::day(day(row.due.as_ref())),
            owner(view, row.owner.as_ref()),
            Cell::text(row.status.as_ref().map_or("", |status| status.value.word())),
            Cell::text(typed(row.comment.as_ref())),
            Cell::text(listed(row.evidence.iter().map(|evidence| &*evidence.value.0))),
        ]);
    }
    table
}
