use super::*;

use jiff::civil::Date;

use crate::model::scalar::ControlRef;
use crate::text::safe;
use crate::timeline::in_effect;

pub(super) static RULE: Rule = Rule {
    name: "compensating-not-in-place",
    brief: "a compensating control that was not in place",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
A control in place, a waiver in force or a review names a compensating control that is not implemented on the day that
counts: the day of the judgement, for a review its own day. Whether the compensating control has evidence is judged
with its slots.

## Why it matters
A compensating control stands in for what is missing. If it does not exist either, nothing does, and the auditor takes
the weakness at full weight.

## Example
```yaml
#- controls/deploy.yaml
- id: deploy-review
  title: Changes are reviewed
  description: Each change is reviewed by another engineer before it is deployed.
  owner: security-lead
  status: implemented
  effective_from: 2026-01-01
  cadence: event
  criteria: [CC8.1]
  compensating: [monthly-look]
#                ^^^^^^^^^^^^ the control `monthly-look`, which is to make up for `deploy-review`, is not in place on 2026-06-30
- id: monthly-look
  title: The CEO looks at all changes
  description: Each month the CEO looks at the list of changes.
  owner: security-lead
  status: planned
  cadence: monthly
  criteria: [CC8.1]
- id: ceo-review
  title: The CEO looks back
  description: Each month the CEO looks at what one person did alone.
  owner: security-lead
  status: implemented
  effective_from: 2026-04-01
  cadence: monthly
  criteria: [CC5.1]
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [deploy-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
reviewed: { on: 2026-03-30, by: alice, result: accepted, compensating: ceo-review }
#                                                                      ^^^^^^^^^^ the control `ceo-review`, which is to make up for the review of `access-review/2026-q1`, is not in place on 2026-03-30
#- registers/waivers.yaml
- id: board
  rule: criterion-planned-only
  subject: CC1.2
  reason: The board is elected in autumn
  requested: { by: alice, on: 2026-01-04 }
  approved: { by: bob, on: 2026-01-05 }
  expires: 2026-12-31
  compensating: monthly-look
#               ^^^^^^^^^^^^ the control `monthly-look`, which is to make up for what the waiver `board` lets through, is not in place on 2026-06-30
```

## Fixed
```yaml
#- controls/deploy.yaml
- id: deploy-review
  title: Changes are reviewed
  description: Each change is reviewed by another engineer before it is deployed.
  owner: security-lead
  status: implemented
  effective_from: 2026-01-01
  cadence: event
  criteria: [CC8.1]
  compensating: [ceo-review]
- id: ceo-review
  title: The CEO looks back
  description: Each month the CEO looks at what one person did alone.
  owner: security-lead
  status: implemented
  effective_from: 2026-01-01
  cadence: monthly
  criteria: [CC5.1]
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [deploy-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
reviewed: { on: 2026-03-30, by: alice, result: accepted, compensating: ceo-review }
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let (program, today) = (judgement.program, judgement.as_of);
    let mut judge = |subject: Subject, by: &ControlRef, what: String, day: Date| {
        if stands(program, by, day) != Some(false) {
            return;
        }
        let message =
            format!("the control `{}`, which is to make up for {what}, is not in place on {day}", safe(by));
        gaps.about(subject, by.at, message)
            .help("put it in place and set `status: implemented` and `effective_from`, or name one that is");
    };
    for control in program.controls.iter().filter(|control| control.applies()) {
        if in_effect(control).is_some_and(|(from, to)| from <= today && today <= to) {
            for by in &control.compensating {
                let subject = Subject::new("control", control.id.to_string());
                judge(subject, by, format!("`{}`", control.id), today);
            }
        }
    }
    for waiver in &program.registers.waivers {
        let approved = waiver.approved.as_ref().and_then(|act| act.on.as_ref());
        let begun = approved.is_some_and(|on| on.value <= today);
        let holds = begun && waiver.expires.as_ref().is_some_and(|expires| today <= expires.value);
        if let Some(by) = waiver.compensating.as_ref().filter(|_| holds) {
            let subject = Subject::new("waiver", waiver.id.to_string());
            judge(subject, by, format!("what the waiver `{}` lets through", waiver.id), today);
        }
    }
    for folder in &program.evidence {
        let Some(reviewed) = &folder.manifest.reviewed else { continue };
        let (Some(by), Some(on)) = (&reviewed.compensating, &reviewed.on) else { continue };
        if on.value <= today {
            let id = safe(program.evidence_id(folder));
            judge(Subject::new("evidence", id.clone()), by, format!("the review of `{id}`"), on.value);
        }
    }
}

/// Is the control in place on that day? `None` when there is no such control, which has a diagnostic of its own.
fn stands(program: &Program, name: &ControlRef, day: Date) -> Option<bool> {
    let control = program.controls.get(*program.names.controls.get(&*name.value.0)?)?;
    let life = in_effect(control).filter(|_| control.applies());
    Some(life.is_some_and(|(from, to)| from <= day && day <= to))
}
