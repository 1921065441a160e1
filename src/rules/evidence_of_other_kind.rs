use super::shared::refusals::refusals;
use super::*;
use crate::text::{list, safe};
use crate::timeline::Flaw;

pub(super) static RULE: Rule = Rule {
    name: "evidence-of-other-kind",
    brief: "evidence of a kind that the control does not ask for",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
A slot waits for evidence, and what there is, is of none of the kinds under `evidence_required` of the control: neither the
manifest nor one of its artefacts.

## Why it matters
The control says what trace it leaves, and the auditor tests it against that sentence. Another kind of trace means that
something else was done, or that the control is worded wrong.

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
evidence_required:
  - { kind: system-report, per: slot, min: 1 }
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: screenshot
#     ^^^^^^^^^^ `access-review/2026-q1` is of the kind `screenshot`, and `access-review` asks for `system-report`
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
evidence_required:
  - { kind: system-report, per: slot, min: 1 }
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
    for found in refusals(judgement, |flaw| matches!(flaw, Flaw::OtherKind(_))) {
        let Flaw::OtherKind(kind) = found.flaw else { continue };
        let manifest = &*found.folder.manifest;
        let control = found.seen.control;
        let asked = control.evidence_required.iter().filter_map(|one| one.kind.as_ref());
        let mut asked: Vec<&str> = asked.map(|kind| kind.value.word()).collect();
        asked.dedup();
        let id = found.id();
        let message = format!(
            "`{}` is of the kind `{}`, and `{}` asks for {}",
            safe(id),
            kind.word(),
            control.id,
            list(&asked, "or")
        );
        let at = manifest.kind.as_ref().map_or(manifest.place, |kind| kind.at);
        gaps.about(Subject::new("evidence", id), at, message).help(found.flaw.mend());
    }
}
