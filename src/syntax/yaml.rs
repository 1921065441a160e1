//! YAML 1.2 as people write records: mappings, lists and scalars. Anchors, aliases, merge keys and tags are
//! refused, duplicate keys are told with both places, size is bounded. The only user of the YAML library.

use std::borrow::Cow;
use std::collections::BTreeMap;

use granit_parser::{Event, Parser, ScalarStyle};

use super::{Entry, Node, Value};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Location, Span, Spanned};
use crate::text::safe;

/// Nesting above this is refused.
const DEPTH_CAP: usize = 64;
/// Keys and values of one file above this are refused.
const NODE_CAP: usize = 100_000;

/// Parses one document. `offset` is where `text` starts in the file, for front matter.
/// Returns `None` when the text is no YAML or too large; the diagnostics then say why.
pub fn parse<'a>(file: FileId, text: &'a str, offset: usize, out: &mut Vec<Diagnostic>) -> Option<Node<'a>> {
    let options =
        granit_parser::options! { emit_comments: false, flow_nesting_limit: 80, block_nesting_limit: 80 };
    let mut builder = Builder { file, offset, text, out, stack: Vec::new(), root: None, nodes: 0 };
    for event in Parser::new_from_str_with_options(text, options) {
        match event {
            Ok((event, span)) => {
                let span = span.byte_range().unwrap_or(text.len()..text.len());
                if !builder.event(event, span) {
                    return None;
                }
            }
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(text.len()).min(text.len());
                let at = builder.at(character(text, at));
                let (rule, help) =
                    if error.info().contains("recursion limit") || error.info().contains("nest") {
                        ("input-too-large", "flatten it: records need few levels")
                    } else if error.info().contains("anchor") || error.info().contains("alias") {
                        ("yaml-feature-refused", "write the value out: each record must read on its own")
                    } else {
                        ("invalid-yaml", "check indentation, quotes and brackets just above this place")
                    };
                let message = format!("not YAML: {}", safe(error.info().trim_end_matches('.')));
                builder.out.push(Diagnostic::new(rule, at, message).help(help));
                return None;
            }
        }
    }
    let root = builder.root;
    Some(root.unwrap_or(Node { value: Value::Null, at: Location { file, span: Span::new(offset, offset) } }))
}

/// The bytes of the character at or around an offset; nothing at the end of the text.
fn character(text: &str, offset: usize) -> std::ops::Range<usize> {
    let start = text.floor_char_boundary(offset);
    start..start + text[start..].chars().next().map_or(0, char::len_utf8)
}

struct Builder<'a, 'o> {
    file: FileId,
    offset: usize,
    text: &'a str,
    out: &'o mut Vec<Diagnostic>,
    stack: Vec<Open<'a>>,
    root: Option<Node<'a>>,
    nodes: usize,
}

/// A list or mapping whose end has not come yet.
enum Open<'a> {
    List { start: usize, items: Vec<Node<'a>> },
    Map { start: usize, entries: Vec<Entry<'a>>, key: Option<Node<'a>> },
}

impl<'a> Builder<'a, '_> {
    fn at(&self, range: std::ops::Range<usize>) -> Location {
        Location { file: self.file, span: Span::new(self.offset + range.start, self.offset + range.end) }
    }

    /// Takes one event; false when the file is refused as a whole.
    fn event(&mut self, event: Event<'a>, range: std::ops::Range<usize>) -> bool {
        let (anchor, tagged) = (event.anchor_id().is_some(), event.tag().is_some());
        if anchor || tagged {
            let what = if tagged { "a tag" } else { "an anchor" };
            self.refuse(range.clone(), what);
        }
        match event {
            Event::Scalar(text, style, ..) => self.scalar(text, style, range),
            Event::SequenceStart(..) => {
                self.open(Open::List { start: range.start, items: Vec::new() }, range)
            }
            Event::MappingStart(..) => {
                self.open(Open::Map { start: range.start, entries: Vec::new(), key: None }, range)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(range.end),
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.refuse(range.clone(), "an alias");
                let at = self.at(range);
                self.add(Node { value: Value::Broken, at })
            }
            Event::DocumentStart(..) if self.root.is_some() => {
                let at = self.at(range);
                let message = "a second document in one file";
                self.out.push(
                    Diagnostic::new("yaml-feature-refused", at, message)
                        .help("put it into a file of its own, or make the file a list"),
                );
                false
            }
            _ => true,
        }
    }

    fn refuse(&mut self, range: std::ops::Range<usize>, what: &str) {
        let at = self.at(range);
        self.out.push(
            Diagnostic::new("yaml-feature-refused", at, format!("{what} is not read"))
                .help("write the value out: each record must read on its own"),
        );
    }

    fn scalar(&mut self, text: Cow<'a, str>, style: ScalarStyle, range: std::ops::Range<usize>) -> bool {
        let range = if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            let raw = self.text.get(range.clone()).unwrap_or("");
            range.start..range.start + raw.trim_end().len()
        } else {
            range
        };
        let null = style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null");
        let at = self.at(range);
        self.add(Node { value: if null { Value::Null } else { Value::Scalar(text) }, at })
    }

    fn open(&mut self, open: Open<'a>, range: std::ops::Range<usize>) -> bool {
        if self.stack.len() >= DEPTH_CAP {
            let at = self.at(range);
            let message = format!("nested more than {DEPTH_CAP} levels deep");
            self.out.push(
                Diagnostic::new("input-too-large", at, message).help("flatten it: records need few levels"),
            );
            return false;
        }
        self.stack.push(open);
        true
    }

    fn close(&mut self, end: usize) -> bool {
        let Some(open) = self.stack.pop() else { return true };
        let (value, start, last) = match open {
            Open::List { start, items } => {
                let last = items.last().map(|item| item.at.span.end);
                (Value::List(items), start, last)
            }
            Open::Map { start, entries, .. } => {
                let last = entries.last().map(|entry| entry.value.at.span.end.max(entry.key.at.span.end));
                self.duplicates(&entries);
                (Value::Map(entries), start, last)
            }
        };
        let closed_by_bracket = self.text.get(start..).is_some_and(|rest| rest.starts_with(['[', '{']));
        let end = match last {
            Some(last) if !closed_by_bracket => last as usize - self.offset,
            _ => end,
        };
        let at = self.at(start..end);
        self.add(Node { value, at })
    }

    /// Puts a finished node where it belongs; false above the node cap.
    fn add(&mut self, node: Node<'a>) -> bool {
        self.nodes += 1;
        if self.nodes > NODE_CAP {
            let message = format!("more than {NODE_CAP} keys and values");
            self.out.push(
                Diagnostic::new("input-too-large", node.at, message).help("split it into several files"),
            );
            return false;
        }
        match self.stack.last_mut() {
            None => self.root = Some(node),
            Some(Open::List { items, .. }) => items.push(node),
            Some(Open::Map { entries, key, .. }) => match key.take() {
                None => *key = Some(node),
                Some(name) => {
                    if let Some(entry) = entry(name, node, self.out) {
                        entries.push(entry);
                    }
                }
            },
        }
        true
    }

    /// Tells every repeated key with both places.
    fn duplicates(&mut self, entries: &[Entry<'a>]) {
        let repeated = |key: &str| entries.iter().filter(|entry| entry.key.value == key).count() > 1;
        if entries.len() <= 32 && !entries.iter().any(|entry| repeated(&entry.key.value)) {
            return;
        }
        let mut first: BTreeMap<&str, Location> = BTreeMap::new();
        for entry in entries {
            if let Some(earlier) = first.insert(&entry.key.value, entry.key.at) {
                self.out.push(duplicate_key(&entry.key.value, entry.key.at, earlier));
            }
        }
    }
}

/// The one wording for a key given twice.
pub(super) fn duplicate_key(key: &str, at: Location, earlier: Location) -> Diagnostic {
    Diagnostic::new("duplicate-key", at, format!("the key `{}` is given twice", safe(key)))
        .related(earlier, "first given here")
        .help("keep one of them: a reader cannot know which one counts")
}

/// A mapping's entry, unless its key is not a name.
fn entry<'a>(key: Node<'a>, value: Node<'a>, out: &mut Vec<Diagnostic>) -> Option<Entry<'a>> {
    let at = key.at;
    match key.value {
        Value::Scalar(name) if name == "<<" => {
            out.push(
                Diagnostic::new("yaml-feature-refused", at, "a merge key is not read")
                    .help("write the keys out: each record must read on its own"),
            );
            None
        }
        Value::Scalar(name) => Some(Entry { key: Spanned { value: name, at }, value }),
        Value::Broken => None,
        _ => {
            out.push(
                Diagnostic::new("yaml-feature-refused", at, "a key must be a single word")
                    .help("write `key: value`"),
            );
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<Node<'_>>, Vec<Diagnostic>) {
        let mut out = Vec::new();
        (parse(FileId(0), text, 0, &mut out), out)
    }

    fn rules(text: &str) -> Vec<&'static str> {
        read(text).1.iter().map(|d| d.rule).collect()
    }

    #[test]
    fn what_was_typed_stays() {
        let (node, faults) = read("a: no\nb: 5.30\nc: 2026-1-5\nd: ~\ne: [x, \"y\"]\n");
        let node = node.unwrap();
        assert!(faults.is_empty());
        assert_eq!(node.get("a").unwrap().scalar(), Some("no"));
        assert_eq!(node.get("b").unwrap().scalar(), Some("5.30"));
        assert!(matches!(node.get("d").unwrap().value, Value::Null));
    }

    #[test]
    fn spans_slice_back_to_the_text() {
        let text = "a:\n  - {b: c}\n  - long text\nd: >-\n  folded\n  text\n\ne: 1\n";
        let (node, _) = read(text);
        let node = node.unwrap();
        let slice = |node: &Node<'_>| &text[node.at.span.range()];
        assert_eq!(slice(node.get("a").unwrap()), "- {b: c}\n  - long text");
        assert_eq!(slice(node.get("d").unwrap()), "folded\n  text");
        assert_eq!(slice(node.get("e").unwrap()), "1");
    }

    #[test]
    fn the_place_of_an_error_is_a_whole_character() {
        for text in ["a: Z1, 2\nü\n", "a: [1", "a: \"é", "\tü: [", "ü: ]"] {
            let (_, faults) = read(text);
            assert!(
                faults.iter().all(|fault| text.get(fault.at.span.range()).is_some()),
                "{text:?} {faults:?}"
            );
        }
    }

    #[test]
    fn refuses_what_hides_meaning() {
        assert_eq!(rules("a: &x 1\nb: *x\n"), ["yaml-feature-refused", "yaml-feature-refused"]);
        assert_eq!(rules("a: !!str 1\n"), ["yaml-feature-refused"]);
        assert_eq!(rules("a: 1\na: 2\n"), ["duplicate-key"]);
        assert_eq!(rules("a: 1\n---\nb: 2\n"), ["yaml-feature-refused"]);
        assert_eq!(rules("a: [1\n"), ["invalid-yaml"]);
    }

    #[test]
    fn hostile_sizes_end_at_once() {
        assert_eq!(rules(&"[".repeat(200_000)), ["input-too-large"]);
        assert_eq!(rules(&format!("[{}]", "1,".repeat(200_000))), ["input-too-large"]);
        let deep: String = (0..70).map(|i| format!("{}a:\n", " ".repeat(i))).collect();
        assert_eq!(rules(&deep), ["input-too-large"]);
    }
}
