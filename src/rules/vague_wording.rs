use super::shared::texts::sentences;
use super::*;
use crate::model::{Control, Policy, Status, Text};
use crate::source::{Location, Span};
use crate::syntax::markdown;
use crate::text::safe;

pub(super) static RULE: Rule = Rule {
    name: "vague-wording",
    brief: "a word that nobody can test",
    check: Check::Tree(Level::Warn, check),
    docs: r#"
The title or description of a control, or a sentence with *must* or *shall* of a policy, uses a word that promises
something without saying what: `regularly`, `appropriate`, `as needed`, `timely`, `ensures`, `best practice` and the
like. The text is judged as people read it, with variables filled in; each word is told once in a text. Retired
controls, code, and `effective` before a date are left alone.

## Why it matters
The description is the sentence an auditor tests, and a policy's *must* is what the company is held to. "Regularly"
cannot be sampled and "appropriate" cannot be failed, so the control cannot be passed either: the auditor asks for the
number that is missing, or applies their own.

## Example
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: >-
  The owner of every system regularly reviews its users
#                           ^^^^^^^^^ `regularly` in the description of `access-review` cannot be tested
  and removes access As
#                    ^^ `As appropriate` in the description of `access-review` cannot be tested
  appropriate.
owner: security-lead
status: draft
cadence: quarterly
criteria: [CC6.2]
```
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: The owner of every system reviews its users {{ review_cadence }}.
#            ^^^^ `as needed` in the description of `access-review` cannot be tested
owner: security-lead
status: draft
cadence: quarterly
criteria: [CC6.2]
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[variables]
review_cadence = "as needed"
```
```markdown
#- policies/access-control.md
---
id: access-control
title: Access Control Policy
owner: security-lead
---
Good habits are appropriate. Every laptop must have adequate protection.
#                                                   ^^^^^^^^ `adequate` in the policy `access-control` cannot be tested

The owner of a system must:

- remove a leaver promptly
#                 ^^^^^^^^ `promptly` in the policy `access-control` cannot be tested
- keep the list of users
```

## Fixed
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: >-
  Each quarter the owner of every system reviews its users, and removes within {{ appropriate_days }} days whoever no
  longer works with it. The new rights are effective from the first of the month.
owner: security-lead
status: draft
cadence: quarterly
criteria: [CC6.2]
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[variables]
appropriate_days = 5
```
"#,
};

/// Words of one meaning, and what to write instead. Longer forms stand in front of those they contain.
const VAGUE: &[(&[&str], &str)] = &[
    (&["regularly", "periodically"], "say how often: each quarter, every Monday"),
    (
        &["as needed", "as necessary", "if necessary"],
        "say when: for each request, when a scan reports a finding",
    ),
    (
        &["as appropriate", "appropriately", "appropriate"],
        "say which, or who decides and where it is written down",
    ),
    (
        &["in a timely manner", "timely", "promptly"],
        "say within how long and from when: within 2 business days of the report",
    ),
    (
        &["adequately", "adequate", "sufficiently", "sufficient"],
        "say how much is enough: a number, or a list",
    ),
    (&["reasonable"], "say what is done; a reader cannot tell what was thought reasonable"),
    (&["ensures", "ensure"], "say who does what: the tool blocks, the lead checks"),
    (
        &["best practices", "best practice"],
        "name the document and version: CIS Benchmark for Ubuntu 24.04, level 1",
    ),
    (&["industry standard"], "name the standard: TLS 1.2, AES-256, NIST SP 800-88"),
    (&["where possible", "where applicable"], "name what is left out, or the rule that decides"),
    (&["robust"], "say what it withstands"),
    (&["effectively", "effective"], "say what comes of it and how one sees that"),
    (&["properly", "proper"], "say what is right: the steps, or the document that has them"),
];

/// `effective` before one of these speaks of a day.
const DATES: &[&str] = &[
    "as",
    "date",
    "dates",
    "from",
    "on",
    "since",
    "until",
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn check(program: &Program, faults: &mut Faults) {
    for (index, control) in program.controls.iter().enumerate() {
        if control.status() != Status::Retired {
            wording(program, index, control, faults);
        }
    }
    for policy in &program.policies {
        promises(program, policy, faults);
    }
}

fn wording(program: &Program, index: usize, control: &Control, faults: &mut Faults) {
    let mut judge = |key: &str, typed: &Option<Text>, read: &str| {
        let Some(typed) = typed else { return };
        let found = once(find(read));
        if found.is_empty() {
            return;
        }
        let slice = program.sources.slice(typed.at);
        let places = find(&without_expressions(slice));
        for hit in found {
            let place = places.iter().find(|place| place.form == hit.form);
            let at = place.map_or(typed.at, |place| within(typed.at, place));
            tell(&hit, read, &format!("the {key} of `{}`", control.id), at, faults);
        }
    };
    judge("title", &control.title, &program.title(index));
    judge("description", &control.description, &program.description(index));
}

fn promises(program: &Program, policy: &Policy, faults: &mut Faults) {
    let Some(read) = policy.body.text.as_deref() else { return };
    let found = once(find_in_promises(read));
    let typed = program.sources.text(policy.file);
    let Some(body) = markdown::parts(typed).map(|parts| parts.body).filter(|_| !found.is_empty()) else {
        return;
    };
    let places = find_in_promises(&without_expressions(typed.get(body.range()).unwrap_or("")));
    for hit in found {
        let place = places.iter().find(|place| place.form == hit.form);
        let at = place
            .map_or(policy.head.id.at, |place| within(Location { file: policy.file, span: body }, place));
        tell(&hit, read, &format!("the policy `{}`", policy.head.id), at, faults);
    }
}

/// `text` says which text it is: `the policy …`.
fn tell(hit: &Hit, read: &str, text: &str, at: Location, faults: &mut Faults) {
    let word: Vec<&str> = read.get(hit.start..hit.end).unwrap_or("").split_whitespace().collect();
    faults.at(at, format!("`{}` in {text} cannot be tested", safe(&word.join(" ")))).help(hit.instead);
}

/// A vague word of a text.
struct Hit {
    /// As [`VAGUE`] spells it.
    form: &'static str,
    instead: &'static str,
    start: usize,
    end: usize,
}

fn within(whole: Location, hit: &Hit) -> Location {
    let start = whole.span.start as usize;
    Location { file: whole.file, span: Span::new(start + hit.start, start + hit.end) }
}

/// The first hit of each word.
fn once(mut hits: Vec<Hit>) -> Vec<Hit> {
    let mut seen = Vec::new();
    hits.retain(|hit| {
        let new = !seen.contains(&hit.form);
        if new {
            seen.push(hit.form);
        }
        new
    });
    hits
}

/// Every vague word in sentences with *must* or *shall* of a Markdown text, and in the lists they lead to.
fn find_in_promises(text: &str) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut leads_on = false;
    for prose in markdown::prose(text) {
        leads_on &= prose.listed;
        let led = leads_on;
        for (offset, sentence) in sentences(&prose.text) {
            let promises = words(sentence).iter().any(|(start, end)| {
                ["must", "shall"].iter().any(|word| sentence[*start..*end].eq_ignore_ascii_case(word))
            });
            if promises || led {
                hits.extend(find(sentence).into_iter().map(|hit| Hit {
                    start: prose.origin(offset + hit.start),
                    end: prose.origin(offset + hit.end - 1) + 1,
                    ..hit
                }));
            }
            leads_on |= promises && sentence.trim_end().ends_with(':');
        }
    }
    hits
}

/// Every vague word of a text.
fn find(text: &str) -> Vec<Hit> {
    let words = words(text);
    let mut hits = Vec::new();
    let mut rest = words.as_slice();
    while let Some((first, after)) = rest.split_first() {
        let mut forms =
            VAGUE.iter().flat_map(|(forms, instead)| forms.iter().map(move |form| (*form, *instead)));
        let found = forms.find_map(|(form, instead)| {
            let end = spelled(text, rest, form)?;
            Some(Hit { form, instead, start: first.0, end })
        });
        rest = after;
        if let Some(hit) = found {
            let more = hit.form.split(' ').count() - 1;
            rest = after.get(more..).unwrap_or(&[]);
            if !(hit.form == "effective" && speaks_of_a_day(text, rest)) {
                hits.push(hit);
            }
        }
    }
    hits
}

/// The words of a text, as bytes; `log_days` is one.
fn words(text: &str) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| c.is_alphanumeric() || *c == '_') {
        match out.last_mut().filter(|(_, end)| *end == at) {
            Some((_, end)) => *end = at + c.len_utf8(),
            None => out.push((at, at + c.len_utf8())),
        }
    }
    out
}

/// Where `form` ends, if the next words spell it; only blanks or a hyphen may stand between them.
fn spelled(text: &str, words: &[(usize, usize)], form: &str) -> Option<usize> {
    let first = text.as_bytes().get(words.first()?.0)?;
    if !form.as_bytes().first()?.eq_ignore_ascii_case(first) {
        return None;
    }
    let mut end = None;
    for (i, part) in form.split(' ').enumerate() {
        let (start, stop) = *words.get(i)?;
        let apart = end.map_or("", |end| &text[end..start]);
        if !text[start..stop].eq_ignore_ascii_case(part) || !(apart.trim().is_empty() || apart == "-") {
            return None;
        }
        end = Some(stop);
    }
    end
}

fn speaks_of_a_day(text: &str, words: &[(usize, usize)]) -> bool {
    let next = words.first().map_or("", |(start, end)| &text[*start..*end]);
    next.starts_with(|c: char| c.is_ascii_digit()) || DATES.iter().any(|word| next.eq_ignore_ascii_case(word))
}

/// The text with every expression overwritten, so that other bytes stay in place. A tag alone on its line leaves an
/// empty line, as it does for people.
fn without_expressions(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut from = 0;
    while let Some(found) = text[from..].find('{') {
        let start = from + found;
        let close = match text.as_bytes().get(start + 1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            _ => {
                from = start + 1;
                continue;
            }
        };
        let end = text[start..].find(close).map_or(text.len(), |length| start + length + 2);
        let ends_line = |c: Option<char>| c.is_none_or(|c| c == '\n');
        let before = text[..start].chars().rev().find(|c| *c == '\n' || !c.is_whitespace());
        let after = text[end..].chars().find(|c| *c == '\n' || !c.is_whitespace());
        let alone = close == "%}" && ends_line(before) && ends_line(after);
        let filler = if alone { b' ' } else { b'x' };
        for byte in bytes[start..end].iter_mut().filter(|byte| **byte != b'\n') {
            *byte = filler;
        }
        from = end;
    }
    String::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        find(text).iter().map(|hit| &text[hit.start..hit.end]).collect()
    }

    #[test]
    fn whole_words_whatever_their_case() {
        assert_eq!(found("Regularly, and as\n  needed"), ["Regularly", "as\n  needed"]);
        assert_eq!(found("as appropriate in a timely manner"), ["as appropriate", "in a timely manner"]);
        assert_eq!(found("industry-standard, cost-effective"), ["industry-standard", "effective"]);
        assert_eq!(found("untimely appropriateness irregularly reinsures ensured"), [""; 0]);
        assert_eq!(found("timely_days and as, needed"), [""; 0]);
        assert_eq!(found(""), [""; 0]);
    }

    #[test]
    fn a_day_is_not_vague() {
        assert_eq!(found("The effective date, effective from May, effective 2026-01-01"), [""; 0]);
        assert_eq!(found("an effective\ncontrol; it is effective"), ["effective", "effective"]);
    }

    #[test]
    fn policies_are_held_to_what_they_must() {
        let found = |text: &str| -> Vec<String> {
            find_in_promises(text).iter().map(|hit| text[hit.start..hit.end].to_owned()).collect()
        };
        assert_eq!(found("We act promptly. Staff *must act* **promptly**."), ["promptly"]);
        assert_eq!(
            found("Staff must:\n\n1. act timely\n   - ensure `best` practice\n\nproper"),
            ["timely", "ensure"]
        );
        assert_eq!(found("| a | b |\n|---|---|\n| must | proper |\n| must be proper | x |\n"), ["proper"]);
        assert_eq!(found("```\nmust be proper\n```\n<!-- must be proper -->\n"), [""; 0]);
    }

    #[test]
    fn expressions_leave_their_room() {
        assert_eq!(
            without_expressions("a {{ proper }} b{% if x %}\n {% endif %}"),
            "a xxxxxxxxxxxx bxxxxxxxxxx\n            "
        );
        assert_eq!(without_expressions("{ü {{ü"), "{ü xxxx");
        assert_eq!(without_expressions("{%}{{}}{"), "xxxxxxx{");
    }

    /// No step may look at the whole text again for each word.
    #[test]
    fn large_texts_take_no_time_to_speak_of() {
        for piece in ["must timely ", "{%%} ", "{{}} ", "must be proper. ", "- must:\n", "as ", "as\n\n"] {
            let text = piece.repeat((1 << 20) / piece.len());
            once(find_in_promises(&without_expressions(&text)));
        }
    }
}
