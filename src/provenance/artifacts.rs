//! `artifacts.json`: every file of the programme, in the bundle or not: the hash of each text, the facts of each artefact,
//! where its bytes are, and of those that are not inside what was found in their rows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::items::Items;
use super::{Left, Made};
use crate::program::{Program, TableRead};
use crate::source::{Body, Facts, FileId, LfsPointer, TableFacts, hex, sha256};
use crate::timeline::population::cut_words;

/// The form of the file; within a version keys are only ever added.
pub(super) const FORMAT: &str = "soc2-artifacts/1";

/// The file's content; all lists in the order of paths.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Artifacts {
    pub(super) format: String,
    /// Path and SHA-256 of each text, as it was judged.
    pub(super) texts: Vec<(String, String)>,
    pub(super) artifacts: Vec<Artifact>,
    /// Files that are named and not read: figures.
    pub(super) assets: Vec<String>,
    pub(super) refused: Vec<Refused>,
}

/// An artefact and where its bytes are.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Artifact {
    pub(super) path: String,
    pub(super) bytes: u64,
    pub(super) sha256: String,
    /// The file is a Git LFS pointer to bytes elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) lfs: Option<Pointer>,
    /// Path in the bundle.
    #[serde(rename = "in", default, skip_serializing_if = "Option::is_none")]
    pub(super) inside: Option<String>,
    /// Why its bytes are not in the bundle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) left_out: Option<LeftOut>,
    /// What was found in its rows, where its bytes are not in the bundle.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) tables: Vec<Table>,
}

#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Pointer {
    sha256: String,
    bytes: u64,
}

/// `withheld`, `outside-window` or `narrowed`, and the reason in words.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct LeftOut {
    pub(super) why: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    reason: String,
}

/// Rows of an artefact, read by a key and a date column.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Table {
    pub(super) key: Option<String>,
    pub(super) date: Option<String>,
    pub(super) rows_kept: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fault: Option<String>,
    rows: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    missing_columns: Vec<String>,
    #[serde(default, skip_serializing_if = "is_zero")]
    duplicates: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    undated: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dates: Option<[String; 2]>,
    /// Day and item of each row; an item that no other file of the bundle names stands as a number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    dated: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    capped: bool,
    /// Words of its last row by which it says that it is a part of something longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cut: Option<String>,
}

/// A file that could not be read when the bundle was made.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Refused {
    pub(super) path: String,
    pub(super) rule: String,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Artifacts {
    pub(super) fn of(program: &Program, made: &Made<'_>) -> Self {
        let (texts, assets, refused) = (Vec::new(), Vec::new(), Vec::new());
        let mut out = Self { format: FORMAT.to_owned(), texts, artifacts: Vec::new(), assets, refused };
        let zone = program.zone();
        let mut tables: BTreeMap<FileId, Vec<TableRead<'_>>> = BTreeMap::new();
        for read in program.tables_read(&zone) {
            tables.entry(read.file).or_default().push(read);
        }
        let items = Items::of(program, &tables, &|file| (made.packed)(file).is_some());
        let faults = refusals(program);
        for (id, file) in program.sources.files() {
            let path = file.path.to_string();
            match &file.body {
                Body::Text(text) => out.texts.push((path, hex(&sha256(text.as_bytes())))),
                Body::Artifact(facts) => {
                    let inside = (made.packed)(id);
                    let left = inside.is_none().then(|| LeftOut::of((made.left_out)(id)));
                    let read = if inside.is_none() { tables.get(&id) } else { None };
                    let tables = read.map_or_else(Vec::new, |read| Table::of_all(read, &items));
                    out.artifacts.push(Artifact {
                        path,
                        bytes: facts.bytes,
                        sha256: hex(&facts.sha256),
                        lfs: facts.lfs.as_deref().map(Pointer::of),
                        inside,
                        left_out: left,
                        tables,
                    });
                }
                Body::Asset => out.assets.push(path),
                Body::Refused => out.refused.push(match faults.get(&id) {
                    Some(fault) => Refused { path, ..fault.record() },
                    None => Refused { path, rule: String::new(), message: String::new(), help: None },
                }),
                Body::Patterns(_) => {}
            }
        }
        out
    }
}

/// The fault for which a file has no content.
struct Refusal<'p>(&'p crate::diagnostic::Diagnostic);

impl Refusal<'_> {
    fn record(&self) -> Refused {
        let Self(fault) = self;
        Refused {
            path: String::new(),
            rule: fault.rule.to_owned(),
            message: fault.message.clone(),
            help: fault.help.clone(),
        }
    }
}

/// Of each file that could not be read the fault that says why; faults of its name are found again.
fn refusals(program: &Program) -> BTreeMap<FileId, Refusal<'_>> {
    let of_names = |rule: &str| matches!(rule, "unportable-path" | "path-case-clash");
    let faults = program.diagnostics.iter().filter(|fault| !of_names(fault.rule));
    let mut first = BTreeMap::new();
    for fault in faults {
        if program.sources.find_id(fault.at.file).is_some_and(|file| matches!(file.body, Body::Refused)) {
            first.entry(fault.at.file).or_insert(Refusal(fault));
        }
    }
    first
}

impl LeftOut {
    fn of(left: Left) -> Self {
        let (why, reason) = match left {
            Left::Withheld(reason) => ("withheld", reason),
            Left::OutsideWindow => ("outside-window", String::new()),
            Left::Narrowed => ("narrowed", String::new()),
        };
        Self { why: why.to_owned(), reason }
    }
}

impl Pointer {
    fn of(pointer: &LfsPointer) -> Self {
        Self { sha256: pointer.sha256.clone(), bytes: pointer.bytes }
    }
}

impl Artifact {
    /// The facts of its bytes; `None` when the hash is none.
    pub(super) fn facts(&self) -> Option<Facts> {
        let pointer = |lfs: &Pointer| Box::new(LfsPointer { sha256: lfs.sha256.clone(), bytes: lfs.bytes });
        Some(Facts { bytes: self.bytes, sha256: unhex(&self.sha256)?, lfs: self.lfs.as_ref().map(pointer) })
    }
}

/// The bytes of 64 hexadecimal digits.
pub(super) fn unhex(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    if digits.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        let pair = std::str::from_utf8(pair).ok().filter(|pair| !pair.starts_with('+'))?;
        *byte = u8::from_str_radix(pair, 16).ok()?;
    }
    Some(bytes)
}

impl Table {
    /// Each way in which an artefact was read, once.
    fn of_all(read: &[TableRead<'_>], items: &Items<'_>) -> Vec<Self> {
        let mut by: BTreeMap<(Option<&str>, Option<&str>, bool), &TableFacts> = BTreeMap::new();
        for one in read {
            by.entry((one.key, one.date, one.keep_rows)).or_insert(one.facts);
        }
        by.into_iter().map(|(read, facts)| Self::of(read, facts, items)).collect()
    }

    fn of(
        (key, date, rows_kept): (Option<&str>, Option<&str>, bool),
        facts: &TableFacts,
        items: &Items<'_>,
    ) -> Self {
        Self {
            key: key.map(str::to_owned),
            date: date.map(str::to_owned),
            rows_kept,
            fault: facts.fault.as_deref().map(str::to_owned),
            rows: facts.rows,
            missing_columns: facts.missing_columns.iter().map(|name| name.to_string()).collect(),
            duplicates: facts.duplicates,
            undated: facts.undated,
            dates: facts.dates.map(|(from, to)| [from.to_string(), to.to_string()]),
            dated: facts.dated.iter().map(|(day, item)| (day.to_string(), items.shown(item))).collect(),
            capped: facts.capped,
            cut: facts.last_row.as_deref().and_then(cut_words),
        }
    }

    /// The facts again; a day that is none is left out.
    pub(super) fn facts(&self) -> TableFacts {
        let day = |text: &str| text.parse().ok();
        let boxed = |text: &String| Box::from(text.as_str());
        TableFacts {
            fault: self.fault.as_ref().map(boxed),
            rows: self.rows,
            missing_columns: self.missing_columns.iter().map(boxed).collect(),
            columns: Vec::new(),
            duplicates: self.duplicates,
            first_duplicate: None,
            undated: self.undated,
            dates: self.dates.as_ref().and_then(|[from, to]| Some((day(from)?, day(to)?))),
            dated: self.dated.iter().filter_map(|(on, item)| Some((day(on)?, boxed(item)))).collect(),
            capped: self.capped,
            last_row: self.cut.as_ref().map(boxed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_is_read_as_it_is_written() {
        let bytes = sha256(b"abc");
        assert_eq!(unhex(&hex(&bytes)), Some(bytes));
        for bad in ["", "00", &"+0".repeat(32), &"é".repeat(32), &"0g".repeat(32)] {
            assert_eq!(unhex(bad), None, "{bad}");
        }
    }
}
