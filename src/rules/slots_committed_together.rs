use super::shared::together;
use super::*;
use crate::text::some;
use crate::timeline::witness;

pub(super) static RULE: Rule = Rule {
    name: "slots-committed-together",
    brief: "slots of several intervals first committed on one day",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
All filled slots of a control, of two intervals at least, rest on manifests that were first committed on one and the same day,
and one of them more than 30 days after its performance (`back_filled_days` under `[timeline]`). One manifest that speaks of
several intervals, as a dated log does, is not meant, nor what was performed before history begins. The same evidence is not
told again by `evidence-back-filled`.

## Why it matters
A control that runs each quarter leaves something behind each quarter. Four quarters filed in one afternoon show that somebody
prepared for an audit; whether the control ran in between, the auditor has to find out elsewhere.

## Example
```yaml
#- controls/access-review.yaml
id: access-review
#   ^^^^^^^^^^^^^ 2 slots of `access-review` (2026-Q1, 2026-Q2) were performed from 2026-02-10 to 2026-06-20, and first recorded together on 2026-06-22 in 2222222 (claimed)
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: quarterly
type: automated
criteria: [CC6.2]
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-02-10, by: alice }
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
artifacts:
  - path: github.csv
    sha256: "c3b859a3c8bfa4e06a091a17f2e9c2298db80af970287916c1046dfe8f936b84"
#- evidence/access-review/2026-q2/github.csv
login,role
bob,admin
#! commit 2026-01-02 alice@acme.com soc2.toml
#! commit 2026-06-22 alice@acme.com evidence/access-review/2026-q1/manifest.yaml evidence/access-review/2026-q2/manifest.yaml
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
type: automated
criteria: [CC6.2]
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-02-10, by: alice }
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
artifacts:
  - path: github.csv
    sha256: "c3b859a3c8bfa4e06a091a17f2e9c2298db80af970287916c1046dfe8f936b84"
#- evidence/access-review/2026-q2/github.csv
login,role
bob,admin
#! commit 2026-01-02 alice@acme.com soc2.toml
#! commit 2026-02-12 alice@acme.com evidence/access-review/2026-q1/manifest.yaml
#! commit 2026-06-22 alice@acme.com evidence/access-review/2026-q2/manifest.yaml
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let (program, zone) = (judgement.program, judgement.zone());
    for found in together::all(judgement) {
        let Some(control) = program.controls.get(found.control.control) else { continue };
        let (Some((_, first)), Some((_, last))) = (found.slots.first(), found.slots.last()) else { continue };
        let mut names: Vec<String> = found.slots.iter().map(|(slot, _)| slot.spell.name()).collect();
        names.dedup();
        let when = witness::when(&program.history, found.commit, &zone);
        let message = format!(
            "{} slots of `{}` ({}) were performed from {first} to {last}, and first recorded together {when}",
            found.slots.len(),
            control.id,
            some(&names, 4)
        );
        let audit = judgement.audits.get(found.audit).and_then(|audit| audit.id.as_deref());
        gaps.about(Subject::new("control", control.id.to_string()), control.id.at, message)
            .audit(audit)
            .help("file evidence when the control is performed; tell the auditor why these came late");
    }
}
