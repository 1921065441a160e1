use super::*;
use crate::program::CriterionFault;
use crate::record::Target;
use crate::text::{list, nearest, safe};

pub(super) static RULE: Rule = Rule {
    name: "unknown-criterion",
    brief: "a criterion or point of focus that does not exist",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A record names a criterion, point of focus or framework that does not exist. Spellings of other tools (`cc6_1`,
`CC6.1 - Logical access`, `CC6.1.3`) are recognised and the right name is offered.

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
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    program.references(&mut |target, typed, at| {
        if target != Target::Criterion {
            return;
        }
        let Err(fault) = program.criterion(typed) else { return };
        let name = safe(typed);
        match fault {
            CriterionFault::Framework(id) => {
                let known = program.candidates(Target::Framework);
                faults
                    .at(at, format!("`{}` is not a framework of this programme", safe(&id)))
                    .help(format!("frameworks here: {}", list(&known, "and")));
            }
            CriterionFault::Criterion => {
                let framework = program.framework_of(typed);
                let edition = framework.map_or("the framework", |f| &f.id.value.0);
                let help = match framework.and_then(|f| f.meant(typed.rsplit(':').next().unwrap_or(typed))) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "soc2 explain criteria lists them all".to_owned(),
                };
                faults.at(at, format!("`{name}` is not a criterion of {edition}")).help(help);
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
