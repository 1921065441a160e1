use super::shared::performed::performers;
use super::shared::refusals::refusals;
use super::*;
use crate::model::evidence::Reviewed;
use crate::text::{safe, word};
use crate::timeline::Flaw;

pub(super) static RULE: Rule = Rule {
    name: "evidence-awaits-review",
    brief: "evidence that nobody else has accepted yet",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
A slot waits for evidence, open or overdue, that another person than its performer has to review, and nobody has. What is
overdue for it is told by `slot-insufficient-evidence`.

## Why it matters
Evidence of a manual control counts once another person has accepted it. The review can be made late; made long after, it is
worth less.

## Example
```yaml
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: quarterly
criteria: [CC6.2]
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
^^^^^ nobody else has accepted `access-review/2026-q1` yet; `access-review` waits for it in 2026-Q1
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
result: { outcome: as-expected }
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
```

## Fixed
```yaml
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: quarterly
criteria: [CC6.2]
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
result: { outcome: as-expected }
reviewed: { on: 2026-03-30, by: bob, result: accepted }
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    for found in refusals(judgement, Flaw::awaits_review) {
        let manifest = &*found.folder.manifest;
        let whole = |it: &Reviewed| it.by.is_some() && it.on.is_some() && it.result.is_some();
        // What was typed there and lacks a key, or was misread, is told in reading.
        if manifest.misread.holds("reviewed") || manifest.reviewed.as_ref().is_some_and(|it| !whole(it)) {
            continue;
        }
        let id = found.id();
        let waits = format!("`{}` waits for it{}", found.seen.control.id, found.seen.place());
        if let Flaw::ReviewedLater(day) = found.flaw {
            let message = format!("`{}` was reviewed on {day}, after the as-of day; {waits}", safe(id));
            gaps.about(Subject::new("evidence", id), manifest.place, message)
                .help(format!("nothing as of then; the review counts from its day on: --as-of {day}"))
                .since(found.refused.on);
            continue;
        }
        let message = format!("nobody else has accepted `{}` yet; {waits}", safe(id));
        let but = performers(manifest).next().map_or_else(String::new, |by| format!(" than `{}`", safe(by)));
        gaps.about(Subject::new("evidence", id), manifest.place, message)
            .help(format!("another person{but}: soc2 evidence review {} --by NAME", word(&safe(id))))
            .since(found.refused.on);
    }
}
