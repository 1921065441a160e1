//! Text with Go template code, as comply reads it, as text of ours.

use super::braces::{escaped, literal, marked, opening};

/// Longer code is taken for braces that were not meant as code.
const CODE_CAP: usize = 1_000;

/// What became of a text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Translated {
    pub(super) text: String,
    /// Lines with the organisation's name.
    pub(super) names: Vec<usize>,
    /// Lines with code that has no counterpart.
    pub(super) marked: Vec<usize>,
    /// Lines with braces that are no code.
    pub(super) literal: Vec<usize>,
}

/// Translates a text whose first line is `line`.
pub(super) fn translated(text: &str, mut line: usize) -> Translated {
    let mut out = Translated::default();
    let mut rest = text;
    while let Some(at) = opening(rest) {
        let (before, from) = rest.split_at(at);
        out.text.push_str(before);
        line += newlines(before);
        let Some((code, after)) = action(from) else {
            let (mark, after) = from.split_at(2);
            out.text.push_str(&literal(mark));
            out.literal.push(line);
            rest = after;
            continue;
        };
        rest = out.take(code, line, after);
        line += newlines(from.get(..from.len() - rest.len()).unwrap_or(""));
    }
    out.text.push_str(rest);
    out
}

/// The code of `{{ … }}`, and what follows. Braces in it mean that the first were none of code, unless it is quoted text.
fn action(from: &str) -> Option<(&str, &str)> {
    let inner = from.strip_prefix("{{")?;
    let cap = inner.floor_char_boundary(CODE_CAP.min(inner.len()));
    let head = inner.get(..cap)?;
    let quoted = head.trim_start_matches(['-', ' ']).starts_with(['"', '`']);
    let is_end = |pair: &[u8]| pair == b"}}" || (pair == b"{{" && !quoted);
    let end = head.as_bytes().windows(2).position(is_end)?;
    let code = head.get(..end).filter(|_| head.get(end..).is_some_and(|rest| rest.starts_with("}}")))?;
    Some((code, inner.get(end + 2..)?))
}

impl Translated {
    /// Takes one action; gives what is left of the text after it.
    fn take<'t>(&mut self, code: &str, line: usize, after: &'t str) -> &'t str {
        let (code, left) = match code.strip_prefix('-') {
            Some(code) if code.starts_with(char::is_whitespace) => (code, true),
            _ => (code, false),
        };
        let (code, right) = match code.strip_suffix('-') {
            Some(code) if code.ends_with(char::is_whitespace) => (code, true),
            _ => (code, false),
        };
        if left {
            self.text.truncate(self.text.trim_end().len());
        }
        let code = code.trim();
        let quoted = [('"', '"'), ('`', '`')].into_iter().find_map(|(open, close)| {
            let inner = code.strip_prefix(open)?.strip_suffix(close)?;
            (!inner.contains(['"', '`', '\\', '\n'])).then_some(inner)
        });
        match code {
            ".Name" | ".Project.OrganizationName" | "$.Name" => {
                self.text.push_str("{{ organization.name }}");
                self.names.push(line);
            }
            ".Project.Name" => {
                self.text.push_str("{{ organization.name }} Compliance Program");
                self.names.push(line);
            }
            comment if comment.starts_with("/*") && comment.ends_with("*/") => {}
            _ => match quoted {
                Some(words) => self.text.push_str(&escaped(words)),
                None => {
                    self.text.push_str(&marked(&format!("{{{{{code}}}}}"), line));
                    self.marked.push(line);
                }
            },
        }
        if right { after.trim_start() } else { after }
    }
}

fn newlines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_translated_and_the_rest_is_marked_with_its_line() {
        let got = translated(
            "a {{.Name}}, {{ .Name }}\nb {{- .Name -}} \n c{{/* no */}}\n{{range .Names}}\n{% x {{ y",
            5,
        );
        assert_eq!(got.names, [5, 5, 6]);
        assert_eq!((got.marked.as_slice(), got.literal.as_slice()), (&[8][..], &[9, 9][..]));
        let begins = "a {{ organization.name }}, {{ organization.name }}\nb{{ organization.name }}c\n[replace the template code of line 8{%--";
        assert!(got.text.starts_with(begins), "{}", got.text);
        assert!(got.text.ends_with("{{ \"{%\" }} x {{ \"{{\" }} y"), "{}", got.text);
    }

    #[test]
    fn braces_in_code_are_no_code() {
        assert_eq!(translated("{{ and {{.Name}}", 1).text, "{{ \"{{\" }} and {{ organization.name }}");
    }

    #[test]
    fn words_in_quotes_come_out() {
        assert_eq!(translated("{{\"{%\"}} {{`x`}}", 1).text, "{{ \"{%\" }} x");
    }
}
