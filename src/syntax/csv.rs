//! A CSV register as a list of mappings. The header names the keys; `employed.from` is a key inside a key;
//! a cell may hold a list, parts separated by `;`.

use std::borrow::Cow;

use super::{Entry, Node, Value};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Location, Span, Spanned};
use crate::text::{count, safe};

/// Columns and cells above these are refused.
const COLUMN_CAP: usize = 200;
const NODE_CAP: usize = 500_000;

/// Parses a register; rows that do not fit the header are told and left out. `None` when the columns cannot be
/// told apart.
pub fn parse<'a>(file: FileId, text: &'a str, out: &mut Vec<Diagnostic>) -> Option<Node<'a>> {
    let at = |span: Span| Location { file, span };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut header: Option<Vec<Spanned<String>>> = None;
    let mut rows = Vec::new();
    let mut nodes = 0;
    loop {
        let start = usize::try_from(reader.position().byte()).unwrap_or(0);
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {}
            Err(error) => {
                let message = format!("not CSV: {}", safe(&error.to_string()));
                let help = "save the register again as comma-separated UTF-8";
                out.push(Diagnostic::new("invalid-csv", at(Span::new(start, start)), message).help(help));
                break;
            }
        }
        let end = usize::try_from(reader.position().byte()).unwrap_or(text.len()).min(text.len());
        let spans = field_spans(text, start, end);
        let span_of = |i: usize| spans.get(i).copied().unwrap_or_else(|| Span::new(start, start));
        let row_span = Span::new(span_of(0).start as usize, spans.last().map_or(start, |s| s.end as usize));
        let Some(header) = &header else {
            let line = record.get(0).unwrap_or("");
            if let Some(other) = [';', '\t'].into_iter().find(|c| record.len() == 1 && line.contains(*c)) {
                let message =
                    format!("columns are separated by {}", if other == ';' { "`;`" } else { "tabs" });
                let help = "separate them with commas; `;` stands between the parts of a list in one cell";
                out.push(Diagnostic::new("invalid-csv", at(span_of(0)), message).help(help));
                return None;
            }
            if record.len() > COLUMN_CAP {
                let message = format!("more than {COLUMN_CAP} columns");
                let help = "a register has a column for each key of its records";
                out.push(Diagnostic::new("input-too-large", at(span_of(COLUMN_CAP)), message).help(help));
                return None;
            }
            header = Some(headings(file, &record, &span_of, out));
            continue;
        };
        nodes += record.len();
        if nodes > NODE_CAP {
            let message = format!("more than {NODE_CAP} cells; the rest is not read");
            let help = "split the register: registers/training/2026.csv belongs to training";
            out.push(Diagnostic::new("invalid-csv", at(row_span), message).help(help));
            break;
        }
        if record.len() != header.len() {
            let message =
                format!("{} in a row of {}", count(record.len(), "cell"), count(header.len(), "column"));
            let unclosed = record.iter().any(|cell| cell.contains('\n'));
            let help = if unclosed {
                "close the quote: a cell that starts with `\"` ends with one"
            } else if record.len() > header.len() {
                "put a cell that holds a comma in quotes: `\"Doe, Jane\"`"
            } else {
                "give the row a cell for every column; an empty cell is nothing between two commas"
            };
            out.push(Diagnostic::new("invalid-csv", at(row_span), message).help(help));
            continue;
        }
        let mut row = Node { value: Value::Map(Vec::new()), at: at(row_span) };
        for (i, name) in header.iter().enumerate() {
            let cell = record.get(i).unwrap_or("").trim();
            if !cell.is_empty() {
                let cell = Node { value: Value::Cell(Cow::Owned(cell.to_owned())), at: at(span_of(i)) };
                insert(&mut row, name, cell);
            }
        }
        rows.push(row);
    }
    Some(Node { value: Value::List(rows), at: at(Span::default()) })
}

fn headings(
    file: FileId,
    record: &csv::StringRecord,
    span_of: &dyn Fn(usize) -> Span,
    out: &mut Vec<Diagnostic>,
) -> Vec<Spanned<String>> {
    let mut names: Vec<Spanned<String>> = Vec::new();
    for (i, name) in record.iter().enumerate() {
        let at = Location { file, span: span_of(i) };
        let name = name.trim().to_owned();
        if let Some(first) = names.iter().find(|other| other.value == name) {
            out.push(super::yaml::duplicate_key(&name, at, first.at));
        }
        names.push(Spanned { value: name, at });
    }
    names
}

/// Puts a cell under its dotted name. The key's place is the header, so a wrong one is told once, not in each row.
fn insert(row: &mut Node<'_>, name: &Spanned<String>, cell: Node<'_>) {
    let at = cell.at;
    let mut here = row;
    let mut parts = name.value.splitn(8, '.').peekable();
    let key = |part: &str| Spanned { value: Cow::Owned(part.to_owned()), at: name.at };
    while let Some(part) = parts.next() {
        let Value::Map(entries) = &mut here.value else { return };
        let index = entries.iter().position(|entry| entry.key.value == part);
        if parts.peek().is_none() {
            if index.is_none() {
                let value =
                    Node { value: Value::Cell(Cow::Owned(cell.scalar().unwrap_or("").to_owned())), at };
                entries.push(Entry { key: key(part), value });
            }
            return;
        }
        let index = index.unwrap_or_else(|| {
            let value = Node { value: Value::Map(Vec::new()), at };
            entries.push(Entry { key: key(part), value });
            entries.len() - 1
        });
        here = &mut entries[index].value;
    }
}

/// Where the cells of the record in `start..end` stand, without their quotes' surroundings.
fn field_spans(text: &str, start: usize, end: usize) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut at = start;
    while at < end && matches!(bytes[at], b'\n' | b'\r') {
        at += 1;
    }
    let mut spans = Vec::new();
    let (mut field, mut quoted) = (at, false);
    while at < end {
        match bytes[at] {
            b'"' => quoted = !quoted,
            b',' if !quoted => {
                spans.push(Span::new(field, at));
                field = at + 1;
            }
            b'\n' | b'\r' if !quoted => break,
            _ => {}
        }
        at += 1;
    }
    spans.push(Span::new(field, at));
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_have_places_and_dotted_headers_nest() {
        let text = "id,employed.from,emails\nann,2024-01-01,\"a@x.com;b@x.com\"\n";
        let mut out = Vec::new();
        let node = parse(FileId(0), text, &mut out).unwrap();
        assert_eq!(out, []);
        let Value::List(rows) = &node.value else { panic!() };
        let from = rows[0].get("employed").unwrap().get("from").unwrap();
        assert_eq!(&text[from.at.span.range()], "2024-01-01");
        assert_eq!(rows[0].get("emails").unwrap().scalar(), Some("a@x.com;b@x.com"));
    }

    #[test]
    fn columns_need_commas() {
        let mut out = Vec::new();
        assert!(parse(FileId(0), "id;name\na;b\n", &mut out).is_none());
        assert_eq!(out[0].rule, "invalid-csv");
    }

    #[test]
    fn short_rows_and_repeated_columns_are_told() {
        let mut out = Vec::new();
        parse(FileId(0), "id,id\na,b\nc\n", &mut out);
        assert_eq!(out.iter().map(|d| d.rule).collect::<Vec<_>>(), ["duplicate-key", "invalid-csv"]);
    }
}
