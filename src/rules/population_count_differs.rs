use super::shared::{current, tables};
use super::*;
use crate::text::safe;

pub(super) static RULE: Rule = Rule {
    name: "population-count-differs",
    brief: "a population with more or fewer rows than stated",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
The CSV of a population does not have as many rows as `count` says. The header and blank rows are no rows.

## Why it matters
`count` is what the source showed. If the file holds another number, rows were lost, added or edited on the way, and
the first thing an auditor does is to count them.

## Example
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
    population: { name: new-hires, key: id, date: start, count: 4, completeness: "1 of 1 pages" }
#                                                               ^ `hires.csv` has 3 rows, but `count` says 4
#- evidence/hr-onboarding/2026-q1/hires.csv
id,start
ann,2026-01-05
ben,2026-02-16
cal,2026-03-30
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
        let Some(((stated, rows), count)) = file.count_differs().zip(file.population.count.as_ref()) else {
            continue;
        };
        let rows = tables::rows(rows);
        let message = format!("the population `{}` has {rows}, but `count` says {stated}", safe(file.name()));
        gaps.about(Subject::new("evidence", program.evidence_id(file.folder)), count.at, message)
            .help("export it again, or correct `count` to what the source shows");
    }
}
