use super::shared::current;
use super::*;
use crate::text::safe;

pub(super) static RULE: Rule = Rule {
    name: "covers-after-collected",
    brief: "a population said to cover days after it was collected",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
`covers` of a population ends after the day on which it was collected, in the organisation's time zone. Other artefacts
are not looked at: there `covers` may name the interval that a review was for.

## Why it matters
A list made on 15 December cannot show what happened on the 20th. Taken at its word, it would hide the last days of the
window from the sample, and auditors compare just these two dates.

## Example
```yaml
#- evidence/hr-onboarding/2026-q1/manifest.yaml
title: New hires, first quarter
controls: [hr-onboarding]
kind: system-report
performed: { on: 2026-03-30, by: alice }
collected: { at: 2026-03-30T15:04:05Z, by: bob }
artifacts:
  - path: hires.csv
    sha256: "4ba92cd6c7171ffec428a51e8fe1334da5424ec2c7aed9f5bb964638dff2fb07"
    query: "GET /v1/hires?from=2026-01-01&to=2026-03-31"
    covers: { from: 2026-01-01, to: 2026-03-31 }
#                                   ^^^^^^^^^^ covers days up to 2026-03-31, and was collected on 2026-03-30
    population: { name: new-hires, key: id, date: start, count: 3, completeness: "1 of 1 pages" }
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
timezone = "America/Los_Angeles"
#- evidence/hr-onboarding/2026-q1/manifest.yaml
title: New hires, first quarter
controls: [hr-onboarding]
kind: system-report
performed: { on: 2026-03-31, by: alice }
collected: { at: 2026-04-01T05:00:00Z, by: bob }
artifacts:
  - path: hires.csv
    sha256: "4ba92cd6c7171ffec428a51e8fe1334da5424ec2c7aed9f5bb964638dff2fb07"
    query: "GET /v1/hires?from=2026-01-01&to=2026-03-31"
    covers: { from: 2026-01-01, to: 2026-03-31 }
    population: { name: new-hires, key: id, date: start, count: 3, completeness: "1 of 1 pages" }
#- evidence/hr-onboarding/2026-q1/hires.csv
id,start
ann,2026-01-05
ben,2026-02-16
cal,2026-03-30
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let (program, zone) = (judgement.program, judgement.zone());
    for file in current::populations(judgement) {
        let Some((to, taken)) = file.ahead_of_collection(&zone) else { continue };
        let Some(at) = file.artifact.covers.as_ref().and_then(|covers| covers.to.as_ref()) else { continue };
        let name = safe(file.name());
        let message = format!("the population `{name}` covers days up to {to}, and was collected on {taken}");
        gaps.about(Subject::new("evidence", program.evidence_id(file.folder)), at.at, message).help(format!(
            "end `covers` on {taken}, and export the days after it later as evidence of their own"
        ));
    }
}
