//! Text as YAML that reads back as the same text, in this program and in others.

use std::fmt::Write;

use crate::text::is_hostile;

/// Between double quotes; what hides, moves text or ends a line is escaped.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            _ if is_hostile(c) || is_unprintable(c) => escape(c, &mut out),
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Bare where every reader of YAML sees text or a date, else between quotes.
pub fn value(text: &str) -> String {
    if is_date(text) || is_word(text) { text.to_owned() } else { quoted(text) }
}

fn escape(c: char, out: &mut String) {
    let _ = match c as u32 {
        code @ 0..=0xff => write!(out, "\\x{code:02x}"),
        code @ 0x100..=0xffff => write!(out, "\\u{code:04x}"),
        code => write!(out, "\\U{code:08x}"),
    };
}

/// Characters that YAML does not allow unescaped.
fn is_unprintable(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{fffe}' | '\u{ffff}')
}

/// A word that no reader takes for a number, a truth value or nothing.
fn is_word(text: &str) -> bool {
    let read_otherwise = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word));
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/'))
        && !read_otherwise
}

fn is_date(text: &str) -> bool {
    text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(nth, b)| if nth == 4 || nth == 7 { b == b'-' } else { b.is_ascii_digit() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;
    use crate::syntax::yaml;
    use proptest::prelude::*;

    /// What our reader sees in a block mapping, in a flow mapping and in a list.
    fn read_back(written: &str) -> Vec<String> {
        let text = format!("a: {written}\nb: {{ c: {written}, d: [{written}] }}\n");
        let mut faults = Vec::new();
        let node =
            yaml::parse(FileId(0), &text, 0, &mut faults).unwrap_or_else(|| panic!("{text}: {faults:?}"));
        assert!(faults.is_empty(), "{text}: {faults:?}");
        let b = node.get("b").unwrap();
        let crate::syntax::Value::List(items) = &b.get("d").unwrap().value else { panic!("{text}") };
        [node.get("a").unwrap(), b.get("c").unwrap(), &items[0]]
            .iter()
            .map(|n| n.scalar().unwrap().to_owned())
            .collect()
    }

    proptest! {
        #[test]
        fn any_text_reads_back(text in any::<String>()) {
            prop_assert!(read_back(&quoted(&text)).iter().all(|read| *read == text));
            prop_assert!(read_back(&value(&text)).iter().all(|read| *read == text));
        }

        #[test]
        fn any_ascii_reads_back(text in "[ -~\\n\\r\\t]{0,40}") {
            prop_assert!(read_back(&quoted(&text)).iter().all(|read| *read == text));
            prop_assert!(read_back(&value(&text)).iter().all(|read| *read == text));
        }
    }

    #[test]
    fn words_stay_bare_and_lookalikes_do_not() {
        for text in ["alice", "iam-access-review", "2026-03-28", "exports/users.csv"] {
            assert_eq!(value(text), text);
        }
        for text in [
            "", "no", "On", "null", "~", "5.30", "1e3", "2026", "2026-Q1", "a b", "a: b", "# a", "- a", "@a",
            "ü",
        ] {
            assert_eq!(value(text), format!("\"{text}\""));
        }
        assert_eq!(
            quoted("a\u{1b}[31m\u{202e}\r\u{feff}\u{e0041}"),
            "\"a\\x1b[31m\\u202e\\x0d\\ufeff\\U000e0041\""
        );
    }
}
