use super::shared::{current, tables};
use super::*;
use crate::text::{clip, safe};

pub(super) static RULE: Rule = Rule {
    name: "population-column-missing",
    brief: "a population without the column that is named",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
`key` or `date` of a population names a column that the header of the CSV does not have.

## Why it matters
Without the column nobody can tell whether a row stands there twice or lies outside the period, and an auditor cannot
name the items of the sample.

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
    population: { name: new-hires, key: employee, date: start, count: 3, completeness: "1 of 1 pages" }
#                                       ^^^^^^^^ `hires.csv` has no column `employee`
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
        for column in file.missing_columns() {
            let (name, typed) = (safe(file.name()), clip(&safe(column), 60));
            let message = format!("the population `{name}` has no column `{typed}`");
            gaps.about(Subject::new("evidence", program.evidence_id(file.folder)), column.at, message)
                .help(tables::column_help(file.table, column));
        }
    }
}
