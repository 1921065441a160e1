use super::shared::verdicts;
use super::*;

pub(super) static RULE: Rule = Rule {
    name: "slot-unverified",
    brief: "a slot whose evidence cannot be looked at",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
A slot is due, and whether it is filled cannot be told: the bytes of its evidence are not in the repository, or a manifest
of the control cannot be read.

## Why it matters
What cannot be looked at is not shown. An auditor who opens the link later may find another page, or none; until the
bytes are here, this counts as not evidenced.

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
#        ^^^^^^^^^ `access-review` cannot be verified in 2026-Q1: access-review/2026-q1 (the bytes of `https://drive.acme.com/github.csv` are not here)
criteria: [CC6.2]
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
result: { outcome: as-expected }
reviewed: { on: 2026-03-30, by: bob, result: accepted }
artifacts:
  - url: https://drive.acme.com/github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
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
    verdicts::tell(judgement, gaps, "cannot be verified");
}
