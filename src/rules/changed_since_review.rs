use super::shared::current::with_standing;
use super::*;
use crate::text::{safe, word};
use crate::timeline::Flaw;

pub(super) static RULE: Rule = Rule {
    name: "changed-since-review",
    brief: "evidence that was changed after its review",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
The digest that the review pins is not that of the manifest as it stands: something in it was changed after the reviewer
looked. Comments, the order of keys and quotes do not matter.

## Why it matters
The reviewer accepted something else. Until somebody looks again, an auditor cannot rest on the review, however small the
change was.

## Example
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
result: { outcome: as-expected }
reviewed:
  on: 2026-03-30
  by: bob
  result: accepted
  digest: "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"
#         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `access-review/2026-q1` was changed after `bob` reviewed it on 2026-03-30
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
reviewed:
  on: 2026-03-30
  by: bob
  result: accepted
  digest: "ca436935f386fdd2d9753555439d8da8289934126b1892392d9553e77b2963fd"
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
        let (Some(by), Some(on), Some(digest)) = (&reviewed.by, &reviewed.on, &reviewed.digest) else {
            continue;
        };
        // Without a digest the manifest is not read whole, and that is told where it is broken.
        if folder.digest.is_none() || !standing.flaws.contains(&Flaw::ChangedSinceReview) {
            continue;
        }
        let id = program.evidence_id(folder);
        let message = format!("`{}` was changed after `{}` reviewed it on {}", safe(id), safe(by), on.value);
        gaps.about(Subject::new("evidence", id), digest.at, message)
            .help(format!("have it reviewed again: soc2 evidence review {} --replace", word(&safe(id))));
    }
}
