use super::shared::refusals::refusals;
use super::*;
use crate::text::safe;
use crate::timeline::Flaw;
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule {
    name: "compensating-not-supported",
    brief: "a control that should make up for a self-review, unsupported",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
In a small team, a reviewer who also performed the control names under `compensating` the control that makes up for it, and
that control is in place and not itself supported: its design has a fault, or its own evidence is missing, refused or
not there yet. One that is not in place at all is told by `compensating-not-in-place`.

## Why it matters
One weak control does not make up for another. The auditor tests the compensating control first, and accepts the self-review
only if that one holds.

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
reviewed: { on: 2026-03-30, by: alice, result: accepted, compensating: ceo-review }
#                                                                      ^^^^^^^^^^ `ceo-review` is not supported itself, so it does not make up for the self-review of `access-review/2026-q1`
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
#- controls/ceo-review.yaml
id: ceo-review
title: The CEO looks back
description: Each month the CEO looks at what one person did alone.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: monthly
criteria: [CC5.1]
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
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let in_place: BTreeSet<usize> = judgement
        .audits
        .iter()
        .flat_map(|audit| audit.controls.iter().filter(|control| control.in_place.is_some()))
        .map(|control| control.control)
        .collect();
    for found in refusals(judgement, |flaw| matches!(flaw, Flaw::SelfReview(_))) {
        let standing = judgement.evidence.get(found.refused.evidence);
        let Some(control) = standing.and_then(|standing| standing.compensating) else { continue };
        let reviewed = found.folder.manifest.reviewed.as_ref();
        let Some(named) = reviewed.and_then(|reviewed| reviewed.compensating.as_ref()) else { continue };
        if !in_place.contains(&control) {
            continue;
        }
        let id = found.id();
        let message = format!(
            "`{}` is not supported itself, so it does not make up for the self-review of `{}`",
            judgement.control_name(control),
            safe(id)
        );
        gaps.about(Subject::new("evidence", id), named.at, message).help(format!(
            "file accepted evidence of `{}` and mend its design, or have another person review this",
            judgement.control_name(control)
        ));
    }
}
