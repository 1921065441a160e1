//! The rules of `templates/scan.toml`: what a value begins with, and what the whole of it looks like.

use std::sync::{LazyLock, OnceLock};

use regex::bytes::{Regex, RegexBuilder};

use super::near;
use super::setting::{self, Name};
use super::window::{Around, Hit};
use super::words::Words;

const DATA: &str = include_str!("../../templates/scan.toml");

/// The most characters of a value that are looked at, from where its pattern starts.
pub(super) const REACH: usize = 1500;
/// The most characters that stand before what a rule begins with.
pub(super) const BEFORE: usize = 100;

/// A kind of value that its own letters give away.
pub(super) struct Rule {
    pub(super) name: &'static str,
    pub(super) what: &'static str,
    begins: Vec<&'static str>,
    pattern: &'static str,
    before: usize,
    any_case: bool,
    glued: bool,
    compiled: OnceLock<Option<Regex>>,
}

/// What one of the words stands for.
enum Word {
    Rule { rule: usize, length: usize },
    Setting { name: &'static Name, length: usize },
    Ssn { length: usize },
}

/// All rules, and one search for all words they begin with.
pub(super) struct Rules {
    pub(super) all: Vec<Rule>,
    words: Vec<Word>,
    search: Words,
}

/// Read once; a fault in the file is a fault of this program, which its tests find.
pub(super) static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::new(read()));

static TABLE: LazyLock<toml::Table> = LazyLock::new(|| DATA.parse().unwrap_or_default());

fn read() -> Vec<Rule> {
    let rules = TABLE.get("rule").and_then(toml::Value::as_array);
    rules.into_iter().flatten().filter_map(rule).collect()
}

fn rule(value: &'static toml::Value) -> Option<Rule> {
    let text = |key: &str| value.get(key).and_then(toml::Value::as_str);
    let is = |key: &str| value.get(key).and_then(toml::Value::as_bool).unwrap_or(false);
    let before = value.get("before").and_then(toml::Value::as_integer).unwrap_or(0);
    let begins = value.get("begins")?.as_array()?.iter().filter_map(toml::Value::as_str);
    Some(Rule {
        name: text("name")?,
        what: text("what")?,
        begins: begins.collect(),
        pattern: text("pattern")?,
        before: usize::try_from(before).unwrap_or(0).min(BEFORE),
        any_case: is("any_case"),
        glued: is("glued"),
        compiled: OnceLock::new(),
    })
}

impl Rules {
    fn new(all: Vec<Rule>) -> Self {
        let (mut words, mut texts) = (Vec::new(), Vec::new());
        for (index, rule) in all.iter().enumerate() {
            for begin in &rule.begins {
                words.push(Word::Rule { rule: index, length: begin.len() });
                texts.push(*begin);
            }
        }
        for name in setting::NAMES {
            words.push(Word::Setting { name, length: name.word.len() });
            texts.push(name.word);
        }
        for word in super::number::SSN_WORDS {
            words.push(Word::Ssn { length: word.len() });
            texts.push(*word);
        }
        Self { all, words, search: Words::new(&texts) }
    }

    /// Every hit whose word stands in `from..to` of the text.
    pub(super) fn find(&self, around: &mut Around<'_>, from: usize, to: usize) {
        let text = around.text;
        self.search.each(text, from, to, &mut |word, start| match self.words.get(word) {
            Some(Word::Rule { rule, length }) => {
                around.hits.extend(self.all.get(*rule).and_then(|rule| rule.at(text, start, *length)));
            }
            Some(Word::Setting { name, length }) => {
                around.hits.extend(setting::at(text, name, start, start + length));
            }
            Some(Word::Ssn { length }) => super::number::named_ssn(around, start, start + length),
            None => {}
        });
    }
}

impl Rule {
    fn regex(&self) -> Option<&Regex> {
        let build = || {
            let anchored = format!("^(?:{})", self.pattern);
            RegexBuilder::new(&anchored).unicode(false).case_insensitive(self.any_case).build().ok()
        };
        self.compiled.get_or_init(build).as_ref()
    }

    /// The value whose beginning stands at `at`, where it is one.
    fn at(&self, text: &[u8], at: usize, length: usize) -> Option<Hit> {
        let word = text.get(at..at + length)?;
        if !self.any_case && !self.begins.iter().any(|begin| begin.as_bytes() == word) {
            return None;
        }
        let start = at.checked_sub(self.before)?;
        if !self.glued && !near::stands_alone(text, start) {
            return None;
        }
        let rest = text.get(start..text.len().min(start + REACH))?;
        let groups = self.regex()?.captures(rest)?;
        let whole = groups.get(0)?;
        // Without a group the letters that give it away are no part of the secret.
        let (from, to) = groups.get(1).map_or_else(
            || (if self.before == 0 { length.min(whole.end()) } else { 0 }, whole.end()),
            |secret| (secret.start(), secret.end()),
        );
        let secret = rest.get(from..to)?;
        let shown = secret.is_empty() || !near::is_hidden(secret);
        let placed = groups.get(1).map_or(start, |secret| start + secret.start());
        shown.then(|| Hit {
            start: placed,
            end: start + whole.end(),
            rule: self.name,
            what: self.what,
            weak: false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_whole() {
        assert_eq!(RULES.all.len(), DATA.matches("\n[[rule]]\n").count());
        let mut names: Vec<&str> = RULES.all.iter().map(|rule| rule.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), RULES.all.len(), "a name twice");
        for rule in &RULES.all {
            assert!(rule.regex().is_some(), "{}: its pattern is none", rule.name);
            assert!(
                rule.begins.iter().all(|begin| begin.len() >= 3),
                "{}: begins with too little",
                rule.name
            );
            assert!(rule.pattern.len() < 400 && !rule.begins.is_empty(), "{}", rule.name);
        }
    }
}
