//! CSV for a spreadsheet on Windows: with a byte order mark, without which Excel takes UTF-8 for the machine's old code
//! page and shows names wrongly; with CRLF, as RFC 4180 has it. Text that a spreadsheet would run as a formula gets an
//! apostrophe in front. Notes are left out: the first line is the heading, so that filters and scripts find it.

use super::{Cell, Table};
use crate::text::starts_formula;

/// The table as CSV.
pub fn csv(table: &Table) -> String {
    let mut out = String::from("\u{feff}");
    row(&mut out, table.columns.iter().map(|column| column.title.to_owned()));
    csv_rows(table, &mut out);
    out
}

/// The rows of a further part of a table, below those of the parts before it.
pub fn csv_rows(table: &Table, out: &mut String) {
    for cells in &table.rows {
        row(out, cells.iter().map(field));
    }
}

fn row(out: &mut String, fields: impl Iterator<Item = String>) {
    for (nth, field) in fields.enumerate() {
        if nth > 0 {
            out.push(',');
        }
        if field.contains([',', '"', '\n', '\r']) || field.starts_with(' ') || field.ends_with(' ') {
            out.push('"');
            out.push_str(&field.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&field);
        }
    }
    out.push_str("\r\n");
}

fn field(cell: &Cell) -> String {
    match cell {
        // What is typed is looked at before it is made harmless: a tab in front starts a formula as well. Behind an apostrophe of
        // its own it gets another one, so that taking one away gives what was typed.
        Cell::Text(text) | Cell::Link { text, .. } if starts_formula(text.trim_start_matches('\'')) => {
            format!("'{}", cell.words())
        }
        _ => cell.words().into_owned(),
    }
}
