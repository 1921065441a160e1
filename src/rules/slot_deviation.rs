use super::shared::verdicts;
use super::*;

pub(super) static RULE: Rule = Rule {
    name: "slot-deviation",
    brief: "a deviation on record",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
A row of the exceptions register says that a control did not do what it says, for a slot or an item of its population.
Accepted evidence does not change that.

## Why it matters
A deviation stays in the period, also when it was mended the day after; the report lists it. What helps is the cause, the
effect, and what was done, written down before the auditor asks.

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
performed: { on: 2026-03-28, by: alice }
result: { outcome: as-expected }
reviewed: { on: 2026-03-30, by: bob, result: accepted }
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
#- registers/exceptions.yaml
- id: exc-2026-01
#     ^^^^^^^^^^^ `access-review` deviated in 2026-Q1: the exception `exc-2026-01` records that it did not do what it says
  control: access-review
  slot: 2026-Q1
  found: { by: bob, on: 2026-05-04 }
  cause: Two administrators were missing from the list that was reviewed.
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
    verdicts::tell(judgement, gaps, "deviated");
}
