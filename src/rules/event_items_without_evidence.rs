use super::shared::verdicts;
use super::*;

pub(super) static RULE: Rule = Rule {
    name: "event-items-without-evidence",
    brief: "a population, and no evidence for any item",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
The window is over, the list of what happened is complete and not empty, and no evidence shows the control being performed
for any of its items. Whether every item has evidence is not asked: the auditor picks the sample.

## Why it matters
The list says how often the control was due. Without a trace of a single performance there is nothing to sample, and every
item picked becomes a deviation.

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
#        ^^^^^ `onboarding` shows no performance: a population of 2 items, and no evidence for any of them
criteria: [CC1.4]
#- evidence/onboarding/hires-2026-q1/manifest.yaml
title: New hires, first quarter
controls: [onboarding]
kind: system-report
performed: { on: 2026-04-02, by: alice }
result: { outcome: as-expected }
reviewed: { on: 2026-04-03, by: bob, result: accepted }
artifacts:
  - path: hires.csv
    sha256: "ba283c2cf34bb7dc55739105f0bf8b401002a58371cb1240ba9f9955e904fd5f"
    query: "GET /v1/hires?from=2026-01-01&to=2026-03-31"
    covers: { from: 2026-01-01, to: 2026-03-31 }
    population: { name: new-hires, key: id, count: 2, completeness: "1 of 1 pages" }
#- evidence/onboarding/hires-2026-q1/hires.csv
id,start
ann,2026-01-05
ben,2026-02-16
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
#- evidence/onboarding/hires-2026-q1/manifest.yaml
title: New hires, first quarter
controls: [onboarding]
kind: system-report
performed: { on: 2026-04-02, by: alice }
result: { outcome: as-expected }
reviewed: { on: 2026-04-03, by: bob, result: accepted }
artifacts:
  - path: hires.csv
    sha256: "ba283c2cf34bb7dc55739105f0bf8b401002a58371cb1240ba9f9955e904fd5f"
    query: "GET /v1/hires?from=2026-01-01&to=2026-03-31"
    covers: { from: 2026-01-01, to: 2026-03-31 }
    population: { name: new-hires, key: id, count: 2, completeness: "1 of 1 pages" }
#- evidence/onboarding/hires-2026-q1/hires.csv
id,start
ann,2026-01-05
ben,2026-02-16
#- evidence/onboarding/ann/manifest.yaml
title: Screening of Ann
controls: [onboarding]
kind: ticket
performed: { on: 2026-01-04, by: alice }
result: { outcome: as-expected }
reviewed: { on: 2026-01-05, by: bob, result: accepted }
artifacts:
  - path: ticket.txt
    sha256: "c85773c5e6d7a19c33bb20397b2640b22ad127a65fa2d2e623cae7b0379e872c"
#- evidence/onboarding/ann/ticket.txt
HR-12: screened, nothing found
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    verdicts::tell(judgement, gaps, "shows no performance");
}
