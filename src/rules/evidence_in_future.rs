use super::shared::current::with_standing;
use super::shared::dates;
use super::*;
use crate::text::safe;
use crate::timeline::Flaw;

pub(super) static RULE: Rule = Rule {
    name: "evidence-in-future",
    brief: "evidence dated in the future",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
A performance, a collection or a review is dated after the last day on which it can have been written: today for a work
tree. When an earlier day is asked for with `--as-of`, what is dated after it is only out of view.

## Why it matters
Nobody can have done it yet. A date in the future is a slip, or a record prepared before the work; both make an auditor
doubt the other dates.

## Example
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-07-28, by: alice }
#                ^^^^^^^^^^ `access-review/2026-q1` is dated 2026-07-28, and was written by 2026-06-30
result: { outcome: as-expected }
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
```

## Fixed
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
result: { outcome: as-expected }
reviewed: { on: 2026-03-30, by: bob, result: accepted }
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let (program, zone) = (judgement.program, judgement.zone());
    let Some(recorded) = judgement.recorded else { return };
    for (folder, standing) in with_standing(judgement) {
        let mut days = standing.flaws.iter().chain(&standing.review).filter_map(|flaw| match flaw {
            Flaw::InFuture(day) => Some(*day),
            _ => None,
        });
        let Some(day) = days.next() else { continue };
        let id = program.evidence_id(folder);
        let message = format!("`{}` is dated {day}, and was written by {recorded}", safe(id));
        gaps.about(Subject::new("evidence", id), dates::anywhere(folder, day, &zone), message)
            .help("correct the date; what is not done yet is filed when it is done");
    }
}
