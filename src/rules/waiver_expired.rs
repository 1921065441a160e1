use super::*;

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::model::registers::Waiver;
use crate::text::safe;

pub(super) static RULE: Rule = Rule {
    name: "waiver-expired",
    brief: "a waiver that has run out",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
A waiver expired before the day of the judgement, and no other one is in force for the very same gap. On its last day it still
holds.

## Why it matters
What it let through counts again from the next day. A register full of lapsed waivers tells an auditor that nobody
follows up.

## Example
```yaml
#- registers/waivers.yaml
- id: board
  rule: criterion-planned-only
  subject: CC1.2
  reason: The board is elected in autumn
  requested: { by: alice, on: 2026-01-04 }
  approved: { by: bob, on: 2026-01-05 }
  expires: 2026-06-29
#          ^^^^^^^^^^ the waiver `board` of `criterion-planned-only` for `CC1.2`, approved on 2026-01-05, expired on 2026-06-29; the gap counts again
```

## Fixed
```yaml
#- registers/waivers.yaml
- id: board
  rule: criterion-planned-only
  subject: CC1.2
  reason: The board is elected in autumn
  requested: { by: alice, on: 2026-01-04 }
  approved: { by: bob, on: 2026-01-05 }
  expires: 2026-06-30
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let day = judgement.as_of;
    let all = &judgement.program.registers.waivers;
    let holding: BTreeSet<_> = all.iter().filter(|waiver| holds(waiver, day)).map(gap_of).collect();
    for waiver in all {
        let Some(expires) = waiver.expires.as_ref().filter(|expires| expires.value < day) else { continue };
        if holding.contains(&gap_of(waiver)) {
            continue;
        }
        let (Some(rule), Some(subject)) = (&waiver.rule, &waiver.subject) else { continue };
        // One that nobody approved never held.
        if waiver.approved.is_none() && !waiver.misread.holds("approved") {
            continue;
        }
        let approved = waiver.approved.as_ref().and_then(|act| act.on.as_ref());
        let approved = approved.map_or_else(String::new, |on| format!(", approved on {},", on.value));
        let message = format!(
            "the waiver `{}` of `{}` for `{}`{approved} expired on {}; the gap counts again",
            waiver.id,
            safe(rule),
            safe(subject),
            expires.value
        );
        let gap = gaps
            .about(Subject::new("waiver", waiver.id.to_string()), expires.at, message)
            .help("close the gap and delete the row (git keeps it), or have a new waiver approved");
        if let Ok(since) = expires.value.checked_add(1.day()) {
            gap.since(since);
        }
    }
}

fn holds(waiver: &Waiver, day: Date) -> bool {
    let approved = waiver.approved.as_ref().and_then(|act| act.on.as_ref());
    approved.is_some_and(|on| on.value <= day) && waiver.expires.as_ref().is_some_and(|on| day <= on.value)
}

/// What a waiver lets through.
fn gap_of(waiver: &Waiver) -> [Option<&str>; 5] {
    [
        waiver.rule.as_ref().map(|rule| &*rule.value),
        waiver.subject.as_ref().map(|subject| &*subject.value),
        waiver.slot.as_ref().map(|slot| &*slot.value),
        waiver.system.as_ref().map(|system| &*system.value.0),
        waiver.audit.as_ref().map(|audit| &*audit.value.0),
    ]
}
