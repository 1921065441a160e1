use super::shared::current;
use super::shared::performed::{When, last_performed};
use super::*;
use crate::text::safe;

pub(super) static RULE: Rule = Rule {
    name: "reviewed-before-performed",
    brief: "evidence reviewed before the control was performed",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
A review is dated before the day the control was performed; where a manifest lists several performances, before the
last of them. The same day is fine.

## Why it matters
Nobody can review what has not happened. Such a date suggests that the review was filled in afterwards, and the
evidence does not count.

## Example
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
reviewed: { on: 2026-03-26, by: bob, result: accepted }
#               ^^^^^^^^^^ was reviewed on 2026-03-26, before it was performed on 2026-03-28
```

```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
occurrences:
  - { on: 2026-03-31, by: alice }
  - { on: 2026-02-28, by: alice }
reviewed: { on: 2026-03-30, by: bob, result: accepted }
#               ^^^^^^^^^^ was reviewed on 2026-03-30, before it was performed on 2026-03-31
```

## Fixed
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
reviewed: { on: 2026-03-30, by: bob, result: accepted }
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let (program, zone) = (judgement.program, judgement.zone());
    for folder in current::evidence(judgement) {
        let Some(on) = folder.manifest.reviewed.as_ref().and_then(|reviewed| reviewed.on.as_ref()) else {
            continue;
        };
        let Some(done) = last_performed(&folder.manifest, &zone) else { continue };
        let Some((reviewed, done)) = When::On(on.value).before(done, &zone) else { continue };
        let id = program.evidence_id(folder);
        let message = format!("`{}` was reviewed {reviewed}, before it was performed {done}", safe(id));
        gaps.about(Subject::new("evidence", id), on.at, message)
            .help("correct the date that is wrong, or have it reviewed again");
    }
}
