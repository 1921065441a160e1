use super::shared::verdicts;
use super::*;

pub(super) static RULE: Rule = Rule {
    name: "performed-before-window",
    brief: "performed in the part of an interval before the window",
    check: Check::Gap(Class::Note, check),
    docs: r#"
The first interval of a control began before the window, and the control was performed in that part of it.

## Why it matters
The interval is served, and nothing of it lies in the period that the report is about. Some auditors count it, some want
one inside; it costs a question.

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
type = "type2"
period = { from = 2026-02-01, to = 2026-06-30 }
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
performed: { on: 2026-01-15, by: alice }
#                ^^^^^^^^^^ `access-review` was performed before the window in 2026-Q1
result: { outcome: as-expected }
reviewed: { on: 2026-01-16, by: bob, result: accepted }
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
type = "type2"
period = { from = 2026-02-01, to = 2026-06-30 }
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
    verdicts::tell(judgement, gaps, "was performed before the window");
}
