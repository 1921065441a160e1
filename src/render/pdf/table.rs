//! A table on its way to a page: how wide its columns shall be, and its cells as code.

use std::fmt::Write;

use pulldown_cmark::Alignment;

use super::literal::{breakable, literal};

/// Letters that fit beside each other on a page at a size of letters: the most columns, size in points, letters.
const SIZES: [(usize, f64, f64); 4] =
    [(6, 9.5, 96.0), (9, 8.5, 108.0), (14, 7.5, 122.0), (usize::MAX, 6.5, 140.0)];
/// The space at both sides of a cell, in letters.
const GAP: f64 = 2.5;
/// A column wants no more than this many letters.
const WIDEST: f64 = 160.0;

#[derive(Default)]
pub(super) struct Table {
    aligns: Vec<&'static str>,
    columns: Vec<Column>,
    header: Vec<String>,
    cells: Vec<String>,
    in_body: bool,
    /// Of the cell that is open.
    now: Column,
}

/// Letters of the longest cell and of the longest word.
#[derive(Clone, Copy, Default)]
struct Column {
    line: f64,
    word: f64,
}

impl Table {
    pub(super) fn new(aligns: &[Alignment]) -> Self {
        let word = |align: &Alignment| match align {
            Alignment::Center => "center",
            Alignment::Right => "end",
            Alignment::None | Alignment::Left => "start",
        };
        Self {
            aligns: aligns.iter().map(word).collect(),
            columns: vec![Column::default(); aligns.len()],
            ..Self::default()
        }
    }

    fn size(&self) -> (f64, f64) {
        let columns = self.columns.len();
        let found = SIZES.iter().find(|(most, ..)| columns <= *most);
        found.map_or((6.5, 140.0), |(_, size, letters)| (*size, *letters))
    }

    /// The longest word that need not break.
    fn longest(&self) -> f64 {
        let (_, letters) = self.size();
        let columns = self.columns.len().max(1) as f64;
        (letters / columns - GAP).clamp(3.0, 24.0).floor().max(letters / columns / 2.0).floor().max(3.0)
    }

    /// Notes the width of a text in the open cell; from what length on its words may break.
    pub(super) fn measure(&mut self, text: &str, wide: f64) -> usize {
        let longest = self.longest();
        let letters =
            |text: &str| text.chars().map(|c| if c < '\u{2e80}' { 1.0 } else { 2.0 }).sum::<f64>() * wide;
        let word = text.split([' ', '\n', '-']).map(letters).fold(0.0, f64::max);
        self.now.line += letters(text);
        self.now.word = self.now.word.max(word.min(longest));
        (longest / wide) as usize
    }

    /// Takes the cell that ends.
    pub(super) fn cell(&mut self, code: String) {
        let now = std::mem::take(&mut self.now);
        let place = if self.in_body { self.cells.len() } else { self.header.len() };
        if let Some(at) = place.checked_rem(self.columns.len())
            && let Some(column) = self.columns.get_mut(at)
        {
            column.line = column.line.max(now.line.min(WIDEST));
            column.word = column.word.max(now.word);
        }
        if self.in_body { &mut self.cells } else { &mut self.header }.push(code);
    }

    /// Adds a cell of plain text.
    pub(super) fn plain(&mut self, text: &str) {
        let most = self.measure(text, 1.0);
        self.cell(literal(&breakable(text, most)));
    }

    pub(super) fn end_of_header(&mut self) {
        self.in_body = true;
    }

    /// Shares of the width: each column has room for its longest word, and what is left goes by the length of the cells.
    fn shares(&self) -> Vec<f64> {
        let (_, letters) = self.size();
        let least = |column: &Column| column.word.max(2.0) + GAP;
        let more = |column: &Column| (column.line - column.word).max(0.0);
        let left = (letters - self.columns.iter().map(least).sum::<f64>()).max(0.0);
        let wanted: f64 = self.columns.iter().map(more).sum();
        let all_fits = wanted <= left;
        let pull = |column: &Column| if all_fits { more(column) } else { more(column).sqrt() };
        let pulls: f64 = self.columns.iter().map(pull).sum();
        let spread = if all_fits { 1.0 } else { left / pulls.max(1.0) };
        self.columns.iter().map(|column| least(column) + pull(column) * spread).collect()
    }

    /// The call that sets it.
    pub(super) fn code(&self) -> String {
        let mut out = String::from("matrix((");
        for share in self.shares() {
            let _ = write!(out, "{share:.2}fr,");
        }
        out.push_str("),(");
        for align in &self.aligns {
            let _ = write!(out, "{align},");
        }
        let _ = write!(out, "),{}pt,(", self.size().0);
        if self.header.iter().any(|cell| !cell.is_empty()) {
            push_cells(&mut out, &self.header);
        }
        out.push_str("),");
        push_cells(&mut out, &self.cells);
        out.push_str(");");
        out
    }
}

fn push_cells(out: &mut String, cells: &[String]) {
    for cell in cells {
        let _ = write!(out, "{{{cell}}},");
    }
}
