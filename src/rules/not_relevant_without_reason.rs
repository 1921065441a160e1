use super::shared::scopes::scopes;
use super::*;
use crate::text::safe;

pub(super) static RULE: Rule = Rule {
    name: "not-relevant-without-reason",
    brief: "a criterion is declared not relevant without a reason",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
`not_relevant` of `[scope]`, or of an audit, names a criterion and gives no reason. Until there is one the criterion
stays in scope.

## Why it matters
The system description has to say why a criterion of a chosen category does not apply (DC 8). An auditor does not
leave one out on a bare word.

## Example
```toml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security", "privacy"]
not_relevant = { "P3.2" = "" }
#                         ^^ gives no reason why `P3.2` is not relevant
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
        for (name, reason) in scope.not_relevant.0.iter().filter(|(_, reason)| reason.value.trim().is_empty())
        {
            let id = safe(name);
            faults.at(reason.at, format!("this gives no reason why `{id}` is not relevant")).help(format!(
                "write the sentence that the system description will print; until then `{id}` stays in scope"
            ));
        }
    }
}
