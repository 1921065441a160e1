//! Small tables: read from `data/tables/`, filtered by day, written as CSV. No cell holds a comma or a quote.

use jiff::civil::Date;

use super::calendar::day;
use super::data;

/// A header and its rows.
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// A table of `data/tables/`, by name.
pub fn tables(name: &str) -> Table {
    let text = data::text(&format!("tables/{name}.csv"));
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect());
    let header: Vec<String> = lines.next().unwrap_or_default();
    let rows: Vec<Vec<String>> = lines.collect();
    for row in &rows {
        assert_eq!(row.len(), header.len(), "a row of {name} has another width: {row:?}");
    }
    Table { header, rows }
}

impl Table {
    pub fn new(header: &str, rows: Vec<Vec<String>>) -> Self {
        Self { header: header.split(',').map(str::to_owned).collect(), rows }
    }

    fn column(&self, name: &str) -> usize {
        let found = self.header.iter().position(|column| column == name);
        found.unwrap_or_else(|| panic!("no column `{name}` in {:?}", self.header))
    }

    /// A cell of a row, by the name of its column.
    pub fn cell<'r>(&self, row: &'r [String], name: &str) -> &'r str {
        &row[self.column(name)]
    }

    /// The rows whose day lies in an interval.
    pub fn within(mut self, column: &str, from: Date, to: Date) -> Self {
        let index = self.column(column);
        self.rows.retain(|row| {
            let on = day(&row[index][..10]);
            from <= on && on <= to
        });
        self
    }

    /// The table as CSV.
    pub fn csv(&self) -> String {
        let mut out = self.header.join(",") + "\n";
        for row in &self.rows {
            out.push_str(&row.join(","));
            out.push('\n');
        }
        out
    }
}
