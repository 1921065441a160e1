use super::*;

pub(super) static RULE: Rule = Rule {
    name: "variable-name-refused",
    brief: "a variable with a name that texts cannot use",
    check: Check::Loading(Level::Deny),
    docs: r#"
A key under `[variables]` has the name of a register, is `organization`, `system` or `scope`, or is no single word of
letters, digits and `_`. Texts cannot use such a name; the variable is left out.

## Why it matters
A policy that says `{{ system }}` would read differently from what its author typed, and the approval would rest on
words nobody saw.

## Example
```yaml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[variables]
vendors = "three"
^^^^^^^ `vendors` already means something in every text
revoke-days = 5
^^^^^^^^^^^ texts cannot use the name `revoke-days`
```

## Fixed
```yaml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[variables]
vendor_count = "three"
revoke_days = 5
```
"#,
};
