use super::*;
use crate::model::Status;
use crate::model::control::Applies;

pub(super) static RULE: Rule = Rule {
    name: "control-without-cadence",
    brief: "a control does not say how often it is performed",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A control that is planned, implemented or retired has no `cadence`. Drafts may wait for one; controls that do not
apply, or that a subservice organisation runs, need none.

## Why it matters
A Type II report asks whether the control ran each time it should have. Without a cadence nobody can say which times
those were, so the auditor cannot draw a sample and cannot rely on the control.

## Example
```yaml
#- controls/access.yaml
id: access-review
#   ^^^^^^^^^^^^^ has no `cadence`
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2026-01-01
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
    for control in program.controls.iter().filter(|c| c.cadence.is_none() && !c.misread.holds("cadence")) {
        let ours = matches!(control.applies_as(), Applies::Applicable | Applies::Shared);
        if ours && control.status() != Status::Draft {
            faults.at(control.id.at, format!("the control `{}` has no `cadence`", control.id)).help(
                "add `cadence:` with how often: quarterly, annual, …; `continuous` for a setting, `event` for each hire",
            );
        }
    }
}
