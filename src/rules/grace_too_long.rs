use super::*;
use crate::text::a;
use crate::timeline::longest_grace;

pub(super) static RULE: Rule = Rule {
    name: "grace-too-long",
    brief: "a control's grace is as long as its cadence",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
`grace_days` of a control is not shorter than its cadence, or the control has a cadence that knows no grace: daily,
continuous and event controls are performed or not. The longest grace that makes sense is used instead.

## Why it matters
Grace says how late a performance may be and still belong to its own interval. As long as the interval, it would let one
performance stand for two of them, and nothing would ever be late. An auditor accepts a few days, if the control or the
policy says so.

## Example
```yaml
#- controls/access-review.yaml
id: access-review
title: Owners review user lists
description: Each quarter the owner of every system reviews its users and files the list.
owner: alice
status: planned
cadence: quarterly
grace_days: 90
#           ^^ a quarterly control cannot have 90 days of grace: the longest is 88
criteria: [CC6.2]
#- controls/offboarding.yaml
id: offboarding
title: Leavers lose their access
description: On the last day of a leaver the lead removes all access and files the ticket.
owner: alice
status: planned
cadence: event
grace_days: 5
#           ^ an event control has no grace
criteria: [CC6.2]
```

## Fixed
```yaml
#- controls/access-review.yaml
id: access-review
title: Owners review user lists
description: Each quarter the owner of every system reviews its users and files the list.
owner: alice
status: planned
cadence: quarterly
grace_days: 20
criteria: [CC6.2]
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    for control in &program.controls {
        let (Some(cadence), Some(typed)) = (&control.cadence, &control.grace_days) else { continue };
        let longest = longest_grace(cadence.value).and_then(|days| u64::try_from(days).ok()).unwrap_or(0);
        if typed.value <= longest {
            continue;
        }
        let word = a(cadence.value.word());
        if longest == 0 {
            let message = format!("{word} control has no grace");
            faults.at(typed.at, message).help("delete `grace_days`");
        } else {
            let message =
                format!("{word} control cannot have {} days of grace: the longest is {longest}", typed.value);
            faults
                .at(typed.at, message)
                .help("write the few days that the control's own wording allows, or 0");
        }
    }
}
