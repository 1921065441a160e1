//! A table for people who work in spreadsheets: named columns and typed cells, written as a workbook, CSV, HTML, Markdown
//! or JSON. It knows nothing of programmes, and no cell is ever a formula.

use jiff::civil::Date;

/// A table; every row has a cell for every column.
#[derive(Clone, Debug)]
pub struct Table {
    /// The name of its file without the end, and of its sheet: `control-matrix`; at most 31 letters.
    pub name: &'static str,
    /// Its heading: `Control matrix`.
    pub title: String,
    /// Sentences above it: whose view it is, of which day, what is left out.
    pub notes: Vec<String>,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
}

/// What a column holds.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its heading, and its key in JSON once it is spelt as a slug.
    pub title: &'static str,
    /// How wide it is in a workbook, in characters; longer text is wrapped.
    pub width: u16,
}

/// The content of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Blank,
    Text(String),
    Count(u64),
    Day(Date),
    /// A text that leads to a file of the bundle, by its path below the bundle's root; a text where there is no bundle.
    Link {
        text: String,
        to: String,
    },
}
