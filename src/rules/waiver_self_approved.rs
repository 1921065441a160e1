use super::shared::persons::same_person;
use super::*;
use crate::text::safe;

pub(super) static RULE: Rule = Rule {
    name: "waiver-self-approved",
    brief: "a waiver approved by who asked for it",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
A waiver was approved by the person who asked for it, also under an alias or another spelling of an e-mail address. It
lets nothing through.

## Why it matters
A waiver is a decision to live with a gap. Taken alone by who has the gap, it is no decision of the company, and an
auditor gives it no weight.

## Example
```yaml
#- registers/waivers.yaml
- id: board
  rule: criterion-planned-only
  subject: CC1.2
  reason: The board is elected in autumn
  requested: { by: alice, on: 2026-05-29 }
  approved: { by: ALICE, on: 2026-06-01 }
#                 ^^^^^ `ALICE` asked for the waiver `board` and approved it; it lets nothing through
  expires: 2026-12-31
```

## Fixed
```yaml
#- registers/waivers.yaml
- id: board
  rule: criterion-planned-only
  subject: CC1.2
  reason: The board is elected in autumn
  requested: { by: alice, on: 2026-05-29 }
  approved: { by: bob, on: 2026-06-01 }
  expires: 2026-12-31
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    for waiver in &program.registers.waivers {
        let asked = waiver.requested.as_ref().and_then(|act| act.by.as_ref());
        let approved = waiver.approved.as_ref().and_then(|act| act.by.as_ref());
        let (Some(asked), Some(approved)) = (asked, approved) else { continue };
        if !same_person(program, asked, approved) {
            continue;
        }
        let message = format!(
            "`{}` asked for the waiver `{}` and approved it; it lets nothing through",
            safe(approved),
            waiver.id
        );
        gaps.about(Subject::new("waiver", waiver.id.to_string()), approved.at, message)
            .help("have somebody else approve it, or withdraw it and close the gap");
    }
}
