use super::shared::verdicts;
use super::*;

pub(super) static RULE: Rule = Rule {
    name: "operated-before-window",
    brief: "a yearly control last performed before the window",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
A yearly control was last performed before a window of less than twelve months, and not inside it.

## Why it matters
Nothing in the period shows that it operates: the auditor can confirm its design and report that it did not occur in the
window. Performing it once inside a short window avoids the question.

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
period = { from = 2026-01-01, to = 2026-03-31 }
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each year the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2025-01-01
cadence: annual
criteria: [CC6.2]
#- evidence/access-review/2025/manifest.yaml
title: Access review of 2025
controls: [access-review]
kind: system-report
performed: { on: 2025-11-03, by: alice }
#                ^^^^^^^^^^ `access-review` operated before the window only: last performed on 2025-11-03
result: { outcome: as-expected }
reviewed: { on: 2025-11-05, by: bob, result: accepted }
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2025/github.csv
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
period = { from = 2026-01-01, to = 2026-03-31 }
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each year the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2025-01-01
cadence: annual
criteria: [CC6.2]
#- evidence/access-review/2026/manifest.yaml
title: Access review of 2026
controls: [access-review]
kind: system-report
performed: { on: 2026-02-03, by: alice }
result: { outcome: as-expected }
reviewed: { on: 2026-02-05, by: bob, result: accepted }
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2026/github.csv
login,role
alice,admin
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    verdicts::tell(judgement, gaps, "operated before the window only");
}
