//! `soc2.toml` as a tree with places; all faults of the file at once.

use std::borrow::Cow;

use toml::Spanned as TomlSpanned;
use toml::de::{DeTable, DeValue};

use super::{Entry, Node, Value};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Location, Span, Spanned};
use crate::text::safe;

/// Parses a document; what is broken is told and left out.
pub fn parse<'a>(file: FileId, text: &'a str, out: &mut Vec<Diagnostic>) -> Node<'a> {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        let at = Location { file, span: Span::new(span.start, span.end) };
        let rule = if error.message().contains("duplicate key") { "duplicate-key" } else { "invalid-toml" };
        let message = error.message().lines().next().unwrap_or("not TOML").trim_end_matches('.');
        out.push(
            Diagnostic::new(rule, at, format!("not TOML: {}", safe(message)))
                .help("values are `key = \"text\"`, `key = 2026-01-01`, `key = [\"a\", \"b\"]`"),
        );
    }
    map(file, table.into_inner(), Location { file, span: Span::new(0, 0) })
}

fn map<'a>(file: FileId, table: DeTable<'a>, at: Location) -> Node<'a> {
    let mut entries: Vec<Entry<'a>> = table
        .into_iter()
        .map(|(key, value)| {
            let span = key.span();
            let key = Spanned {
                value: key.into_inner(),
                at: Location { file, span: Span::new(span.start, span.end) },
            };
            Entry { value: node(file, value), key }
        })
        .collect();
    entries.sort_by_key(|entry| entry.key.at);
    Node { value: Value::Map(entries), at }
}

fn node<'a>(file: FileId, value: TomlSpanned<DeValue<'a>>) -> Node<'a> {
    let span = value.span();
    let at = Location { file, span: Span::new(span.start, span.end) };
    let scalar = |text: Cow<'a, str>| Node { value: Value::Scalar(text), at };
    match value.into_inner() {
        DeValue::String(text) => scalar(text),
        DeValue::Integer(n) => scalar(Cow::Owned(n.to_string())),
        DeValue::Float(n) => scalar(Cow::Owned(n.to_string())),
        DeValue::Boolean(b) => scalar(Cow::Owned(b.to_string())),
        DeValue::Datetime(d) => scalar(Cow::Owned(d.to_string())),
        DeValue::Array(items) => {
            Node { value: Value::List(items.into_iter().map(|item| node(file, item)).collect()), at }
        }
        DeValue::Table(table) => map(file, table, at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_numbers_and_tables_stay_as_typed() {
        let mut out = Vec::new();
        let text = "[a]\nd = 2026-01-01\nn = 14\n[[b]]\nx = \"y\"\n";
        let node = parse(FileId(0), text, &mut out);
        assert_eq!(out, []);
        assert_eq!(node.get("a").unwrap().get("d").unwrap().scalar(), Some("2026-01-01"));
        assert_eq!(&text[node.get("a").unwrap().get("n").unwrap().at.span.range()], "14");
        assert!(matches!(&node.get("b").unwrap().value, Value::List(items) if items.len() == 1));
    }

    #[test]
    fn every_fault_is_told() {
        let mut out = Vec::new();
        parse(FileId(0), "a = = 1\nb = \"x\"\nc = [1\n", &mut out);
        assert!(out.len() >= 2, "{out:?}");
    }
}
