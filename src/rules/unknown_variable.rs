use super::*;

pub(super) static RULE: Rule = Rule {
    name: "unknown-variable",
    brief: "a variable that has no value",
    check: Check::Loading(Level::Deny),
    docs: r#"
A document or a control uses a variable that is neither in `[variables]` of `soc2.toml` nor a register nor one of
`organization`, `system` and `scope`, or a key of one of them that is not there. The text then has no reading: no hash,
no anchors.

## Why it matters
A policy that was published with a hole where a number belongs was not read by whoever approved it, and auditors say
so.

## Example
```markdown
#- policies/access-control.md
---
id: access-control
title: Access Control Policy
owner: security-lead
---
Passwords are at least {{ password_length }} characters long.
#                         ^^^^^^^^^^^^^^^ `password_length` is not a variable
```

```markdown
#- policies/access-control.md
---
id: access-control
title: Access Control Policy
owner: security-lead
---
This policy applies to all staff of {{ organization.nam }}.
#                                      ^^^^^^^^^^^^^^^^ `organization.nam` has no value here
```

## Fixed
```markdown
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[variables]
password_length = 14
#- policies/access-control.md
---
id: access-control
title: Access Control Policy
owner: security-lead
---
Passwords are at least {{ password_length }} characters long.
```

```markdown
#- policies/access-control.md
---
id: access-control
title: Access Control Policy
owner: security-lead
---
This policy applies to all staff of {{ organization.name }}.
```
"#,
};
