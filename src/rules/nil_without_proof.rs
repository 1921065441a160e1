use super::shared::verdicts;
use super::*;

pub(super) static RULE: Rule = Rule {
    name: "nil-without-proof",
    brief: "a statement that nothing happened, without proof",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
The window is over, and for a control that is performed each time something happens there is only a statement that nothing
did. The proof is the empty list of the system that would know: with its query, `count: 0`, the days it covers, and why
it is complete.

## Why it matters
That nothing happened is tested like any other list: by its source, its query and its period. A sentence alone is inquiry,
and inquiry is never enough.

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
#- controls/onboarding.yaml
id: onboarding
title: New hires are screened
description: Before the first day the HR lead screens each new hire and files the ticket.
owner: security-lead
status: implemented
effective_from: 2025-06-01
cadence: event
#        ^^^^^ `onboarding` is said to have had no occasion: a statement that nothing happened, without its proof
criteria: [CC1.4]
#- evidence/onboarding/nil-2026-q1/manifest.yaml
title: No hires in the first quarter
controls: [onboarding]
kind: nil-statement
performed: { on: 2026-03-31, by: alice }
result: { outcome: as-expected }
reviewed: { on: 2026-04-03, by: bob, result: accepted }
artifacts:
  - path: statement.txt
    sha256: "4a08d873aab6432c6ac1498c2209c815c6a13e14057d49a707f0d44f87646bdf"
#- evidence/onboarding/nil-2026-q1/statement.txt
Nobody was hired from January to March.
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
#- controls/onboarding.yaml
id: onboarding
title: New hires are screened
description: Before the first day the HR lead screens each new hire and files the ticket.
owner: security-lead
status: implemented
effective_from: 2025-06-01
cadence: event
criteria: [CC1.4]
#- evidence/onboarding/nil-2026-q1/manifest.yaml
title: New hires, first quarter
controls: [onboarding]
kind: nil-statement
performed: { on: 2026-04-02, by: alice }
result: { outcome: as-expected }
reviewed: { on: 2026-04-03, by: bob, result: accepted }
artifacts:
  - path: hires.csv
    sha256: "aef4a0bc8e20086b7c025a7989e4eba3324953c58cfb03152afb4d2ffb3fd832"
    query: "GET /v1/hires?from=2026-01-01&to=2026-03-31"
    covers: { from: 2026-01-01, to: 2026-03-31 }
    population: { name: new-hires, key: id, count: 0, completeness: "1 of 1 pages" }
#- evidence/onboarding/nil-2026-q1/hires.csv
id,start
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    verdicts::tell(judgement, gaps, "is said to have had no occasion");
}
