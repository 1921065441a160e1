use super::*;
use crate::text::safe;

pub(super) static RULE: Rule = Rule {
    name: "waiver-awaits-approval",
    brief: "a waiver that nobody approved yet",
    check: Check::Gap(Class::Note, check),
    docs: r#"
A waiver was asked for, and nobody approved it. It lets nothing through until another person than the one who asked does so.

## Why it matters
To live with a gap for a time is a decision of the company. Asked for and not decided, it is an intention, and an auditor gives
it no weight.

## Example
```yaml
#- registers/waivers.yaml
- id: board
#     ^^^^^ the waiver `board` was asked for on 2026-05-29, and nobody approved it: it lets nothing through
  rule: criterion-not-addressed
  subject: CC1.2
  reason: The board is elected in autumn
  requested: { by: alice, on: 2026-05-29 }
  expires: 2026-12-31
```

## Fixed
```yaml
#- registers/waivers.yaml
- id: board
  rule: criterion-not-addressed
  subject: CC1.2
  reason: The board is elected in autumn
  requested: { by: alice, on: 2026-05-29 }
  approved: { by: bob, on: 2026-06-01 }
  expires: 2026-12-31
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    for waiver in &judgement.program.registers.waivers {
        // What was typed there and not understood is told in reading.
        if waiver.approved.is_some() || waiver.misread.holds("approved") {
            continue;
        }
        let asked = waiver.requested.as_ref();
        let on = asked.and_then(|act| act.on.as_ref()).map(|on| on.value);
        let when = on.map_or_else(String::new, |on| format!(" on {on}"));
        let message = format!(
            "the waiver `{}` was asked for{when}, and nobody approved it: it lets nothing through",
            waiver.id
        );
        let by = asked.and_then(|act| act.by.as_ref());
        let other = by.map_or_else(String::new, |by| format!(" than `{}`", safe(by)));
        let gap =
            gaps.about(Subject::new("waiver", waiver.id.to_string()), waiver.id.at, message).help(format!(
                "another person{other} approves it: `approved: {{ by: PERSON, on: DATE }}`; or delete the row"
            ));
        if let Some(on) = on {
            gap.since(on);
        }
    }
}
