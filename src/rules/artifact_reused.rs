use super::shared::refusals::refusals;
use super::*;
use crate::text::safe;
use crate::timeline::Flaw;

pub(super) static RULE: Rule = Rule {
    name: "artifact-reused",
    brief: "one artefact for several slots",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
A slot waits for evidence of which every artefact was used by earlier evidence of the control in another interval, also under
another name; or one manifest shows more intervals than it has artefacts. A log in which each row is an occurrence may
fill many. Two runs of a program that printed the same are two artefacts where both were captured and each has its own moment.

## Why it matters
The same list four times is one review. The auditor compares the files, and after the first find compares all of them.

## Example
```yaml
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: quarterly
criteria: [CC6.2]
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
#- evidence/access-review/2026-q2/manifest.yaml
title: Q2 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-06-20, by: alice }
result: { outcome: as-expected }
reviewed: { on: 2026-06-22, by: bob, result: accepted }
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ all artefacts of `access-review/2026-q2` were used by `access-review/2026-q1` before
#- evidence/access-review/2026-q2/github.csv
login,role
alice,admin
```

## Fixed
```yaml
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: quarterly
criteria: [CC6.2]
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
#- evidence/access-review/2026-q2/manifest.yaml
title: Q2 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-06-20, by: alice }
result: { outcome: as-expected }
reviewed: { on: 2026-06-22, by: bob, result: accepted }
artifacts:
  - path: github.csv
    sha256: "9757d30a2d2a3b324578e475b70957ef748f071f111af566a378ad984829dd71"
#- evidence/access-review/2026-q2/github.csv
login,role
alice,admin
bob,user
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let reused = |flaw: &Flaw| matches!(flaw, Flaw::Reused(_) | Flaw::OneArtifactForMany);
    for found in refusals(judgement, reused) {
        let manifest = &*found.folder.manifest;
        let id = found.id();
        let message = match found.flaw {
            Flaw::Reused(first) => {
                let first = judgement.evidence_name(*first);
                format!("all artefacts of `{}` were used by `{first}` before", safe(id))
            }
            _ => format!(
                "`{}` shows more intervals of `{}` than it has artefacts",
                safe(id),
                found.seen.control.id
            ),
        };
        let hash = manifest.artifacts.iter().find_map(|artifact| artifact.sha256.as_ref());
        let at = hash.map_or(manifest.place, |hash| hash.at);
        gaps.about(Subject::new("evidence", id), at, message).help(found.flaw.mend());
    }
}
