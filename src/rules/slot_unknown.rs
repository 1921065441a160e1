use super::shared::dates::slot_named;
use super::shared::refusals::refusals;
use super::*;
use crate::text::{clip, safe};
use crate::timeline::{Flaw, Spell};

pub(super) static RULE: Rule = Rule {
    name: "slot-unknown",
    brief: "evidence for a slot that the control does not have",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
A slot waits for evidence that names a slot under `slot` which its control does not have: another cadence's, or no slot at
all. Without `slot` the date decides.

## Why it matters
Evidence that is meant for nothing counts for nothing, and the slot it was meant for stays empty.

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
slot: march
#     ^^^^^ `access-review` has no slot `march`
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
    for found in refusals(judgement, |flaw| matches!(flaw, Flaw::NoSuchSlot(_))) {
        let Flaw::NoSuchSlot(name) = found.flaw else { continue };
        let control = found.seen.control;
        let message = format!("`{}` has no slot `{}`", control.id, clip(&safe(name), 60));
        let at = slot_named(&found.folder.manifest, name);
        let help = match found.seen.slot.spell {
            Spell::Interval(interval) if found.is_of_its_date() => {
                format!(
                    "{} is the slot of {}; or leave `slot` out: the date decides",
                    interval.name(),
                    found.refused.on
                )
            }
            _ => found.flaw.mend().to_owned(),
        };
        gaps.about(Subject::new("evidence", found.id()), at, message).help(help);
    }
}
