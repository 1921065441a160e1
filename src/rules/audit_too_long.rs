use super::*;

use crate::model::audit::LONGEST_WINDOW;

pub(super) static RULE: Rule = Rule {
    name: "audit-too-long",
    brief: "a Type II window of more than three years",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
The window of a Type II audit spans more than 36 months.

## Why it matters
A Type II reports on three to twelve months, seldom more. A window of many years is a mistyped year, and every control
would be judged over days on which nobody had written it yet.

## Example
```toml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[[audit]]
id = "2026-type2"
type = "type2"
period = { from = 2016-01-01, to = 2026-12-31 }
#                                  ^^^^^^^^^^ the window of `2026-type2` spans more than 36 months: 2016-01-01 to 2026-12-31
```

## Fixed
```toml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[[audit]]
id = "2026-type2"
type = "type2"
period = { from = 2026-01-01, to = 2026-12-31 }
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    let audits = program.config.as_ref().map_or(&[][..], |config| &config.audit);
    for audit in audits.iter().filter(|audit| audit.is_too_long()) {
        let period = audit.period.as_ref().and_then(|period| period.from.as_ref().zip(period.to.as_ref()));
        let Some((from, to)) = period else { continue };
        let message = format!(
            "the window of `{}` spans more than {LONGEST_WINDOW} months: {} to {}",
            audit.id, from.value, to.value
        );
        faults
            .at(to.at, message)
            .related(from.at, "begins here")
            .help("correct the year; what lies further back belongs to audits of its own");
    }
}
