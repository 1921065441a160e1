use super::*;
use crate::source::Span;
use crate::syntax::markdown;
use crate::text::{clip, safe};

pub(super) static RULE: Rule = Rule {
    name: "decision-left-open",
    brief: "an approved policy with a template's question still in it",
    check: Check::Tree(Level::Warn, check),
    docs: r#"
A policy that somebody has approved still holds a template's note to the person who tailors it: `{%-- Decide: … --%}`.
Publishing leaves such notes out. In a draft they belong where they are, and notes that begin otherwise are the author's own.

## Why it matters
The note stands where a template could not know the answer. If it is still there after the approval, nobody can tell
whether the company chose what the text says or never saw the question.

## Example
```markdown
#- policies/access.md
---
id: access
title: Access Policy
owner: security-lead
approvals:
  - version: "1.0"
    by: bob
    on: 2025-12-29
    effective: 2026-01-01
    text: "2544f57b732c395a35d8b23832b0fc42ffe4fd614b64504e1daf171e22386ffd"
---
{%-- Decide: who approves access to the finance systems? --%}
^^^^ the approved policy `access` still asks: `who approves access to the finance systems?`
Access is limited to those who need it.
```

## Fixed
```markdown
#- policies/access.md
---
id: access
title: Access Policy
owner: security-lead
approvals:
  - version: "1.0"
    by: bob
    on: 2025-12-29
    effective: 2026-01-01
    text: "2544f57b732c395a35d8b23832b0fc42ffe4fd614b64504e1daf171e22386ffd"
---
{%-- carried by: access-review --%}
{%-- the wording was agreed with counsel --%}
Access is limited to those who need it.
#- policies/draft.md
---
id: draft
title: Draft Policy
owner: security-lead
---
{%-- Decide: who? --%}
Somebody does it.
```
"#,
};

/// Notes told of one policy.
const MOST: usize = 10;

fn check(program: &Program, faults: &mut Faults) {
    for policy in program.policies.iter().filter(|policy| !policy.head.approvals.is_empty()) {
        let text = program.sources.text(policy.file);
        let Some(body) = markdown::parts(text).map(|parts| parts.body) else { continue };
        let typed = text.get(body.range()).unwrap_or("");
        for (at, note) in questions(typed).take(MOST) {
            let start = body.range().start + at;
            let place = Location { file: policy.file, span: Span::new(start, start + note.len()) };
            let asked = note.trim_start_matches(OPEN).trim_end_matches(CLOSE).trim();
            let asked = asked.split_once(':').map_or(asked, |(_, asked)| asked.trim());
            let asked = clip(&safe(&asked.split_whitespace().collect::<Vec<_>>().join(" ")), 80);
            faults
                .at(place, format!("the approved policy `{}` still asks: `{asked}`", policy.head.id))
                .help("make the text say what was decided, then delete the note; a note is no part of what is approved");
        }
    }
}

const OPEN: &str = "{%--";
const CLOSE: &str = "--%}";

/// The notes that ask for a decision, and where each begins.
fn questions(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    let notes = std::iter::from_fn(move || {
        let start = at + text.get(at..)?.find(OPEN)?;
        at = start + text.get(start..)?.find(CLOSE)? + CLOSE.len();
        Some((start, text.get(start..at)?))
    });
    notes.filter(|(_, note)| {
        let word = note.get(OPEN.len()..).unwrap_or("").trim_start();
        word.get(..7).is_some_and(|word| word.eq_ignore_ascii_case("decide:"))
    })
}
