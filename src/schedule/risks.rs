//! The risks: what could go wrong, how it is scored, and what is done about it.

use super::View;
use super::registers::owner;
use super::words::{day, listed, person, typed};
use crate::model::registers::Score;
use crate::table::{Cell, Column, Table};

const COLUMNS: [Column; 20] = [
    Column::new("Risk", 22),
    Column::new("Statement", 50),
    Column::new("Category", 14),
    Column::new("Owner", 26),
    Column::new("Inherent likelihood", 10),
    Column::new("Inherent impact", 10),
    Column::new("Inherent score", 10),
    Column::new("Residual likelihood", 10),
    Column::new("Residual impact", 10),
    Column::new("Residual score", 10),
    Column::new("Response", 12),
    Column::new("Controls", 32),
    Column::new("Still to be done", 34),
    Column::new("By", 11),
    Column::new("Accepted by", 20),
    Column::new("Accepted on", 11),
    Column::new("Acceptance expires", 12),
    Column::new("Criteria", 16),
    Column::new("Last reviewed", 11),
    Column::new("Reviewed by", 20),
];

/// Every risk of the register.
pub fn risks(view: &View<'_>) -> Table {
    let mut table = view.table("risks", "Risks", COLUMNS.to_vec());
    let program = view.program();
    for row in &program.registers.risks {
        let mut cells = vec![
            Cell::text(row.id.to_string()),
            Cell::text(typed(row.statement.as_ref())),
            Cell::text(typed(row.category.as_ref())),
            owner(view, row.owner.as_ref()),
        ];
        cells.extend(score(row.inherent.as_ref()));
        cells.extend(score(row.residual.as_ref()));
        let accepted = row.accepted.as_ref();
        let reviewed = row.reviewed.as_ref();
        let name = |by: Option<&crate::model::scalar::PersonRef>| {
            Cell::text(by.map_or_else(String::new, |by| person(program, &by.value.0)))
        };
        cells.extend([
            Cell::text(row.response.as_ref().map_or("", |response| response.value.word())),
            Cell::text(listed(row.controls.iter().map(|control| &*control.value.0))),
            Cell::text(typed(row.action.as_ref())),
            Cell::day(day(row.due.as_ref())),
            name(accepted.and_then(|accepted| accepted.by.as_ref())),
            Cell::day(accepted.and_then(|accepted| day(accepted.on.as_ref()))),
            Cell::day(accepted.and_then(|accepted| day(accepted.expires.as_ref()))),
            Cell::text(listed(row.criteria.iter().map(|criterion| &*criterion.value.0))),
            Cell::day(reviewed.and_then(|act| day(act.on.as_ref()))),
            name(reviewed.and_then(|act| act.by.as_ref())),
        ]);
        table.rows.push(cells);
    }
    table
}

/// Likelihood, impact and their product.
fn score(score: Option<&Score>) -> [Cell; 3] {
    let number = |n: Option<u64>| n.map_or(Cell::Blank, Cell::Count);
    let likelihood = score.and_then(|score| score.likelihood.as_ref()).map(|n| n.value);
    let impact = score.and_then(|score| score.impact.as_ref()).map(|n| n.value);
    [number(likelihood), number(impact), number(score.and_then(Score::product))]
}
