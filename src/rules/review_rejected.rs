use super::shared::current::with_standing;
use super::*;
use crate::text::safe;
use crate::timeline::Flaw;

pub(super) static RULE: Rule = Rule {
    name: "review-rejected",
    brief: "evidence that its reviewer rejected",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
The review of evidence says `rejected`. Evidence that takes its place with `supersedes` closes this.

## Why it matters
The company itself says that this does not show what it should. It counts for nothing, and the auditor asks what came
after.

## Example
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
result: { outcome: as-expected }
reviewed: { on: 2026-03-30, by: bob, result: rejected }
#                                            ^^^^^^^^ `bob` rejected `access-review/2026-q1` on 2026-03-30
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
    let program = judgement.program;
    for (folder, standing) in with_standing(judgement) {
        let Some(reviewed) = folder.manifest.reviewed.as_ref() else { continue };
        let (Some(by), Some(on), Some(result)) = (&reviewed.by, &reviewed.on, &reviewed.result) else {
            continue;
        };
        if !standing.flaws.contains(&Flaw::ReviewRejected) {
            continue;
        }
        let id = program.evidence_id(folder);
        let message = format!("`{}` rejected `{}` on {}", safe(by), safe(id), on.value);
        gaps.about(Subject::new("evidence", id), result.at, message)
            .help(format!("file what takes its place, with `supersedes: [{}]`", safe(id)))
            .since(on.value);
    }
}
