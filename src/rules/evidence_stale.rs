use super::shared::verdicts;
use super::*;

pub(super) static RULE: Rule = Rule {
    name: "evidence-stale",
    brief: "evidence too old for a Type I",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
The newest accepted evidence of a control is older, as of the date of a Type I, than evidence may be: 90 days, or what
`[timeline]` sets under `type1_max_age_days`; a year for controls that are performed once or twice a year, or once at
all.

## Why it matters
A Type I speaks of one day. An export of five months ago shows what was so then; the auditor asks for one that is near the
date.

## Example
```yaml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[[audit]]
id = "audit"
type = "type1"
as_of = 2026-06-30
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: quarterly
#        ^^^^^^^^^ `access-review` has stale evidence only: its newest accepted evidence is of 2026-03-28, more than 90 days old
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

## Fixed
```yaml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[[audit]]
id = "audit"
type = "type1"
as_of = 2026-06-30
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: quarterly
criteria: [CC6.2]
#- evidence/access-review/2026-q2/manifest.yaml
title: Q2 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-06-08, by: alice }
result: { outcome: as-expected }
reviewed: { on: 2026-06-09, by: bob, result: accepted }
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2026-q2/github.csv
login,role
alice,admin
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    verdicts::tell(judgement, gaps, "has stale evidence only");
}
