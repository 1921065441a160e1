//! Lists that companies keep in spreadsheets and other tools (people, vendors, controls, risks, training, acknowledgements) as
//! records of a programme, and such records as tables. Bytes in, a plan out: nothing here opens a file, nothing that is here
//! already is changed, and what is not understood is told with its place.

mod cells;
mod columns;
mod fields;
mod headings;
mod held;
mod ids;
mod listed;
mod merge;
mod names;
mod people;
mod presets;
mod reader;
mod tables;
mod words;
mod write;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::program::Program;
use crate::sheet::{self, Order};

pub use columns::{Columns, Mapped};
pub use fields::Field;
pub use listed::Listed;
pub use merge::{Plan, plan};
pub use presets::{Preset, preset, presets};
pub use tables::{evidence, policies, table};
pub use write::{control_file, csv_rows, rows};

/// What a list is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Acknowledgements,
    Controls,
    People,
    Risks,
    Training,
    Vendors,
}

/// A record as a row of a table says it: canonical texts by the names of its fields; what is not said is not there.
pub type Record = BTreeMap<&'static str, String>;

/// How a list is to be read.
#[derive(Clone, Debug, Default)]
pub struct Asked<'a> {
    pub sheet: Option<&'a str>,
    pub maps: &'a [Mapped],
    pub preset: Option<&'static Preset>,
    pub order: Option<Order>,
    /// Status, reviews and acceptances are taken over as the list states them.
    pub as_stated: bool,
}

/// A list that was read: what its columns mean, what its rows say.
#[derive(Clone, Debug)]
pub struct List {
    /// The sheet; empty where the file has none.
    pub sheet: String,
    pub columns: Columns,
    pub listed: Listed,
    /// What to know of the file.
    pub told: Vec<String>,
}

impl Kind {
    /// All of them.
    pub const ALL: &'static [Self] =
        &[Self::Acknowledgements, Self::Controls, Self::People, Self::Risks, Self::Training, Self::Vendors];

    /// As it is typed, and as the register is called.
    pub fn word(self) -> &'static str {
        match self {
            Self::Acknowledgements => "acknowledgements",
            Self::Controls => "controls",
            Self::People => "people",
            Self::Risks => "risks",
            Self::Training => "training",
            Self::Vendors => "vendors",
        }
    }

    /// One of them.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Acknowledgements => "acknowledgement",
            Self::Controls => "control",
            Self::People => "person",
            Self::Risks => "risk",
            Self::Training => "training record",
            Self::Vendors => "vendor",
        }
    }

    /// What can be said of one, in the order of a table.
    pub fn fields(self) -> &'static [Field] {
        match self {
            Self::Acknowledgements => fields::ACKNOWLEDGEMENTS,
            Self::Controls => fields::CONTROLS,
            Self::People => fields::PEOPLE,
            Self::Risks => fields::RISKS,
            Self::Training => fields::TRAINING,
            Self::Vendors => fields::VENDORS,
        }
    }

    /// The fields of which a list has at least all of one group.
    fn needs(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Acknowledgements => &[&["person", "policy"]],
            Self::Controls => &[&["title"], &["id", "description"]],
            Self::People => &[&["name"], &["first"], &["last-first"], &["emails"]],
            Self::Risks => &[&["statement"], &["title"]],
            Self::Training => &[&["person", "course"]],
            Self::Vendors => &[&["name"]],
        }
    }
}

/// Reads a list of that kind. Says why not, in words that follow the file's name.
pub fn read(kind: Kind, bytes: &[u8], asked: &Asked<'_>, program: &Program) -> Result<List, String> {
    let book = sheet::open(bytes, asked.sheet)?;
    let (tab, columns) = columns::choose(kind, &book, asked)?;
    let mut told = book.told.clone();
    told.extend(tab.formulas());
    let listed = listed::listed(kind, &tab.grid, &columns, asked, program)?;
    Ok(List { sheet: tab.grid.name.clone(), columns, listed, told })
}
