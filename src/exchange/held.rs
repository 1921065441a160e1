//! What the programme holds already, as records: each value as it is typed, read as the cell of a list is, so that both can be
//! compared and a table of ours says what a list of ours would.

use std::collections::BTreeMap;

use super::cells::{BETWEEN, Days, tidy};
use super::fields::Form;
use super::listed::key;
use super::names::Names;
use super::people::with_employments;
use super::reader::Reader;
use super::{Field, Kind, Record};
use crate::program::Program;
use crate::sheet::Cell;
use crate::source::FileId;
use crate::syntax::{Node, Value, csv, yaml};

/// A record of the programme.
#[derive(Clone, Debug)]
pub(super) struct Held {
    /// What tells it apart.
    pub(super) id: String,
    pub(super) record: Record,
}

/// Every record of a kind, in the order of the files.
pub(super) fn held(kind: Kind, program: &Program) -> Vec<Held> {
    let reader = Reader { names: Names::of(program), days: Days { order: None, zone: program.zone() } };
    let mut all = Vec::new();
    for (file, _) in program.sources.files() {
        let path = program.sources.path(file);
        let area = match (kind, path.strip_prefix("controls/")) {
            (Kind::Controls, Some(rest)) => rest.split_once('/').map_or("", |(area, _)| area),
            (Kind::Controls, None) => continue,
            _ if register(path) == Some(kind.word()) => "",
            _ => continue,
        };
        for node in &rows(program, file, path) {
            let Some(id) = id(kind, node) else { continue };
            let mut record = record(kind, node, &reader);
            if !id.is_empty() {
                record.insert("id", id.clone());
            }
            if kind == Kind::Controls {
                texts(program, &id, &mut record);
                if !area.is_empty() {
                    record.insert("area", area.to_owned());
                }
            }
            let id = if id.is_empty() { key(kind, &record) } else { id };
            all.push(Held { id, record });
        }
    }
    all
}

/// The register that a file belongs to: `registers/people.yaml` and `registers/people/2026.csv` are both `people`.
pub(super) fn register(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("registers/")?;
    let known = rest.ends_with(".yaml") || rest.ends_with(".csv");
    rest.split(['/', '.']).next().filter(|_| known)
}

/// The rows of a file; a file of one record has one.
fn rows<'p>(program: &'p Program, file: FileId, path: &str) -> Vec<Node<'p>> {
    let (text, mut faults) = (program.sources.text(file), Vec::new());
    let node = if path.ends_with(".csv") {
        csv::parse(file, text, &mut faults)
    } else if path.ends_with(".yaml") {
        yaml::parse(file, text, 0, &mut faults)
    } else {
        None
    };
    match node.map(|node| (node.at, node.value)) {
        Some((_, Value::List(rows))) => rows,
        Some((at, value @ Value::Map(_))) => vec![Node { value, at }],
        _ => Vec::new(),
    }
}

/// The id of a row, empty where the kind has none.
fn id(kind: Kind, node: &Node<'_>) -> Option<String> {
    match kind {
        Kind::Acknowledgements | Kind::Training => matches!(node.value, Value::Map(_)).then(String::new),
        _ => node.get("id")?.scalar().map(str::to_owned),
    }
}

fn record(kind: Kind, node: &Node<'_>, reader: &Reader<'_>) -> Record {
    let mut record = Record::new();
    for field in kind.fields().iter().filter(|field| field.is_kept() && field.name != "id") {
        let text = typed(node, field);
        // What cannot be read stays as it is typed: a table shows it, and nothing is found equal to it.
        let cell = Cell { text, ..Cell::default() };
        let said = reader.read(field, &cell).map_or_else(|_| tidy(&cell.text), |said| said.text);
        if !said.is_empty() {
            record.insert(field.name, said);
        }
    }
    if kind == Kind::People {
        with_employments(&mut record, &employments(node));
    }
    record
}

/// What is typed under a field's key; the parts of a list between semicolons.
fn typed(node: &Node<'_>, field: &Field) -> String {
    let mut here = Some(node);
    for part in field.name.split('.') {
        here = here.and_then(|node| node.get(part));
    }
    let Some(value) = here else { return String::new() };
    match &value.value {
        Value::List(items) => {
            let mut all: Vec<&str> = items.iter().filter_map(Node::scalar).collect();
            // With one behind it, a part that holds a comma stays one.
            if matches!(field.form, Form::Lines) && all.len() == 1 && all.iter().any(|one| one.contains(','))
            {
                all.push("");
            }
            all.join(BETWEEN)
        }
        _ => value.scalar().unwrap_or("").to_owned(),
    }
}

/// The days on which a person worked here, as typed.
fn employments(node: &Node<'_>) -> Vec<(String, String)> {
    let days = |node: &Node<'_>| {
        let day = |key: &str| node.get(key).and_then(Node::scalar).unwrap_or("").trim().to_owned();
        (day("from"), day("to"))
    };
    match node.get("employed").map(|employed| (&employed.value, employed)) {
        Some((Value::List(all), _)) => all.iter().map(days).collect(),
        Some((Value::Map(_), one)) => vec![days(one)],
        _ => Vec::new(),
    }
}

/// Title and description of a control as people read them, with their variables filled in.
fn texts(program: &Program, id: &str, record: &mut Record) {
    let Some(index) = program.names.controls.get(id) else { return };
    let texts = [("title", program.title(*index)), ("description", program.description(*index))];
    for (field, text) in texts {
        let text = if field == "title" { super::cells::line(&text) } else { tidy(&text) };
        if !text.is_empty() {
            record.insert(field, text);
        }
    }
}

/// Records by what tells them apart; the first of several.
pub(super) fn by_id(all: Vec<Held>) -> BTreeMap<String, Record> {
    let mut by_id = BTreeMap::new();
    for held in all {
        by_id.entry(held.id).or_insert(held.record);
    }
    by_id
}

/// An employment in words: `since 2024-03-01`.
pub(super) fn employment_words((from, to): &(String, String)) -> String {
    match (from.is_empty(), to.is_empty()) {
        (false, true) => format!("since {from}"),
        (true, false) => format!("until {to}"),
        _ => format!("{from} to {to}"),
    }
}
