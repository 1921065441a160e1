use super::shared::current;
use super::shared::performed::{When, last_performed};
use super::*;
use crate::text::safe;

pub(super) static RULE: Rule = Rule {
    name: "evidence-collected-before-performed",
    brief: "evidence collected before the control was performed",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
The bytes were taken from their system before the control was performed. Two moments are compared as moments; else
the local days of the organisation's time zone, so the same day is fine.

## Why it matters
An export made before the review cannot show the review. One of the two dates is wrong, and the auditor will take
neither.

## Example
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
collected: { at: 2026-03-27T15:04:05Z, by: bob }
#                ^^^^^^^^^^^^^^^^^^^^ was collected on 2026-03-27, before it was performed on 2026-03-28
```

## Fixed
```yaml
#- soc2.toml
[organization]
name = "Acme, Inc."
timezone = "Asia/Tokyo"
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
collected: { at: 2026-03-27T16:00:00Z, by: bob }
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let (program, zone) = (judgement.program, judgement.zone());
    for folder in current::evidence(judgement) {
        let Some(collected) = &folder.manifest.collected else { continue };
        let at = collected.at.as_ref().map(|at| at.at).or_else(|| collected.on.as_ref().map(|on| on.at));
        let taken = When::of(collected.at.as_ref(), collected.on.as_ref());
        let done = last_performed(&folder.manifest, &zone);
        let (Some(at), Some(taken), Some(done)) = (at, taken, done) else { continue };
        let Some((taken, done)) = taken.before(done, &zone) else { continue };
        let id = program.evidence_id(folder);
        let message = format!("`{}` was collected {taken}, before it was performed {done}", safe(id));
        gaps.about(Subject::new("evidence", id), at, message).help(
            "correct the date that is wrong; if both are right, collect it again and state the new date",
        );
    }
}
