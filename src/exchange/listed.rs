//! The rows of a list as records: each cell in the form in which a record keeps it, each row with an id.

use std::collections::{BTreeMap, BTreeSet};

use super::cells::{Days, Fault, line};
use super::columns::Columns;
use super::names::Names;
use super::people::Again;
use super::reader::Reader;
use super::words::{GONE, has_any};
use super::{Asked, Field, Kind, Record, headings, ids, people};
use crate::program::Program;
use crate::record::Target;
use crate::sheet::{Cell, Grid, days, letters};
use crate::text::{clip, count, safe, some};

/// What the rows of a list say.
#[derive(Clone, Debug, Default)]
pub struct Listed {
    /// How many rows the list has.
    pub read: usize,
    pub rows: Vec<Row>,
    /// Rows that were left out, and why: `row 7: no name`.
    pub left: Vec<String>,
    /// What was not understood.
    pub told: Vec<String>,
}

/// A row of a list as a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// As a spreadsheet counts, from 1.
    pub row: u32,
    /// What tells it apart: its id; of training and acknowledgements all that makes them one.
    pub id: String,
    pub record: Record,
}

/// A row as its cells are, by the names of the fields.
#[derive(Debug)]
pub(super) struct Raw<'g> {
    pub(super) row: u32,
    cells: BTreeMap<&'static str, &'g Cell>,
}

impl Raw<'_> {
    /// The text of a field on one line; empty where there is none.
    pub(super) fn text(&self, field: &str) -> String {
        self.cells.get(field).map_or_else(String::new, |cell| line(&cell.text))
    }
}

/// Rows above this are not read.
const ROWS_CAP: usize = 50_000;

/// Reads the rows below the headings. Says why not where a day could be one of two.
pub(super) fn listed(
    kind: Kind,
    grid: &Grid,
    columns: &Columns,
    asked: &Asked<'_>,
    program: &Program,
) -> Result<Listed, String> {
    let mut listed = Listed::default();
    let mut raws = raws(grid, columns, &mut listed);
    listed.read = raws.len();
    raws.retain(|raw| match gone(kind, raw) {
        Some(why) => {
            listed.left.push(format!("row {}: {why}", raw.row));
            false
        }
        None => true,
    });
    let mut reader = Reader { names: Names::of(program), days: days_of(kind, &raws, asked, program) };
    let ids = match kind {
        Kind::People => people::identify(&raws, &mut reader.names, program),
        _ => raws.iter().map(|raw| identify(kind, raw, &reader.names, program)).collect(),
    };
    let mut notes = Notes::new(kind, columns);
    for (raw, id) in raws.iter().zip(ids) {
        let id = match id {
            Ok(id) => id,
            Err(why) => {
                listed.left.push(format!("row {}: {why}", raw.row));
                continue;
            }
        };
        let mut record = record(kind, raw, &reader, &mut notes)?;
        if kind == Kind::People {
            notes
                .turned
                .extend(people::ends_before(&mut record).map(|days| format!("row {}: {days}", raw.row)));
        }
        complete(kind, raw, &id, &mut record);
        if let Some(why) = missing(kind, &record, &reader.names) {
            listed.left.push(format!("row {}: {why}", raw.row));
            continue;
        }
        let id = if id.is_empty() { key(kind, &record) } else { id };
        listed.rows.push(Row { row: raw.row, id, record });
    }
    notes.tell(&mut listed.told);
    once(kind, &mut listed);
    Ok(listed)
}

fn raws<'g>(grid: &'g Grid, columns: &Columns, listed: &mut Listed) -> Vec<Raw<'g>> {
    let mut raws = Vec::new();
    for row in grid.rows.iter().filter(|row| row.number > columns.header) {
        let found = columns.of.iter().filter_map(|(field, (column, _))| Some((*field, row.cell(*column)?)));
        let cells: BTreeMap<&'static str, &Cell> = found.collect();
        if cells.values().all(|cell| line(&cell.text).is_empty()) {
            continue;
        }
        if raws.len() == ROWS_CAP {
            listed.told.push(format!("only the first {ROWS_CAP} rows are read"));
            break;
        }
        raws.push(Raw { row: row.number, cells });
    }
    raws
}

/// How days of the list are read: as the user says, else as those of its days that can be only one do.
fn days_of(kind: Kind, raws: &[Raw<'_>], asked: &Asked<'_>, program: &Program) -> Days {
    let fields: Vec<&str> = kind
        .fields()
        .iter()
        .filter(|field| matches!(field.form, super::fields::Form::Day))
        .map(|field| field.name)
        .collect();
    let cells = raws.iter().flat_map(|raw| fields.iter().filter_map(|field| raw.cells.get(field)));
    let texts = cells.filter(|cell| cell.day.is_none()).map(|cell| &*cell.text);
    let order = asked.order.or_else(|| days::order(texts));
    Days { order, zone: program.zone() }
}

/// Somebody who left, or a vendor that is no longer used, of whom the list does not say since when.
fn gone(kind: Kind, raw: &Raw<'_>) -> Option<String> {
    let end = match kind {
        Kind::People => "end",
        Kind::Vendors => "ended",
        _ => return None,
    };
    let status = raw.text("status");
    let left = has_any(&headings::words(&status), GONE) && raw.text(end).is_empty();
    left.then(|| format!("`{}`, without a last day", clip(&safe(&status), 30)))
}

/// The id of a row, empty where the kind has none; why there is none.
fn identify(kind: Kind, raw: &Raw<'_>, names: &Names<'_>, program: &Program) -> Result<String, &'static str> {
    let typed = raw.text("id");
    let (target, title) = match kind {
        Kind::Controls => (Target::Control, raw.text("title")),
        Kind::Vendors => (Target::Vendor, raw.text("name")),
        Kind::Risks => (
            Target::Risk,
            Some(raw.text("title"))
                .filter(|title| !title.is_empty())
                .unwrap_or_else(|| raw.text("statement")),
        ),
        Kind::Acknowledgements | Kind::Training | Kind::People => return Ok(String::new()),
    };
    if !typed.is_empty() {
        return names
            .one(target, &typed)
            .map(|found| found.id)
            .map_err(|_| "no letter of its id can stand in one: ids are written in letters from a to z, digits and hyphens");
    }
    let known = match kind {
        Kind::Vendors => names.one(target, &title).ok().filter(|found| found.known).map(|found| found.id),
        Kind::Risks => {
            let statement = super::cells::tidy(&statement(raw));
            let mut risks = program.registers.risks.iter();
            risks
                .find(|risk| {
                    risk.statement.as_ref().is_some_and(|held| super::cells::tidy(&held.value) == statement)
                })
                .map(|risk| risk.id.to_string())
        }
        _ => None,
    };
    let id =
        known.unwrap_or_else(|| if kind == Kind::Vendors { ids::id(&title) } else { ids::of_title(&title) });
    if id.is_empty() {
        return Err(
            "neither an id nor a name in letters from a to z, of which one is made: give the row one under a heading `ID`",
        );
    }
    Ok(id)
}

/// Title and description of a risk as one sentence.
fn statement(raw: &Raw<'_>) -> String {
    let title = raw.text("title");
    let statement = raw.cells.get("statement").map_or("", |cell| cell.text.trim());
    match (title.is_empty(), statement.is_empty()) {
        (_, true) => title,
        (true, _) => statement.to_owned(),
        _ if title == line(statement) => statement.to_owned(),
        _ => format!("{}: {statement}", title.trim_end_matches([':', '.'])),
    }
}

/// Every field of a row that says something.
fn record(kind: Kind, raw: &Raw<'_>, reader: &Reader<'_>, notes: &mut Notes) -> Result<Record, String> {
    let mut record = Record::new();
    for field in kind.fields().iter().filter(|field| field.name != "id") {
        let Some(cell) = raw.cells.get(field.name) else { continue };
        match reader.read(field, cell) {
            Ok(said) => {
                for (target, name) in said.unknown {
                    notes.unknown(target, name);
                }
                if !said.text.is_empty() {
                    record.insert(field.name, said.text);
                }
            }
            Err(Fault::EitherDay) => return Err(notes.either(field, raw.row, cell)),
            Err(fault) => notes.fault(fault, field, raw.row, cell),
        }
    }
    Ok(record)
}

/// What several cells say together.
fn complete(kind: Kind, raw: &Raw<'_>, id: &str, record: &mut Record) {
    match kind {
        Kind::People => people::complete(raw, record),
        Kind::Risks => {
            record.insert("statement", super::cells::tidy(&statement(raw)));
        }
        Kind::Controls => {
            let typed = raw.text("id");
            if !typed.is_empty() && typed != id {
                let held = record.get("aliases").map_or("", String::as_str);
                let all = super::cells::parts(&format!("{held};{typed};"));
                record.insert("aliases", all.join(super::cells::BETWEEN));
            }
            let first = record.get("description").map(|text| first_sentence(text));
            if let Some(first) = first.filter(|_| !record.contains_key("title")) {
                record.insert("title", first);
            }
            let area = record.remove("area").map(|area| ids::of_title(&area)).filter(|area| !area.is_empty());
            let prefix = id
                .split('-')
                .next()
                .filter(|prefix| prefix.len() > 1 && prefix.bytes().all(|b| b.is_ascii_lowercase()));
            let area = area.unwrap_or_else(|| prefix.unwrap_or("imported").to_owned());
            // Folders that cannot be on Windows.
            let reserved = matches!(&*area, "aux" | "con" | "nul" | "prn");
            record.insert("area", if reserved { "imported".to_owned() } else { area });
        }
        _ => {}
    }
    let kept: Vec<&str> =
        kind.fields().iter().filter(|field| field.is_kept()).map(|field| field.name).collect();
    record.retain(|name, text| kept.contains(name) && !text.is_empty());
    if !id.is_empty() {
        record.insert("id", id.to_owned());
    }
}

/// The first sentence of a text, or as many of its words as a title takes.
fn first_sentence(text: &str) -> String {
    let first = text.lines().next().unwrap_or("");
    let first = first.split_once(". ").map_or(first, |(first, _)| first).trim_end_matches('.');
    line(&clip(first, 100))
}

/// What a record cannot be without.
fn missing(kind: Kind, record: &Record, names: &Names<'_>) -> Option<String> {
    let says = |field: &str| record.contains_key(field);
    match kind {
        Kind::Training | Kind::Acknowledgements => {
            let what = if kind == Kind::Training { "course" } else { "policy" };
            let Some(person) = record.get("person") else { return Some("nobody is named".to_owned()) };
            if names.person(person).is_none() {
                return Some(format!("`{}` is not in registers/people.yaml", clip(&safe(person), 40)));
            }
            (!says(what)).then(|| format!("no {what}"))
        }
        Kind::Controls => {
            (!says("title") && !says("description")).then(|| "neither title nor description".to_owned())
        }
        Kind::Risks => (!says("statement")).then(|| "no statement".to_owned()),
        Kind::People | Kind::Vendors => None,
    }
}

/// What makes two records of a kind without ids the same.
pub(super) fn key(kind: Kind, record: &Record) -> String {
    let text = |field: &str| record.get(field).map_or("", String::as_str);
    let parts = match kind {
        Kind::Training => {
            let day = Some(text("assigned")).filter(|day| !day.is_empty()).unwrap_or(text("completed"));
            vec![text("person"), text("course"), text("version"), day]
        }
        Kind::Acknowledgements => vec![text("person"), text("policy"), text("version"), text("on")],
        _ => vec![text("id")],
    };
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}

/// Each id once: of a person several rows may tell of several employments, of anything else the first row counts. Rows that
/// would make one person of two are told first.
fn once(kind: Kind, listed: &mut Listed) {
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    let mut rows: Vec<Row> = Vec::with_capacity(listed.rows.len());
    let mut apart = Vec::new();
    for row in std::mem::take(&mut listed.rows) {
        let Some(held) = first.get(&row.id).and_then(|nth| rows.get_mut(*nth)) else {
            first.insert(row.id.clone(), rows.len());
            rows.push(row);
            continue;
        };
        let again = match kind {
            Kind::People => people::joined(&mut held.record, &row.record),
            _ => Again::Same,
        };
        let (above, id) = (held.row, clip(&safe(&row.id), 60));
        match again {
            Again::Joined => {}
            Again::Same => {
                listed.left.push(format!("row {}: `{id}` stands in row {above} already", row.row));
            }
            Again::Apart(why) => apart.push(format!(
                "row {}: would be `{id}`, as row {above} is, with {why}: give two people an address or id each; where it is one, \
                 let both rows say the same",
                row.row
            )),
        }
    }
    listed.rows = rows;
    listed.left.splice(0..0, apart);
}

/// What was not understood, told together at the end.
struct Notes {
    /// Headings and columns of fields.
    headings: BTreeMap<&'static str, (u32, String)>,
    kind: Kind,
    faults: BTreeMap<(&'static str, Fault), Vec<String>>,
    unknown: BTreeMap<Target, BTreeSet<String>>,
    /// Rows whose last day is before the first.
    turned: Vec<String>,
}

impl Notes {
    fn new(kind: Kind, columns: &Columns) -> Self {
        Self {
            headings: columns.of.clone(),
            kind,
            faults: BTreeMap::new(),
            unknown: BTreeMap::new(),
            turned: Vec::new(),
        }
    }

    fn place(&self, field: &Field, row: u32, cell: &Cell) -> String {
        let column = self.headings.get(field.name).map_or_else(String::new, |(column, _)| letters(*column));
        format!("`{}` in row {row}, column {column}", clip(&safe(&line(&cell.text)), 30))
    }

    fn fault(&mut self, fault: Fault, field: &Field, row: u32, cell: &Cell) {
        let place = self.place(field, row, cell);
        let places = self.faults.entry((field.name, fault)).or_default();
        // A few are shown; a whole wrong column is counted.
        places.push(if places.len() < 8 { place } else { String::new() });
    }

    fn unknown(&mut self, target: Target, name: String) {
        let names = self.unknown.entry(target).or_default();
        if names.len() < 1_000 {
            names.insert(name);
        }
    }

    fn either(&self, field: &Field, row: u32, cell: &Cell) -> String {
        format!("is not understood: {} could be either of two days", self.place(field, row, cell))
    }

    fn tell(&self, told: &mut Vec<String>) {
        for ((field, fault), places) in &self.faults {
            let heading = self.headings.get(field).map_or(*field, |(_, heading)| heading);
            told.push(format!("{}: {}: {}", clip(&safe(heading), 40), fault.words(), some(places, 3)));
        }
        if !self.turned.is_empty() {
            told.push(format!(
                "a last day before the first is of an earlier employment and left out: {}; write that employment by hand",
                some(&self.turned, 4)
            ));
        }
        // Whom training is told of is looked at row by row.
        let rows_tell = matches!(self.kind, Kind::Training | Kind::Acknowledgements);
        for (target, names) in &self.unknown {
            let names: Vec<String> =
                names.iter().map(|name| format!("`{}`", clip(&safe(name), 40))).collect();
            if rows_tell && matches!(target, Target::Person) {
                continue;
            }
            let here = match target {
                Target::Holder => "in people or roles",
                Target::Person => "in people",
                Target::Criterion => "in the framework",
                _ => "here",
            };
            told.push(format!(
                "not {here} yet: {}; kept as it is, and soc2 check names {}",
                some(&names, 6),
                if names.len() == 1 {
                    "the place".to_owned()
                } else {
                    format!("each of the {}", count(names.len(), "place"))
                }
            ));
        }
    }
}
