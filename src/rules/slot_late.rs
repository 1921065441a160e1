use super::shared::verdicts;
use super::*;

pub(super) static RULE: Rule = Rule {
    name: "slot-late",
    brief: "a control performed late",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
A control was performed after the end of its interval and within the grace.

## Why it matters
Late is performed, and the auditor will still ask why, and whether the quarter before was as late. A pattern of late
reviews becomes a finding about the control.

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
controls: [access-review]
kind: system-report
performed: { on: 2026-04-10, by: alice }
#                ^^^^^^^^^^ `access-review` was late in 2026-Q1: performed on 2026-04-10 (access-review/2026-q1), 10 days after 2026-03-31
result: { outcome: as-expected }
reviewed: { on: 2026-04-12, by: bob, result: accepted }
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
    verdicts::tell(judgement, gaps, "was late");
}
