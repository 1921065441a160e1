use super::shared::current;
use super::*;
use crate::text::safe;

pub(super) static RULE: Rule = Rule {
    name: "population-round-count",
    brief: "a population with as many rows as a page holds",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
The rows or the `count` of a population are exactly 100, 200, 250, 500, 1000, 2000, 5000 or 10000, and `completeness`
says nothing of pages, of a total, or of so many out of how many.

## Why it matters
These are the numbers at which tools cut a list. A round count is rarely a coincidence, and an auditor asks for the
total that the source shows.

## Example
```yaml
#- evidence/hr-onboarding/2026-q1/manifest.yaml
title: New hires, first quarter
controls: [hr-onboarding]
kind: system-report
performed: { on: 2026-04-02, by: alice }
artifacts:
  - path: hires.xlsx
    sha256: "4ba92cd6c7171ffec428a51e8fe1334da5424ec2c7aed9f5bb964638dff2fb07"
    query: "GET /v1/hires?from=2026-01-01&to=2026-03-31"
    covers: { from: 2026-01-01, to: 2026-03-31 }
    population: { name: new-hires, key: id, date: start, count: 250, completeness: "exported by the HR lead" }
#                                                               ^^^ `hires.xlsx` has 250 rows
```

## Fixed
```yaml
#- evidence/hr-onboarding/2026-q1/manifest.yaml
title: New hires, first quarter
controls: [hr-onboarding]
kind: system-report
performed: { on: 2026-04-02, by: alice }
artifacts:
  - path: hires.xlsx
    sha256: "4ba92cd6c7171ffec428a51e8fe1334da5424ec2c7aed9f5bb964638dff2fb07"
    query: "GET /v1/hires?from=2026-01-01&to=2026-03-31"
    covers: { from: 2026-01-01, to: 2026-03-31 }
    population: { name: new-hires, key: id, date: start, count: 250, completeness: "3 of 3 pages" }
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    for file in current::populations(judgement) {
        let Some((rows, completeness)) = file.round_count().zip(file.population.completeness.as_ref()) else {
            continue;
        };
        let at = file.population.count.as_ref().map_or(completeness.at, |count| count.at);
        let name = safe(file.name());
        let message = format!("the population `{name}` has {rows} rows, a number at which tools cut a list");
        gaps.about(Subject::new("evidence", program.evidence_id(file.folder)), at, message).help(
            "say under `completeness` what the source shows: `\"5 of 5 pages\"`, `\"total 250\"`; or export again",
        );
    }
}
