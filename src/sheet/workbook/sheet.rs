//! One sheet: what its cells show, and where each stands in the text of its part.

use std::ops::Range;

use jiff::civil::Date;

use super::Refused;
use super::styles::Styles;
use super::xml::{Piece, Tag, Xml};
use crate::sheet::grid::{COLUMNS, Cell, Grid, ROWS, Row, column, letters};

/// The longest text that a cell can hold.
const TEXT_CAP: usize = 40_000;
/// Entries of widths and of joined cells.
const EXTRAS_CAP: usize = 20_000;

/// A sheet and the text it was read from.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    pub(super) text: String,
    pub(super) rows: Vec<RowAt>,
    /// The widths of columns: first and last, from 0, and the place of the tag.
    pub(super) widths: Vec<(u32, u32, Range<usize>)>,
    /// Where the list of widths ends, if there is one.
    pub(super) widths_end: Option<usize>,
    /// Where the rows begin.
    pub(super) data: usize,
    /// The tag that says how far the sheet goes, and how far.
    pub(super) extent: Option<(Range<usize>, String)>,
    /// `x:` where names of the part carry one.
    pub(super) prefix: String,
    /// Joined cells: first and last row from 1, last column from 0.
    joined: Vec<(u32, u32, u32)>,
}

/// A row and its place.
#[derive(Debug)]
pub(super) struct RowAt {
    pub(super) number: u32,
    pub(super) tag: Range<usize>,
    /// Where its end tag begins.
    pub(super) end: usize,
    pub(super) cells: Vec<CellAt>,
}

/// A cell and its place.
#[derive(Debug)]
pub(super) struct CellAt {
    pub(super) cell: Cell,
    pub(super) style: Option<u32>,
    /// The whole element.
    pub(super) at: Range<usize>,
}

/// The place of a cell by its reference: column from 0, row from 1.
fn place(reference: &str) -> Option<(u32, u32)> {
    let digits = reference.find(|c: char| c.is_ascii_digit())?;
    let (letters, number) = reference.split_at(digits);
    let row: u32 = number.parse().ok().filter(|row| (1..=ROWS).contains(row))?;
    Some((column(&letters.to_ascii_uppercase())?, row))
}

impl Sheet {
    pub(super) fn read(
        text: String,
        strings: &[Box<str>],
        styles: &Styles,
        most: usize,
    ) -> Result<Self, Refused> {
        let mut sheet = Self::default();
        let mut reading = Reading { xml: Xml::new(&text), strings, styles, cells: 0, most, given: 0 };
        while let Some(tag) = reading.xml.next_tag()? {
            match tag.name {
                "worksheet" => sheet.prefix = tag.prefix(),
                "dimension" => sheet.extent = Some((tag.at.clone(), tag.get("ref").unwrap_or_default())),
                "cols" if !tag.empty => reading.widths(&mut sheet)?,
                "mergeCell" if sheet.joined.len() < EXTRAS_CAP => {
                    let ends = tag.get("ref").unwrap_or_default();
                    let (from, to) = ends.split_once(':').unwrap_or((&ends, &ends));
                    if let (Some((_, first)), Some((column, last))) = (place(from), place(to)) {
                        sheet.joined.push((first, last, column));
                    }
                }
                "sheetData" => {
                    sheet.data = tag.at.start;
                    if !tag.empty {
                        reading.rows(&mut sheet)?;
                    }
                }
                _ => {}
            }
        }
        drop(reading);
        sheet.text = text;
        Ok(sheet)
    }

    /// How many cells it has, empty ones included.
    pub(super) fn cells(&self) -> usize {
        self.rows.iter().map(|row| row.cells.len()).sum()
    }

    /// What its cells show.
    pub(crate) fn grid(&self, name: &str) -> Grid {
        let row = |row: &RowAt| Row {
            number: row.number,
            cells: row
                .cells
                .iter()
                .map(|one| &one.cell)
                .filter(|cell| !cell.text.is_empty())
                .cloned()
                .collect(),
        };
        Grid { name: name.to_owned(), rows: self.rows.iter().map(row).collect() }
    }

    /// The cells whose formula has no result: `B3`.
    pub(crate) fn uncomputed(&self) -> Vec<String> {
        let cells = self.rows.iter().flat_map(|row| row.cells.iter().map(move |one| (row.number, &one.cell)));
        let bare = cells.filter(|(_, cell)| cell.formula && cell.text.is_empty());
        bare.map(|(row, cell)| format!("{}{row}", letters(cell.column))).collect()
    }

    /// The last column that any row from that one on uses, joined cells included.
    pub(crate) fn last_column(&self, from: u32) -> u32 {
        let rows = self.rows.iter().filter(|row| row.number >= from);
        let used = rows.filter_map(|row| {
            let mut shown =
                row.cells.iter().rev().filter(|one| !one.cell.text.is_empty() || one.cell.formula);
            shown.next().map(|one| one.cell.column)
        });
        let joined = self.joined.iter().filter(|(_, last, _)| *last >= from).map(|(_, _, column)| *column);
        used.chain(joined).max().unwrap_or(0)
    }
}

/// The text of all cells of a sheet, in bytes.
const GIVEN_CAP: usize = 16 << 20;

/// Reads the parts of a sheet, counting its cells.
struct Reading<'x, 's> {
    xml: Xml<'x>,
    strings: &'s [Box<str>],
    styles: &'s Styles,
    cells: usize,
    most: usize,
    /// Bytes of text that its cells were given: many cells may name one long text.
    given: usize,
}

fn cut() -> Refused {
    "is damaged: a sheet ends too early".to_owned()
}

impl Reading<'_, '_> {
    fn widths(&mut self, sheet: &mut Sheet) -> Result<(), Refused> {
        loop {
            match self.xml.piece()? {
                Piece::Tag(tag) if tag.name == "col" && sheet.widths.len() < EXTRAS_CAP => {
                    let number = |name| tag.get(name).and_then(|text| text.parse::<u32>().ok());
                    if let (Some(first), Some(last)) = (number("min"), number("max")) {
                        let last = last.clamp(1, COLUMNS) - 1;
                        sheet.widths.push((first.clamp(1, COLUMNS) - 1, last, tag.at));
                    }
                }
                Piece::End(name, at) if name == "cols" => {
                    sheet.widths_end = Some(at.start);
                    return Ok(());
                }
                Piece::Done => return Err(cut()),
                _ => {}
            }
        }
    }

    fn rows(&mut self, sheet: &mut Sheet) -> Result<(), Refused> {
        let mut before = 0;
        loop {
            match self.xml.piece()? {
                Piece::Tag(tag) if tag.name == "row" => {
                    let said = tag.get("r").and_then(|number| number.parse::<u32>().ok());
                    let number = said.unwrap_or(before + 1);
                    if number <= before || number > ROWS {
                        return Err("is damaged: its rows are out of order".to_owned());
                    }
                    before = number;
                    if !tag.empty {
                        let (cells, end) = self.cells()?;
                        sheet.rows.push(RowAt { number, tag: tag.at, end, cells });
                    }
                }
                Piece::End(name, _) if name == "sheetData" => return Ok(()),
                Piece::Done => return Err(cut()),
                _ => {}
            }
        }
    }

    /// The cells of a row, and where it ends.
    fn cells(&mut self) -> Result<(Vec<CellAt>, usize), Refused> {
        let mut cells: Vec<CellAt> = Vec::new();
        loop {
            match self.xml.piece()? {
                Piece::Tag(tag) if tag.name == "c" => {
                    self.cells += 1;
                    if self.cells > self.most {
                        return Err(format!("has a sheet of more than {} cells", self.most));
                    }
                    let next = cells.last().map_or(0, |last| last.cell.column + 1);
                    let said = tag.get("r").and_then(|reference| place(&reference)).map(|(column, _)| column);
                    let column = said.unwrap_or(next);
                    if column < next || column >= COLUMNS {
                        return Err("is damaged: its cells are out of order".to_owned());
                    }
                    cells.push(self.cell(&tag, column)?);
                }
                Piece::End(name, at) if name == "row" => return Ok((cells, at.start)),
                Piece::Done => return Err(cut()),
                _ => {}
            }
        }
    }

    fn cell(&mut self, tag: &Tag<'_>, column: u32) -> Result<CellAt, Refused> {
        let style = tag.get("s").and_then(|style| style.parse().ok());
        let kind = tag.get("t").unwrap_or_default();
        let mut one = CellAt { cell: Cell { column, ..Cell::default() }, style, at: tag.at.clone() };
        if tag.empty {
            return Ok(one);
        }
        let (mut value, mut inside) = (String::new(), false);
        loop {
            match self.xml.piece()? {
                Piece::Tag(tag) if tag.name == "f" => one.cell.formula = true,
                Piece::Tag(tag) if tag.name == "v" => inside = !tag.empty,
                Piece::Tag(tag) if tag.name == "is" && !tag.empty => value = self.xml.rich_text("is")?,
                Piece::Text(text) if inside => value.push_str(&text),
                Piece::End(name, _) if name == "v" => inside = false,
                Piece::End(name, at) if name == "c" => {
                    one.at.end = at.end;
                    break;
                }
                Piece::Done => return Err(cut()),
                _ => {}
            }
            if value.len() > TEXT_CAP * 4 {
                return Err("has a cell with more text than a cell can hold".to_owned());
            }
        }
        let (text, day) = self.shown(&kind, value, style);
        self.given += text.len();
        if self.given > GIVEN_CAP {
            return Err(format!("has a sheet whose cells show more than {} MB of text", GIVEN_CAP >> 20));
        }
        one.cell.text = text.trim().to_owned();
        one.cell.day = day;
        Ok(one)
    }

    /// What a cell of a kind shows.
    fn shown(&self, kind: &str, value: String, style: Option<u32>) -> (String, Option<Date>) {
        match kind {
            "s" => {
                let index = value.trim().parse::<usize>().ok();
                (
                    index
                        .and_then(|index| self.strings.get(index))
                        .map_or(String::new(), |text| text.to_string()),
                    None,
                )
            }
            "b" => (if value.trim() == "1" { "TRUE" } else { "FALSE" }.to_owned(), None),
            // What could not be computed says nothing.
            "e" => (String::new(), None),
            "d" => {
                let day = value.get(..10).and_then(|day| day.parse::<Date>().ok());
                (day.map_or(value, |day| day.to_string()), day)
            }
            "str" | "inlineStr" => (value, None),
            _ if value.trim().is_empty() => (String::new(), None),
            _ => self.styles.number(&value, style),
        }
    }
}
