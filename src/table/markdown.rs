//! Markdown for an issue or a wiki: a heading, the notes, a table. The same rows give the same bytes.

use std::fmt::Write;

use super::{Cell, Table};
use crate::text::markdown as escape;

/// The tables, one after the other; the first has the heading of the document.
pub fn markdown(tables: &[&Table]) -> String {
    let mut out = String::new();
    for (nth, table) in tables.iter().enumerate() {
        let marks = if nth == 0 { "#" } else { "\n##" };
        let _ = writeln!(out, "{marks} {}\n", escape(&table.title));
        notes(table, &mut out);
        rows(table, &mut out);
    }
    out
}

/// The notes, a line each.
pub(super) fn notes(table: &Table, out: &mut String) {
    for (nth, note) in table.notes.iter().enumerate() {
        let end = if nth + 1 < table.notes.len() { "  " } else { "\n" };
        let _ = writeln!(out, "{}{end}", escape(note));
    }
}

fn rows(table: &Table, out: &mut String) {
    if table.rows.is_empty() {
        out.push_str("Nothing to list.\n");
        return;
    }
    let columns = table.filled();
    let heads: Vec<String> =
        columns.iter().filter_map(|nth| table.columns.get(*nth)).map(|column| escape(column.title)).collect();
    let _ = writeln!(out, "| {} |\n|{}", heads.join(" | "), " --- |".repeat(heads.len()));
    for row in &table.rows {
        let cells: Vec<String> = columns.iter().filter_map(|nth| row.get(*nth)).map(words).collect();
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
}

/// A cell's text on one line.
pub(super) fn words(cell: &Cell) -> String {
    let text = cell.words();
    let lines: Vec<String> = text.lines().map(escape).collect();
    lines.join("<br>")
}
