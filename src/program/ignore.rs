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
pub(super) fn find(file: FileId, text: &str, out: &mut Vec<Ignore>) {
    let mut from = 0;
    while let Some(found) = text[from..].find(MARK) {
        let start = from + found;
        from = start + MARK.len();
        let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
        let before = text[line_start..start].trim_end();
        if !before.ends_with('#') && !before.ends_with("<!--") {
            continue;
        }
        let Some((rule, reason)) = text[from..line_end].split_once(']') else { continue };
        let name_start = from + rule.len() - rule.trim_start().len();
        let name = Span::new(name_start, name_start + rule.trim().len());
        from = line_end;
        let alone = matches!(before.trim_start(), "#" | "<!--");
        let next_end = text
            .get(line_end + 1..)
            .map_or(text.len(), |rest| rest.find('\n').map_or(text.len(), |newline| line_end + 1 + newline));
        out.push(Ignore {
            rule: rule.trim().to_owned(),
            rule_at: Location { file, span: name },
            reason: reason.trim().trim_end_matches("-->").trim().to_owned(),
            at: Location { file, span: Span::new(start, line_end) },
            lines: Span::new(line_start, if alone { next_end } else { line_end }),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(text: &str, what: &str) -> Vec<bool> {
        let mut out = Vec::new();
        find(FileId(0), text, &mut out);
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
        assert_eq!(covered("a: 'soc2: ignore[r] why' X\n", "X"), [false; 0]);
    }
}
