//! Markdown documents: front matter, and headings with the anchors that controls point at.

use std::fmt::Write;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::source::Span;
use crate::text::slug;

/// A document cut into its front matter and its body, as byte spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// The YAML between the fences, without them.
    pub front_matter: Span,
    /// Everything after the closing fence.
    pub body: Span,
}

/// Cuts a document that starts with a `---` fence; `None` when it does not, or the fence is never closed.
pub fn parts(text: &str) -> Option<Parts> {
    let rest = text.strip_prefix("---\n").or_else(|| text.strip_prefix("---\r\n"))?;
    let start = text.len() - rest.len();
    let mut at = start;
    for line in rest.split_inclusive('\n') {
        if line.trim_end_matches(['\n', '\r']) == "---" {
            let body = Span::new(at + line.len(), text.len());
            return Some(Parts { front_matter: Span::new(start, at), body });
        }
        at += line.len();
    }
    None
}

/// Levels times lines of a text above this are too many.
const WORK_CAP: usize = 10_000_000;

/// Is reading a text too much work? Each line is held against every quote and list that is open, and a few letters open many
/// of either. Gives the byte at which the deepest line begins, and how many levels it may have.
pub fn too_deep(text: &str) -> Option<(usize, usize)> {
    let (mut deepest, mut at, mut lines) = ((0, 0), 0, 0usize);
    for line in text.split_inclusive('\n') {
        let levels = levels(line);
        if levels > deepest.1 {
            deepest = (at, levels);
        }
        at += line.len();
        lines += 1;
    }
    (deepest.1.saturating_mul(lines) > WORK_CAP).then_some(deepest)
}

/// The most quotes, list items and footnotes that can be open in a line: those it opens, and one for every two blanks before.
fn levels(line: &str) -> usize {
    let (mut rest, mut blanks, mut opened) = (line.as_bytes(), 0, 0);
    loop {
        rest = match rest {
            [b' ', after @ ..] => {
                blanks += 1;
                after
            }
            [b'\t', after @ ..] => {
                blanks += 4;
                after
            }
            _ => match opener(rest).and_then(|length| rest.get(length..)) {
                Some(after) => {
                    opened += 1;
                    after
                }
                None => break,
            },
        }
    }
    if opened == 0 { 0 } else { opened + blanks / 2 }
}

/// The length of what opens a quote, an item of a list or a footnote.
fn opener(text: &[u8]) -> Option<usize> {
    let ends = |at: usize| text.get(at).is_none_or(u8::is_ascii_whitespace).then_some(at);
    match text {
        [b'>', ..] => Some(1),
        [b'-' | b'+' | b'*', ..] => ends(1),
        [b'0'..=b'9', ..] => {
            let digits = text.iter().take(10).take_while(|byte| byte.is_ascii_digit()).count();
            ends(digits + 1).filter(|_| digits < 10 && matches!(text.get(digits), Some(b'.' | b')')))
        }
        [b'[', b'^', label @ ..] => {
            let close = label.iter().position(|byte| *byte == b']')? + 2;
            (text.get(close + 1) == Some(&b':')).then_some(close + 2)
        }
        _ => None,
    }
}

/// A heading and the anchor it can be reached by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    pub title: String,
    /// `{#explicit}`, else the title's slug.
    pub anchor: String,
    pub explicit: bool,
    /// Bytes of the heading in the text that was given.
    pub span: Span,
}

/// Headings of one document above this are not looked at.
pub const HEADING_CAP: usize = 2_000;

/// The headings, in order, up to [`HEADING_CAP`].
pub fn headings(text: &str) -> Vec<Heading> {
    let mut out = Vec::new();
    let mut open: Option<Heading> = None;
    for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { level, id, .. }) => {
                let anchor = id.map(|id| id.to_string());
                open = Some(Heading {
                    level: level as u8,
                    title: String::new(),
                    explicit: anchor.is_some(),
                    anchor: anchor.unwrap_or_default(),
                    span: Span::new(range.start, range.start + text[range].trim_end().len()),
                });
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut open {
                    heading.title.push_str(&text);
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some(mut heading) = open.take() {
                    if !heading.explicit {
                        heading.anchor = slug(&heading.title);
                    }
                    out.push(heading);
                    if out.len() == HEADING_CAP {
                        break;
                    }
                }
            }
            _ => {}
        }
    }
    out
}

/// Running text as people read it: a paragraph, list item, heading or table cell, without markup, code and HTML.
#[derive(Debug, Default)]
pub struct Prose {
    pub text: String,
    /// It is an item of a list, or part of one.
    pub listed: bool,
    /// Where each piece begins: byte of `text`, byte of the document.
    pieces: Vec<(usize, usize)>,
}

impl Prose {
    /// Where a byte of `text` stands in the document.
    pub fn origin(&self, offset: usize) -> usize {
        let after = self.pieces.partition_point(|(start, _)| *start <= offset);
        let piece = after.checked_sub(1).and_then(|index| self.pieces.get(index));
        piece.map_or(0, |(start, origin)| origin + (offset - start))
    }

    fn push(&mut self, text: &str, origin: usize) {
        self.pieces.push((self.text.len(), origin));
        self.text.push_str(text);
    }
}

/// All running text, in order.
pub fn prose(text: &str) -> Vec<Prose> {
    pieces(text, Reading::Prose)
}

/// Everything that says something, in order: running text with what is set as code, code blocks by line, tables by row.
pub fn statements(text: &str) -> Vec<Prose> {
    pieces(text, Reading::Statements)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Prose,
    Statements,
}

fn pieces(text: &str, reading: Reading) -> Vec<Prose> {
    let whole = reading == Reading::Statements;
    let mut out = Vec::new();
    let mut open = Prose::default();
    let (mut lists, mut skipped) = (0usize, false);
    for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
        match &event {
            Event::Text(text) if !skipped => open.push(text, range.start),
            Event::Text(_) => {}
            Event::SoftBreak | Event::HardBreak => open.push(" ", range.start),
            Event::Code(code) if whole => open.push(code, range.start + 1),
            // Nothing is read across what was quoted as code.
            Event::Code(_) => open.push("`", range.start),
            Event::Start(Tag::TableCell) if whole && !open.text.is_empty() => open.push(" | ", range.start),
            Event::Start(Tag::TableCell) | Event::End(TagEnd::TableCell) if whole => {}
            Event::Start(tag) if !is_inline(&tag.to_end()) => {
                close(&mut open, &mut out, lists);
                lists += usize::from(matches!(tag, Tag::List(_)));
                skipped |= matches!(tag, Tag::CodeBlock(_)) && !whole || matches!(tag, Tag::HtmlBlock);
            }
            Event::End(tag) if !is_inline(tag) => {
                close(&mut open, &mut out, lists);
                lists = lists.saturating_sub(usize::from(matches!(tag, TagEnd::List(_))));
                skipped &= !matches!(tag, TagEnd::CodeBlock | TagEnd::HtmlBlock);
            }
            _ => {}
        }
    }
    out
}

fn close(open: &mut Prose, out: &mut Vec<Prose>, lists: usize) {
    let mut prose = std::mem::take(open);
    if !prose.text.is_empty() {
        prose.listed = lists > 0;
        out.push(prose);
    }
}

fn is_inline(tag: &TagEnd) -> bool {
    matches!(tag, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image)
}

/// The Markdown that policies are written in; lint and rendering share it, so both see one document.
pub fn options() -> Options {
    Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_TABLES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
}

/// The destination of a link with `%20` as the blank it is.
pub fn unescaped(to: &str) -> String {
    let mut bytes = Vec::with_capacity(to.len());
    let mut rest = to.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = (*first == b'%').then(|| after.get(..2)).flatten();
        let digits = digits.filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or(&[]);
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| to.to_owned())
}

/// A path as the destination of a link: what would end it, or mean something else in it, is written as `%20`.
pub fn escaped(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn destinations_are_read_as_they_are_written() {
        assert_eq!(unescaped("a%20b%zz%c3%bc%"), "a b%zzü%");
        assert_eq!((&*unescaped("%ff"), &*unescaped("%+f")), ("%ff", "%+f"));
        assert_eq!(escaped("a b/(ü)_1.png"), "a%20b/%28%C3%BC%29_1.png");
        assert_eq!(unescaped(&escaped("a%20 b\n<ü>")), "a%20 b\n<ü>");
    }

    #[test]
    fn what_opens_quotes_and_lists_is_counted() {
        for (line, expected) in [
            ("a > b", 0),
            ("    code", 0),
            ("- a", 1),
            ("-a", 0),
            ("-", 1),
            ("> > - 1. 2) a", 7),
            (">>> a", 3),
            ("    - a", 3),
            ("\t+ a", 3),
            ("[^one]: [^two]: a", 3),
            ("[^one] a", 0),
            ("1234567890. a", 0),
            ("***", 0),
        ] {
            assert_eq!(levels(line), expected, "{line}");
        }
        let lazy = |levels: usize, lines: usize| format!("{}a\n{}", ">".repeat(levels), "a\n".repeat(lines));
        assert_eq!(too_deep(&lazy(1_000, 9_000)), None);
        assert_eq!(too_deep(&lazy(10_000, 9_000)), Some((0, 10_000)));
        assert_eq!(too_deep(&format!("# A\n\n{}", lazy(100_000, 100_000))), Some((5, 100_000)));
    }

    #[test]
    fn front_matter_is_cut_at_its_own_fence() {
        let text = "---\nid: a\n---\n# Title\n\n---\n";
        let parts = parts(text).unwrap();
        assert_eq!(&text[parts.front_matter.range()], "id: a\n");
        assert_eq!(&text[parts.body.range()], "# Title\n\n---\n");
        assert_eq!(super::parts("id: a\n---\n"), None);
    }

    #[test]
    fn anchors_are_explicit_or_slugs() {
        let headings =
            headings("# Access control\n\n## Who `reviews` {#access-reviews}\n\n```\n# no heading\n```\n");
        let anchors: Vec<_> = headings.iter().map(|h| (h.anchor.as_str(), h.title.as_str())).collect();
        assert_eq!(anchors, [("access-control", "Access control"), ("access-reviews", "Who reviews")]);
    }

    #[test]
    fn statements_hold_code_and_rows() {
        let text = "Keys are `256` bits.\n\n| a | b |\n| - | - |\n| one | two |\n\n```\nx = 1\n```\n";
        let seen: Vec<String> = statements(text).into_iter().map(|piece| piece.text).collect();
        assert_eq!(seen, ["Keys are 256 bits.", "a | b", "one | two", "x = 1\n"]);
    }

    #[test]
    fn prose_is_what_people_read_and_knows_its_place() {
        let text =
            "# Title\n\nStaff *must*\nlock `this`.\n\n- one\n- two\n\n```\ncode\n```\n<!-- hidden -->\n";
        let all = prose(text);
        let seen: Vec<_> = all.iter().map(|p| (p.text.as_str(), p.listed)).collect();
        assert_eq!(seen, [("Title", false), ("Staff must lock `.", false), ("one", true), ("two", true)]);
        let at = all[1].origin(all[1].text.find("lock").unwrap());
        assert_eq!(&text[at..at + 4], "lock");
    }
}
