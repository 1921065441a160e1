//! A table too wide for a page, as Markdown to be read: rows of the same first cell under one heading, each row a line in
//! bold with what else is known of it below.

use std::fmt::Write;

use super::markdown::{notes, words};
use super::{Cell, Table};
use crate::text::markdown as escape;

/// The rows, one below the other. `lead` names the columns, by index, that make the line in bold; the first column makes
/// the headings.
pub fn records(table: &Table, lead: &[usize]) -> String {
    let mut out = String::new();
    notes(table, &mut out);
    if table.rows.is_empty() {
        out.push_str("Nothing to list.\n");
    }
    let mut under: Option<&Cell> = None;
    for row in &table.rows {
        if row.first() != under {
            under = row.first();
            let _ = writeln!(out, "## {}\n", under.map_or_else(String::new, words));
        }
        record(table, row, lead, &mut out);
    }
    out
}

fn record(table: &Table, row: &[Cell], lead: &[usize], out: &mut String) {
    let filled = |cell: &&Cell| **cell != Cell::Blank;
    let first: Vec<String> = lead.iter().filter_map(|nth| row.get(*nth)).filter(filled).map(words).collect();
    if !first.is_empty() {
        let _ = writeln!(out, "**{}**\n", first.join(" · "));
    }
    let cells = table.columns.iter().zip(row).enumerate().skip(1);
    let rest = cells.filter(|(nth, (_, cell))| !lead.contains(nth) && filled(cell));
    for (_, (column, cell)) in rest {
        let _ = writeln!(out, "- {}: {}", escape(column.title), words(cell).replace("<br>", " "));
    }
    out.push('\n');
}
