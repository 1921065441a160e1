use super::shared::current;
use super::*;
use crate::text::safe;

pub(super) static RULE: Rule = Rule {
    name: "population-rows-outside-period",
    brief: "a population with rows outside the days it covers",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
A population names a `date` column, and a row of it lies before the first or after the last day of `covers`. A moment
belongs to its day in the organisation's time zone. Rows whose date cannot be read are not looked at.

## Why it matters
Rows from outside the period show that the query did not ask for the period. What else it asked for, and what it left
out, is then anybody's guess.

## Example
```yaml
#- evidence/hr-onboarding/2026-q1/manifest.yaml
title: New hires, first quarter
controls: [hr-onboarding]
kind: system-report
performed: { on: 2026-04-02, by: alice }
artifacts:
  - path: hires.csv
    sha256: "e3f1c5f69109c18ca7d79136b1dfab97a8ae10f4f1ce96f461fd2e6365740f76"
    query: "GET /v1/hires?from=2026-01-01&to=2026-03-31"
    covers: { from: 2026-01-01, to: 2026-03-31 }
#                   ^^^^^^^^^^ `hires.csv` has a row of 2025-12-29, before
#                                   ^^^^^^^^^^ `hires.csv` has a row of 2026-04-01, after
    population: { name: new-hires, key: id, date: start, count: 3, completeness: "1 of 1 pages" }
#- evidence/hr-onboarding/2026-q1/hires.csv
id,start
ann,2025-12-29
ben,2026-02-16
cal,2026-04-01
```

## Fixed
```yaml
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
    let program = judgement.program;
    for file in current::populations(judgement) {
        let Some((first, last)) = file.dates_outside() else { continue };
        let Some(covers) = &file.artifact.covers else { continue };
        let early = covers.from.as_ref().filter(|from| first < from.value);
        let late = covers.to.as_ref().filter(|to| last > to.value);
        let early = early.map(|from| (first, "before the first", from));
        for (row, which, bound) in early.into_iter().chain(late.map(|to| (last, "after the last", to))) {
            let name = safe(file.name());
            let message = format!("the population `{name}` has a row of {row}, {which} day it covers");
            gaps.about(Subject::new("evidence", program.evidence_id(file.folder)), bound.at, message)
                .help("correct `covers` if it is wrong; else export again with a query for these days");
        }
    }
}
