use super::shared::current::with_standing;
use super::*;
use crate::model::evidence::Verdict;
use crate::text::{safe, word};
use crate::timeline::Flaw;

pub(super) static RULE: Rule = Rule {
    name: "review-without-digest",
    brief: "an accepting review that pins nothing",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
A review accepts evidence and has no `digest`, so a later change of the manifest goes unseen. `soc2 evidence review` writes
it.

## Why it matters
The review stands for whatever the manifest says today. With the digest anybody can see that what the reviewer accepted is
what is handed to the auditor.

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
#         ^^^^^^^^ `bob` accepted `access-review/2026-q1`, and the review has no digest
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
        let (Some(by), Some(result)) = (&reviewed.by, &reviewed.result) else { continue };
        let pins = reviewed.digest.is_some() || reviewed.misread.holds("digest");
        // A review after the day judged is not in view.
        if pins || result.value != Verdict::Accepted || standing.review.iter().any(Flaw::awaits_review) {
            continue;
        }
        let id = program.evidence_id(folder);
        let message = format!(
            "`{}` accepted `{}`, and the review has no digest of what was accepted",
            safe(by),
            safe(id)
        );
        gaps.about(Subject::new("evidence", id), result.at, message)
            .help(format!("have it reviewed again: soc2 evidence review {} --replace", word(&safe(id))));
    }
}
