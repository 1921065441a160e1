//! A workbook keeps its texts apart from its cells. Where each text stands first, so that a find in it is told by sheet, row
//! and column.

use std::collections::BTreeMap;

/// Texts above this are told by their number among the texts.
const MOST: usize = 200_000;

/// The first cell of each text of a workbook.
#[derive(Debug, Default)]
pub(super) struct Cells {
    sheets: Vec<String>,
    first: BTreeMap<u64, (usize, u64, u64)>,
}

impl Cells {
    /// What follows is of this sheet.
    pub(super) fn begin(&mut self, sheet: &str) {
        self.sheets.push(sheet.to_owned());
    }

    /// The cell `B7` shows the text of that number.
    pub(super) fn shows(&mut self, cell: (u64, u64), text: u64) {
        if self.first.len() < MOST {
            let (row, column) = cell;
            self.first.entry(text).or_insert((self.sheets.len(), row, column));
        }
    }

    /// The sheet, row and column where the text of that number stands first.
    pub(super) fn of(&self, text: u64) -> Option<(&str, u64, u64)> {
        let (sheet, row, column) = self.first.get(&text)?;
        Some((self.sheets.get(sheet.checked_sub(1)?)?, *row, *column))
    }
}

/// Row and column of `B7`, where a cell's attributes say that it shows a text of the workbook.
pub(super) fn text_cell(attributes: &[u8]) -> Option<(u64, u64)> {
    let attributes = std::str::from_utf8(attributes).ok()?;
    let value = |name: &str| {
        let parts = attributes.split_ascii_whitespace();
        parts.filter_map(|part| part.strip_prefix(name)?.strip_prefix("=\"")?.split('"').next()).next()
    };
    let name = (value("t")? == "s").then(|| value("r"))??;
    let letters = name.find(|c: char| c.is_ascii_digit())?;
    let (column, row) = name.split_at_checked(letters)?;
    let column = column.bytes().try_fold(0u64, |all, letter| {
        let digit = letter.is_ascii_uppercase().then(|| u64::from(letter - b'A') + 1)?;
        all.checked_mul(26)?.checked_add(digit)
    })?;
    Some((row.parse().ok()?, column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_as_they_are_called() {
        for (attributes, cell) in [
            ("r=\"B7\" s=\"1\" t=\"s\"", Some((7, 2))),
            ("t=\"s\" r=\"AA100\"", Some((100, 27))),
            ("r=\"B7\" t=\"n\"", None),
            ("r=\"B7\"", None),
            ("r=\"b7\" t=\"s\"", None),
            ("r=\"\" t=\"s\"", None),
        ] {
            assert_eq!(text_cell(attributes.as_bytes()), cell, "{attributes}");
        }
        let mut cells = Cells::default();
        cells.begin("sheet1");
        cells.shows((7, 2), 0);
        cells.begin("sheet2");
        cells.shows((1, 1), 0);
        cells.shows((1, 2), 1);
        assert_eq!(
            (cells.of(0), cells.of(1), cells.of(2)),
            (Some(("sheet1", 7, 2)), Some(("sheet2", 1, 2)), None)
        );
    }
}
