use std::collections::BTreeSet;
use std::ops::Range;

use super::shared::texts::{policies, words};
use super::*;
use crate::syntax::markdown;
use crate::text::safe;

pub(super) static RULE: Rule = Rule {
    name: "absolute-claim",
    brief: "a policy that promises what nobody can prove",
    check: Check::Tree(Level::Warn, check),
    docs: r#"
A policy says `all`, `always`, `never`, `immediately`, `at all times`, `in real time`, `100 %` or `guarantee`. The text is
judged as people read it; each word is told once in a policy. Headings, code, and `all` in a turn of speech (`not all`,
`at all`, `first of all`) are left alone.

## Why it matters
One exception makes the sentence false, and the auditor only has to find that one. "Every laptop on the device list is
encrypted" can be sampled and answered; "all devices are always encrypted" cannot be shown by anybody.

## Example
```markdown
#- policies/endpoints.md
---
id: endpoints
title: Endpoint Policy
owner: security-lead
---
# Endpoints

All laptops are *always* encrypted. Alerts reach the lead in real-time,
^^^ `All` in the policy `endpoints` is a claim that one exception breaks
#                ^^^^^^ `always`
#                                                         ^^^^^^^^^^^^ `in real-time`
who acts immediately. We guarantee 100% coverage, and all of it.
#        ^^^^^^^^^^^ `immediately`
#                        ^^^^^^^^^ `guarantee`
#                                  ^^^^ `100%`
```

## Fixed
```markdown
#- policies/endpoints.md
---
id: endpoints
title: Endpoint Policy
owner: security-lead
---
# All endpoints

Every laptop on the device list is encrypted. An alert reaches the lead within 15 minutes; not all alerts are incidents.
`all` is an argument of the scan. Overall, 100 people work here.
```
"#,
};

/// Words of one claim, and what to write instead.
const CLAIMS: &[(&[&str], &str)] = &[
    (&["at all times", "always"], "say when and for what: on each sign-in, while it is in use"),
    (
        &["all", "100%", "100 %", "100 percent"],
        "name the list that tells which ones: every laptop on the device list",
    ),
    (&["never"], "say what is refused and by what: the tool blocks it, or an exception is recorded"),
    (
        &["immediately", "instantly", "in real time", "in real-time", "real-time"],
        "say within how long and from when: within 15 minutes of the alert",
    ),
    (
        &["guarantees", "guaranteed", "guarantee", "without exception"],
        "say what is done and where one sees it",
    ),
];

/// `all` after one of these claims nothing, or less.
const BEFORE: &[&str] = &["not", "at", "of", "above", "after", "nearly", "almost", "if", "once"];
/// `all` before one of these neither.
const AFTER: &[&str] = &["hands", "clear", "right", "or", "too", "but"];

fn check(program: &Program, faults: &mut Faults) {
    for policy in policies(program) {
        let mut seen = BTreeSet::new();
        let headings: Vec<_> = policy.body.headings.iter().map(|heading| heading.span.range()).collect();
        for piece in markdown::prose(policy.text) {
            let heading = headings.partition_point(|range| range.end <= piece.origin(0));
            if headings.get(heading).is_some_and(|range| range.start <= piece.origin(0)) {
                continue;
            }
            for (range, form, instead) in claims(&piece.text) {
                if !seen.insert(form) {
                    continue;
                }
                let range = piece.origin(range.start)..piece.origin(range.end - 1) + 1;
                let word = policy.text.get(range.clone()).unwrap_or(form);
                let message =
                    format!("`{}` in {} is a claim that one exception breaks", safe(word), policy.name());
                faults.at(policy.place(program, range), message).help(instead);
            }
        }
    }
}

/// Every absolute word of a text, with the claim it makes and what to write instead.
fn claims(text: &str) -> Vec<(Range<usize>, &'static str, &'static str)> {
    let words = words(text);
    let mut out = Vec::new();
    let mut past = 0;
    for (nth, word) in words.iter().enumerate() {
        if word.start < past {
            continue;
        }
        let forms =
            CLAIMS.iter().flat_map(|(forms, instead)| forms.iter().map(move |form| (*form, *instead)));
        let found =
            forms.filter_map(|(form, instead)| Some((spelled(text, word.start, form)?, form, instead)));
        let Some((end, form, instead)) = found.max_by_key(|(end, ..)| *end) else { continue };
        let beside = |nth: Option<usize>, list: &[&str]| {
            let word = nth.and_then(|nth| words.get(nth)).and_then(|word| text.get(word.clone()));
            word.is_some_and(|word| list.iter().any(|one| one.eq_ignore_ascii_case(word)))
        };
        if form == "all" && (beside(nth.checked_sub(1), BEFORE) || beside(Some(nth + 1), AFTER)) {
            continue;
        }
        past = end;
        out.push((word.start..end, form, instead));
    }
    out
}

/// Where `form` ends, if it stands there as whole words.
fn spelled(text: &str, start: usize, form: &str) -> Option<usize> {
    let end = start + form.len();
    let same = text.get(start..end)?.eq_ignore_ascii_case(form);
    let whole = !text.get(end..)?.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-'));
    let whole = whole && !text.get(..start)?.ends_with(['-', '.', ',']);
    (same && whole).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_and_the_longest_form() {
        let found = |text: &'static str| -> Vec<&str> {
            claims(text).into_iter().map(|(range, ..)| &text[range]).collect()
        };
        assert_eq!(found("ALL staff, at all times. In real time"), ["ALL", "at all times", "In real time"]);
        assert_eq!(
            found("100 %, 100% and 100 percent; 3.100% and 100 people"),
            ["100 %", "100%", "100 percent"]
        );
        assert_eq!(
            found("overall, all-hands, not all, after all, catch-all, nevertheless, guarantor, 1100 %"),
            [""; 0]
        );
        assert_eq!(found("without exception"), ["without exception"]);
    }
}
