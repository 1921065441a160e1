use super::shared::frameworks::framework_for;
use super::*;
use crate::model::{Audit, Framework, Text};
use crate::record::Table;
use crate::text::{clip, list, nearest, safe};

pub(super) static RULE: Rule = Rule {
    name: "unknown-category",
    brief: "a category that its framework does not have",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
`[scope]`, an audit or one of your own frameworks names a category that the framework does not have: in `categories`,
as a key of `excluded`, in a series or in a point of focus.

## Why it matters
Categories decide which criteria are examined. A mistyped one brings in nothing, so the criteria that the customer
was promised are left out and nobody is told.

## Example
```yaml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security", "availibility"]
#                         ^ `availibility` is not a category of `soc2-2017-rev2022`
excluded = { "processing integrity" = "no transactions" }
#            ^ `processing integrity` is not a category of `soc2-2017-rev2022`
```

```yaml
#- frameworks/house.yaml
id: house-rules
title: House rules
edition: "2026"
categories:
  - { id: security, title: Security, always: true }
series:
  - { id: H1, title: Keys, category: secrets }
#                                    ^^^^^^^ `secrets` is not a category of `house-rules`
criteria:
  - { id: H1.1, series: H1, text: Doors are locked at night. }
```

## Fixed
```yaml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security", "availability"]
excluded = { processing-integrity = "no transactions" }
#- frameworks/house.yaml
id: house-rules
title: House rules
edition: "2026"
categories:
  - { id: security, title: Security, always: true }
series:
  - { id: H1, title: Keys, category: security }
criteria:
  - { id: H1.1, series: H1, text: Doors are locked at night. }
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    if let Some(config) = &program.config {
        if let Some(scope) = &config.scope {
            of_scope(program, None, (&scope.categories, &scope.excluded), faults);
        }
        for audit in &config.audit {
            of_scope(program, Some(audit), (&audit.categories, &audit.excluded), faults);
        }
    }
    for framework in program.own_frameworks() {
        let series = framework.series.iter().filter_map(|series| series.category.as_ref());
        let points = framework.criteria.iter().flat_map(|criterion| &criterion.points_of_focus);
        for name in series.chain(points.flat_map(|point| &point.categories)) {
            known(framework, name, faults);
        }
    }
}

fn of_scope(
    program: &Program,
    audit: Option<&Audit>,
    (included, excluded): (&[Text], &Table),
    faults: &mut Faults,
) {
    let Some(framework) = framework_for(program, audit) else { return };
    for name in included.iter().chain(excluded.0.iter().map(|(name, _)| name)) {
        known(framework, name, faults);
    }
}

fn known(framework: &Framework, name: &Text, faults: &mut Faults) {
    let ids: Vec<&str> = framework.categories.iter().map(|category| &*category.id.value.0).collect();
    if ids.contains(&&*name.value) {
        return;
    }
    let help = match nearest(name, ids.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("its categories: {}", list(&ids, "and")),
    };
    let typed = clip(&safe(name), 80);
    faults.at(name.at, format!("`{typed}` is not a category of `{}`", framework.id)).help(help);
}
