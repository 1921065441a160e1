use super::*;

pub(super) static RULE: Rule = Rule {
    name: "unknown-word",
    brief: "a word that is not in the list of its key",
    check: Check::Loading(Level::Deny),
    docs: r#"
A key takes one word of a closed list, such as `status` or `cadence`, and has another. The value is not read.

## Why it matters
Synonyms split what should be counted together. A control with the cadence `as-needed` has no slots, so nobody would notice
that it never ran.

## Example
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: active
#       ^^^^^^ `active` is not a control status
cadence: quaterly
#        ^^^^^^^^ `quaterly` is not a cadence
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
```
"#,
};
