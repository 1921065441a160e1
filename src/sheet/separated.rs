//! A list as comma-separated values: read whatever program wrote it, written into without touching its other cells.

use std::ops::Range;

use super::grid::{COLUMNS, Cell, Grid, ROWS, Row, letters};
use super::workbook::Writes;
use crate::text::starts_formula;

/// Cells above this are refused.
const CELLS_CAP: usize = 300_000;

/// A text and where its cells stand in it.
#[derive(Debug)]
pub(crate) struct Separated {
    text: String,
    separator: char,
    records: Vec<Vec<Range<usize>>>,
    /// It is written back with the mark that lets Excel read other letters than English ones.
    mark: bool,
}

impl Separated {
    /// Reads a text; says why not.
    pub(crate) fn open(bytes: &[u8]) -> Result<Self, String> {
        if bytes.contains(&0) && !bytes.starts_with(b"\xff\xfe") && !bytes.starts_with(b"\xfe\xff") {
            return Err("is neither a workbook (.xlsx) nor comma-separated text".to_owned());
        }
        let (text, mark) = decoded(bytes);
        let separator = separator(&text);
        let records = records(&text, separator)?;
        Ok(Self { text, separator, records, mark })
    }

    /// What its cells show.
    pub(crate) fn grid(&self) -> Grid {
        let cells = |record: &Vec<Range<usize>>| {
            let shown = record.iter().zip(0u32..).map(|(at, column)| Cell {
                column,
                text: value(self.text.get(at.clone()).unwrap_or("")),
                ..Cell::default()
            });
            shown.filter(|cell| !cell.text.is_empty()).collect()
        };
        let rows =
            self.records.iter().zip(1u32..).map(|(record, number)| Row { number, cells: cells(record) });
        Grid { name: String::new(), rows: rows.collect() }
    }

    /// The last column that any row from that one on uses.
    pub(crate) fn last_column(&self, from: u32) -> u32 {
        let rows = self.records.iter().skip(usize::try_from(from).unwrap_or(0).saturating_sub(1));
        let longest = rows.map(Vec::len).max().unwrap_or(1);
        u32::try_from(longest).unwrap_or(COLUMNS).saturating_sub(1)
    }

    /// The text with others in some of its cells.
    pub(crate) fn with(&self, writes: &Writes) -> Vec<u8> {
        let mut out = String::with_capacity(self.text.len() + (4 << 10));
        if self.mark {
            out.push('\u{feff}');
        }
        let mut done = 0;
        for (record, number) in self.records.iter().zip(1u32..) {
            let Some(cells) = writes.cells.get(&number) else { continue };
            let length = u32::try_from(record.len()).unwrap_or(COLUMNS);
            for (column, (text, _)) in cells.range(..length) {
                let index = usize::try_from(*column).unwrap_or(usize::MAX);
                let Some(at) = record.get(index).filter(|at| at.start >= done) else { continue };
                if value(self.text.get((*at).clone()).unwrap_or("")) == text.trim() {
                    continue;
                }
                out.push_str(self.text.get(done..at.start).unwrap_or(""));
                out.push_str(&self.field(text));
                done = at.end;
            }
            let Some(end) = record.last().map(|last| last.end) else { continue };
            out.push_str(self.text.get(done..end).unwrap_or(""));
            done = done.max(end);
            let mut next = length;
            for (column, (text, _)) in cells.range(length..) {
                (next..=*column).for_each(|_| out.push(self.separator));
                out.push_str(&self.field(text));
                next = column + 1;
            }
        }
        out.push_str(self.text.get(done..).unwrap_or(""));
        out.into_bytes()
    }

    fn field(&self, text: &str) -> String {
        let text = text.trim();
        let text =
            if starts_formula(text.trim_start_matches('\'')) { format!("'{text}") } else { text.to_owned() };
        if text.contains(['"', '\n', '\r', self.separator]) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text
        }
    }
}

/// The text of bytes, and whether it is to be marked when it is written back: as UTF-8, as what Excel calls Unicode, else as
/// western Windows letters.
fn decoded(bytes: &[u8]) -> (String, bool) {
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return (String::from_utf8_lossy(rest).into_owned(), true);
    }
    for (mark, join) in
        [(b"\xff\xfe", u16::from_le_bytes as fn([u8; 2]) -> u16), (b"\xfe\xff", u16::from_be_bytes)]
    {
        if let Some(rest) = bytes.strip_prefix(mark) {
            let units = rest.chunks_exact(2).filter_map(|pair| Some(join(pair.try_into().ok()?)));
            let text = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER));
            return (text.collect(), true);
        }
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), false),
        Err(_) => (bytes.iter().map(|byte| windows(*byte)).collect(), true),
    }
}

/// A letter of Windows-1252.
fn windows(byte: u8) -> char {
    const HIGH: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
    match byte {
        0x80..=0x9f => HIGH.chars().nth(usize::from(byte - 0x80)).unwrap_or(' '),
        _ => char::from(byte),
    }
}

/// What stands between cells: of those that stand outside quotes in the first lines, the one that is in most of them. A list in
/// a cell may hold more semicolons than the row has commas, but the headings hold none.
fn separator(text: &str) -> char {
    let (mut quoted, mut lines) = (false, 0usize);
    // In how many lines it stands, how often in all, and how often in the line that is read.
    let mut seen = [(',', 0usize, 0usize, 0usize), (';', 0, 0, 0), ('\t', 0, 0, 0)];
    for c in text.chars().take(HEAD_LETTERS).chain(std::iter::once('\n')) {
        quoted ^= c == '"';
        if c == '\n' {
            lines += 1;
            for (_, in_lines, all, here) in &mut seen {
                *in_lines += usize::from(*here > 0);
                *all += std::mem::take(here);
            }
        }
        if lines == HEAD_LINES {
            break;
        }
        if let Some((.., here)) = seen.iter_mut().find(|(one, ..)| *one == c && !quoted) {
            *here += 1;
        }
    }
    seen.iter().rev().max_by_key(|(_, in_lines, all, _)| (*in_lines, *all)).map_or(',', |(one, ..)| *one)
}

/// How far it is looked for what stands between cells.
const HEAD_LINES: usize = 30;
const HEAD_LETTERS: usize = 1 << 20;

/// Where the cells of each record stand, quotes included.
fn records(text: &str, separator: char) -> Result<Vec<Vec<Range<usize>>>, String> {
    let (mut records, mut record) = (Vec::new(), Vec::new());
    let (mut start, mut quoted, mut cells) = (0, false, 0usize);
    let mut opened = (0, 0);
    let mut bytes = text.char_indices().peekable();
    while let Some((at, c)) = bytes.next() {
        match c {
            '"' if quoted || text.get(start..at).is_some_and(|before| before.trim().is_empty()) => {
                quoted = !quoted;
                if quoted {
                    opened = (records.len() + 1, record.len());
                }
            }
            // A doubled quote closes and opens again.
            '"' if text.get(start..at).is_some_and(|before| before.ends_with('"')) => quoted = true,
            c if c == separator && !quoted => {
                record.push(start..at);
                start = at + c.len_utf8();
                cells += 1;
            }
            '\n' | '\r' if !quoted => {
                let two = c == '\r' && bytes.next_if(|(_, next)| *next == '\n').is_some();
                record.push(start..at);
                records.push(std::mem::take(&mut record));
                start = at + 1 + usize::from(two);
                cells += 1;
            }
            _ => {}
        }
        if cells > CELLS_CAP || records.len() > usize::try_from(ROWS).unwrap_or(usize::MAX) {
            return Err(format!("has more than {CELLS_CAP} cells"));
        }
    }
    if quoted {
        let column = letters(u32::try_from(opened.1).unwrap_or(COLUMNS));
        return Err(format!(
            "has a quote that is never closed: it opens in row {}, column {column}",
            opened.0
        ));
    }
    if start < text.len() || !record.is_empty() {
        record.push(start..text.len());
        records.push(record);
    }
    if records.iter().any(|record| record.len() > COLUMNS as usize) {
        return Err(format!("has more than {COLUMNS} columns"));
    }
    Ok(records)
}

/// What a cell says, without quotes and blanks around it, and without the apostrophe that keeps it from being a formula.
fn value(raw: &str) -> String {
    let raw = raw.trim();
    let text = match raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inside) => inside.replace("\"\"", "\"").trim().to_owned(),
        None => raw.to_owned(),
    };
    match text.strip_prefix('\'') {
        Some(plain) if starts_formula(plain.trim_start_matches('\'')) => plain.to_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(bytes: &[u8]) -> Vec<Vec<(u32, String)>> {
        let grid = Separated::open(bytes).unwrap().grid();
        grid.rows
            .iter()
            .map(|row| row.cells.iter().map(|cell| (cell.column, cell.text.clone())).collect())
            .collect()
    }

    fn row(cells: &[(u32, &str)]) -> Vec<(u32, String)> {
        cells.iter().map(|(column, text)| (*column, (*text).to_owned())).collect()
    }

    #[test]
    fn cells_are_read_however_they_are_written() {
        let expected = vec![row(&[(0, "a"), (1, "b c")]), row(&[(0, "x \"y\", z\nlast"), (2, "é")])];
        assert_eq!(shown("a,b c\r\n\"x \"\"y\"\", z\nlast\",,é\r\n".as_bytes()), expected);
        assert_eq!(shown("\u{feff}a;b c\n\"x \"\"y\"\", z\nlast\";;é".as_bytes()), expected);
        assert_eq!(shown(b"a\tb c\n\"x \"\"y\"\", z\nlast\"\t\t\xe9"), expected);
        let wide: Vec<u8> = "\u{feff}a\tb\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(shown(&wide), [row(&[(0, "a"), (1, "b")])]);
        assert_eq!(shown(b"'=a,'b,''=c"), [row(&[(0, "=a"), (1, "'b"), (2, "'=c")])]);
        let listed = "id,tags\n1,\"a, b\"\n2,a; b; c; d; e\n3,a; b; c; d; e\n";
        assert_eq!(shown(listed.as_bytes())[2], row(&[(0, "2"), (1, "a; b; c; d; e")]));
        assert!(Separated::open(b"a\0b").is_err());
    }

    #[test]
    fn only_the_cells_that_are_written_change() {
        let text = "Ref,\"Request\" ,Response\r\n1, \"two, three\",\r\n2,x\r\n";
        let list = Separated::open(text.as_bytes()).unwrap();
        let mut writes = Writes::default();
        for (number, column, words) in
            [(1, 4, "Evidence"), (2, 2, "see \"a\""), (2, 4, "=b"), (3, 4, "c"), (3, 0, "2"), (9, 1, "z")]
        {
            writes.cells.entry(number).or_default().insert(column, (words.to_owned(), None));
        }
        let expected =
            "Ref,\"Request\" ,Response,,Evidence\r\n1, \"two, three\",\"see \"\"a\"\"\",,'=b\r\n2,x,,,c\r\n";
        assert_eq!(String::from_utf8(list.with(&writes)).unwrap(), expected);
        assert_eq!(list.with(&Writes::default()), text.as_bytes());
    }
}
