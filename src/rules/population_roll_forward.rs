use super::shared::missing_days::{furthest, periods};
use super::*;
use crate::timeline::population::{is_over, shortfalls};

pub(super) static RULE: Rule = Rule {
    name: "population-roll-forward",
    brief: "a population that lags behind the window",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
While the window of a Type II runs: the last population of a control with `cadence: event` ends more than 31 days before
today, or there is a hole between two. Once the window is over `population-too-short` tells it.

## Why it matters
An export of the past is easy this month and may be impossible when the auditor asks: logs are cut, tools are replaced,
people who knew the query have left.

## Example
```yaml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[[audit]]
id = "2026-type2"
type = "type2"
period = { from = 2026-01-01, to = 2026-12-31 }
#- controls/hr-onboarding.yaml
id: hr-onboarding
title: New hires are screened and trained
description: Before the first day the HR lead screens each new hire and records the result in a ticket.
owner: security-lead
status: implemented
effective_from: 2025-06-01
cadence: event
criteria: [CC1.4]
#- evidence/hr-onboarding/2026-q1/manifest.yaml
title: New hires, first quarter
controls: [hr-onboarding]
kind: system-report
performed: { on: 2026-04-02, by: alice }
artifacts:
  - path: hires.csv
    sha256: "4ba92cd6c7171ffec428a51e8fe1334da5424ec2c7aed9f5bb964638dff2fb07"
    query: "GET /v1/hires?from=2026-01-01&to=2026-03-31"
    covers: { from: 2026-01-01, to: 2026-03-31 }
#                                   ^^^^^^^^^^ end on 2026-03-31; missing so far: 2026-04-01 to 2026-06-30
    population: { name: new-hires, key: id, count: 3, completeness: "1 of 1 pages" }
#- evidence/hr-onboarding/2026-q1/hires.csv
id,start
ann,2026-01-05
ben,2026-02-16
cal,2026-03-30
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
id = "2026-type2"
type = "type2"
period = { from = 2026-01-01, to = 2026-12-31 }
#- controls/hr-onboarding.yaml
id: hr-onboarding
title: New hires are screened and trained
description: Before the first day the HR lead screens each new hire and records the result in a ticket.
owner: security-lead
status: implemented
effective_from: 2025-06-01
cadence: event
criteria: [CC1.4]
#- evidence/hr-onboarding/2026-q1/manifest.yaml
title: New hires, first quarter
controls: [hr-onboarding]
kind: system-report
performed: { on: 2026-04-02, by: alice }
artifacts:
  - path: hires.csv
    sha256: "4ba92cd6c7171ffec428a51e8fe1334da5424ec2c7aed9f5bb964638dff2fb07"
    query: "GET /v1/hires?from=2026-01-01&to=2026-03-31"
    covers: { from: 2026-01-01, to: 2026-03-31 }
    population: { name: new-hires, key: id, count: 3, completeness: "1 of 1 pages" }
#- evidence/hr-onboarding/2026-q1/hires.csv
id,start
ann,2026-01-05
ben,2026-02-16
cal,2026-03-30
#- evidence/hr-onboarding/2026-05/manifest.yaml
title: New hires, April and May
controls: [hr-onboarding]
kind: system-report
performed: { on: 2026-06-02, by: alice }
artifacts:
  - path: hires.csv
    sha256: "4ba92cd6c7171ffec428a51e8fe1334da5424ec2c7aed9f5bb964638dff2fb07"
    query: "GET /v1/hires?from=2026-04-01&to=2026-05-31"
    covers: { from: 2026-04-01, to: 2026-05-31 }
    population: { name: new-hires, key: id, count: 3, completeness: "1 of 1 pages" }
#- evidence/hr-onboarding/2026-05/hires.csv
id,start
ann,2026-01-05
ben,2026-02-16
cal,2026-03-30
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    for (audit, short) in shortfalls(judgement).into_iter().filter(|(audit, _)| !is_over(judgement, audit)) {
        let Some(control) = judgement.program.controls.get(short.control) else { continue };
        let (until, days) = (short.until, periods(&short.missing));
        let message =
            format!("the populations of the control `{}` end on {until}; missing so far: {days}", control.id);
        let at = furthest(&short).unwrap_or(control.id.at);
        gaps.about(Subject::new("control", control.id.to_string()), at, message)
            .audit(audit.id.as_deref())
            .help("export these days from the source now, and add them as evidence of this control");
    }
}
