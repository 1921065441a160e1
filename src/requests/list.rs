//! The auditor's list as a file: opened, its sheet and columns found, our columns filled in and everything else kept.

use std::collections::BTreeMap;

use super::columns::{Columns, Field, Told};
use crate::sheet::grid::{COLUMNS, Grid, letters};
use crate::sheet::separated::Separated;
use crate::sheet::workbook::{FILE_CAP, Sheet, Workbook, Writes};
use crate::text::{clip, list, safe, some};

/// A list whose sheet and columns are known.
pub struct List<'b> {
    held: Held<'b>,
    pub grid: Grid,
    pub columns: Columns,
    /// Sheets that were not looked at, and why.
    pub told: Vec<String>,
}

enum Held<'b> {
    /// A workbook, which sheet of it, and that sheet.
    Workbook(Box<Workbook<'b>>, usize, Box<Sheet>),
    Separated(Separated),
}

/// A sheet that may be the list.
struct Candidate {
    index: usize,
    sheet: Sheet,
    grid: Grid,
    columns: Columns,
}

/// What is written into the row of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    pub status: String,
    pub answer: String,
    pub evidence: String,
}

impl Answer {
    fn of(&self, field: Field) -> &str {
        match field {
            Field::OurStatus => &self.status,
            Field::Answer => &self.answer,
            Field::Evidence => &self.evidence,
            _ => "",
        }
    }
}

impl<'b> List<'b> {
    /// Opens a workbook or comma-separated text. Without a name the sheet is taken whose headings are most like those of a list of
    /// requests. Says why not, in words that follow the file's name.
    pub fn open(bytes: &'b [u8], sheet: Option<&str>, told: &[Told]) -> Result<Self, String> {
        if !bytes.starts_with(b"PK") && !bytes.starts_with(b"\xd0\xcf\x11\xe0") {
            if bytes.len() > FILE_CAP {
                return Err(format!("is larger than {} MB", FILE_CAP >> 20));
            }
            let held = Separated::open(bytes)?;
            let grid = held.grid();
            let columns = Columns::find(&grid, told).map_err(|why| format!("is not understood: {why}"))?;
            return Ok(Self { held: Held::Separated(held), grid, columns, told: Vec::new() });
        }
        let book = Workbook::open(bytes)?;
        match sheet {
            Some(name) => Self::named(book, name, told),
            None => Self::likely(book, told),
        }
    }

    fn named(mut book: Workbook<'b>, name: &str, told: &[Told]) -> Result<Self, String> {
        let found = book.sheets.iter().position(|tab| tab.name.trim().eq_ignore_ascii_case(name.trim()));
        let Some(index) = found else {
            let names: Vec<String> = book.sheets.iter().map(|tab| clip(&safe(&tab.name), 40)).collect();
            return Err(format!(
                "has no sheet `{}`; its sheets are {}",
                clip(&safe(name), 40),
                list(&names, "and")
            ));
        };
        let sheet = book.sheet(index)?;
        let grid = sheet.grid(&book.sheets.get(index).map(|tab| tab.name.clone()).unwrap_or_default());
        let columns = Columns::find(&grid, told).map_err(|why| format!("is not understood: {why}"))?;
        let held = Held::Workbook(Box::new(book), index, Box::new(sheet));
        Ok(Self { held, grid, columns, told: Vec::new() })
    }

    fn likely(mut book: Workbook<'b>, told: &[Told]) -> Result<Self, String> {
        let mut best: Option<Candidate> = None;
        let (mut notes, mut why) = (Vec::new(), None);
        for index in 0..book.sheets.len() {
            let Some(tab) = book.sheets.get(index).cloned().filter(|tab| !tab.hidden) else { continue };
            let sheet = match book.sheet(index) {
                Ok(sheet) => sheet,
                Err(fault) => {
                    notes.push(format!("the sheet `{}` is not read: it {fault}", clip(&safe(&tab.name), 40)));
                    continue;
                }
            };
            let grid = sheet.grid(&tab.name);
            match Columns::find(&grid, told) {
                Ok(columns) if best.as_ref().is_none_or(|best| columns.of.len() > best.columns.of.len()) => {
                    best = Some(Candidate { index, sheet, grid, columns });
                }
                Ok(_) => {}
                Err(fault) => {
                    let said = format!("is not understood: sheet `{}`: {fault}", clip(&safe(&tab.name), 40));
                    why.get_or_insert(said);
                }
            }
        }
        let nothing = || some(&notes, 2);
        let Some(Candidate { index, sheet, grid, columns }) = best else {
            return Err(why.unwrap_or_else(|| format!("has no sheet that can be read; {}", nothing())));
        };
        Ok(Self { held: Held::Workbook(Box::new(book), index, Box::new(sheet)), grid, columns, told: notes })
    }

    /// Is it a workbook?
    pub fn is_workbook(&self) -> bool {
        matches!(self.held, Held::Workbook(..))
    }

    /// Where the columns of ours stand, and which of them are new: those the list has, else new ones at its right.
    fn ours(&self) -> Result<BTreeMap<Field, (u32, bool)>, String> {
        let from = self.columns.header;
        let last = match &self.held {
            Held::Workbook(_, _, sheet) => sheet.last_column(from),
            Held::Separated(text) => text.last_column(from),
        };
        let mut next = last + 1;
        let mut found = BTreeMap::new();
        for field in Field::OURS {
            let place = match self.columns.column(*field) {
                Some(column) => (column, false),
                None => {
                    next += 1;
                    (next - 1, true)
                }
            };
            found.insert(*field, place);
        }
        if next > COLUMNS { Err("has no room for another column".to_owned()) } else { Ok(found) }
    }

    /// The file with the answers in its rows, and the columns they are in. Answers are by row, as the spreadsheet counts.
    pub fn filled(self, answers: &BTreeMap<u32, Answer>) -> Result<(Vec<u8>, Vec<String>), String> {
        let ours = self.ours()?;
        let like = self.columns.column(Field::Text).or_else(|| self.columns.column(Field::Title));
        let mut writes = Writes::default();
        let headings = writes.cells.entry(self.columns.header).or_default();
        let new: Vec<(Field, u32)> =
            ours.iter().filter(|(_, (_, new))| *new).map(|(field, (column, _))| (*field, *column)).collect();
        for (field, column) in &new {
            headings.insert(*column, (field.heading().to_owned(), like));
        }
        for (row, answer) in answers {
            let cells = writes.cells.entry(*row).or_default();
            for (field, (column, new)) in &ours {
                // A column of theirs has the look it has.
                cells.insert(*column, (answer.of(*field).to_owned(), like.filter(|_| *new)));
            }
        }
        let width = |field: Field| if field == Field::OurStatus { 18 } else { 44 };
        writes.columns = new.iter().map(|(field, column)| (*column, width(*field))).collect();
        let named = |(field, (column, new)): (&Field, &(u32, bool))| {
            let heading = self.columns.of.get(field).map_or(field.heading(), |(_, heading)| heading);
            let new = if *new { ", new" } else { "" };
            format!("{} `{}`{new}", letters(*column), clip(&safe(heading), 40))
        };
        let columns = ours.iter().map(named).collect();
        let bytes = match self.held {
            Held::Workbook(book, index, sheet) => book.with_sheet(index, &sheet.with(&writes))?,
            Held::Separated(text) => text.with(&writes),
        };
        Ok((bytes, columns))
    }
}
