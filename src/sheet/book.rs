//! A file of sheets, whatever kind it is.

use super::grid::{Grid, letters};
use super::separated::Separated;
use super::workbook::{FILE_CAP, Workbook};
use crate::text::{clip, count, list, safe, some};

/// The sheets of a file, and what was not read of it.
#[derive(Clone, Debug, Default)]
pub struct Book {
    pub sheets: Vec<Tab>,
    pub told: Vec<String>,
}

/// A sheet.
#[derive(Clone, Debug)]
pub struct Tab {
    pub grid: Grid,
    /// Cells whose formula has no result in the file: `B3`.
    pub uncomputed: Vec<String>,
}

/// Opens a workbook (.xlsx) or comma-separated text; of a workbook the sheets that are shown, or the one that is named. Says
/// why not, in words that follow the file's name.
pub fn open(bytes: &[u8], sheet: Option<&str>) -> Result<Book, String> {
    if bytes.len() > FILE_CAP {
        return Err(format!("is larger than {} MB", FILE_CAP >> 20));
    }
    if !bytes.starts_with(b"PK") && !bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        let grid = Separated::open(bytes)?.grid();
        let told = sheet.map(|name| {
            format!("the file has no sheets, so `--sheet {}` says nothing", clip(&safe(name), 40))
        });
        let tab = Tab { grid, uncomputed: Vec::new() };
        return Ok(Book { sheets: vec![tab], told: told.into_iter().collect() });
    }
    let mut book = Workbook::open(bytes)?;
    let shown = |name: &str| clip(&safe(name), 40);
    let wanted: Vec<usize> = match sheet {
        Some(name) => {
            let same = |tab: &str| tab.trim().eq_ignore_ascii_case(name.trim());
            let Some(index) = book.sheets.iter().position(|tab| same(&tab.name)) else {
                let names: Vec<String> = book.sheets.iter().map(|tab| shown(&tab.name)).collect();
                return Err(format!(
                    "has no sheet `{}`; its sheets are {}",
                    shown(name),
                    list(&names, "and")
                ));
            };
            vec![index]
        }
        None => (0..book.sheets.len())
            .filter(|index| book.sheets.get(*index).is_some_and(|tab| !tab.hidden))
            .collect(),
    };
    let (mut read, mut why) = (Book::default(), None);
    for index in wanted {
        let name = book.sheets.get(index).map(|tab| tab.name.clone()).unwrap_or_default();
        match book.sheet(index) {
            Ok(sheet) => {
                let uncomputed = sheet.uncomputed();
                read.sheets.push(Tab { grid: sheet.grid(&name), uncomputed });
            }
            Err(fault) => {
                read.told.push(format!("the sheet `{}` is not read: it {fault}", shown(&name)));
                why.get_or_insert(fault);
            }
        }
    }
    match why {
        Some(why) if read.sheets.is_empty() => Err(why),
        _ if read.sheets.is_empty() => Err("has no sheet that is shown; name one: --sheet NAME".to_owned()),
        _ => Ok(read),
    }
}

impl Tab {
    /// What to know of its formulas.
    pub fn formulas(&self) -> Option<String> {
        if !self.uncomputed.is_empty() {
            return Some(format!(
                "{} {}: the file does not hold what the formula gives; save it once in a spreadsheet program, then import it again",
                if self.uncomputed.len() == 1 { "cell" } else { "cells" },
                some(&self.uncomputed, 5)
            ));
        }
        let cells = self.grid.rows.iter().flat_map(|row| row.cells.iter().map(move |cell| (row, cell)));
        let computed: Vec<String> = cells
            .filter(|(_, cell)| cell.formula)
            .map(|(row, cell)| format!("{}{}", letters(cell.column), row.number))
            .collect();
        (!computed.is_empty()).then(|| {
            format!(
                "{} read as last computed, never as a formula: {}",
                match computed.len() {
                    1 => "1 cell is".to_owned(),
                    n => format!("{} are", count(n, "cell")),
                },
                some(&computed, 5)
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_table_is_refused_in_words() {
        for (bytes, why) in [
            (&b"PK\x03\x04 no archive"[..], "is no workbook that Excel writes"),
            (b"\xd0\xcf\x11\xe0 old", "is protected with a password, or in the old format"),
            (b"\x00\x01\x02", "is neither a workbook (.xlsx) nor comma-separated text"),
            (b"a,b\n1,\"two\nthree\n4,5\n", "has a quote that is never closed: it opens in row 2, column B"),
        ] {
            let said = open(bytes, None).unwrap_err();
            assert!(said.contains(why), "{said}");
        }
        assert!(open(&vec![b'a'; FILE_CAP + 1], None).unwrap_err().contains("is larger than 32 MB"));
        let wide: Vec<u8> = b"a,b\n".repeat(200_000);
        assert!(open(&wide, None).unwrap_err().contains("has more than 300000 cells"));
    }
}
