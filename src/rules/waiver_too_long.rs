use super::*;

use jiff::ToSpan;

pub(super) static RULE: Rule = Rule {
    name: "waiver-too-long",
    brief: "a waiver for more than twelve months",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
A waiver expires more than twelve months after it was approved. It lets nothing through.

## Why it matters
A gap that is let through for years is a way of working that nobody decided on. A yearly decision makes somebody
look again.

## Example
```yaml
#- registers/waivers.yaml
- id: board
  rule: criterion-planned-only
  subject: CC1.2
  reason: The board is elected in autumn
  requested: { by: alice, on: 2026-05-29 }
  approved: { by: bob, on: 2026-06-01 }
  expires: 2027-06-02
#          ^^^^^^^^^^ the waiver `board` expires on 2027-06-02, more than twelve months after 2026-06-01; it lets nothing through
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
  expires: 2027-06-01
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    for waiver in &judgement.program.registers.waivers {
        let approved = waiver.approved.as_ref().and_then(|act| act.on.as_ref());
        let (Some(approved), Some(expires)) = (approved, &waiver.expires) else { continue };
        let Ok(latest) = approved.value.checked_add(12.months()) else { continue };
        if expires.value <= latest {
            continue;
        }
        let message = format!(
            "the waiver `{}` expires on {}, more than twelve months after {}; it lets nothing through",
            waiver.id, expires.value, approved.value
        );
        gaps.about(Subject::new("waiver", waiver.id.to_string()), expires.at, message)
            .help(format!("write `expires: {latest}` or earlier; it can be approved again then"));
    }
}
