use super::shared::missing_days::{furthest, periods};
use super::*;
use crate::timeline::population::{is_over, shortfalls};

pub(super) static RULE: Rule = Rule {
    name: "population-too-short",
    brief: "days of a window that no population covers",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
The window of a Type II is over, and the populations of a control with `cadence: event` together do not cover all of its
days on which the control was in place. Looked at is `covers`; populations of evidence that is superseded or rejected
count for nothing. A control without any population is not told here.

## Why it matters
What happened on the missing days could not be sampled. The auditor needs the rest of the list, or reports that the
control could not be tested for the whole window.

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
period = { from = 2026-01-01, to = 2026-03-31 }
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
performed: { on: 2026-03-16, by: alice }
artifacts:
  - path: hires.csv
    sha256: "4ba92cd6c7171ffec428a51e8fe1334da5424ec2c7aed9f5bb964638dff2fb07"
    query: "GET /v1/hires?from=2026-01-01&to=2026-03-31"
    covers: { from: 2026-01-01, to: 2026-03-15 }
#                                   ^^^^^^^^^^ leave out 2026-03-16 to 2026-03-31
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
period = { from = 2026-01-01, to = 2026-03-31 }
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
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    for (audit, short) in shortfalls(judgement).into_iter().filter(|(audit, _)| is_over(judgement, audit)) {
        let Some(control) = judgement.program.controls.get(short.control) else { continue };
        let (from, to) = audit.window;
        let days = periods(&short.missing);
        let message = format!(
            "the populations of the control `{}` leave out {days} of the window {from} to {to}",
            control.id
        );
        let at = furthest(&short).unwrap_or(control.id.at);
        gaps.about(Subject::new("control", control.id.to_string()), at, message)
            .audit(audit.id.as_deref())
            .help("export the missing days from the source, and add them as evidence of this control");
    }
}
