//! `soc2.toml` as a tree with places; all faults of the file at once.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned as TomlSpanned;
use toml::de::{DeTable, DeValue};

use super::{Entry, Node, Value};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Location, Span, Spanned};
use crate::text::safe;

/// Parses a document; what is broken is told and left out.
pub fn parse<'a>(file: FileId, text: &'a str, out: &mut Vec<Diagnostic>) -> Node<'a> {
    let (table, mut errors) = DeTable::parse_recoverable(text);
    errors.sort_by_key(|error| error.span().map_or(0, |span| span.start));
    let broken: Vec<Range<usize>> = errors.iter().map(|error| error.span().unwrap_or(0..0)).collect();
    let mut told = None;
    for (error, span) in errors.iter().zip(&broken) {
        // One slip makes the parser stumble over the rest of its line.
        let since = told.replace(span.start).and_then(|earlier| text.get(earlier..span.start));
        if since.is_some_and(|between| !between.contains('\n')) {
            continue;
        }
        out.push(fault(error.message(), text, Location { file, span: Span::new(span.start, span.end) }));
    }
    Reader { file, broken }.map(table.into_inner(), Location { file, span: Span::new(0, 0) })
}

/// The parser's complaint in words that say what to type.
fn fault(complaint: &str, text: &str, at: Location) -> Diagnostic {
    let complaint = complaint.lines().next().unwrap_or("").trim_end_matches('.');
    if complaint.contains("duplicate key") {
        let key = text.get(at.span.range()).unwrap_or("");
        let single =
            text.get(..at.span.range().start).is_some_and(|t| t.ends_with('[') && !t.ends_with("[["));
        let help = if single {
            format!("a table stands once; where several may stand, write `[[{}]]` over each", safe(key))
        } else {
            "keep one of them: a reader cannot know which one counts".to_owned()
        };
        return Diagnostic::new("duplicate-key", at, format!("the key `{}` is given twice", safe(key)))
            .help(help);
    }
    let letter = text.get(at.span.range()).is_some_and(|t| t.starts_with(|c: char| c.is_alphabetic()));
    if complaint.contains("must be quoted") || (letter && complaint.starts_with("invalid float")) {
        let message = "not TOML: a text without quotes";
        return Diagnostic::new("invalid-toml", at, message).help("put it in quotes: `key = \"text\"`");
    }
    let help = if complaint.contains("array") {
        "put commas between the items, and close the list with `]`"
    } else if complaint.contains("string") {
        "close the quote on the same line"
    } else if complaint.contains("date") || complaint.contains("time") {
        "write year-month-day, a day that exists: `key = 2026-01-31`"
    } else if complaint.contains("key") {
        "write `key = value`; a key is letters, digits, `-` and `_`"
    } else {
        "values are `key = \"text\"`, `key = 2026-01-01`, `key = [\"a\", \"b\"]`"
    };
    Diagnostic::new("invalid-toml", at, format!("not TOML: {}", safe(complaint))).help(help)
}

struct Reader {
    file: FileId,
    /// Where the text is no TOML, in order; the parser leaves a stand-in there.
    broken: Vec<Range<usize>>,
}

impl Reader {
    fn map<'a>(&self, table: DeTable<'a>, at: Location) -> Node<'a> {
        let mut entries: Vec<Entry<'a>> = table
            .into_iter()
            .map(|(key, value)| {
                let at = self.at(key.span());
                Entry { value: self.node(value), key: Spanned { value: key.into_inner(), at } }
            })
            .collect();
        entries.sort_by_key(|entry| entry.key.at);
        Node { value: Value::Map(entries), at }
    }

    fn node<'a>(&self, value: TomlSpanned<DeValue<'a>>) -> Node<'a> {
        let span = value.span();
        let at = self.at(span.clone());
        let scalar = |text: Cow<'a, str>| {
            let before = self.broken.partition_point(|fault| fault.start <= span.end);
            let broken = before > 0 && self.broken.get(before - 1).is_some_and(|f| span.start <= f.end);
            Node { value: if broken { Value::Broken } else { Value::Scalar(text) }, at }
        };
        match value.into_inner() {
            DeValue::String(text) => scalar(text),
            DeValue::Integer(n) => scalar(Cow::Owned(n.to_string())),
            DeValue::Float(n) => scalar(Cow::Owned(n.to_string())),
            DeValue::Boolean(b) => scalar(Cow::Owned(b.to_string())),
            DeValue::Datetime(d) => scalar(Cow::Owned(d.to_string())),
            DeValue::Array(items) => {
                Node { value: Value::List(items.into_iter().map(|item| self.node(item)).collect()), at }
            }
            DeValue::Table(table) => self.map(table, at),
        }
    }

    fn at(&self, span: Range<usize>) -> Location {
        Location { file: self.file, span: Span::new(span.start, span.end) }
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
    fn what_is_broken_is_told_once() {
        let mut out = Vec::new();
        let node = parse(FileId(0), "d = 2026-13-01\nn = 1\nname: a b c\n", &mut out);
        assert!(matches!(node.get("d").unwrap().value, Value::Broken));
        assert_eq!(node.get("n").unwrap().scalar(), Some("1"));
        assert_eq!(out.len(), 2, "{out:?}");
    }

    #[test]
    fn every_fault_is_told() {
        let mut out = Vec::new();
        parse(FileId(0), "a = = 1\nb = \"x\"\nc = [1\n", &mut out);
        assert!(out.len() >= 2, "{out:?}");
    }
}
