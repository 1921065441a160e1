//! The rows of a CSV file before it is filed.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};

use jiff::civil::Date;

use crate::source::sha256;

/// Rows looked at for repeated keys; more are only counted.
const KEY_CAP: usize = 1_000_000;

/// What stands between columns where it is no comma.
const SEPARATORS: [(char, &str); 2] = [(';', "semicolons"), ('\t', "tabs")];

/// What a CSV file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Rows below the header; a row of blanks is none.
    pub count: u64,
    pub columns: Vec<String>,
    /// The column that was looked at for repeated keys.
    pub key: Option<String>,
    /// Rows whose key an earlier row has.
    pub duplicates: u64,
    /// The first such key.
    pub first_duplicate: Option<String>,
    /// The first column with a date in every row, where the rows are of several days.
    pub dated: Option<String>,
}

/// Why no rows can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoRows {
    /// Columns are separated by something else, in words.
    Separator(&'static str),
    /// Two bytes a character, as some spreadsheets save it.
    Utf16,
    /// No such column.
    Column,
    /// Rows of differing length, or no rows at all.
    NotCsv,
}

impl NoRows {
    /// What it is and what to do: `is separated by semicolons; save it with commas`.
    pub fn words(self) -> String {
        match self {
            Self::Separator(by) => format!("is separated by {by}; save it with commas"),
            Self::Utf16 => "is UTF-16; save it as UTF-8".to_owned(),
            Self::Column => "has no such column".to_owned(),
            Self::NotCsv => "cannot be read as CSV".to_owned(),
        }
    }
}

/// Counts rows, and those that repeat the value of the column `key`, or of the first column when none is named.
pub fn rows(reader: impl Read, key: Option<&str>) -> Result<Rows, NoRows> {
    let mut reader = BufReader::new(reader);
    let start = reader.fill_buf().map_err(|_| NoRows::NotCsv)?;
    // A mark in front, or every second byte of plain letters is zero.
    if matches!(start, [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, _, ..] | [_, 0, ..]) {
        return Err(NoRows::Utf16);
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(reader);
    let text = |cell: &[u8]| String::from_utf8_lossy(cell).trim_start_matches('\u{feff}').trim().to_owned();
    let mut row = csv::ByteRecord::new();
    let columns: Vec<String> = loop {
        match reader.read_byte_record(&mut row) {
            Ok(true) if row.iter().all(|cell| text(cell).is_empty()) => {}
            Ok(true) => break row.iter().map(text).collect(),
            _ => return Err(NoRows::NotCsv),
        }
    };
    if let [only] = columns.as_slice()
        && let Some((_, by)) = SEPARATORS.iter().find(|(c, _)| only.contains(*c))
    {
        return Err(NoRows::Separator(by));
    }
    let at = match key {
        Some(key) => columns.iter().position(|column| column == key).ok_or(NoRows::Column)?,
        None => 0,
    };
    let mut found = Rows { key: columns.get(at).cloned(), columns, ..Rows::default() };
    let mut seen: BTreeSet<[u8; 32]> = BTreeSet::new();
    let mut dated = Dated(vec![Some(None); found.columns.len()]);
    while reader.read_byte_record(&mut row).map_err(|_| NoRows::NotCsv)? {
        if row.iter().all(|cell| cell.trim_ascii().is_empty()) {
            continue;
        }
        if row.len() != found.columns.len() {
            return Err(NoRows::NotCsv);
        }
        found.count += 1;
        dated.take(&row);
        let cell = row.get(at).unwrap_or(b"").trim_ascii();
        if seen.len() < KEY_CAP && !seen.insert(sha256(cell)) {
            found.duplicates += 1;
            found.first_duplicate.get_or_insert_with(|| text(cell));
        }
    }
    found.dated = dated.first().and_then(|column| found.columns.get(column).cloned());
    Ok(found)
}

/// For each column the days so far: `None` once a row had no date, else the first day and whether another followed.
struct Dated(Vec<Option<Option<(Date, bool)>>>);

impl Dated {
    fn take(&mut self, row: &csv::ByteRecord) {
        for (column, days) in self.0.iter_mut().enumerate() {
            let Some(before) = days else { continue };
            *days = day(row.get(column).unwrap_or(b"")).map(|day| match before {
                None => Some((day, false)),
                Some((first, other)) => Some((*first, *other || day != *first)),
            });
        }
    }

    fn first(&self) -> Option<usize> {
        self.0.iter().position(|days| matches!(days, Some(Some((_, true)))))
    }
}

/// The day that a cell begins with, as in `2026-03-28` and `2026-03-28T15:04:05Z`.
fn day(cell: &[u8]) -> Option<Date> {
    let (day, rest) = cell.trim_ascii().split_at_checked(10)?;
    let apart = rest.first().is_none_or(|next| matches!(next, b'T' | b't' | b' '));
    let day = std::str::from_utf8(day).ok().filter(|day| apart && day.as_bytes().get(4) == Some(&b'-'))?;
    day.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_and_repeated_keys_told() {
        let text = "\u{feff}login,role\r\nalice,admin\r\n,\r\nbob,\"x\ny\"\r\nalice,user\r\n";
        let found = rows(text.as_bytes(), None).unwrap();
        assert_eq!((found.count, found.duplicates, found.first_duplicate.as_deref()), (3, 1, Some("alice")));
        assert_eq!(
            (found.columns, found.key.as_deref()),
            (vec!["login".to_owned(), "role".to_owned()], Some("login"))
        );
        let by_role = rows(text.as_bytes(), Some("role")).unwrap();
        assert_eq!(by_role.duplicates, 0);
    }

    #[test]
    fn a_column_of_dates_is_seen() {
        let dated = |text: &str| rows(text.as_bytes(), None).unwrap().dated;
        assert_eq!(dated("id,run_at\n1,2027-01-01\n2,2027-01-02T03:00:00Z\n").as_deref(), Some("run_at"));
        for text in
            ["id,d\n1,2027-01-01\n2,\n", "id,d\n1,2027-01-01\n2,2027-01-01\n", "d\n2027-13-01\n2027-13-02\n"]
        {
            assert_eq!(dated(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_table_says_why() {
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        for (bytes, key, why) in [
            (b"a,b\n1\n".to_vec(), None, NoRows::NotCsv),
            (b"\n \n".to_vec(), None, NoRows::NotCsv),
            (b"a,b\n1,2\n".to_vec(), Some("c"), NoRows::Column),
            (b"\xef\xbb\xbfa;b\n1;2\n".to_vec(), Some("a"), NoRows::Separator("semicolons")),
            (b"a\tb\n1\t2\n".to_vec(), None, NoRows::Separator("tabs")),
            (utf16("a,b\n"), None, NoRows::Utf16),
            (utf16("\u{feff}a,b\n"), None, NoRows::Utf16),
        ] {
            assert_eq!(rows(&bytes[..], key), Err(why), "{bytes:?}");
        }
        assert_eq!(rows(&b"a\n"[..], None).unwrap().count, 0);
    }

    #[test]
    fn rows_of_blanks_are_none() {
        let found = rows(&b"a,b\n1,2\n   \n,,\n \t, \n3,4\n"[..], None).unwrap();
        assert_eq!((found.count, found.duplicates), (2, 0));
    }
}
