//! The rows of a CSV artefact: streamed once more, only for artefacts that a manifest calls a population or a log.

use std::collections::BTreeSet;
use std::io::{self, Read};

use csv::StringRecord;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

use super::{Body, FileId, Origin, Sources};
use crate::text::{clip, count};

/// Rows above this are not looked at.
const ROW_CAP: u64 = 2_000_000;
/// Dated rows above these are not kept: how many, and the bytes of their keys.
const DATED_CAP: usize = 100_000;
const DATED_BYTES: usize = 8 << 20;
/// A row of more bytes is no row: a quote was left open.
const ROW_BYTES: usize = 1 << 20;
/// Names of columns above this are not kept.
const COLUMN_CAP: usize = 50;
/// Cells and rows that are kept to be shown are cut to this many characters.
const SHOWN: usize = 200;

/// What a manifest says of a table.
#[derive(Clone, Copy, Debug)]
pub struct TableWanted<'a> {
    /// The column that tells rows apart.
    pub key: Option<&'a str>,
    /// The column with each row's date.
    pub date: Option<&'a str>,
    /// Keep the day and key of each row.
    pub keep_rows: bool,
    /// In which a moment becomes a day.
    pub zone: &'a TimeZone,
}

/// What is known of a table's rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableFacts {
    /// Why it could not be read as CSV; then nothing else here means anything but `last_row`.
    pub fault: Option<Box<str>>,
    /// Rows below the header; a row of blanks is none.
    pub rows: u64,
    /// Columns that the manifest names and the header does not have.
    pub missing_columns: Vec<Box<str>>,
    /// The first names of the header, kept when one is missing.
    pub columns: Vec<Box<str>>,
    /// Rows whose key an earlier row has.
    pub duplicates: u64,
    /// The first such key.
    pub first_duplicate: Option<Box<str>>,
    /// Rows whose date cannot be read.
    pub undated: u64,
    /// First and last date of the rows.
    pub dates: Option<(Date, Date)>,
    /// The local day and key of each row, in the order of the file; kept for logs only.
    pub dated: Vec<(Date, Box<str>)>,
    /// There were more rows than are looked at.
    pub capped: bool,
    /// The beginning of the last row that was looked at, its cells joined by blanks; with a fault the row that has it.
    pub last_row: Option<Box<str>>,
}

impl Sources {
    /// Streams an artefact once more, as CSV. `None` when there is nothing to read: no artefact, or only a pointer.
    pub fn table(&self, id: FileId, wanted: &TableWanted<'_>) -> Option<TableFacts> {
        let Body::Artifact(facts) = &self.file(id).body else { return None };
        if facts.lfs.is_some() {
            return None;
        }
        if let Origin::Packed(packed) = &self.origin
            && let Some(recorded) = packed.table(self.path(id), wanted)
        {
            return Some(recorded);
        }
        Some(match self.open(id) {
            Ok(bytes) => read(bytes, facts.sha256, wanted),
            Err(error) => TableFacts { fault: Some(unreadable(&error)), ..TableFacts::default() },
        })
    }
}

/// The facts of a stream whose bytes have that hash, in bounded memory.
pub fn read(bytes: impl Read, sha256: [u8; 32], wanted: &TableWanted<'_>) -> TableFacts {
    let stream = Stream { bytes, hash: Sha256::new(), quotes: 0, in_row: 0 };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(stream);
    let mut reading = Reading::new(wanted);
    let (mut row, mut last) = (StringRecord::new(), StringRecord::new());
    let mut fault = None;
    while fault.is_none() {
        match reader.read_record(&mut row) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                fault = Some(not_csv(&error));
                break;
            }
        }
        reader.get_mut().in_row = 0;
        if row.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if reading.facts.rows >= ROW_CAP {
            reading.facts.capped = true;
            break;
        }
        fault = reading.take(&row).err();
        std::mem::swap(&mut row, &mut last);
    }
    let mut stream = reader.into_inner();
    let fault = fault.or_else(|| reading.header.is_none().then(|| "has no header".into()));
    let fault = fault.or_else(|| stream.open_quote(&last).then(|| "has a quote that is never closed".into()));
    let fault = fault.or_else(|| stream.rest_differs(sha256));
    let cells: Vec<&str> = last.iter().take(SHOWN).map(str::trim).collect();
    let last_row = (!last.is_empty()).then(|| clip(&cells.join(" "), SHOWN).into());
    match fault {
        Some(fault) => TableFacts { fault: Some(fault), last_row, ..TableFacts::default() },
        None => TableFacts { last_row, ..reading.facts },
    }
}

/// Bytes on their way into the reader: hashed, and stopped where a row has no end.
struct Stream<R> {
    bytes: R,
    hash: Sha256,
    quotes: u64,
    in_row: usize,
}

impl<R: Read> Read for Stream<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.in_row > ROW_BYTES {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "has a row of more than 1 MiB"));
        }
        let n = loop {
            match self.bytes.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        let read = buffer.get(..n).unwrap_or(&[]);
        self.hash.update(read);
        self.quotes += read.iter().filter(|byte| **byte == b'"').count() as u64;
        self.in_row += n;
        Ok(n)
    }
}

impl<R: Read> Stream<R> {
    /// The reader ends a quoted cell at the end of the file, with all rows below it inside.
    fn open_quote(&self, last: &StringRecord) -> bool {
        self.quotes % 2 == 1 && last.iter().any(|cell| cell.contains(['\n', '\r']))
    }

    /// Reads to the end; says so when these are not the bytes of that hash.
    fn rest_differs(&mut self, sha256: [u8; 32]) -> Option<Box<str>> {
        let mut buffer = [0u8; 16 << 10];
        loop {
            self.in_row = 0;
            match self.read(&mut buffer) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) => return Some(unreadable(&error)),
            }
        }
        let read: [u8; 32] = std::mem::take(&mut self.hash).finalize().into();
        (read != sha256).then(|| "changed while it was read".into())
    }
}

fn unreadable(error: &io::Error) -> Box<str> {
    match error.kind() {
        io::ErrorKind::InvalidData => error.to_string().into(),
        kind => format!("cannot be read again: {kind}").into(),
    }
}

fn not_csv(error: &csv::Error) -> Box<str> {
    let line = error.position().map_or(1, csv::Position::line);
    match error.kind() {
        csv::ErrorKind::Io(error) => unreadable(error),
        csv::ErrorKind::Utf8 { .. } => format!("is not UTF-8 at line {line}").into(),
        _ => format!("is not CSV at line {line}").into(),
    }
}

/// The header, as far as it matters.
struct Header {
    cells: usize,
    key: Option<usize>,
    date: Option<usize>,
}

/// Facts in the making.
struct Reading<'w> {
    wanted: &'w TableWanted<'w>,
    header: Option<Header>,
    /// Of each key half a SHA-256: keys may be long, and there may be millions.
    keys: BTreeSet<[u8; 16]>,
    kept: usize,
    facts: TableFacts,
}

impl<'w> Reading<'w> {
    fn new(wanted: &'w TableWanted<'w>) -> Self {
        Self { wanted, header: None, keys: BTreeSet::new(), kept: 0, facts: TableFacts::default() }
    }

    /// Takes one more row; the first is the header. Fails where the rows are no table.
    fn take(&mut self, row: &StringRecord) -> Result<(), Box<str>> {
        let Some(Header { cells, key, date }) = self.header else {
            self.header = Some(self.columns(row)?);
            return Ok(());
        };
        if row.len() != cells {
            let line = row.position().map_or(1, csv::Position::line);
            let (has, columns) = (count(row.len(), "cell"), count(cells, "column"));
            return Err(format!("has {has} at line {line}, and {columns}").into());
        }
        self.facts.rows += 1;
        let cell = |index: Option<usize>| index.and_then(|index| row.get(index)).map(str::trim);
        if let Some(key) = cell(key) {
            self.key(key);
        }
        if let Some(text) = cell(date) {
            self.date(text, cell(key).unwrap_or(""));
        }
        Ok(())
    }

    fn columns(&mut self, row: &StringRecord) -> Result<Header, Box<str>> {
        let only = if row.len() == 1 { row.get(0).unwrap_or("") } else { "" };
        if let Some(other) = [';', '\t'].into_iter().find(|c| only.contains(*c)) {
            let other = if other == ';' { "`;`" } else { "tabs" };
            return Err(format!("separates its columns by {other}, not by commas").into());
        }
        let mut find = |name: Option<&str>| -> Result<Option<usize>, Box<str>> {
            let Some(name) = name.map(str::trim) else { return Ok(None) };
            let mut named = row.iter().enumerate().filter(|(_, cell)| cell.trim() == name);
            let first = named.next().map(|(index, _)| index);
            if named.next().is_some() {
                return Err(format!("has two columns `{}`", crate::text::safe(&clip(name, 60))).into());
            }
            if first.is_none() && !self.facts.missing_columns.iter().any(|missing| **missing == *name) {
                self.facts.missing_columns.push(name.into());
            }
            Ok(first)
        };
        let header = Header { cells: row.len(), key: find(self.wanted.key)?, date: find(self.wanted.date)? };
        if !self.facts.missing_columns.is_empty() {
            let names = row.iter().take(COLUMN_CAP).map(|name| clip(name.trim(), SHOWN).into());
            self.facts.columns = names.collect();
        }
        Ok(header)
    }

    fn key(&mut self, key: &str) {
        let hash: [u8; 32] = Sha256::digest(key.as_bytes()).into();
        let mut half = [0u8; 16];
        half.copy_from_slice(hash.split_at(16).0);
        if !self.keys.insert(half) {
            self.facts.duplicates += 1;
            self.facts.first_duplicate.get_or_insert_with(|| clip(key, SHOWN).into());
        }
    }

    fn date(&mut self, text: &str, key: &str) {
        let Some(day) = local_day(text, self.wanted.zone) else {
            self.facts.undated += 1;
            return;
        };
        let (first, last) = self.facts.dates.unwrap_or((day, day));
        self.facts.dates = Some((first.min(day), last.max(day)));
        if !self.wanted.keep_rows {
            return;
        }
        self.kept += key.len();
        if self.facts.dated.len() >= DATED_CAP || self.kept > DATED_BYTES {
            self.facts.capped = true;
        } else {
            self.facts.dated.push((day, key.into()));
        }
    }
}

/// A date as typed, or the local day of a moment. A time without offset is no moment.
fn local_day(text: &str, zone: &TimeZone) -> Option<Date> {
    let (day, time) = text.split_at_checked(10)?;
    let digits = |(i, b): (usize, u8)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() };
    if !day.bytes().enumerate().all(digits) {
        return None;
    }
    if time.is_empty() {
        return day.parse().ok();
    }
    let time = time.strip_prefix(['T', 't', ' '])?;
    // `15:04:05 +0000` and `15:04:05 UTC` are how git and databases write an offset.
    let (clock, offset) = time.split_once(' ').unwrap_or((time, ""));
    let offset = if offset == "UTC" { "Z" } else { offset };
    let plain = |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric() || b":.,+-".contains(&b));
    if !plain(clock) || !plain(offset) {
        return None;
    }
    let moment: Timestamp = format!("{day}T{clock}{offset}").parse().ok()?;
    Some(zone.to_datetime(moment).date())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const WANTED: TableWanted<'_> =
        TableWanted { key: Some("id"), date: Some("day"), keep_rows: true, zone: &TimeZone::UTC };

    fn table(bytes: &[u8]) -> TableFacts {
        read(bytes, super::super::sha256(bytes), &WANTED)
    }

    fn fault(bytes: &[u8]) -> String {
        table(bytes).fault.unwrap_or_default().into_string()
    }

    #[test]
    fn rows_are_counted_and_dated() {
        let text = "\u{feff}id,day,note\r\na,2026-03-28,\"x, \"\"y\"\"\r\nz\"\r\n\r\n , ,\r\n\
                    b,2026-01-05T23:30:00-08:00,\r\n  a ,2026-02-01 10:00:00Z,\r\nc,soon,\r\n";
        let facts = table(text.as_bytes());
        assert_eq!(facts.fault, None);
        assert_eq!((facts.rows, facts.undated, facts.duplicates), (4, 1, 1));
        assert_eq!(facts.first_duplicate.as_deref(), Some("a"));
        assert_eq!(facts.dates, Some((date(2026, 1, 6), date(2026, 3, 28))));
        let dated = [(date(2026, 3, 28), "a"), (date(2026, 1, 6), "b"), (date(2026, 2, 1), "a")];
        assert_eq!(facts.dated, dated.map(|(day, key)| (day, Box::from(key))));
        assert_eq!(facts.last_row.as_deref(), Some("c soon "));
        assert_eq!((facts.missing_columns.len(), facts.columns.len(), facts.capped), (0, 0, false));
    }

    #[test]
    fn a_header_alone_has_no_rows() {
        let facts = table(b"id,day\n");
        assert_eq!((facts.fault, facts.rows), (None, 0));
        assert_eq!(facts.last_row.as_deref(), Some("id day"));
    }

    #[test]
    fn a_column_may_be_missing() {
        let facts = table(b"login,day\na,2026-01-01\na,2026-01-02\n");
        assert_eq!(facts.missing_columns, [Box::from("id")]);
        assert_eq!(facts.columns, [Box::from("login"), Box::from("day")]);
        assert_eq!((facts.rows, facts.duplicates), (2, 0));
        assert_eq!(facts.dated.iter().map(|(_, key)| &**key).collect::<Vec<_>>(), ["", ""]);
    }

    #[test]
    fn what_is_no_table_says_why() {
        for (bytes, why) in [
            (&b"id,day\na\n"[..], "has 1 cell at line 2, and 2 columns"),
            (b"id,day\na,b\nShowing 1 of 7\n", "has 1 cell at line 3, and 2 columns"),
            (b"id,day\na,b,c\n", "has 3 cells at line 2, and 2 columns"),
            (b"id;day\na;b\n", "separates its columns by `;`, not by commas"),
            (b"id\tday\n", "separates its columns by tabs, not by commas"),
            (b"id,day,id\n", "has two columns `id`"),
            (b"id,day\na,\xff\n", "is not UTF-8 at line 2"),
            (b"\xff\xfei\0d\0\n\0", "is not UTF-8 at line 1"),
            (b"id,day\na,\"b\nc,d\n", "has a quote that is never closed"),
            (b"", "has no header"),
            (b" \n,,\n", "has no header"),
        ] {
            assert_eq!(fault(bytes), why, "{}", String::from_utf8_lossy(bytes));
        }
        assert_eq!(table(b"id,day\na,b\nShowing 1 of 7\n").last_row.as_deref(), Some("Showing 1 of 7"));
    }

    #[test]
    fn a_row_without_end_is_not_held() {
        let head: &[u8] = b"id,day\na,\"";
        let endless = head.chain(io::repeat(b'x'));
        let fault = read(endless, [0; 32], &WANTED).fault;
        assert_eq!(fault.as_deref(), Some("has a row of more than 1 MiB"));
    }

    #[test]
    fn kept_rows_are_bounded_and_bytes_hold_still() {
        let mut text = String::from("id,day\n");
        for row in 0..=DATED_CAP {
            text.push_str(&format!("{row},2026-01-01\n"));
        }
        let facts = table(text.as_bytes());
        assert_eq!((facts.rows, facts.dated.len(), facts.capped), (DATED_CAP as u64 + 1, DATED_CAP, true));
        let changed = read(text.as_bytes(), [0; 32], &WANTED).fault;
        assert_eq!(changed.as_deref(), Some("changed while it was read"));
        let unkept = TableWanted { keep_rows: false, ..WANTED };
        let facts = read(text.as_bytes(), super::super::sha256(text.as_bytes()), &unkept);
        assert_eq!((facts.dated.len(), facts.capped), (0, false));
    }

    #[test]
    fn days_are_dates_or_moments() {
        let west = jiff::tz::TimeZoneDatabase::bundled().get("America/Los_Angeles").unwrap();
        for (text, day) in [
            ("2026-12-31", Some(date(2026, 12, 31))),
            ("2027-01-01T07:30:00Z", Some(date(2026, 12, 31))),
            ("2027-01-01 07:30:00.123+00:00", Some(date(2026, 12, 31))),
            ("2027-01-01 07:30:00 +0000", Some(date(2026, 12, 31))),
            ("2027-01-01 08:30 UTC", Some(date(2027, 1, 1))),
            ("2026-12-31 23:30:00", None),
            ("2026-12-31T23:30:00[America/New_York]", None),
            ("2026-02-29", None),
            ("31.12.2026", None),
            ("12/31/2026", None),
            ("2026-12-3ü", None),
            ("", None),
        ] {
            assert_eq!(local_day(text, &west), day, "{text}");
        }
    }

    #[test]
    fn only_artefacts_are_tables() {
        let csv = b"id,day\na,2026-01-01\n".to_vec();
        let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n".to_vec();
        let sources = Sources::from_memory(vec![
            ("evidence/a/big.csv".to_owned(), pointer),
            ("evidence/a/log.csv".to_owned(), csv.clone()),
            ("registers/people.csv".to_owned(), csv),
        ]);
        let rows = |path| sources.table(sources.find(path).unwrap(), &WANTED).map(|table| table.rows);
        assert_eq!(rows("evidence/a/log.csv"), Some(1));
        assert_eq!(rows("evidence/a/big.csv"), None);
        assert_eq!(rows("registers/people.csv"), None);
    }
}
