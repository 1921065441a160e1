use super::*;

pub(super) static RULE: Rule = Rule {
    name: "wrong-type",
    brief: "a value of the wrong type",
    check: Check::Loading(Level::Deny),
    docs: r#"
A value is a list, a mapping or a single value where the key takes another of them, or is no number, `true` or `false`
where one is asked for. The value is not read. `yes` and `no` are words, not `true` and `false`.

## Why it matters
Nothing is guessed from a value of the wrong type, so whatever it was to say is missing: criteria that were not read leave
the control mapped to nothing.

## Example
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: [security-lead]
#      ^^^^^^^^^^^^^^^ expected the id of a person or role, found a list
status: draft
criteria: CC6.2
#         ^^^^^ expected a list, found a single value
key: yes
#    ^^^ `yes` is neither `true` nor `false`
```

## Fixed
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: draft
criteria: [CC6.2]
key: true
```
"#,
};
