use super::shared::scopes::scopes;
use super::*;

pub(super) static RULE: Rule = Rule {
    name: "not-relevant-common-criterion",
    brief: "a common criterion is declared not relevant",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
`not_relevant` names a criterion that is in scope whatever was chosen: in SOC 2 a common criterion, CC1.1 to CC9.2.

## Why it matters
The common criteria apply to every company, whatever its size, and an auditor does not leave one out. Set aside here, a
criterion that no control meets looks settled, and the gap that blocks the report is seen by nobody.

## Example
```toml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
not_relevant = { "CC6.4" = "we have no office" }
#                ^^^^^^^ `CC6.4` is a common criterion
```

## Fixed
```toml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security", "privacy"]
not_relevant = { "P3.2" = "we hold personal data only on behalf of customers, who ask for consent" }
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    for scope in scopes(program) {
        let Some(framework) = scope.framework else { continue };
        for (name, _) in &scope.not_relevant.0 {
            let Some(criterion) = framework.criterion(&name.value) else { continue };
            if framework.in_scope(criterion, &[]) {
                let id = &criterion.id;
                faults
                    .at(name.at, format!("`{id}` is a common criterion, and those apply to everybody"))
                    .help(
                        "take it out of `not_relevant` and meet it with a control of your size; a vendor may carry it (carve-out)",
                    );
            }
        }
    }
}
