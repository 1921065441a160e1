//! Text with Mustache tags, as JupiterOne's policy builder reads it, as text of ours: variables, and sections that are shown
//! when a flag is set.

use std::collections::BTreeMap;

use super::braces::{escaped, literal, marked, opening};
use super::{Origin, Setting, Variable};
use crate::text::{clip, is_hostile};

const TAG_CAP: usize = 1_000;
/// Sections inside one another, and tags of a text; our reader takes no more.
const DEEPEST: usize = 16;
const TAGS: usize = 900;
/// Names that mean something in every text of ours.
const RESERVED: &[&str] = &[
    "organization",
    "system",
    "scope",
    "people",
    "roles",
    "systems",
    "vendors",
    "csocs",
    "cuecs",
    "commitments",
    "risks",
    "assets",
    "incidents",
    "exceptions",
    "waivers",
    "meetings",
    "acknowledgements",
    "training",
    "requests",
    "variables",
    "true",
    "false",
    "none",
    "and",
    "or",
    "not",
    "in",
    "is",
    "if",
    "else",
    "endif",
    "for",
    "endfor",
    "loop",
    "self",
];

/// The organization's values by the name that texts use, and what they are called in texts of ours.
pub(super) struct Names<'n> {
    /// Values of the configuration.
    pub(super) given: BTreeMap<&'n str, (Setting, Origin)>,
    /// Variables that texts used, by our name.
    pub(super) used: BTreeMap<String, Variable>,
}

/// What became of a text.
#[derive(Debug, Default)]
pub(super) struct Translated {
    pub(super) text: String,
    /// Lines with tags that have no counterpart.
    pub(super) marked: Vec<usize>,
    /// Names that nothing gives a value, with the line of the first use.
    pub(super) unknown: Vec<(String, usize)>,
}

struct Tag<'t> {
    kind: char,
    name: &'t str,
    typed: &'t str,
    after: &'t str,
}

/// Translates a text; `own` are values of the document alone.
pub(super) fn translated(
    text: &str,
    path: &str,
    own: &BTreeMap<&str, String>,
    names: &mut Names<'_>,
) -> Translated {
    let mut work = Work { out: Translated::default(), path, own, names, open: Vec::new(), line: 1, tags: 0 };
    let mut rest = text;
    while let Some(at) = opening(rest) {
        let (before, from) = rest.split_at(at);
        work.out.text.push_str(before);
        work.line += newlines(before);
        match tag(from) {
            Some(tag) => {
                work.take(&tag);
                work.line += newlines(tag.typed);
                rest = tag.after;
            }
            None => {
                let (mark, after) = from.split_at(2);
                work.out.text.push_str(&literal(mark));
                rest = after;
            }
        }
    }
    work.out.text.push_str(rest);
    // A section that never ends would make the whole text unreadable.
    if work.open.is_empty() { work.out } else { unread(text, work.out) }
}

/// A text whose sections do not fit together, with every tag as it was typed.
fn unread(text: &str, told: Translated) -> Translated {
    let body = format!("{}\n\n{}\n", marked("sections that do not fit together", 1), escaped(text));
    Translated { text: body, marked: vec![1], unknown: told.unknown }
}

/// The tag that a text begins with.
fn tag(from: &str) -> Option<Tag<'_>> {
    let cap = from.floor_char_boundary(TAG_CAP.min(from.len()));
    let head = from.get(..cap)?;
    let (open, close) = if head.starts_with("{{{") { (3, "}}}") } else { (2, "}}") };
    let inner = head.get(open..).filter(|_| head.starts_with("{{"))?;
    let end = inner.as_bytes().windows(2).position(|pair| pair == b"}}" || pair == b"{{")?;
    inner.get(end..).filter(|rest| rest.starts_with(close))?;
    let (inner, length) = (inner.get(..end)?.trim(), open + end + close.len());
    let kind = inner.chars().next().filter(|c| matches!(c, '#' | '^' | '/' | '!' | '>' | '&' | '='));
    let name = kind.map_or(inner, |kind| inner.get(kind.len_utf8()..).unwrap_or("").trim());
    Some(Tag { kind: kind.unwrap_or(' '), name, typed: from.get(..length)?, after: from.get(length..)? })
}

struct Work<'w, 'n> {
    out: Translated,
    path: &'w str,
    own: &'w BTreeMap<&'w str, String>,
    names: &'w mut Names<'n>,
    /// Sections that are open, by the name that was typed.
    open: Vec<String>,
    line: usize,
    tags: usize,
}

impl Work<'_, '_> {
    fn take(&mut self, tag: &Tag<'_>) {
        self.tags += 1;
        let plain = is_name(tag.name) && self.tags < TAGS;
        match tag.kind {
            ' ' | '&' if plain => self.variable(tag.name),
            '!' => {}
            '#' | '^' if plain && self.open.len() < DEEPEST => {
                self.open.push(tag.name.to_owned());
                let name = self.flag(tag.name);
                let not = if tag.kind == '^' { "not " } else { "" };
                self.control(&format!("if {not}{name}"), tag);
            }
            '/' if self.open.last().is_some_and(|open| open == tag.name) => {
                self.open.pop();
                self.control("endif", tag);
            }
            _ => {
                let marked = marked(tag.typed, self.line);
                self.out.text.push_str(&marked);
                self.out.marked.push(self.line);
            }
        }
    }

    /// A tag of control on a line of its own takes the line with it, as in Mustache; elsewhere every blank stays.
    fn control(&mut self, words: &str, tag: &Tag<'_>) {
        let before = self.out.text.rsplit('\n').next().unwrap_or("");
        let after = tag.after.split('\n').next().unwrap_or("");
        let alone = before.trim().is_empty() && after.trim().is_empty();
        let (open, close) = if alone { ("{%", "%}") } else { ("{%+", "+%}") };
        self.out.text.push_str(&format!("{open} {words} {close}"));
    }

    fn variable(&mut self, name: &str) {
        let is_set = |value: &Setting| !matches!(value, Setting::Text(text) if text.trim().is_empty());
        let short = matches!(name, "companyShortName" | "companyName");
        if name == "companyFullName"
            || short && !self.names.given.get(name).is_some_and(|(value, _)| is_set(value))
        {
            return self.out.text.push_str("{{ organization.name }}");
        }
        if let Some(value) = self.own.get(name) {
            return self.out.text.push_str(&escaped(value));
        }
        let ours = self.named(name, |given| match given {
            Some(Setting::Text(text)) if !text.trim().is_empty() => Setting::Text(text.clone()),
            Some(Setting::Flag(flag)) => Setting::Flag(*flag),
            _ => Setting::Text(format!("[specify the {}]", words(name))),
        });
        self.out.text.push_str(&format!("{{{{ {ours} }}}}"));
    }

    /// A name whose value is asked for, not shown: without one it is not set.
    fn flag(&mut self, name: &str) -> String {
        self.named(name, |given| match given {
            Some(Setting::Text(text)) => Setting::Text(text.clone()),
            Some(Setting::Flag(flag)) => Setting::Flag(*flag),
            None => Setting::Flag(false),
        })
    }

    /// What a name is called here; it becomes a variable with the value it has, or the one made of it.
    fn named(&mut self, name: &str, value: impl FnOnce(Option<&Setting>) -> Setting) -> String {
        let ours = snake(name);
        let given = self.names.given.get(name);
        if given.is_none() {
            let told = self.out.unknown.iter().any(|(known, _)| known == name);
            if !told {
                self.out.unknown.push((name.to_owned(), self.line));
            }
        }
        if !self.names.used.contains_key(&ours) {
            let here = || Origin { file: self.path.to_owned(), line: Some(self.line) };
            let from = given.map_or_else(here, |(_, from)| from.clone());
            let value = value(given.map(|(value, _)| value));
            self.names.used.insert(ours.clone(), Variable { name: ours.clone(), value, from });
        }
        ours
    }
}

fn newlines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

/// One word, as a variable of ours can be.
fn is_name(name: &str) -> bool {
    name.len() <= 80
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// `companyShortName` as `company_short_name`, `internalHelpdeskURL` as `internal_helpdesk_url`.
pub(super) fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (nth, c) in letters.iter().enumerate() {
        let before = nth.checked_sub(1).and_then(|before| letters.get(before));
        let after = letters.get(nth + 1);
        let begins = c.is_ascii_uppercase()
            && before.is_some_and(|before| {
                before.is_ascii_lowercase()
                    || before.is_ascii_digit()
                    || (before.is_ascii_uppercase() && after.is_some_and(char::is_ascii_lowercase))
            });
        if begins && !out.ends_with('_') {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    if RESERVED.contains(&&*out) { format!("company_{out}") } else { out }
}

/// The name in words: `ticketing system`.
fn words(name: &str) -> String {
    clip(&snake(name).replace('_', " "), 60)
}

/// A value of the configuration that may stand in `soc2.toml`: on one line, without what hides.
pub(super) fn value(text: &str) -> String {
    text.chars().map(|c| if is_hostile(c) { ' ' } else { c }).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::nowhere;
    use crate::template::{TextReader, Typed};
    use minijinja::Value;

    fn names() -> Names<'static> {
        let from = Origin { file: "config.json".to_owned(), line: Some(2) };
        let given = [
            ("companyShortName", Setting::Text("Bright".to_owned())),
            ("ciSystem", Setting::Text(String::new())),
            ("needHIPAA", Setting::Flag(true)),
        ];
        Names {
            given: given.into_iter().map(|(name, value)| (name, (value, from.clone()))).collect(),
            used: BTreeMap::new(),
        }
    }

    /// As people read it.
    fn read(text: &str) -> (String, Translated) {
        let mut names = names();
        let own = [("provider", "Okta {{x}}".to_owned())].into_iter().collect();
        let got = translated(text, "a.md", &own, &mut names);
        let values = names.used.values().map(|variable| {
            let value = match &variable.value {
                Setting::Text(text) => Value::from(text.clone()),
                Setting::Flag(flag) => Value::from(*flag),
            };
            (variable.name.clone(), value)
        });
        let mut reader = TextReader::new(values.collect(), Vec::new());
        let mut out = Vec::new();
        let typed = Typed { text: &got.text, at: nowhere(), verbatim: true };
        let shown = reader.read(&typed, &mut out, &mut |_| {});
        (shown.unwrap_or_else(|| panic!("{}: {out:?}", got.text)), got)
    }

    #[test]
    fn tags_read_as_they_did() {
        for (text, shown) in [
            (
                "{{companyShortName}} and {{{ companyShortName }}} and {{&companyShortName}}",
                "Bright and Bright and Bright\n",
            ),
            ("a\n{{#needHIPAA}}\nb\n{{/needHIPAA}}\nc", "a\nb\nc\n"),
            ("a\n{{^needHIPAA}}\nb\n{{/needHIPAA}}\nc", "a\nc\n"),
            ("a {{#needHIPAA}}b{{/needHIPAA}}\nc", "a b\nc\n"),
            ("{{#missing}}b{{/missing}}c", "c\n"),
            ("by {{provider}}", "by Okta {{x}}\n"),
            ("{{ciSystem}}", "[specify the ci system]\n"),
            ("{{! a note }}x {% raw %} {{", "x {% raw %} {{\n"),
            ("{{>partial}}", "[replace the template code of line 1]\n"),
            ("x\n{{a.b}}", "x\n[replace the template code of line 2]\n"),
            ("{{/needHIPAA}}", "[replace the template code of line 1]\n"),
            ("{{#needHIPAA}}x", "[replace the template code of line 1]\n\n{{#needHIPAA}}x\n"),
        ] {
            assert_eq!(read(text).0, shown, "{text}");
        }
        assert_eq!(read("\n{{missing}}").1.unknown, [("missing".to_owned(), 2)]);
    }

    #[test]
    fn names_become_ours() {
        for (name, ours) in [
            ("companyShortName", "company_short_name"),
            ("internalHelpdeskURL", "internal_helpdesk_url"),
            ("IdP", "id_p"),
            ("CPA", "cpa"),
            ("supportBYODandMDM", "support_byo_dand_mdm"),
            ("vendors", "company_vendors"),
        ] {
            assert_eq!(snake(name), ours);
        }
    }
}
