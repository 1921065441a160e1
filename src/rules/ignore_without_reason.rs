use super::*;
use crate::text::{clip, safe};

pub(super) static RULE: Rule = Rule {
    name: "ignore-without-reason",
    brief: "an ignore comment gives no reason",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A `soc2: ignore[rule]` comment says nothing after the bracket. Without a reason it mutes nothing.

## Why it matters
Whoever reviews the programme a year later, an auditor among them, sees that a fault was hidden and cannot tell
whether somebody thought about it.

## Example
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: draft
criteria: [CC6.99] # soc2: ignore[unknown-criterion]
#                    ^^^^^^^^^^^ ignores `unknown-criterion` without a reason
```

## Fixed
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: draft
criteria: [CC6.99] # soc2: ignore[unknown-criterion] waits for the framework of 2027
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    for ignore in program.ignores.iter().filter(|ignore| ignore.reason.is_empty()) {
        let rule = clip(&safe(&ignore.rule), 60);
        faults
            .at(ignore.at, format!("this comment ignores `{rule}` without a reason"))
            .help(format!("write why after the bracket: `soc2: ignore[{rule}] because …`"));
    }
}
