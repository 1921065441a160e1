//! What texts say in numbers of things that every programme has: how long a password is, how soon a leaver's access ends.
//! A number is read only where its sentence says of what it is; a text that says two of one thing says nothing here.

use std::collections::BTreeMap;
use std::ops::Range;

use super::numbers::{Amount, NUMBERS, Unit, Word, numbers};
use super::texts::{Document, sentences, words};
use crate::syntax::markdown;

/// A thing that is said in a number.
pub(in crate::rules) struct Topic {
    /// Completes a sentence: `… disagree on {name}`.
    pub(in crate::rules) name: &'static str,
    unit: Unit,
    /// A sentence is about it when it has a word of each group; `log*` is any word that starts so.
    words: &'static [&'static [&'static str]],
    /// More is the stronger promise.
    pub(in crate::rules) more: bool,
    /// Told apart by how severe something is.
    by_severity: bool,
}

const fn topic(
    name: &'static str,
    unit: Unit,
    more: bool,
    words: &'static [&'static [&'static str]],
) -> Topic {
    Topic { name, unit, words, more, by_severity: false }
}

const ENDS: &[&str] =
    &["disable*", "remove*", "removal", "revoke*", "revocation", "deactivate*", "end", "ends"];
const KEPT: &[&str] = &["keep*", "kept", "retain*", "retention", "stored"];

const TOPICS: &[Topic] = &[
    topic("the length of a password", Unit::Characters, true, &[&["password*", "passphrase*"]]),
    topic(
        "the failed sign-ins that lock an account",
        Unit::Attempts,
        false,
        &[&["failed", "unsuccessful", "wrong"]],
    ),
    topic(
        "when an idle screen locks",
        Unit::Time,
        false,
        &[
            &["screen*", "session*", "laptop*", "workstation*", "computer*", "device*"],
            &["lock*"],
            &["idle*", "inactiv*", "unused"],
        ],
    ),
    topic(
        "when a leaver's access ends",
        Unit::Time,
        false,
        &[
            &["leaver*", "leaves", "left", "terminat*", "offboard*", "departure*", "employment"],
            &["access", "account*"],
            ENDS,
        ],
    ),
    topic(
        "when an unused account ends",
        Unit::Time,
        false,
        &[&["inactiv*", "dormant", "unused"], &["account*"], ENDS],
    ),
    topic("how long logs are kept", Unit::Time, true, &[&["log", "logs"], KEPT]),
    topic("how long backups are kept", Unit::Time, true, &[&["backup", "backups"], KEPT]),
    Topic {
        name: "when a vulnerability is fixed",
        unit: Unit::Time,
        words: &[
            &["vulnerabilit*", "patch*", "finding*"],
            &["fix*", "patch*", "remediat*", "resolve*", "close*"],
        ],
        more: false,
        by_severity: true,
    },
    topic(
        "when a breach is notified",
        Unit::Time,
        false,
        &[&["breach*"], &["notif*", "notice*", "told", "tell*", "inform*", "report*"]],
    ),
    Topic {
        name: "the recovery time objective",
        unit: Unit::Time,
        words: &[&["recovery", "rto"], &["time", "rto"], &["objective*", "rto"]],
        more: false,
        by_severity: true,
    },
    Topic {
        name: "the recovery point objective",
        unit: Unit::Time,
        words: &[&["recovery", "rpo"], &["point", "rpo"], &["objective*", "rpo"]],
        more: false,
        by_severity: true,
    },
    topic(
        "when a new hire's training is done",
        Unit::Time,
        false,
        &[&["training*", "trained"], &["hire*", "hiring", "joining", "joiner*", "start"]],
    ),
    topic(
        "when a new hire acknowledges the policies",
        Unit::Time,
        false,
        &[&["acknowledge*"], &["polic*"], &["hire*", "hiring", "joining", "joiner*", "start"]],
    ),
    topic("the availability of the service", Unit::Percent, true, &[&["availab*", "uptime"]]),
    topic(
        "when customer data is deleted after the contract",
        Unit::Time,
        false,
        &[
            &["customer*"],
            &["delete*", "deletion", "erase*", "destroy*"],
            &["contract*", "agreement*", "subscription*", "termination"],
        ],
    ),
    topic(
        "when a request about personal data is answered",
        Unit::Time,
        false,
        &[
            &["request*"],
            &["personal", "subject*", "individual*"],
            &["answer*", "respon*", "repl*", "fulfil*"],
        ],
    ),
    topic(
        "the oldest TLS version",
        Unit::Version,
        true,
        &[&["tls"], &["later", "newer", "higher", "above", "least", "minimum", "lowest", "oldest"]],
    ),
];

/// Words that make a sentence one about something narrower: `administrator passwords`.
const NARROWER: &[&str] = &[
    "admin*",
    "authorit*",
    "privileged",
    "root",
    "service",
    "customer*",
    "client*",
    "guest*",
    "contractor*",
    "vendor*",
    "archive*",
    "audit*",
    "online",
    "searchable",
    "emergenc*",
    "test*",
    "development",
    "production",
    "staging",
    "mobile",
    "regulator*",
    "supervis*",
    "individual*",
    "credential*",
    "pin",
    "code",
    "codes",
    "involuntar*",
    "tier",
    "shared",
];
const SEVERITIES: &[&str] = &["critical", "high", "medium", "moderate", "low", "severe"];

/// A number that a text says of something.
#[derive(Clone, Debug)]
pub(in crate::rules) struct Measure {
    pub(in crate::rules) of: Of,
    pub(in crate::rules) amount: Amount,
    /// The number with its unit, as bytes of the text.
    pub(in crate::rules) range: Range<usize>,
}

/// What exactly it is said of: the topic, the severity, words that make it narrower.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::rules) struct Of {
    topic: usize,
    pub(in crate::rules) severity: &'static str,
    pub(in crate::rules) narrower: Vec<&'static str>,
}

impl Of {
    pub(in crate::rules) fn topic(&self) -> &'static Topic {
        TOPICS.get(self.topic).unwrap_or(&TOPICS[0])
    }
}

/// What a text says of anything it says one number of.
pub(in crate::rules) fn single(all: Vec<Measure>) -> BTreeMap<Of, Measure> {
    let mut said: BTreeMap<Of, Option<Measure>> = BTreeMap::new();
    for measure in all {
        let one = said.entry(measure.of.clone()).or_insert_with(|| Some(measure.clone()));
        if one.as_ref().is_some_and(|one| !one.amount.may_equal(measure.amount)) {
            *one = None;
        }
    }
    said.into_iter().filter_map(|(of, one)| Some((of, one?))).collect()
}

/// Every number of a document of which one can tell what it says, at its place in the text. The rows of a table that tell
/// severities apart are read with the headings above them.
pub(in crate::rules) fn of_document(document: &Document<'_>) -> Vec<Measure> {
    let headings = &document.body.headings;
    let title = headings.first().filter(|first| first.level == 1).map_or("", |first| &first.title);
    let mut all = Vec::new();
    for piece in markdown::statements(document.text) {
        let at = piece.origin(0);
        let above = headings.partition_point(|heading| heading.span.start as usize <= at);
        let above = above.checked_sub(1).and_then(|nth| headings.get(nth)).map_or("", |above| &above.title);
        all.extend(measures(&piece.text, &format!("{title} {above}")).into_iter().filter_map(|measure| {
            let last = piece.origin(measure.range.end.checked_sub(1)?);
            let range = piece.origin(measure.range.start)..last + 1;
            Some(Measure { range, ..measure })
        }));
    }
    all
}

/// Every number of running text of which one can tell what it says; `above` are the titles it stands below.
pub(in crate::rules) fn measures(text: &str, above: &str) -> Vec<Measure> {
    let mut out = Vec::new();
    let above = read(above);
    for (offset, sentence) in sentences(text) {
        if !sentence.contains(|c: char| c.is_ascii_digit())
            && !NUMBERS.iter().any(|(n, _)| sentence.contains(n))
        {
            continue;
        }
        let words = read(sentence);
        let about: Vec<usize> =
            (0..TOPICS.len()).filter(|nth| is_about(&TOPICS[*nth], &words, &above)).collect();
        if about.is_empty() {
            continue;
        }
        let narrower: Vec<&str> = NARROWER
            .iter()
            .copied()
            .filter(|form| words.iter().any(|word| fits(form, &word.lower)))
            .collect();
        for found in numbers(sentence, &words) {
            for topic in about.iter().copied().filter(|nth| TOPICS[*nth].unit == found.unit) {
                let severity = severity(&words, found.at);
                if TOPICS[topic].by_severity && severity.is_empty() && mentions_severity(&words) {
                    continue;
                }
                let severity = if TOPICS[topic].by_severity { severity } else { "" };
                let of = Of { topic, severity, narrower: narrower.clone() };
                let range = offset + found.range.start..offset + found.range.end;
                out.push(Measure { of, amount: found.amount, range });
            }
        }
    }
    out
}

/// Words of a sentence that are looked at.
const MOST_WORDS: usize = 200;

fn fits(form: &str, word: &str) -> bool {
    form.strip_suffix('*').map_or(form == word, |stem| word.starts_with(stem))
}

fn read(sentence: &str) -> Vec<Word<'_>> {
    let words = words(sentence).into_iter().take(MOST_WORDS);
    words.map(|range| Word { lower: sentence[range.clone()].to_lowercase(), range, text: sentence }).collect()
}

fn is_about(topic: &Topic, words: &[Word<'_>], above: &[Word<'_>]) -> bool {
    let has = |words: &[Word<'_>], group: &[&str]| {
        words.iter().any(|word| group.iter().any(|form| fits(form, &word.lower)))
    };
    let with_titles = topic.by_severity && mentions_severity(words);
    topic.words.iter().all(|group| has(words, group) || with_titles && has(above, group))
}

fn mentions_severity(words: &[Word<'_>]) -> bool {
    words.iter().any(|word| SEVERITIES.contains(&&*word.lower))
}

/// The severity named last before a number, unless another one stands between: `critical and high`.
fn severity(words: &[Word<'_>], at: usize) -> &'static str {
    let named = |word: &Word<'_>| SEVERITIES.iter().find(|one| **one == word.lower).copied();
    words.iter().take(at).rev().find_map(named).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<(&str, String)> {
        measures(text, "")
            .into_iter()
            .map(|one| {
                let of = [one.of.severity].into_iter().chain(one.of.narrower.iter().copied());
                let of: Vec<&str> = of.filter(|word| !word.is_empty()).collect();
                (&text[one.range], format!("{}: {}", one.of.topic().name, of.join(" ")))
            })
            .collect()
    }

    #[test]
    fn numbers_are_read_with_what_they_are_said_of() {
        let of = |name: &str, rest: &str| format!("{name}: {rest}");
        for (text, number, name, rest) in [
            ("A password has at least 12 characters.", "12 characters", "the length of a password", ""),
            ("Use a 14-character passphrase.", "14-character", "the length of a password", ""),
            (
                "An account locks after five failed attempts.",
                "five failed",
                "the failed sign-ins that lock an account",
                "",
            ),
            (
                "The screen locks after 10 minutes of inactivity.",
                "10 minutes",
                "when an idle screen locks",
                "",
            ),
            (
                "The access of a leaver is removed within one (1) business day.",
                "1) business day",
                "when a leaver's access ends",
                "",
            ),
            ("Logs are kept for 12 months.", "12 months", "how long logs are kept", ""),
            (
                "Administrator passwords have 16 characters.",
                "16 characters",
                "the length of a password",
                "admin*",
            ),
            (
                "A critical vulnerability is fixed within 7 days.",
                "7 days",
                "when a vulnerability is fixed",
                "critical",
            ),
            (
                "The service is available 99.95 % of a month.",
                "99.95 %",
                "the availability of the service",
                "service",
            ),
            ("Links use TLS 1.2 or later.", "1.2", "the oldest TLS version", ""),
        ] {
            assert_eq!(said(text), [(number, of(name, rest))], "{text}");
        }
        for text in [
            "The logs kept there are reviewed every 7 days.",
            "Passwords are good. It has 12 characters.",
            "TLS 1.0 is switched off.",
            "Sign-ins are logged and logins take 2 days.",
            "Version 3.12 characters of a password",
        ] {
            assert_eq!(said(text), [], "{text}");
        }
    }

    #[test]
    fn a_text_that_says_two_says_nothing() {
        let text = "A password has 12 characters. A password of old has 8 characters.";
        assert!(single(measures(text, "")).is_empty());
        assert_eq!(single(measures("A password has 12 characters. A password: 12 characters.", "")).len(), 1);
    }

    #[test]
    fn large_texts_take_no_time_to_speak_of() {
        for piece in ["password 12 characters ", "password 12 characters. ", "99.9 % availability ", "1 2 3 "]
        {
            measures(&piece.repeat((1 << 18) / piece.len()), "");
        }
    }
}
