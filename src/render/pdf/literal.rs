//! Text as a string literal of Typst. Every word of a document and of the programme goes through here, so none is code.

use std::fmt::Write;

use crate::text::is_hostile;

/// A literal, quotes included. Breaks of lines are spaces, and several spaces one.
pub(super) fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    push_escaped(&mut out, text);
    out.push('"');
    out
}

/// Text as it stands inside the quotes of a literal.
pub(super) fn push_escaped(out: &mut String, text: &str) {
    let mut blank = false;
    for c in text.chars() {
        let now = matches!(c, ' ' | '\n' | '\t' | '\r' | '\u{2028}' | '\u{2029}');
        if now && std::mem::replace(&mut blank, now) {
            continue;
        }
        blank = now;
        match c {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            _ if now => out.push(' '),
            c => out.push(shown(c)),
        }
    }
}

/// The lines of a code block as a literal; breaks and tabs stay.
pub(super) fn lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => {}
            c => out.push(shown(c)),
        }
    }
    out.push('"');
    out
}

/// Characters that hide or move text become one that is seen; those that letters need stay.
fn shown(c: char) -> char {
    match c {
        // Joiners, the variant of a character, and the two places where a word may break.
        '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{fe00}'..='\u{fe0f}' => c,
        c if is_hostile(c) => '\u{fffd}',
        c => c,
    }
}

/// Text whose long words may break: after a sign that parts them, else after `most` characters. Zero-width spaces mark the
/// places.
pub(super) fn breakable(text: &str, most: usize) -> std::borrow::Cow<'_, str> {
    let long = |word: &str| word.len() > most && word.chars().count() > most;
    if !text.split_whitespace().any(long) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for piece in text.split_inclusive(char::is_whitespace) {
        if !long(piece.trim_end()) {
            out.push_str(piece);
            continue;
        }
        let mut run = 0;
        for c in piece.chars() {
            if run >= most && !c.is_whitespace() {
                out.push('\u{200b}');
                run = 0;
            }
            out.push(c);
            run += 1;
            if run > 3 && matches!(c, '/' | '.' | '_' | '@' | ':' | '=' | '&' | '?' | ',' | ';' | '-') {
                out.push('\u{200b}');
                run = 0;
            }
        }
    }
    out.into()
}

/// A tuple of pairs: `(("Version", "2.1"), )`.
pub(super) fn pairs<'a>(rows: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut out = String::from("(");
    for (name, value) in rows {
        let value = breakable(value, 40);
        let _ = write!(out, "({},{}),", literal(name), literal(&value));
    }
    out.push(')');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_leaves_its_quotes() {
        let cases = [
            ("plain", r#""plain""#),
            (r#"a "b" \c"#, r#""a \"b\" \\c""#),
            ("one\n  two\tthree", r#""one two three""#),
            ("\\u{22} #panic() \\", r#""\\u{22} #panic() \\""#),
            ("a\u{202e}b\u{0}c", "\"a\u{fffd}b\u{fffd}c\""),
        ];
        for (text, code) in cases {
            assert_eq!(literal(text), code);
        }
        assert_eq!(lines("a\n\t\"b\"\r\n"), r#""a\n\t\"b\"\n""#);
    }

    #[test]
    fn long_words_may_break() {
        assert_eq!(breakable("short words stay as they are", 10), "short words stay as they are");
        assert_eq!(breakable("see abcdefghijklmno", 6), "see abcdef\u{200b}ghijkl\u{200b}mno");
        let parted = "policies/\u{200b}access-\u{200b}control.\u{200b}md";
        assert_eq!(breakable("policies/access-control.md", 20), parted);
    }
}
