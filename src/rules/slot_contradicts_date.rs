use super::shared::dates::slot_named;
use super::shared::refusals::refusals;
use super::*;
use crate::text::{clip, safe};
use crate::timeline::Flaw;

pub(super) static RULE: Rule = Rule {
    name: "slot-contradicts-date",
    brief: "evidence dated outside the slot it names",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
A slot waits for evidence that names it under `slot`, and the control was performed before the slot's interval began or
after its grace ended.

## Why it matters
The slot says what the evidence is for, the date says that it cannot be. A reader sees a review of April filed as that of
March.

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
performed: { on: 2026-04-20, by: alice }
result: { outcome: as-expected }
reviewed: { on: 2026-04-21, by: bob, result: accepted }
slot: 2026-Q1
#     ^^^^^^^ `access-review/2026-q1` is dated 2026-04-20 and names 2026-Q1, which takes dates from 2026-01-01 to 2026-04-15
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
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
result: { outcome: as-expected }
reviewed: { on: 2026-03-30, by: bob, result: accepted }
slot: 2026-Q1
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
    for found in refusals(judgement, |flaw| matches!(flaw, Flaw::SlotContradictsDate(..))) {
        let Flaw::SlotContradictsDate(name, from, to) = found.flaw else { continue };
        let id = found.id();
        let message = format!(
            "`{}` is dated {} and names {}, which takes dates from {from} to {to}",
            safe(id),
            found.refused.on,
            clip(&safe(name), 60)
        );
        let at = slot_named(&found.folder.manifest, name);
        gaps.about(Subject::new("evidence", id), at, message).help(found.flaw.mend());
    }
}
