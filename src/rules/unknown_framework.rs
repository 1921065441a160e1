use super::shared::references::unknown;
use super::*;
use crate::record::Target;

pub(super) static RULE: Rule = Rule {
    name: "unknown-framework",
    brief: "a framework that does not exist",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
`[scope]` or an audit names a framework that is neither built in nor in `frameworks/`. A criterion with an unknown
framework before its colon is found by `unknown-criterion`.

## Why it matters
The framework decides what is examined. With a name that nothing knows, every criterion is judged against another
edition than the one in the engagement letter.

## Example
```yaml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2020"
#           ^ there is no framework `soc2-2017-rev2020`
categories = ["security"]
```

## Fixed
```yaml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    unknown(program, Target::Framework, faults);
}
