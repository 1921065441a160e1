//! The documents of a programme as people read them, their sentences, and where their words are typed.

use std::ops::Range;

use crate::model::policy::Rendered;
use crate::program::Program;
use crate::source::{FileId, Location, Span};
use crate::syntax::markdown;
use crate::text::{clip, safe};

/// A policy, procedure or narrative whose text can be read.
#[derive(Clone, Copy)]
pub(in crate::rules) struct Document<'p> {
    /// `policy`.
    pub(in crate::rules) noun: &'static str,
    pub(in crate::rules) id: &'p str,
    /// Where its id is typed; the start of the file where it has none.
    pub(in crate::rules) at: Location,
    pub(in crate::rules) file: FileId,
    pub(in crate::rules) body: &'p Rendered,
    /// The canonical text.
    pub(in crate::rules) text: &'p str,
}

/// The policies.
pub(in crate::rules) fn policies(program: &Program) -> impl Iterator<Item = Document<'_>> {
    program.policies.iter().filter_map(|policy| {
        let id = &policy.head.id;
        let (noun, file, body) = ("policy", policy.file, &policy.body);
        Some(Document { noun, id: &id.value.0, at: id.at, file, body, text: body.text.as_deref()? })
    })
}

/// The policies and procedures.
pub(in crate::rules) fn orders(program: &Program) -> impl Iterator<Item = Document<'_>> {
    let procedures = program.procedures.iter().filter_map(|procedure| {
        let id = &procedure.head.id;
        let (noun, file, body) = ("procedure", procedure.file, &procedure.body);
        Some(Document { noun, id: &id.value.0, at: id.at, file, body, text: body.text.as_deref()? })
    });
    policies(program).chain(procedures)
}

/// The policies, procedures and narratives.
pub(in crate::rules) fn documents(program: &Program) -> impl Iterator<Item = Document<'_>> {
    let narratives = program.narratives.iter().filter_map(|narrative| {
        let (file, body) = (narrative.file, &narrative.body);
        let typed = narrative.head.as_ref().and_then(|head| head.id.as_ref());
        Some(Document {
            noun: "narrative",
            id: program.narrative_id(narrative),
            at: typed.map_or(Location::start_of(file), |id| id.at),
            file,
            body,
            text: body.text.as_deref()?,
        })
    });
    orders(program).chain(narratives)
}

impl Document<'_> {
    /// `the policy `access-control``.
    pub(in crate::rules) fn name(&self) -> String {
        format!("the {} `{}`", self.noun, clip(&safe(self.id), 60))
    }

    /// Where a range of the text is typed: those words, else their line, else the id of the document.
    pub(in crate::rules) fn place(&self, program: &Program, range: Range<usize>) -> Location {
        let file = program.sources.text(self.file);
        let body = markdown::parts(file).map_or(0..file.len(), |parts| parts.body.range());
        let typed = file.get(body.clone()).unwrap_or("");
        match typed_at(typed, self.text, range) {
            Some(found) => Location {
                file: self.file,
                span: Span::new(body.start + found.start, body.start + found.end),
            },
            None => self.at,
        }
    }
}

/// Where a range of a text as read stands in the text as typed.
fn typed_at(typed: &str, read: &str, range: Range<usize>) -> Option<Range<usize>> {
    let start = read.get(..range.start)?.rfind('\n').map_or(0, |newline| newline + 1);
    let line = read.get(start..)?.lines().next()?;
    let nth = read.get(..start)?.lines().filter(|above| *above == line).count();
    let (at, found) = line_like(typed, nth, |typed| typed == line)
        .or_else(|| line_like(typed, nth, |typed| could_read(typed, line)))?;
    let end = range.end.min(start + line.len());
    let offset = range.start - start;
    let words = read.get(range.start..end)?;
    let here = if found == line { Some(offset) } else { found.find(words) };
    Some(match here.filter(|_| !words.is_empty()) {
        Some(here) => at + here..at + here + words.len(),
        None => at + (found.len() - found.trim_start().len())..at + found.len(),
    })
}

/// The nth line that is as wanted, else the last one, and where it begins; without blanks at its end.
fn line_like(typed: &str, nth: usize, wanted: impl Fn(&str) -> bool) -> Option<(usize, &str)> {
    let mut at = 0;
    let lines = typed.split_inclusive('\n').map(|line| {
        at += line.len();
        (at - line.len(), line.trim_end())
    });
    lines.filter(|(_, line)| wanted(line)).take(nth + 1).last()
}

/// Can a typed line, with its expressions filled in, read like that?
fn could_read(typed: &str, read: &str) -> bool {
    let mut pieces = Vec::new();
    let mut from = 0;
    for (open, _) in typed.match_indices('{') {
        let close = match typed.as_bytes().get(open + 1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            _ => continue,
        };
        if open < from {
            continue;
        }
        pieces.push(&typed[from..open]);
        match typed[open..].find(close) {
            Some(length) => from = open + length + close.len(),
            None => return false,
        }
    }
    let rest = &typed[from..];
    let (Some(first), last) = (pieces.first(), rest) else { return false };
    if !pieces.iter().chain([&last]).any(|piece| piece.chars().any(char::is_alphanumeric)) {
        return false;
    }
    let Some(mut left) = read.strip_prefix(first).and_then(|left| left.strip_suffix(last)) else {
        return false;
    };
    pieces.iter().skip(1).all(|piece| match left.find(piece) {
        Some(at) => {
            left = &left[at + piece.len()..];
            true
        }
        None => false,
    })
}

/// The sentences of a text and where each begins.
pub(in crate::rules) fn sentences(text: &str) -> Vec<(usize, &str)> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let ends = chars.peek().is_none_or(|(_, next)| next.is_whitespace());
        if matches!(c, '.' | '!' | '?') && ends {
            out.push((start, &text[start..=at]));
            start = at + 1;
        }
    }
    out.push((start, &text[start..]));
    out
}

/// The words of a text, as bytes; `log_days` is one.
pub(in crate::rules) fn words(text: &str) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| c.is_alphanumeric() || *c == '_') {
        match out.last_mut().filter(|word| word.end == at) {
            Some(word) => word.end = at + c.len_utf8(),
            None => out.push(at..at + c.len_utf8()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_where_they_are_typed() {
        let typed = "# A\n\nKeep {{ days }} days, TBD.\n  {{ name }}\nTBD\nTBD\n";
        let read = "# A\n\nKeep 30 days, TBD.\n  Acme\nTBD\nTBD\n";
        let all: Vec<&str> = read
            .match_indices("TBD")
            .map(|(at, word)| typed_at(typed, read, at..at + word.len()).unwrap())
            .map(|range| &typed[range])
            .collect();
        assert_eq!(all, ["TBD"; 3]);
        let last = read.rfind("TBD").unwrap();
        assert_eq!(typed_at(typed, read, last..last + 3).unwrap().start, typed.rfind("TBD").unwrap());
        let filled = read.find("30 days").unwrap();
        let range = typed_at(typed, read, filled..filled + 7).unwrap();
        assert_eq!(&typed[range], "Keep {{ days }} days, TBD.");
        let whole = read.find("Acme").unwrap();
        assert_eq!(typed_at(typed, read, whole..whole + 4), None);
    }

    #[test]
    fn large_lines_take_no_time_to_speak_of() {
        for piece in ["{%----%}", "{{ a }} ", "{", "{{", "{% "] {
            could_read(&piece.repeat((1 << 20) / piece.len()), &"a ".repeat(1 << 19));
        }
    }

    #[test]
    fn broken_expressions_are_no_line() {
        for typed in ["a {{ b", "{{ a }}", "{% ü", "{{}}ü{{", ""] {
            assert!(!could_read(typed, "a b c"), "{typed}");
        }
        assert!(could_read("a {{ x }} c", "a b c"));
        assert!(!could_read("aa {{ x }} aa", "aa"));
    }
}
