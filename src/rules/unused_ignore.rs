use super::*;

pub(super) static RULE: Rule = Rule {
    name: "unused-ignore",
    brief: "an ignore comment that mutes nothing",
    check: Check::Loading(Level::Warn),
    docs: r#"
A `soc2: ignore[rule]` comment has a reason and names a diagnostic, but there is none of that rule on its line, or, where it
stands alone, on the next.

## Why it matters
A comment that outlived its fault stays behind as a standing permission: the next fault of that kind on the line would go
unseen.

## Example
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: draft
# soc2: ignore[unknown-criterion] waits for the framework of 2027
# ^^^^^^^^^^^ this comment mutes no `unknown-criterion`
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
# soc2: ignore[unknown-criterion] waits for the framework of 2027
criteria: [CC6.99]
```
"#,
};
