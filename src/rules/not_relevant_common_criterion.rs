use super::shared::scopes::scopes;
use super::*;

pub(super) static RULE: Rule = Rule {
    name: "not-relevant-common-criterion",
    brief: "a common criterion is declared not relevant",
    check: Check::Tree(Level::Warn, check),
    docs: r#"
`not_relevant` names a criterion that is in scope whatever was chosen: in SOC 2 a common criterion, CC1.1 to CC9.2.

## Why it matters
The common criteria apply to every company. Even without an office, physical access matters: the data centre is
carved out, and laptops are at home. An auditor will hardly accept that one does not apply.

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
                faults
                    .at(
                        name.at,
                        format!("`{}` is a common criterion, and those apply to everybody", criterion.id),
                    )
                    .help(
                        "take it out; meet it with a carve-out, or with rules for home offices and devices",
                    );
            }
        }
    }
}
