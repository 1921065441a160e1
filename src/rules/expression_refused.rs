use super::*;

pub(super) static RULE: Rule = Rule {
    name: "expression-refused",
    brief: "an expression that is not text with variables",
    check: Check::Loading(Level::Deny),
    docs: r#"
A document or a control has an expression that is not a variable with listed filters, an `if` over names and comparisons or a
`for` over a register: arithmetic, calls, `set`, `include`, the syntax of another tool. The text then has no reading. To
print braces as they are, write `{{ "{{" }}`.

## Why it matters
Checks run on pull requests from strangers, so a text must not be a program; and what a policy says should be plain to
whoever reads its source.

## Example
```markdown
#- policies/access-control.md
---
id: access-control
title: Access Control Policy
owner: security-lead
---
This policy applies to all staff of {{.Name}}.
#                                     ^ a name cannot start with a dot
```

```markdown
#- policies/access-control.md
---
id: access-control
title: Access Control Policy
owner: security-lead
---
{% include "passwords.md" %}
#  ^^^^^^^ `include` is not read
```

```markdown
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[variables]
weeks = 2
#- policies/access-control.md
---
id: access-control
title: Access Control Policy
owner: security-lead
---
Access ends within {{ weeks * 7 }} days.
#                     ^^^^^^^^^ arithmetic is not read
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
removal_days = 14
#- policies/access-control.md
---
id: access-control
title: Access Control Policy
owner: security-lead
---
This policy applies to all staff of {{ organization.name }}. Access ends within {{ removal_days }} days.
```
"#,
};
