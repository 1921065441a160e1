//! JSON for a script: each row an object by the columns' keys in their order, days as `2026-03-31`, nothing as `null`.

use std::io;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Cell, Column, Table};

/// Version of the JSON shape.
const FORMAT_VERSION: &str = "soc2-table/1";

#[derive(serde::Serialize)]
struct Document<'t> {
    format: &'static str,
    tables: Vec<JsonTable<'t>>,
}

#[derive(serde::Serialize)]
struct JsonTable<'t> {
    name: &'t str,
    title: &'t str,
    notes: &'t [String],
    columns: Vec<JsonColumn>,
    rows: Vec<Row<'t>>,
}

#[derive(serde::Serialize)]
struct JsonColumn {
    key: String,
    title: &'static str,
}

/// A row by the columns' keys.
struct Row<'t>(&'t [Column], &'t [Cell]);

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (column, cell) in self.0.iter().zip(self.1) {
            let key = column.key();
            match cell {
                Cell::Blank => map.serialize_entry(&key, &())?,
                Cell::Text(text) | Cell::Link { text, .. } => map.serialize_entry(&key, text.trim_end())?,
                Cell::Count(n) => map.serialize_entry(&key, n)?,
                Cell::Day(day) => map.serialize_entry(&key, &day.to_string())?,
            }
        }
        map.end()
    }
}

/// The tables as one JSON document.
pub fn json(tables: &[&Table]) -> io::Result<String> {
    let document =
        Document { format: FORMAT_VERSION, tables: tables.iter().map(|table| of(table)).collect() };
    Ok(crate::text::json(serde_json::to_string_pretty(&document)?) + "\n")
}

fn of(table: &Table) -> JsonTable<'_> {
    let column = |column: &Column| JsonColumn { key: column.key(), title: column.title };
    JsonTable {
        name: table.name,
        title: &table.title,
        notes: &table.notes,
        columns: table.columns.iter().map(column).collect(),
        rows: table.rows.iter().map(|row| Row(&table.columns, row)).collect(),
    }
}
