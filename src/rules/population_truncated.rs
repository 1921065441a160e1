use super::shared::current;
use super::*;
use crate::text::{clip, safe};

pub(super) static RULE: Rule = Rule {
    name: "population-truncated",
    brief: "a population that is a part of a longer list",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
A population says of itself that it is not the whole list: `page 1 of 7`, `showing 250 of 1743`, `results truncated`,
`limit reached`, `has_more`. Looked at are `completeness`, `query` and the beginning of the last row.

## Why it matters
Tools hand out long lists in pages. A sample drawn from the first page never meets what stands on the others, so an
auditor who sees the marker sends the whole list back.

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
    population: { name: new-hires, key: id, date: start, count: 3, completeness: "page 1 of 7" }
#                                                                                ^^^^^^^^^^^^^ `hires.csv` is a part of a longer list: `page 1 of 7`
#- evidence/hr-onboarding/2026-q1/hires.csv
id,start
ann,2026-01-05
ben,2026-02-16
cal,2026-03-30
```

```yaml
#- evidence/hr-onboarding/2026-q1/manifest.yaml
title: New hires, first quarter
controls: [hr-onboarding]
kind: system-report
performed: { on: 2026-04-02, by: alice }
artifacts:
  - path: hires.csv
#         ^^^^^^^^^ `hires.csv` is a part of a longer list: `page 1 of 7`
    sha256: "c3e59a44ee80a71efce12043db8df0588f02665528ee9cc725ce6a28c894b0f1"
    query: "GET /v1/hires?from=2026-01-01&to=2026-03-31"
    covers: { from: 2026-01-01, to: 2026-03-31 }
    population: { name: new-hires, key: id, date: start, count: 3, completeness: "1 of 1 pages" }
#- evidence/hr-onboarding/2026-q1/hires.csv
id,start
ann,2026-01-05
ben,2026-02-16
Page 1 of 7
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
    population: { name: new-hires, key: id, date: start, count: 3, completeness: "7 of 7 pages, has_more was false on the last" }
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
        let Some((marker, typed)) = file.truncated() else { continue };
        let named = file.artifact.path.as_ref().map_or(file.population.place, |path| path.at);
        let at = typed.map_or(named, |text| text.at);
        let (name, marker) = (safe(file.name()), clip(&safe(&marker), 60));
        let message = format!("the population `{name}` is a part of a longer list: `{marker}`");
        gaps.about(Subject::new("evidence", program.evidence_id(file.folder)), at, message)
            .help("export all pages into one file and say so: `completeness: \"7 of 7 pages\"`");
    }
}
