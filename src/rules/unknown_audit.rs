use super::shared::references::unknown;
use super::*;
use crate::record::Target;

pub(super) static RULE: Rule = Rule {
    name: "unknown-audit",
    brief: "an audit that soc2.toml does not define",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A waiver or an audit names an audit that `soc2.toml` does not define.

## Why it matters
A waiver for an audit that does not exist excuses nothing, while everybody believes that the gap was agreed; and a
report that follows no known one leaves a hole between two windows.

## Example
```yaml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[[audit]]
id = "2025-type1"
type = "type1"
as_of = 2025-12-31
[[audit]]
id = "2026-type2"
type = "type2"
period = { from = 2026-01-01, to = 2026-12-31 }
follows = "2025-type-1"
#         ^ there is no audit `2025-type-1`
```

## Fixed
```yaml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[[audit]]
id = "2025-type1"
type = "type1"
as_of = 2025-12-31
[[audit]]
id = "2026-type2"
type = "type2"
period = { from = 2026-01-01, to = 2026-12-31 }
follows = "2025-type1"
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    unknown(program, Target::Audit, faults);
}
