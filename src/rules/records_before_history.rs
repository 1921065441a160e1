use super::shared::{acts, acts::Deed};
use super::*;
use crate::text::count;
use crate::timeline::witness;

pub(super) static RULE: Rule = Rule {
    name: "records-before-history",
    brief: "records older than the history of the repository",
    check: Check::Gap(Class::Note, check),
    docs: r#"
Performances, reviews and approvals are dated before history begins: before `begins` under `[history]` in `soc2.toml`, or where
that is not typed before the oldest commit of a file of the programme. They were brought in, and are told once, with their number.

## Why it matters
Git can say nothing of what is older than itself. Such records may be right, and the auditor looks for what else shows them: the
system they came from, a signed document, minutes.

## Example
```yaml
#- soc2.toml
#! soc2.toml:1:1 1 performance and 1 approval are dated before 2026-01-10, when history begins: they were brought in, the last on 2026-02-01, and git is no witness of them
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[history]
begins = 2026-01-10
#- evidence/access-review/2025-q4/manifest.yaml
title: Q4 access review
controls: [access-review]
kind: system-report
performed: { on: 2025-12-15, by: alice }
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
Access is limited to those who need it.
#! commit 2026-01-10 alice@acme.com soc2.toml policies/access.md
#! commit 2026-02-01 alice@acme.com evidence/access-review/2025-q4/manifest.yaml
```

## Fixed
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-01-15, by: alice }
#! commit 2026-01-10 alice@acme.com soc2.toml
#! commit 2026-02-01 alice@acme.com evidence/access-review/2026-q1/manifest.yaml
```
"#,
};

const COUNTED: &[(Deed, &str)] = &[
    (Deed::Performed, "performance"),
    (Deed::Reviewed, "review"),
    (Deed::Approved, "approval"),
    (Deed::Waived, "waiver"),
];

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let (program, zone) = (judgement.program, judgement.zone());
    let Some(begins) = witness::begins(program) else { return };
    let old: Vec<acts::Act<'_>> = acts::all(judgement).into_iter().filter(|act| act.on < begins).collect();
    let parts: Vec<String> = COUNTED
        .iter()
        .filter_map(|(deed, noun)| {
            let number = old.iter().filter(|act| act.deed == *deed).count();
            (number > 0).then(|| count(number, noun))
        })
        .collect();
    if parts.is_empty() {
        return;
    }
    let counted = old.iter().filter(|act| COUNTED.iter().any(|(deed, _)| *deed == act.deed));
    let first = counted.filter_map(|act| program.history.first(program.sources.path(act.at.file)));
    let last = first.map(|commit| commit.day(&zone)).max();
    let last = last.map_or_else(String::new, |day| format!(", the last on {day}"));
    let several = parts.len() > 1 || !parts.first().is_some_and(|part| part.starts_with("1 "));
    let (are, they, them) = if several { ("are", "they were", "them") } else { ("is", "it was", "it") };
    let message = format!(
        "{} {are} dated before {begins}, when history begins: {they} brought in{last}, and git is no witness of {them}",
        parts.join(" and ")
    );
    gaps.about(Subject::new("programme", "history"), program.root_place(), message)
        .help("keep what else shows them: the system they came from, signed documents, minutes");
}
