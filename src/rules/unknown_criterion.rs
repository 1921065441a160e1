use super::shared::frameworks::framework_for;
use super::*;
use crate::model::{Audit, Framework};
use crate::program::CriterionFault;
use crate::record::{Table, Target};
use crate::source::ROOT_FILE;
use crate::text::{clip, list, nearest, safe};

pub(super) static RULE: Rule = Rule {
    name: "unknown-criterion",
    brief: "a criterion or point of focus that does not exist",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A record names a criterion, point of focus or framework that does not exist, or `not_relevant` of `[scope]` or an
audit has a key that is no criterion of its framework. Spellings of other tools (`cc6_1`, `CC6.1 - Logical access`,
`CC6.1.3`) are recognised and the right name is offered.

## Why it matters
An auditor tests controls by criterion; this control would be tested for nothing, and its criterion would look
uncovered.

## Example
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: draft
cadence: quarterly
criteria: [CC6.11, CC6.3]
#          ^^^^^^ `CC6.11` is not a criterion of soc2-2017-rev2022
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security", "privacy"]
not_relevant = { "P1.2" = "no such notice" }
#                ^ `P1.2` is not a criterion of soc2-2017-rev2022
```

## Fixed
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: draft
cadence: quarterly
criteria: [CC6.1, CC6.3]
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security", "privacy"]
not_relevant = { "P1.1" = "the customer gives the notice" }
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    references(program, faults);
    let Some(config) = &program.config else { return };
    if let Some(scope) = &config.scope {
        not_relevant(program, None, &scope.not_relevant, faults);
    }
    for audit in &config.audit {
        not_relevant(program, Some(audit), &audit.not_relevant, faults);
    }
}

fn references(program: &Program, faults: &mut Faults) {
    let unread = program.may_be_defined_in_unread("frameworks/");
    // Bare names belong to the framework of `[scope]`; when that is unknown, nothing is known of them.
    let bare_known = framework_for(program, None).is_some() && !program.may_be_defined_in_unread(ROOT_FILE);
    program.references(&mut |target, typed, at| {
        if target != Target::Criterion || (!bare_known && !typed.contains(':')) {
            return;
        }
        let Err(fault) = program.criterion(typed) else { return };
        let name = clip(&safe(typed), 80);
        match fault {
            _ if unread => {}
            CriterionFault::Framework(id) => {
                let known = program.candidates(Target::Framework);
                faults
                    .at(at, format!("`{}` is not a framework of this programme", clip(&safe(&id), 80)))
                    .help(format!("frameworks here: {}", list(&known, "and")));
            }
            CriterionFault::Criterion => {
                let framework = program.framework_of(typed);
                let edition = framework.map_or("the framework", |f| &f.id.value.0);
                faults
                    .at(at, format!("`{name}` is not a criterion of {edition}"))
                    .help(meant(framework, typed));
            }
            CriterionFault::Point(id) => {
                let criterion = &program.frameworks[id.framework].criteria[id.criterion];
                let points: Vec<&str> = criterion.points_of_focus.iter().map(|p| &*p.id.value.0).collect();
                let point = typed.split_once('/').map_or("", |(_, point)| point);
                let help = match nearest(point, points.iter().copied()) {
                    Some(near) => format!("did you mean `{}/{near}`?", criterion.id),
                    None => format!("points of focus of {}: {}", criterion.id, list(&points, "and")),
                };
                faults.at(at, format!("`{name}` is not a point of focus of {}", criterion.id)).help(help);
            }
        }
    });
}

/// Keys of `not_relevant` are bare criteria of the scope's or audit's own framework.
fn not_relevant(program: &Program, audit: Option<&Audit>, table: &Table, faults: &mut Faults) {
    let Some(framework) = framework_for(program, audit) else { return };
    if program.unread.contains(&framework.id.at.file) {
        return;
    }
    for (name, _) in table.0.iter().filter(|(name, _)| framework.criterion(name).is_none()) {
        let typed = clip(&safe(name), 80);
        let criterion = name.split_once('/').map_or(&*name.value, |(criterion, _)| criterion);
        faults
            .at(name.at, format!("`{typed}` is not a criterion of {}", framework.id))
            .help(meant(Some(framework), criterion));
    }
}

fn meant(framework: Option<&Framework>, typed: &str) -> String {
    match framework.and_then(|f| f.meant(typed.rsplit(':').next().unwrap_or(typed))) {
        Some(meant) => format!("did you mean `{}`?", safe(meant)),
        None => "soc2 explain criteria lists them all".to_owned(),
    }
}
