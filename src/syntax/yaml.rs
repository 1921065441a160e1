//! YAML 1.2 as people write records: mappings, lists and scalars. Anchors, aliases, merge keys and tags are
//! refused, duplicate keys are told with both places, size is bounded. The only user of the YAML library.

mod complaint;
mod plain;

use std::borrow::Cow;
use std::collections::BTreeMap;

use granit_parser::{Event, Parser, ScalarStyle};

use super::{Entry, Node, Value};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Location, Span, Spanned};
use crate::text::{clip, safe};

/// Nesting above this is refused.
const DEPTH_CAP: usize = 64;
/// Keys and values of one file above this are refused.
const NODE_CAP: usize = 100_000;

/// Parses one document. `offset` is where `text` starts in the file, for front matter.
/// Returns `None` when the text is no YAML or too large; the diagnostics then say why.
pub fn parse<'a>(file: FileId, text: &'a str, offset: usize, out: &mut Vec<Diagnostic>) -> Option<Node<'a>> {
    plain::read(file, text, offset).or_else(|| by_library(file, text, offset, out))
}

/// The same, every character weighed by the library: what any other way of reading is held to.
pub fn by_library<'a>(
    file: FileId,
    text: &'a str,
    offset: usize,
    out: &mut Vec<Diagnostic>,
) -> Option<Node<'a>> {
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
                builder.complain(&error.info(), at);
                return None;
            }
        }
    }
    let root = builder.root;
    Some(root.unwrap_or(Node { value: Value::Null, at: Location { file, span: Span::new(offset, offset) } }))
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
    /// The place of a range, widened to whole characters: the library and the callers count bytes.
    fn at(&self, range: std::ops::Range<usize>) -> Location {
        let start = self.text.floor_char_boundary(range.start);
        let end = self.text.ceil_char_boundary(range.end).max(start);
        Location { file: self.file, span: Span::new(self.offset + start, self.offset + end) }
    }

    /// Takes one event; false when the file is refused as a whole.
    fn event(&mut self, event: Event<'a>, range: std::ops::Range<usize>) -> bool {
        if event.anchor_id().is_some() || event.tag().is_some() {
            self.refuse(self.property(range.start));
        }
        match event {
            Event::Scalar(text, style, ..) => self.scalar(text, style, range),
            Event::SequenceStart(..) => {
                self.open(Open::List { start: range.start, items: Vec::new() }, range)
            }
            Event::MappingStart(..) => {
                if self.text.get(range.start..).is_some_and(|rest| rest.starts_with("{{")) {
                    return self.unquoted_variable(range.start);
                }
                self.open(Open::Map { start: range.start, entries: Vec::new(), key: None }, range)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(range.end),
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.refuse(range.clone());
                let at = self.at(range);
                self.add(Node { value: Value::Broken, at })
            }
            Event::DocumentStart(..) if self.root.is_some() => {
                let at = self.at(range);
                let message = "a second document in one file is not read";
                let help =
                    "put it into a file of its own, or make the file a list: one `- ` before each record";
                self.out.push(Diagnostic::new("yaml-feature-refused", at, message).help(help));
                false
            }
            _ => true,
        }
    }

    /// Tells an anchor, alias or tag by its first character.
    fn refuse(&mut self, range: std::ops::Range<usize>) {
        let typed = self.text.get(range.clone()).unwrap_or("");
        let (what, help) = match typed.bytes().next() {
            Some(b'&') => ("anchor", "leave it out; a text that starts with `&` needs quotes"),
            Some(b'*') => ("alias", "write the value out; a text that starts with `*` needs quotes"),
            _ => ("tag", "leave it out; a text that starts with `!` needs quotes"),
        };
        let message = format!("the {what} `{}` is not read", clip(&safe(typed), 40));
        let at = self.at(range);
        self.out.push(Diagnostic::new("yaml-feature-refused", at, message).help(help));
    }

    /// The anchor or tag before a value: the last word before it that is one.
    fn property(&self, value: usize) -> std::ops::Range<usize> {
        let before = self.text.get(..value).unwrap_or("").trim_end();
        let start = before.rfind(|c: char| c.is_ascii_whitespace() || c == ',').map_or(0, |i| i + 1);
        let word = &before[start..];
        let brackets = word.len() - word.trim_start_matches(['[', '{']).len();
        if word[brackets..].starts_with(['&', '!']) {
            start + brackets..before.len()
        } else {
            value..value + 1
        }
    }

    /// A value that starts with `{{` looks like two mappings to YAML.
    fn unquoted_variable(&mut self, start: usize) -> bool {
        let at = self.at(start..start + 2);
        let message = "not YAML: a value that starts with `{{` needs quotes";
        let help = "put it in quotes: `\"{{ name }} …\"`";
        self.out.push(Diagnostic::new("invalid-yaml", at, message).help(help));
        false
    }

    /// Tells what the library could not read at a byte.
    fn complain(&mut self, info: &str, at: usize) {
        let bracket = self.stack.iter().rev().find_map(|open| {
            let (Open::List { start, .. } | Open::Map { start, .. }) = open;
            self.text.get(*start..).is_some_and(|rest| rest.starts_with(['[', '{'])).then_some(*start)
        });
        let told = complaint::explain(info, self.text, at, bracket.is_some());
        let mut diagnostic =
            Diagnostic::new(told.rule, self.at(told.at..told.at + 1), told.message).help(told.help);
        if let Some(start) = bracket.filter(|_| told.bracket) {
            diagnostic = diagnostic.related(self.at(start..start + 1), "opened here");
        }
        self.out.push(diagnostic);
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
            let earlier = *first.entry(&entry.key.value).or_insert(entry.key.at);
            if earlier != entry.key.at {
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
                Diagnostic::new("yaml-feature-refused", at, "the merge key `<<` is not read")
                    .help("write the keys out: each record must read on its own"),
            );
            None
        }
        Value::Scalar(name) => Some(Entry { key: Spanned { value: name, at }, value }),
        Value::Broken => None,
        _ => {
            out.push(
                Diagnostic::new("yaml-feature-refused", at, "a key must be a single word")
                    .help("write `key: value`; a value that starts with a bracket needs quotes"),
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
    fn the_place_of_a_fault_is_whole_characters() {
        for text in [
            "a: Z1, 2\nü\n",
            "a: [1",
            "a: \"é",
            "\tü: [",
            "ü: ]",
            "a: !ü é",
            "a: &ü",
            "*ü",
            "a: &b\u{3000}x y",
        ] {
            let (_, faults) = read(text);
            assert!(!faults.is_empty(), "{text:?}");
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
    fn slips_are_told_in_plain_words() {
        for (text, place, message) in [
            ("a: b: c\n", ": c", "not YAML: a second `: ` on one line"),
            ("a: b\n  c: d\n", ": d", "not YAML: this line is indented too far"),
            ("a: b\n- c\n", "", "not YAML: this line does not go with the lines above it"),
            ("a:\n\tb: c\n", "\tb", "not YAML: a tab where YAML wants spaces"),
            ("a: [b, c\nd: e\n", "", "not YAML: a bracket is not closed, or a comma is missing"),
            ("a: \"b\nc: d\n", "", "not YAML: a quote is not closed"),
            ("a: \"b\" c\n", "c", "not YAML: text after the closing quote"),
            ("a: \"C:\\dir\"\n", "", "not YAML: a `\\` in double quotes starts no escape that YAML knows"),
            ("a: @b\n", "@b", "not YAML: a value cannot start with `@`"),
            ("a: `b`\n", "`b`", "not YAML: a value cannot start with a backtick"),
            ("a: {{ b }} c\n", "{{ b", "not YAML: a value that starts with `{{` needs quotes"),
            ("a: *all*\n", "*all*", "the alias `*all*` is not read"),
            ("a: * all\n", "* all", "the alias `*` is not read"),
            ("a: &b c\n", "&b", "the anchor `&b` is not read"),
            ("a: [!b c]\n", "!b", "the tag `!b` is not read"),
            ("a: &b\n  c: d\n", "&b", "the anchor `&b` is not read"),
        ] {
            let faults = read(text).1;
            assert_eq!(faults.iter().map(|d| &*d.message).collect::<Vec<_>>(), [message], "{text:?}");
            let found = &text[faults[0].at.span.start as usize..];
            assert!(found.starts_with(place), "{text:?}: at {found:?}");
        }
    }

    #[test]
    fn hostile_sizes_end_at_once() {
        assert_eq!(rules(&"[".repeat(200_000)), ["input-too-large"]);
        assert_eq!(rules(&format!("[{}]", "1,".repeat(200_000))), ["input-too-large"]);
        let deep: String = (0..70).map(|i| format!("{}a:\n", " ".repeat(i))).collect();
        assert_eq!(rules(&deep), ["input-too-large"]);
    }
}
