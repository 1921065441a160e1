use super::shared::{current, tables};
use super::*;
use crate::text::{clip, safe};

pub(super) static RULE: Rule = Rule {
    name: "population-duplicate-key",
    brief: "a population with a key in two rows",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
Two rows of a population have the same cell in the column that `key` names. Blanks around a cell do not matter.

## Why it matters
A sample is drawn by key. Where a key stands for two items, nobody can say which was tested, and a list with doubles has
often lost as many others, as when a page was exported twice.

## Example
```yaml
#- evidence/hr-onboarding/2026-q1/manifest.yaml
title: New hires, first quarter
controls: [hr-onboarding]
kind: system-report
performed: { on: 2026-04-02, by: alice }
artifacts:
  - path: hires.csv
    sha256: "77480d0058a6442d5e55a2dd85a35b8df2c64da63cf8c6ee7e2dcb77937efac5"
    query: "GET /v1/hires?from=2026-01-01&to=2026-03-31"
    covers: { from: 2026-01-01, to: 2026-03-31 }
    population: { name: new-hires, key: id, date: start, count: 3, completeness: "1 of 1 pages" }
#                                       ^^ `hires.csv` has 1 row whose `id` an earlier row has: `ann`
#- evidence/hr-onboarding/2026-q1/hires.csv
id,start
ann,2026-01-05
ben,2026-02-16
ann,2026-03-30
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
        let Some(((doubles, first), key)) = file.duplicates().zip(file.population.key.as_ref()) else {
            continue;
        };
        let (name, column, first) = (safe(file.name()), clip(&safe(key), 60), clip(&safe(first), 60));
        let (rows, which) = (tables::rows(doubles), if doubles == 1 { ":" } else { ", first" });
        let message = format!(
            "the population `{name}` has {rows} whose `{column}` an earlier row has{which} `{first}`"
        );
        gaps.about(Subject::new("evidence", program.evidence_id(file.folder)), key.at, message).help(
            "export it again without doubles, or name under `key` the column that tells the rows apart",
        );
    }
}
