use super::shared::current::with_standing;
use super::*;
use crate::text::{safe, word};
use crate::timeline::Flaw;

pub(super) static RULE: Rule = Rule {
    name: "reviewer-is-bot",
    brief: "evidence reviewed by a bot",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
Evidence was reviewed by a bot. A bot can perform an automated control and never review.

## Why it matters
A review is a person who looks and answers for it. An auditor cannot interview a bot, and counts its review as none.

## Example
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
result: { outcome: as-expected }
reviewed: { on: 2026-03-30, by: ci, result: accepted }
#                               ^^ `access-review/2026-q1` was reviewed by the bot `ci`
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
#- registers/people.yaml
- { id: ci, name: CI, kind: bot, employed: [{ from: 2024-01-01 }] }
- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: bob, name: Bob, kind: employee, employed: [{ from: 2024-01-01 }] }
```

## Fixed
```yaml
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
#- registers/people.yaml
- { id: ci, name: CI, kind: bot, employed: [{ from: 2024-01-01 }] }
- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: bob, name: Bob, kind: employee, employed: [{ from: 2024-01-01 }] }
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    for (folder, standing) in with_standing(judgement) {
        for flaw in &standing.review {
            let Flaw::ReviewerIsBot(name) = flaw else { continue };
            let reviewer = folder.manifest.reviewed.as_ref().and_then(|reviewed| reviewed.by.as_ref());
            let at = reviewer.map_or(folder.manifest.place, |by| by.at);
            let id = program.evidence_id(folder);
            let message = format!("`{}` was reviewed by the bot `{}`", safe(id), safe(name));
            gaps.about(Subject::new("evidence", id), at, message)
                .help(format!("have a person review it: soc2 evidence review {}", word(&safe(id))));
        }
    }
}
