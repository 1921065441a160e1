use super::shared::scopes::scopes;
use super::*;
use crate::text::safe;

pub(super) static RULE: Rule = Rule {
    name: "category-twice",
    brief: "a category both in scope and excluded",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
`excluded` of `[scope]`, or of an audit, names a category that is in scope there: because `categories` chooses it, or
because it always is, as security is. An audit may choose a category that `[scope]` leaves out.

## Why it matters
Scope decides which criteria are tested. When the same file says yes and no, the report, the assertion and the tests
can each follow another half.

## Example
```toml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security", "availability"]
[scope.excluded]
availability = "later"
^^^^^^^^^^^^ `availability` is both in scope and excluded
security = "privacy is all our customers ask for"
^^^^^^^^ `security` is always in scope
```

## Fixed
```toml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security", "availability"]
[scope.excluded]
privacy = "business contacts only"
[[audit]]
id = "2027-type1"
type = "type1"
as_of = 2027-06-30
categories = ["security", "privacy"]
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    for scope in scopes(program) {
        for (name, _) in &scope.excluded.0 {
            let always = scope.framework.is_some_and(|framework| {
                let mut always =
                    framework.categories.iter().filter(|c| c.always.as_ref().is_some_and(|a| a.value));
                always.any(|category| *category.id.value.0 == *name.value)
            });
            let chosen = scope.categories.iter().find(|category| category.value == name.value);
            if always {
                faults
                    .at(name.at, format!("`{}` is always in scope and cannot be excluded", safe(name)))
                    .help("take it out of `excluded`: the other categories are added to it");
            } else if let Some(chosen) = chosen {
                faults
                    .at(name.at, format!("`{}` is both in scope and excluded", safe(name)))
                    .related(chosen.at, "in scope here")
                    .help("keep it in `categories` or in `excluded`");
            }
        }
    }
}
