use super::*;

pub(super) static RULE: Rule = Rule {
    name: "missing-key",
    brief: "a required key is missing",
    check: Check::Loading(Level::Deny),
    docs: r#"
A record lacks a key that it cannot do without, or the key has no value. Keys that only some records need, such as `owner`
of an implemented control, have rules of their own.

## Why it matters
A control without a description gives the auditor no sentence to test; a waiver without an approver is nobody's
decision.

## Example
```yaml
#- controls/access.yaml
id: access-review
^^ the control `access-review` has no `description`
title: Owners review every user
owner: security-lead
status:
^^^^^^ the control `access-review` has no `status`
```

## Fixed
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: draft
```
"#,
};
