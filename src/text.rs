//! The wording kit: lists, counts, suggestions, and text made harmless. Messages become uniform because
//! the right wording is the shortest code.

use std::fmt::Write;

/// The noun with its article: `a control`, `an audit`, `evidence`.
pub fn a(noun: &str) -> String {
    match noun.bytes().next() {
        _ if matches!(noun, "check settings" | "evidence" | "evidence required" | "soc2.toml") => {
            noun.to_owned()
        }
        Some(b'a' | b'e' | b'i' | b'o' | b'u') => format!("an {noun}"),
        _ => format!("a {noun}"),
    }
}

/// `1 control`, `2 controls`.
pub fn count(n: usize, one: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {}", plural(one)) }
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// A word with a capital letter first: `internal` is `Internal`.
pub fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The plural of the field's nouns: `policy` gives `policies`, `criterion` gives `criteria`.
fn plural(one: &str) -> String {
    if let Some(stem) = one.strip_suffix("criterion") {
        format!("{stem}criteria")
    } else if let Some(stem) = one.strip_suffix("person") {
        format!("{stem}people")
    } else if let Some(stem) = one.strip_suffix("is vacant") {
        format!("{stem}are vacant")
    } else if one.ends_with('y') && !one.ends_with("ay") && !one.ends_with("ey") {
        format!("{}ies", &one[..one.len() - 1])
    } else if one.ends_with("ss") || one.ends_with('x') {
        format!("{one}es")
    } else {
        format!("{one}s")
    }
}

/// `` `a`, `b` or `c` ``; names in backticks, joined by `word`.
pub fn list<S: AsRef<str>>(names: &[S], word: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

/// The first few names and how many more there are: `a, b, c and 4 more`.
pub fn some<S: AsRef<str>>(names: &[S], most: usize) -> String {
    let shown: Vec<&str> = names.iter().take(most).map(AsRef::as_ref).collect();
    match names.len().saturating_sub(most) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// The candidate nearest to `word`, if it is near enough to be what was meant.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.to_lowercase().chars().take(64).collect();
    let most = (word.len() / 3).clamp(1, 4);
    // The lengths differ by no more than the texts do; most candidates need no closer look.
    let similar = |text: &str| text.chars().take(64).count().abs_diff(word.len()) <= most;
    candidates
        .into_iter()
        .filter(|candidate| similar(candidate))
        .map(|candidate| (distance(&word, &candidate.to_lowercase()), candidate))
        .filter(|(d, _)| *d <= most)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Edit distance with swaps of neighbours counted once (optimal string alignment).
fn distance(a: &[char], b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let differs = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (above[j] + 1).min(row[j - 1] + 1).min(above[j - 1] + differs);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

/// Text from strangers made harmless for a terminal or a log: control, bidirectional and invisible
/// characters become visible escapes, and everything stays on one line.
pub fn safe(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hostile(c) {
            let _ = write!(out, "\\u{{{:x}}}", c as u32);
        } else {
            out.push(c);
        }
    }
    out
}

/// True for characters that can hide or move text: controls, bidi marks, zero-width, line separators, tags.
pub fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{e0100}'..='\u{e01ef}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Text as it may stand in an HTML element or a quoted attribute.
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// Text as it may stand in Markdown: no markup, HTML, mentions or issue links.
pub fn markdown(text: &str) -> String {
    let mut out = String::new();
    for c in safe(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // A code host finds mentions after it has decoded entities: only a character between ends them.
            '@' => out.push_str("@&#8203;"),
            '#' => out.push_str("\\#&#8203;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '!' | '|' | '~' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    // A bare address would become a link, and `GH-12` a mention of an issue.
    let out = out.replace("://", "&#58;//").replace("www.", "www&#46;");
    out.replace("GH-", "GH&#8203;-").replace("gh-", "gh&#8203;-")
}

/// JSON, as it was written, in which no character can move or hide others: they become `\\u` escapes.
pub fn json(mut written: String) -> String {
    // `##[` anywhere in a line is a command to the runner of a workflow.
    if written.contains("##[") || written.contains("##vso[") {
        written = written.replace("##[", "##\\u005b").replace("##vso[", "##vso\\u005b");
    }
    if !written.chars().any(|c| c != '\n' && is_hostile(c)) {
        return written;
    }
    let mut out = String::with_capacity(written.len());
    for c in written.chars() {
        if c != '\n' && is_hostile(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// Text cut to `most` characters with `…`.
pub fn clip(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut out: String = text.chars().take(most.saturating_sub(1)).collect();
    out.push('…');
    out
}

/// Text as one word of a command, quoted where a shell would read more into it.
pub fn word(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | ':' | '+' | ',');
    if !text.is_empty() && text.chars().all(plain) && !text.starts_with('-') {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A spreadsheet runs a cell that starts like a formula; an apostrophe in front makes it text.
pub fn cell(text: &str) -> std::borrow::Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}").into() } else { text.into() }
}

/// Would a spreadsheet run a cell with this text? Some skip blanks in front, and some read the wide forms of other scripts.
pub fn starts_formula(text: &str) -> bool {
    text.starts_with(['\t', '\r', '\n'])
        || text.trim_start().starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
}

/// Is this a slug: `[a-z0-9]+(-[a-z0-9]+)*`?
pub fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text.split('-').all(|part| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
}

/// A slug made of any text, for suggestions and headings: `Access reviews` gives `access-reviews`.
pub fn slug(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() || (c.is_alphanumeric() && !c.is_ascii()) {
            out.push(c);
        } else if !out.is_empty()
            && !out.ends_with('-')
            && (c.is_whitespace() || c == '-' || c == '_' || c == '/')
        {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}

/// Letters of European names without their marks.
const PLAIN: &[(&str, &str)] = &[
    ("áàâãåāăą", "a"),
    ("äæ", "ae"),
    ("çćč", "c"),
    ("ďđð", "d"),
    ("éèêëēěę", "e"),
    ("ğ", "g"),
    ("íìîïīı", "i"),
    ("ł", "l"),
    ("ñńň", "n"),
    ("óòôõōő", "o"),
    ("öøœ", "oe"),
    ("ř", "r"),
    ("śšşș", "s"),
    ("ß", "ss"),
    ("ťţț", "t"),
    ("þ", "th"),
    ("úùûūůű", "u"),
    ("ü", "ue"),
    ("ýÿ", "y"),
    ("źžż", "z"),
];

/// The slug of a name in letters from a to z: `AC-1.2` is `ac-1-2`, `José Pérez` is `jose-perez`; empty where no letter of it
/// can stand in one.
pub fn latin_slug(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for c in name.chars().take(400).flat_map(char::to_lowercase) {
        match PLAIN.iter().find(|(marked, _)| !c.is_ascii() && marked.contains(c)) {
            Some((_, letters)) => plain.push_str(letters),
            None if c.is_ascii_alphanumeric() => plain.push(c),
            None if matches!(c, '\'' | '’' | '`') => {}
            None => plain.push(' '),
        }
    }
    slug(&plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_lists() {
        assert_eq!(count(1, "policy"), "1 policy");
        assert_eq!(count(2, "policy"), "2 policies");
        assert_eq!(count(36, "criterion"), "36 criteria");
        assert_eq!(list(&["a", "b", "c"], "or"), "`a`, `b` or `c`");
        assert_eq!(some(&["a", "b", "c"], 2), "a, b and 1 more");
        assert_eq!([a("control"), a("audit"), a("evidence")], ["a control", "an audit", "evidence"]);
    }

    #[test]
    fn nearest_finds_slips_and_not_strangers() {
        assert_eq!(nearest("securty-lead", ["management", "security-lead"]), Some("security-lead"));
        assert_eq!(nearest("CC6.11", ["CC6.1", "CC7.1"]), Some("CC6.1"));
        assert_eq!(nearest("zebra", ["management", "security-lead"]), None);
    }

    #[test]
    fn a_word_stays_one_word() {
        assert_eq!(word("iam-access-review/2026-q1"), "iam-access-review/2026-q1");
        assert_eq!(word("a b"), "'a b'");
        assert_eq!(word("$(id)"), "'$(id)'");
        assert_eq!(word("it's"), r"'it'\''s'");
        assert_eq!([word(""), word("-rf")], ["''", "'-rf'"]);
    }

    #[test]
    fn formulas_become_text() {
        for text in ["=1+1", "+1", "-1", "@a", "\t=1"] {
            assert_eq!(cell(text), format!("'{text}"));
        }
        assert_eq!(cell("a=1"), "a=1");
    }

    #[test]
    fn html_stays_text() {
        assert_eq!(html("<b a='\"'>&"), "&lt;b a=&#39;&quot;&#39;&gt;&amp;");
    }

    #[test]
    fn hostile_text_becomes_visible() {
        assert_eq!(safe("a\u{1b}[31m\u{202e}b\nc"), "a\\u{1b}[31m\\u{202e}b\\u{a}c");
    }
}
