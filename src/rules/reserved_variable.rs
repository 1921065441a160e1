use super::*;

pub(super) static RULE: Rule = Rule {
    name: "reserved-variable",
    brief: "a variable has a name that is taken",
    check: Check::Loading(Level::Deny),
    docs: r#"
A key under `[variables]` has the name of a register, or is `organization`, `system` or `scope`. Texts know those names
already; the variable is left out.

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
```
"#,
};
