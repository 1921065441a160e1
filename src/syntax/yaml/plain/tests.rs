//! Where a text is read without the library, the library reads the same and finds no fault.

use super::read;
use crate::diagnostic::Diagnostic;
use crate::source::FileId;
use crate::syntax::yaml::by_library;

/// Is it read without the library? Then as the library does.
fn is_read(text: &str) -> bool {
    let Some(node) = read(FileId(7), text, 5) else { return false };
    let mut faults: Vec<Diagnostic> = Vec::new();
    let same = by_library(FileId(7), text, 5, &mut faults);
    assert!(faults.is_empty(), "{text:?}: {faults:?}");
    assert_eq!(format!("{:?}", Some(node)), format!("{same:?}"), "{text:?}");
    true
}

const MANIFEST: &str = "\
# Quarterly
title: \"Q1 access review: all\"
controls: [iam-access-review, b.c]
kind: system-report
performed: { on: 2026-03-28, by: alice }

result:
  outcome: as-expected
  summary: 3 users removed (see https://example.com/a?b=c&d), it's done
collected: {at: 2026-03-28T15:04:05Z, by: 'bob'}   
occurrences:
- on: 2026-03-29
  by: carol
    # a comment anywhere
- { on: 2026-03-28, by: alice, list: [[], {}, [a, \"b, c\"]] }
artifacts:
  - path: github.csv
    sha256: \"e6607a5df9fb996942ac6d26e1304ab4e4a863c5095ec97f455dfae4dbe2bc00\"
    bytes: 18234
    covers:
      from: 2026-01-01
      to: 2026-03-28
  -   path: two.csv
      query: \"GET /orgs/acme/members?per_page=100 # all\"
      tags:
      - one
      -  two words
last: 1";

#[test]
fn what_people_write_is_read() {
    assert!(is_read(MANIFEST));
    for text in [
        "a: b",
        "- a\n- b: c\n  d: e\n",
        "a:\n- b\nc: d\n",
        "a:\n- \"b\"\n- [c]",
        "a: \"\"\nb: ''\n",
        "a:   b  \n  \n\n",
        "a: []\nb: {}",
    ] {
        assert!(is_read(text), "{text:?}");
    }
}

#[test]
fn what_may_mean_more_is_left() {
    for text in [
        "",
        "a",
        "a:",
        "a: null",
        "a: ~",
        "null: a",
        "a: ü",
        "a:\tb",
        "a: b\r\n",
        " a: b",
        "---\na: b",
        "a: &b c",
        "a: *b",
        "a: !b c",
        "a: |\n  b",
        "a: >\n  b",
        "a: b\n  c",
        "a: b # c",
        "a: b: c",
        "a: b:",
        "a: \"b\" c",
        "a: \"b\\n\"",
        "a: 'it''s'",
        "a: \"b\n  c\"",
        "a: [b,\n  c]",
        "a: [b: c]",
        "a: {b}",
        "a: {b: c:}",
        "a: [b",
        "a: [b, ]",
        "a: {{ b }}",
        "a: 1\na: 2",
        "a: {b: 1, b: 2}",
        "- - a",
        "- a\nb: c",
        "a: b\n- c",
        "a:\n  b: c\n d: e",
        "? a",
        "a: -",
        "a: b\n---\nc: d",
        "a:\n- [b]",
        "a:\n- {b: c}\n",
        "<<: a",
        "- a\n  b",
        "a: - b",
        "a: [b #c\n]",
        "a: %b",
        "a: @b",
    ] {
        assert!(!is_read(text), "{text:?}");
    }
}

/// Numbers that look like chance and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n.max(1)
    }
}

const PIECES: &[&str] = &[
    "a",
    "b: ",
    "key:",
    "\n",
    "\n  ",
    "\n- ",
    "\n    ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    ", ",
    ",",
    ": ",
    ":",
    "\"",
    "'",
    " ",
    "  ",
    "#",
    " # ",
    "null",
    "~",
    "2026-01-01",
    "|",
    ">",
    "&a",
    "*a",
    "!",
    "?",
    "%",
    "@",
    "`",
    "\\",
    "\t",
    "ü",
    "---\n",
    "...",
    "<<",
    "-",
    "{{",
    "\"x y\"",
    "'z'",
    "[q, r]",
    "{ s: t }",
    "https://u",
    ".",
    "/",
    "(",
    "+",
    "=",
    "<",
    "_",
];

#[test]
fn whatever_is_read_is_read_as_the_library_does() {
    let mut chance = Chance(1);
    let mut count = 0;
    for round in 0..60_000 {
        let mut text = String::new();
        if round % 3 == 0 {
            (0..chance.below(14)).for_each(|_| text += PIECES[chance.below(PIECES.len())]);
        } else {
            // A few lines of a manifest, edited here and there.
            let lines: Vec<&str> = MANIFEST.lines().collect();
            let from = chance.below(lines.len());
            let until = from + 1 + chance.below(8);
            text = lines[from..until.min(lines.len())].join("\n");
            for _ in 0..1 + chance.below(3) {
                let at = chance.below(text.len() + 1);
                let end = (at + chance.below(3)).min(text.len());
                if text.is_char_boundary(at) && text.is_char_boundary(end) {
                    let piece = if chance.below(3) > 0 { PIECES[chance.below(PIECES.len())] } else { "" };
                    text.replace_range(at..end, piece);
                }
            }
        }
        count += usize::from(is_read(&text));
    }
    assert!(count > 3_000, "{count}");
}
