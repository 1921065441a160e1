use super::shared::current;
use super::*;
use crate::text::{list, safe, some};

pub(super) static RULE: Rule = Rule {
    name: "population-incomplete",
    brief: "a population without proof that it is complete",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
A manifest calls an artefact a population and does not give all of `query`, `count`, `completeness` and `covers`. A
list without rows is told by `population-empty`.

## Why it matters
An auditor draws the sample from the list. What the list left out can never be picked, so completeness is tested before
anything else, and a list that fails takes every test that rests on it along.

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
    covers: { from: 2026-01-01, to: 2026-03-31 }
    population: { name: new-hires, key: id, date: start }
#                 ^^^^ lacks `query`, `count` and `completeness`
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
    for file in current::populations(judgement).filter(|file| !file.is_empty_unproven()) {
        let (artifact, population) = (file.artifact, file.population);
        let mistyped = |key: &&str| artifact.misread.holds(key) || population.misread.holds(key);
        let lacks: Vec<&str> = file.lacks().into_iter().filter(|key| !mistyped(key)).collect();
        if lacks.is_empty() {
            continue;
        }
        let message = format!("the population `{}` lacks {}", safe(file.name()), list(&lacks, "and"));
        let examples: Vec<&str> = lacks.iter().map(|key| example(key)).collect();
        gaps.about(Subject::new("evidence", program.evidence_id(file.folder)), population.place, message)
            .help(format!("add what the source shows: {}", some(&examples, examples.len())));
    }
}

fn example(key: &str) -> &'static str {
    match key {
        "query" => "`query: \"GET /v1/hires?from=2026-01-01\"`",
        "count" => "`count: 213`",
        "completeness" => "`completeness: \"3 of 3 pages\"`",
        _ => "`covers: { from: 2026-01-01, to: 2026-03-31 }`",
    }
}
