//! A table for people who work in spreadsheets: named columns and typed cells, written as a workbook, CSV, HTML, Markdown
//! or JSON. It knows nothing of programmes, and no cell is ever a formula.

mod csv;
mod html;
mod json;
mod markdown;
mod records;
mod xlsx;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt::Write;

use jiff::civil::Date;

pub use csv::{csv, csv_rows};
pub use html::html;
pub use json::json;
pub use markdown::markdown;
pub use records::records;
pub use xlsx::xlsx;

use crate::text::{is_hostile, slug};

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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cell {
    #[default]
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

impl Table {
    /// The columns in which some row says something, by index. On a page the others would only take room; where a table is
    /// filled in, they are what it is for.
    fn filled(&self) -> Vec<usize> {
        let says =
            |nth: &usize| self.rows.iter().any(|row| row.get(*nth).is_some_and(|cell| *cell != Cell::Blank));
        (0..self.columns.len()).filter(says).collect()
    }

    /// The table without the columns in which no row says anything.
    #[must_use]
    pub fn without_blank(&self) -> Self {
        let filled = self.filled();
        let of = |row: &Vec<Cell>| filled.iter().filter_map(|nth| row.get(*nth)).cloned().collect();
        Self {
            columns: filled.iter().filter_map(|nth| self.columns.get(*nth)).copied().collect(),
            rows: self.rows.iter().map(of).collect(),
            ..self.clone()
        }
    }

    /// Where the columns of these headings are, as far as there are any.
    pub fn columns_named(&self, titles: &[&str]) -> Vec<usize> {
        let named = titles.iter().map(|title| self.columns.iter().position(|column| column.title == *title));
        named.flatten().collect()
    }
}

impl Column {
    /// A column of that heading and width.
    pub const fn new(title: &'static str, width: u16) -> Self {
        Self { title, width }
    }

    /// Its key in JSON: `in-force-from`.
    fn key(&self) -> String {
        slug(self.title)
    }
}

impl Cell {
    /// A text; blank where it is empty.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.trim().is_empty() { Self::Blank } else { Self::Text(text) }
    }

    /// A day, where there is one.
    pub fn day(day: Option<Date>) -> Self {
        day.map_or(Self::Blank, Self::Day)
    }

    /// How many.
    pub fn count(n: usize) -> Self {
        Self::Count(u64::try_from(n).unwrap_or(u64::MAX))
    }

    /// A text that leads somewhere in the bundle, where the bundle has a place for it.
    pub fn link(text: impl Into<String>, to: Option<&str>) -> Self {
        match (Self::text(text), to) {
            (Self::Text(text), Some(to)) => Self::Link { text, to: to.to_owned() },
            (cell, _) => cell,
        }
    }

    /// What a reader sees: one line, or several where the text has some.
    fn words(&self) -> Cow<'_, str> {
        match self {
            Self::Blank => Cow::Borrowed(""),
            Self::Text(text) | Self::Link { text, .. } => shown(text),
            Self::Count(n) => Cow::Owned(n.to_string()),
            Self::Day(day) => Cow::Owned(day.to_string()),
        }
    }
}

/// A text in which no character can move or hide others; its lines stay lines.
fn shown(text: &str) -> Cow<'_, str> {
    let text = text.trim_end();
    if !text.chars().any(|c| c != '\n' && is_hostile(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        match c {
            '\n' => out.push('\n'),
            '\r' if letters.peek() == Some(&'\n') => {}
            '\t' => out.push(' '),
            c if is_hostile(c) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// The way to a file of the bundle, from where the table lies.
fn address(links: &str, to: &str) -> String {
    format!("{links}{to}")
}
