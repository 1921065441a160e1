//! Rows of a register's YAML changed and added in its text: comments, order and every other byte stay, and the result is read
//! again before anybody gets it.

mod cells;

use std::collections::BTreeMap;
use std::ops::Range;

pub use cells::with_cells;

use crate::manifest::{quoted, read_yaml as read, same_yaml as same, value};
use crate::syntax::{Entry, Node, Value};

/// A value to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// Bare where every reader of YAML sees text or a date, else quoted.
    Text(String),
    /// Always quoted: a hash.
    Quoted(String),
    /// Always bare: a whole number, `true` or `false`.
    Bare(String),
    List(Vec<Self>),
    Map(Vec<(&'static str, Self)>),
}

/// Keys and values of a row.
pub type Fields = Vec<(&'static str, Written)>;

/// Keys of a row that are given another value, or one they did not have; one such for a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowEdit {
    /// Which row of the file, from 0.
    pub nth: usize,
    pub set: Fields,
}

impl Written {
    fn yaml(&self) -> String {
        let join = |parts: Vec<String>| parts.join(", ");
        match self {
            Self::Text(text) => value(text),
            Self::Quoted(text) => quoted(text),
            Self::Bare(text) => text.clone(),
            Self::List(items) => format!("[{}]", join(items.iter().map(Self::yaml).collect())),
            Self::Map(fields) => {
                let field = |(key, value): &(&str, Self)| format!("{key}: {}", value.yaml());
                format!("{{ {} }}", join(fields.iter().map(field).collect()))
            }
        }
    }

    /// The lines of a key in a row that is written line by line; a record with a list takes a line for each item.
    fn lines(&self, key: &str, indent: &str, line_end: &str) -> String {
        match self {
            Self::Map(fields) if fields.iter().any(|(_, value)| matches!(value, Self::List(_))) => {
                let inner = format!("{indent}  ");
                let fields = fields.iter().map(|(key, value)| value.lines(key, &inner, line_end));
                format!("{indent}{key}:{line_end}{}", fields.collect::<String>())
            }
            Self::List(items) if items.iter().any(|item| matches!(item, Self::Map(_))) => {
                let items = items.iter().map(|item| format!("{indent}  - {}{line_end}", item.yaml()));
                format!("{indent}{key}:{line_end}{}", items.collect::<String>())
            }
            other => format!("{indent}{key}: {}{line_end}", other.yaml()),
        }
    }

    /// Does a node say exactly this?
    fn is(&self, node: &Node<'_>) -> bool {
        match (self, &node.value) {
            (Self::Text(text) | Self::Quoted(text) | Self::Bare(text), _) => node.scalar() == Some(text),
            (Self::List(items), Value::List(read)) => {
                items.len() == read.len() && items.iter().zip(read).all(|(item, node)| item.is(node))
            }
            (Self::Map(fields), Value::Map(read)) => are(fields, read),
            _ => false,
        }
    }
}

fn are(fields: &Fields, read: &[Entry<'_>]) -> bool {
    fields.len() == read.len()
        && fields
            .iter()
            .zip(read)
            .all(|((key, value), entry)| entry.key.value == *key && value.is(&entry.value))
}

/// The text with the edits and the rows; edits that cannot be made without touching anything else are left out and given by
/// their rows. Says why when not even the rows can be added.
pub fn edited(text: &str, edits: &[RowEdit], added: &[Fields]) -> Result<(String, Vec<usize>), String> {
    let (mark, body) = match text.strip_prefix('\u{feff}') {
        Some(body) => ("\u{feff}", body),
        None => ("", text),
    };
    let broken = "it is not read without a fault: `soc2 check` names it";
    let before = if is_empty(body) { None } else { Some(read(body).ok_or(broken)?) };
    if let Some(all) = attempt(body, before.as_ref(), edits, added) {
        return Ok((format!("{mark}{all}"), Vec::new()));
    }
    // One of them has no place: each is tried by itself.
    let (mut now, mut refused) = (body.to_owned(), Vec::new());
    for edit in edits {
        let next = read(&now).and_then(|node| attempt(&now, Some(&node), std::slice::from_ref(edit), &[]));
        match next {
            Some(next) => now = next,
            None => refused.push(edit.nth),
        }
    }
    let node = if is_empty(&now) { None } else { read(&now) };
    let place = "rows can be added only to a list whose rows begin with `- ` on lines of their own";
    let now = attempt(&now, node.as_ref(), &[], added).ok_or(place)?;
    Ok((format!("{mark}{now}"), refused))
}

/// A text that is one record, with keys given another value, or one they did not have; `None` when that cannot be done
/// without touching anything else.
pub fn record(text: &str, set: &Fields) -> Option<String> {
    let node = read(text)?;
    let Value::Map(entries) = &node.value else { return None };
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut splices: Vec<(Range<usize>, String)> = Vec::new();
    let mut others = Fields::new();
    for (key, value) in set {
        // A value below its key, such as a block of text, goes with whatever introduces it.
        let below = entries.iter().find(|entry| entry.key.value == *key).and_then(|entry| {
            let (from, to) = (entry.key.at.span.end as usize, entry.value.at.span.start as usize);
            let between =
                text.get(from..to).filter(|between| between.contains('\n') && !between.contains('#'))?;
            Some((
                from + between.find(':')? + 1..entry.value.at.span.end as usize,
                format!(" {}", value.yaml()),
            ))
        });
        match below {
            Some(splice) => splices.push(splice),
            None => others.push((*key, value.clone())),
        }
    }
    row(text, entries, &others, line_end, &mut splices)?;
    splices.sort_by_key(|(at, _)| (at.start, at.end));
    let mut out = String::with_capacity(text.len() + 300);
    let mut done = 0;
    for (at, words) in splices {
        out.push_str(text.get(done..at.start)?);
        out.push_str(&words);
        done = at.end;
    }
    out.push_str(text.get(done..)?);
    let edit = RowEdit { nth: 0, set: set.clone() };
    let after = Node { value: Value::List(vec![read(&out)?]), at: node.at };
    means(&after, std::slice::from_ref(&node), std::slice::from_ref(&edit), &[]).then_some(out)
}

/// Nothing but comments and blanks.
fn is_empty(body: &str) -> bool {
    body.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'))
}

/// All of it at once, if it then says what is meant.
fn attempt(body: &str, before: Option<&Node<'_>>, edits: &[RowEdit], added: &[Fields]) -> Option<String> {
    let line_end = if body.lines().next().is_some_and(|_| body.contains("\r\n")) { "\r\n" } else { "\n" };
    let none = Vec::new();
    let rows = match before.map(|node| &node.value) {
        Some(Value::List(rows)) => rows,
        None | Some(Value::Null) => &none,
        _ => return None,
    };
    let mut splices: Vec<(Range<usize>, String)> = Vec::new();
    for edit in edits {
        let Value::Map(entries) = &rows.get(edit.nth)?.value else { return None };
        row(body, entries, &edit.set, line_end, &mut splices)?;
    }
    splices.sort_by_key(|(at, _)| (at.start, at.end));
    let mut out = String::with_capacity(body.len() + added.len() * 300);
    let mut done = 0;
    for (at, words) in splices {
        out.push_str(body.get(done..at.start)?);
        out.push_str(&words);
        done = at.end;
    }
    out.push_str(body.get(done..)?);
    if !added.is_empty() {
        let empty = before.filter(|_| rows.is_empty()).map(|node| node.at.span.range());
        if let Some(at) = empty.filter(|at| body.get(at.clone()).is_some_and(|list| list.starts_with('['))) {
            out.replace_range(at, "");
        }
        append(&mut out, body, rows, added, line_end)?;
    }
    if out == body {
        return Some(out);
    }
    means(&read(&out)?, rows, edits, added).then_some(out)
}

/// Where the keys of a row go.
fn row(
    body: &str,
    entries: &[Entry<'_>],
    set: &Fields,
    line_end: &str,
    splices: &mut Vec<(Range<usize>, String)>,
) -> Option<()> {
    let mut new = Vec::new();
    for (key, value) in set {
        match entries.iter().find(|entry| entry.key.value == *key) {
            Some(entry) if matches!(entry.value.value, Value::Null) => {
                let from = entry.key.at.span.end as usize;
                let colon = from + body.get(from..)?.find(':')? + 1;
                splices.push((colon..colon, format!(" {}", value.yaml())));
            }
            Some(entry) => splices.push((entry.value.at.span.range(), value.yaml())),
            None => new.push((*key, value)),
        }
    }
    if new.is_empty() {
        return Some(());
    }
    let first = entries.first()?.key.at.span.start as usize;
    let last = entries.last()?;
    let line = body.get(..first)?.rfind('\n').map_or(0, |newline| newline + 1);
    if body.get(line..first)?.contains('{') {
        let end = last.value.at.span.end as usize;
        let fields = new.iter().map(|(key, value)| format!(", {key}: {}", value.yaml()));
        splices.push((end..end, fields.collect()));
        return Some(());
    }
    let indent: String = body.get(line..first)?.chars().map(|c| if c == '-' { ' ' } else { c }).collect();
    if !indent.bytes().all(|b| b == b' ') {
        return None;
    }
    // Behind the last key that has its value on its own line: nothing of another key can stand in between.
    let single = |entry: &&Entry<'_>| {
        let span =
            entry.key.at.span.start as usize..entry.value.at.span.end.max(entry.key.at.span.end) as usize;
        !matches!(entry.value.value, Value::Null) && body.get(span).is_some_and(|text| !text.contains('\n'))
    };
    let anchor = entries.iter().rev().find(single)?;
    let from = anchor.value.at.span.end as usize;
    let (place, before) = match body.get(from..)?.find('\n') {
        Some(newline) => (from + newline + 1, ""),
        None => (body.len(), line_end),
    };
    let lines: String = new.iter().map(|(key, value)| value.lines(key, &indent, line_end)).collect();
    splices.push((place..place, format!("{before}{lines}")));
    Some(())
}

/// Rows at the end, where those before them stand.
fn append(out: &mut String, body: &str, rows: &[Node<'_>], added: &[Fields], line_end: &str) -> Option<()> {
    let indent = match rows.last() {
        None => "",
        Some(last) => {
            let dash = body.get(..last.at.span.start as usize)?.rfind('-')?;
            let line = body.get(..dash)?.rfind('\n').map_or(0, |newline| newline + 1);
            body.get(line..dash).filter(|indent| indent.bytes().all(|b| b == b' '))?
        }
    };
    if !out.is_empty() && !out.ends_with('\n') {
        out.push_str(line_end);
    }
    for fields in added {
        for (nth, (key, value)) in fields.iter().enumerate() {
            let mark = if nth == 0 { "- " } else { "  " };
            out.push_str(&format!("{indent}{mark}{key}: {}{line_end}", value.yaml()));
        }
    }
    Some(())
}

/// Does the new text say what the old one said, but for the edits and the rows?
fn means(after: &Node<'_>, before: &[Node<'_>], edits: &[RowEdit], added: &[Fields]) -> bool {
    let Value::List(rows) = &after.value else { return false };
    let edits: BTreeMap<usize, &Fields> = edits.iter().map(|edit| (edit.nth, &edit.set)).collect();
    let none = Fields::new();
    let kept = rows.iter().zip(before).enumerate().all(|(nth, (new, old))| {
        let set = edits.get(&nth).copied().unwrap_or(&none);
        let (Value::Map(new), Value::Map(old)) = (&new.value, &old.value) else { return same(new, old) };
        let find = |entries: &[Entry<'_>], key: &str| entries.iter().position(|entry| entry.key.value == key);
        let others = |entries: &[Entry<'_>]| -> Vec<usize> {
            (0..entries.len())
                .filter(|n| {
                    entries.get(*n).is_some_and(|entry| !set.iter().any(|(key, _)| entry.key.value == *key))
                })
                .collect()
        };
        let (a, b) = (others(new), others(old));
        let unchanged = a.len() == b.len()
            && a.iter().zip(&b).all(|(a, b)| match (new.get(*a), old.get(*b)) {
                (Some(a), Some(b)) => a.key.value == b.key.value && same(&a.value, &b.value),
                _ => false,
            });
        let written = set.iter().all(|(key, value)| {
            find(new, key).and_then(|n| new.get(n)).is_some_and(|entry| value.is(&entry.value))
        });
        unchanged && written
    });
    let fresh = rows.get(before.len()..).unwrap_or(&[]);
    let meant = fresh.len() == added.len()
        && fresh.iter().zip(added).all(|(node, fields)| {
            let Value::Map(entries) = &node.value else { return false };
            are(fields, entries)
        });
    kept && rows.len() == before.len() + added.len() && meant
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Written {
        Written::Text(text.to_owned())
    }

    fn set(nth: usize, fields: &[(&'static str, &str)]) -> RowEdit {
        RowEdit { nth, set: fields.iter().map(|(key, value)| (*key, text(value))).collect() }
    }

    #[test]
    fn values_change_and_everything_else_stays() {
        let before = "# list\n- id: A-1 # the first\n  status: open   # ours\n  comment: \"x: # y\"\n\n  # end of A-1\n\
                      - { id: A-2, status: open }\n-   id: A-3\n    text: |\n      two\n      lines\n    status: open\n    due:\n";
        let edits = [
            set(0, &[("status", "accepted"), ("comment", "a: \"b\""), ("due", "2027-01-15")]),
            set(1, &[("status", "returned"), ("comment", "more")]),
            set(2, &[("due", "2027-01-16"), ("comment", "no")]),
        ];
        let expected = "# list\n- id: A-1 # the first\n  status: accepted   # ours\n  comment: \"a: \\\"b\\\"\"\n  due: 2027-01-15\n\n\
                        \x20 # end of A-1\n- { id: A-2, status: returned, comment: more }\n-   id: A-3\n    text: |\n      two\n      lines\n\
                        \x20   status: open\n    comment: \"no\"\n    due: 2027-01-16\n";
        assert_eq!(edited(before, &edits, &[]).unwrap(), (expected.to_owned(), vec![]));
        let windows = before.replace('\n', "\r\n");
        assert_eq!(edited(&windows, &edits, &[]).unwrap().0, expected.replace('\n', "\r\n"));
        let marked = format!("\u{feff}{before}");
        assert_eq!(edited(&marked, &edits, &[]).unwrap().0, format!("\u{feff}{expected}"));
    }

    #[test]
    fn a_record_is_given_other_values() {
        let before = "id: a\ntitle: >-\n  two\n  lines\nowner: x # ours\nnature: detective\n";
        let set = vec![
            ("id", text("b")),
            ("title", text("a: b")),
            ("owner", text("ann")),
            ("cadence", text("annual")),
        ];
        let after = "id: b\ntitle: \"a: b\"\nowner: ann # ours\nnature: detective\ncadence: annual\n";
        assert_eq!(record(before, &set).as_deref(), Some(after));
        assert_eq!(record("- id: a\n", &set), None);
    }

    #[test]
    fn what_was_accepted_stands_line_by_line() {
        let pin =
            |id: &str| Written::Map(vec![("id", text(id)), ("digest", Written::Quoted("00".to_owned()))]);
        let accepted = Written::Map(vec![
            ("on", text("2027-01-20")),
            ("evidence", Written::List(vec![pin("a/b"), pin("c")])),
        ]);
        let edit = |nth| RowEdit { nth, set: vec![("accepted", accepted.clone())] };
        let before = "- id: A\n- { id: B }\n";
        let expected = "- id: A\n  accepted:\n    on: 2027-01-20\n    evidence:\n      - { id: a/b, digest: \"00\" }\n      \
                        - { id: c, digest: \"00\" }\n- { id: B, accepted: { on: 2027-01-20, evidence: [{ id: a/b, digest: \"00\" }, \
                        { id: c, digest: \"00\" }] } }\n";
        let after = edited(before, &[edit(0), edit(1)], &[]).unwrap();
        assert_eq!(after, (expected.to_owned(), vec![]));
        // Pinned anew, in place of the old.
        let after = edited(expected, &[edit(0), edit(1)], &[]).unwrap();
        assert!(after.1.is_empty(), "{after:?}");
    }

    #[test]
    fn rows_are_added_where_rows_stand() {
        let row: Fields = vec![
            ("id", text("1.10")),
            ("controls", Written::List(vec![text("a"), text("b-c")])),
            ("period", Written::Map(vec![("from", text("2026-01-01")), ("to", text("2026-12-31"))])),
            ("comment", text("=cmd|' /C calc'!A0\n- not: a row")),
        ];
        let block = "- id: \"1.10\"\n  controls: [a, b-c]\n  period: { from: 2026-01-01, to: 2026-12-31 }\n  \
                     comment: \"=cmd|' /C calc'!A0\\n- not: a row\"\n";
        let indented: String = block.lines().map(|line| format!("  {line}\n")).collect();
        for (before, expected) in [
            ("", block.to_owned()),
            ("# nothing yet\n", format!("# nothing yet\n{block}")),
            ("# one\n[]\n", format!("# one\n\n{block}")),
            ("- id: A\n", format!("- id: A\n{block}")),
            ("- id: A", format!("- id: A\n{block}")),
            ("  - id: A # x\n  # end\n", format!("  - id: A # x\n  # end\n{indented}")),
            ("- { id: A }\n", format!("- {{ id: A }}\n{block}")),
        ] {
            assert_eq!(
                edited(before, &[], &[row.clone(), row.clone()]).unwrap().0,
                format!("{expected}{}", if before.starts_with("  -") { &indented } else { block }),
                "{before:?}"
            );
        }
    }

    #[test]
    fn what_would_change_more_is_left_out_or_refused() {
        let before = "- id: A\n  status: open\n- {id: B, status: open}\n- id: C\n  text: plain\n    over two lines\n  status: open\n";
        let (after, refused) = edited(before, &[set(0, &[("status", "accepted")])], &[]).unwrap();
        assert_eq!((after, refused), (before.replacen("open", "accepted", 1), vec![]));
        for text in ["[{ id: A }]\n", "id: A\n", "- id: A\n...\n"] {
            assert!(edited(text, &[], &[vec![("id", Written::Text("B".to_owned()))]]).is_err(), "{text}");
        }
        assert!(edited("- id: A\n- id: [\n", &[], &[]).unwrap_err().contains("soc2 check"));
        let odd = "- id: A\n  status:\n    open\n- ? id\n  : B\n";
        let (after, refused) =
            edited(odd, &[set(0, &[("status", "accepted")]), set(1, &[("due", "2027-01-01")])], &[]).unwrap();
        assert!(after.contains("accepted") && after.contains(": B"), "{after}");
        assert!(refused.is_empty() || refused == [1], "{refused:?}");
    }
}
