use super::*;

pub(super) static RULE: Rule = Rule {
    name: "invalid-toml",
    brief: "soc2.toml is not TOML",
    check: Check::Loading(Level::Deny),
    docs: r#"
`soc2.toml` is not TOML at this place. Every broken line is told; what can be read is used.

## Why it matters
Scope and audit windows live in this file. A window that cannot be read means that evidence is judged against the
wrong days, or against none.

## Example
```toml
#- soc2.toml
[organization]
name = Acme
#      ^^^^ a text without quotes
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[[audit]]
id = "2026-type2"
type = "type2"
period = { from = 2026-01-01, to = 2026-11-31 }
#                                  ^^^^^^^^^^ not TOML: invalid date
```

## Fixed
```toml
#- soc2.toml
[organization]
name = "Acme"
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[[audit]]
id = "2026-type2"
type = "type2"
period = { from = 2026-01-01, to = 2026-11-30 }
```
"#,
};
