use super::*;
use crate::model::Status;

pub(super) static RULE: Rule = Rule {
    name: "implemented-without-date",
    brief: "an implemented control does not say since when",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A control has `status: implemented` and no `effective_from`.

## Why it matters
A control counts from the day it was in place. An auditor who finds it started inside the window tests the days
before as uncovered, and nobody can tell without the date; so without it the control covers nothing here.

## Example
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
#       ^^^^^^^^^^^ has no `effective_from`
cadence: quarterly
criteria: [CC6.2]
```

## Fixed
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: quarterly
criteria: [CC6.2]
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    for control in program.controls.iter().filter(|control| control.effective_from.is_none()) {
        let Some(status) = control.status.as_ref().filter(|status| status.value == Status::Implemented)
        else {
            continue;
        };
        if !control.misread.holds("effective_from") {
            faults
                .at(status.at, format!("the implemented control `{}` has no `effective_from`", control.id))
                .help("add `effective_from:` with the first day it was in place: 2026-01-01");
        }
    }
}
