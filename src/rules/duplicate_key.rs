use super::*;

pub(super) static RULE: Rule = Rule {
    name: "duplicate-key",
    brief: "a key is given twice",
    check: Check::Loading(Level::Deny),
    docs: r#"
A mapping gives the same key twice. The first value is kept; nothing guesses which was meant.

## Why it matters
Two values for one key let a reader see one thing and a program another: a control would be tested against words
its owner never meant.

## Example
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: draft
cadence: quarterly
cadence: annual
^^^^^^^ the key `cadence` is given twice
criteria: [CC6.2]
```

## Fixed
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: draft
cadence: quarterly
criteria: [CC6.2]
```
"#,
};
