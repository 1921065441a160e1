//! `# soc2: ignore[rule] reason` beside a line mutes one diagnostic of that line or of the next.

use crate::source::{FileId, Location, Span};

const MARK: &str = "soc2: ignore[";

/// A comment that mutes a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignore {
    pub rule: String,
    /// Where the rule's name stands.
    pub rule_at: Location,
    /// Why; without one the comment is itself a diagnostic.
    pub reason: String,
    pub at: Location,
    /// First byte of the line it stands on and first byte after the line it speaks for.
    pub lines: Span,
}

impl Ignore {
    /// Does the comment speak for this place?
    pub fn covers(&self, at: Location) -> bool {
        at.file == self.at.file && (self.lines.start..self.lines.end).contains(&at.span.start)
    }
}

/// Every such comment of a file, at most one a line. In Markdown they are `<!-- soc2: ignore[rule] reason -->`.
pub(super) fn find(file: FileId, path: &str, text: &str, out: &mut Vec<Ignore>) {
    // CSV has no comments.
    if path.ends_with(".csv") {
        return;
    }
    let body = if path.ends_with(".md") {
        crate::syntax::markdown::parts(text).map_or(0, |parts| parts.body.start as usize)
    } else {
        text.len()
    };
    let mut from = 0;
    while let Some(found) = text[from..].find(MARK) {
        let start = from + found;
        let name = start + MARK.len();
        let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
        from = line_end;
        let before = text[line_start..start].trim_end();
        let in_markdown = start >= body;
        if !(if in_markdown { before.ends_with("<!--") } else { opens_comment(before) }) {
            continue;
        }
        let Some((rule, reason)) = text[name..line_end].split_once(']') else { continue };
        let reason = if in_markdown { reason.split("-->").next().unwrap_or("") } else { reason };
        let reason = if reason.chars().any(char::is_alphanumeric) { reason.trim() } else { "" };
        let name = name + rule.len() - rule.trim_start().len();
        let alone = matches!(before.trim_start(), "#" | "<!--");
        let next_end = text
            .get(line_end + 1..)
            .map_or(text.len(), |rest| rest.find('\n').map_or(text.len(), |newline| line_end + 1 + newline));
        out.push(Ignore {
            rule: rule.trim().to_owned(),
            rule_at: Location { file, span: Span::new(name, name + rule.trim().len()) },
            reason: reason.to_owned(),
            at: Location { file, span: Span::new(start, line_end) },
            lines: Span::new(line_start, if alone { next_end } else { line_end }),
        });
    }
}

/// A `#` that starts a comment in YAML and TOML: after a blank or at the line's start, and in no quotes.
fn opens_comment(before: &str) -> bool {
    let Some(text) = before.strip_suffix('#') else { return false };
    let closed = |quote: char| text.matches(quote).count() % 2 == 0;
    (text.is_empty() || text.ends_with([' ', '\t'])) && closed('"') && closed('\'')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(text: &str, what: &str) -> Vec<bool> {
        let mut out = Vec::new();
        let path = if text.starts_with("<!--") { "policies/a.md" } else { "controls/a.yaml" };
        find(FileId(0), path, text, &mut out);
        let at = text.find(what).unwrap();
        let place = Location { file: FileId(0), span: Span::new(at, at + 1) };
        out.iter().map(|ignore| ignore.covers(place)).collect()
    }

    #[test]
    fn speaks_for_its_own_line_or_the_next() {
        assert_eq!(covered("a: X # soc2: ignore[r] why\nb: 1\n", "X"), [true]);
        assert_eq!(covered("# soc2: ignore[r] why\na: X\nb: 1\n", "X"), [true]);
        assert_eq!(covered("# soc2: ignore[r] why\na: 1\nb: X\n", "X"), [false]);
        assert_eq!(covered("<!-- soc2: ignore[r] why -->\nX\n", "X"), [true]);
        for text in [
            "a: 'soc2: ignore[r] why' X\n",
            "a: \"b # soc2: ignore[r] why\" X\n",
            "a: b# soc2: ignore[r] why X\n",
        ] {
            assert_eq!(covered(text, "X"), [false; 0], "{text}");
        }
    }
}
