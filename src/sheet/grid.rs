//! A sheet as its cells say it, whatever file it came in: a workbook, or comma-separated values.

use jiff::civil::Date;

/// Rows and their cells; nothing else of the file.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    /// The name of the sheet; empty where the file has none.
    pub name: String,
    /// In order; rows without a cell may be missing.
    pub rows: Vec<Row>,
}

/// A row that has cells.
#[derive(Clone, Debug)]
pub struct Row {
    /// As a spreadsheet shows it, from 1.
    pub number: u32,
    /// In order of columns; those without a value may be missing.
    pub cells: Vec<Cell>,
}

/// What a cell shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// From 0.
    pub column: u32,
    /// Its text without blanks around it; a date as `2026-01-31`.
    pub text: String,
    /// The day, where the cell holds a date.
    pub day: Option<Date>,
    /// What it shows is computed; nothing is ever written over it.
    pub formula: bool,
}

impl Grid {
    /// The row of that number.
    pub fn row(&self, number: u32) -> Option<&Row> {
        let index = self.rows.binary_search_by_key(&number, |row| row.number).ok()?;
        self.rows.get(index)
    }
}

impl Row {
    /// The cell of a column that has a value.
    pub fn cell(&self, column: u32) -> Option<&Cell> {
        let index = self.cells.binary_search_by_key(&column, |cell| cell.column).ok()?;
        self.cells.get(index).filter(|cell| !cell.text.is_empty())
    }

    /// The text of a column; empty where there is none.
    pub fn text(&self, column: u32) -> &str {
        self.cell(column).map_or("", |cell| &cell.text)
    }
}

/// The letters of a column: 0 is `A`, 26 is `AA`.
pub fn letters(column: u32) -> String {
    let (mut rest, mut out) = (column.saturating_add(1), Vec::new());
    while rest > 0 {
        let digit = (rest - 1) % 26;
        out.push(char::from(b'A' + u8::try_from(digit).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    out.iter().rev().collect()
}

/// The column that letters stand for, as far as a spreadsheet goes.
pub(crate) fn column(letters: &str) -> Option<u32> {
    if letters.is_empty() || letters.len() > 3 || !letters.bytes().all(|b| b.is_ascii_uppercase()) {
        return None;
    }
    let number = letters.bytes().fold(0, |sum, b| sum * 26 + u32::from(b - b'A') + 1);
    (number <= COLUMNS).then(|| number - 1)
}

/// Columns and rows of a spreadsheet.
pub(crate) const COLUMNS: u32 = 16_384;
pub(crate) const ROWS: u32 = 1_048_576;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_columns_are_two_names_of_one_thing() {
        for (number, name) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")] {
            assert_eq!(letters(number), name);
            assert_eq!(column(name), Some(number));
        }
        assert!(
            [column("XFE"), column("a"), column(""), column("AAAA"), column("A1")]
                .iter()
                .all(Option::is_none)
        );
    }
}
