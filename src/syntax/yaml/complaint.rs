//! The YAML library's complaints in the words of somebody who typed the file.

use crate::text::{clip, safe};

/// A complaint: which rule, where, what is wrong and what to type.
pub(super) struct Complaint {
    pub(super) rule: &'static str,
    /// Byte of the text.
    pub(super) at: usize,
    pub(super) message: String,
    pub(super) help: &'static str,
    /// Somewhere above, a bracket is still open, and that is the likely cause.
    pub(super) bracket: bool,
}

/// Explains `info`, said of the byte `at`; `in_bracket` tells that a `[` or `{` is open there.
pub(super) fn explain(info: &str, text: &str, at: usize, in_bracket: bool) -> Complaint {
    let yaml = |message: &str, help| Complaint {
        rule: "invalid-yaml",
        at,
        message: format!("not YAML: {message}"),
        help,
        bracket: false,
    };
    let has = |part: &str| info.contains(part);
    if has("recursion limit") || has("nest") {
        let help = "flatten it: records need few levels";
        return Complaint {
            rule: "input-too-large",
            message: "nested too deep".to_owned(),
            ..yaml("", help)
        };
    }
    if has("anchor") || has("alias") {
        let start =
            text.get(..at).map_or(at, |t| t.rfind(|c: char| c.is_ascii_whitespace()).map_or(0, |i| i + 1));
        let name = word(text, start);
        let (what, help) = if name.starts_with('&') {
            ("anchor", "leave it out; a text that starts with `&` needs quotes")
        } else {
            ("alias", "write the value out; a text that starts with `*` needs quotes")
        };
        let message = format!("the {what} `{name}` is not read");
        return Complaint { rule: "yaml-feature-refused", message, at: start, ..yaml("", help) };
    }
    if has(" tag") || has("TAG") {
        let message = "a tag is not read".to_owned();
        let help = "leave it out; a text that starts with `!` needs quotes";
        return Complaint { rule: "yaml-feature-refused", message, ..yaml("", help) };
    }
    if has("tab ") || has("tabs ") || info.ends_with("a tab") {
        let line = text.get(..at).and_then(|t| t.rfind('\n')).map_or(0, |i| i + 1);
        let tab = text.get(line..).and_then(|rest| rest.find('\t')).map_or(at, |offset| line + offset);
        return Complaint { at: tab, ..yaml("a tab where YAML wants spaces", "indent with spaces") };
    }
    if has("invalid trailing content after") {
        let help = "put the whole value in quotes; inside `'…'` a quote is written twice";
        return yaml("text after the closing quote", help);
    }
    if has("escape") || has("hexadecimal") || has("surrogate") {
        let help = "in double quotes a `\\` is written twice; in single quotes it stands for itself";
        return yaml("a `\\` in double quotes starts no escape that YAML knows", help);
    }
    if has("quote") {
        return yaml("a quote is not closed", "end the text with the quote it starts with");
    }
    if let Some(character) = info.strip_prefix("unexpected character: `") {
        let character = safe(character.trim_end_matches('\''));
        let message = format!("a value cannot start with {}", ticked(&character));
        return yaml(&message, "put the value in quotes");
    }
    if in_bracket || has("bracket") || has("flow") {
        let help =
            "close it, and put commas between the items; a text that starts with a bracket needs quotes";
        return Complaint { bracket: true, ..yaml("a bracket is not closed, or a comma is missing", help) };
    }
    if has("mapping values are not allowed") {
        let line = text.get(..at).map_or("", |t| t.rsplit('\n').next().unwrap_or(""));
        return if line.contains(": ") {
            yaml("a second `: ` on one line", "a text that holds `: ` needs quotes: `key: \"one: two\"`")
        } else {
            yaml("this line is indented too far", "let the keys of one record start in one column")
        };
    }
    if has("simple key") {
        return yaml("a line without `: `", "write `key: value`, with a space after the colon");
    }
    if has("expected key") || has("'-' indicator") || has("block sequence entries") || has("indentation") {
        let help = "let the keys of one record start in one column, and the items of one list each with `- `";
        return yaml("this line does not go with the lines above it", help);
    }
    yaml(&safe(info.trim_end_matches('.')), "check indentation, quotes and brackets just above this place")
}

/// The word that starts at a byte, made harmless.
fn word(text: &str, at: usize) -> String {
    let rest = text.get(at..).unwrap_or("");
    clip(&safe(rest.split(char::is_whitespace).next().unwrap_or("")), 40)
}

/// A character in backticks, or by name where that cannot be read.
fn ticked(character: &str) -> String {
    if character == "`" { "a backtick".to_owned() } else { format!("`{character}`") }
}
