use super::shared::current;
use super::*;
use crate::text::{list, safe};
use crate::timeline::population::PopulationFile;

pub(super) static RULE: Rule = Rule {
    name: "population-empty",
    brief: "a population without rows and without proof that nothing happened",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
The CSV of a population has a header and no rows. That is right where nothing happened: `count: 0` with `query`,
`completeness` and `covers` proves it.

## Why it matters
No new hires in a year may be true, and looks exactly like a query with a wrong filter. Without proof an auditor takes
the list as broken, and the control as not tested.

## Example
```yaml
#- evidence/hr-onboarding/2026-q1/manifest.yaml
title: New hires, first quarter
controls: [hr-onboarding]
kind: system-report
performed: { on: 2026-04-02, by: alice }
artifacts:
  - path: hires.csv
    sha256: "aef4a0bc8e20086b7c025a7989e4eba3324953c58cfb03152afb4d2ffb3fd832"
    query: "GET /v1/hires?from=2026-01-01&to=2026-03-31"
    covers: { from: 2026-01-01, to: 2026-03-31 }
    population: { name: new-hires, key: id, date: start, count: 3, completeness: "1 of 1 pages" }
#                                                               ^ `hires.csv` has no rows; `count` says 3
#- evidence/hr-onboarding/2026-q1/hires.csv
id,start
```

```yaml
#- evidence/hr-onboarding/2026-q1/manifest.yaml
title: New hires, first quarter
controls: [hr-onboarding]
kind: system-report
performed: { on: 2026-04-02, by: alice }
artifacts:
  - path: hires.csv
    sha256: "aef4a0bc8e20086b7c025a7989e4eba3324953c58cfb03152afb4d2ffb3fd832"
    query: "GET /v1/hires?from=2026-01-01&to=2026-03-31"
    covers: { from: 2026-01-01, to: 2026-03-31 }
    population: { name: new-hires, key: id, date: start }
#                 ^^^^ `hires.csv` has no rows, and lacks `count` and `completeness`
#- evidence/hr-onboarding/2026-q1/hires.csv
id,start
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
    sha256: "aef4a0bc8e20086b7c025a7989e4eba3324953c58cfb03152afb4d2ffb3fd832"
    query: "GET /v1/hires?from=2026-01-01&to=2026-03-31"
    covers: { from: 2026-01-01, to: 2026-03-31 }
    population: { name: new-hires, key: id, date: start, count: 0, completeness: "total shown by the source: 0" }
#- evidence/hr-onboarding/2026-q1/hires.csv
id,start
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    for file in current::populations(judgement).filter(PopulationFile::is_empty_unproven) {
        let lacks = file.lacks();
        let (artifact, population) = (file.artifact, file.population);
        if lacks.iter().any(|key| artifact.misread.holds(key) || population.misread.holds(key)) {
            continue;
        }
        let stated = population.count.as_ref();
        let but = match stated.filter(|count| count.value > 0) {
            Some(count) => format!("; `count` says {count}"),
            None => format!(", and lacks {} to prove that this is right", list(&lacks, "and")),
        };
        let at = stated.map_or(population.place, |count| count.at);
        let message = format!("the population `{}` has no rows{but}", safe(file.name()));
        gaps.about(Subject::new("evidence", program.evidence_id(file.folder)), at, message).help(
            "export it again; if nothing happened, write `count: 0` with `query`, `completeness` and `covers`",
        );
    }
}
