use super::*;
use crate::model::Status;

pub(super) static RULE: Rule = Rule {
    name: "control-without-criteria",
    brief: "a control names no criterion",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A control that is planned, implemented or retired names no criterion. Drafts may wait for one, and so may controls
that were decided not to apply.

## Why it matters
An auditor tests by criterion. A control that names none is work nobody will count, and the criterion it was meant
for looks uncovered.

## Example
```yaml
#- controls/access.yaml
id: access-review
#   ^^^^^^^^^^^^^ names no criterion
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: planned
cadence: quarterly
```

## Fixed
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: planned
cadence: quarterly
criteria: [CC6.2, CC6.3]
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    let claimed = program.controls.iter().filter(|c| c.status() != Status::Draft && c.applies());
    for control in claimed.filter(|c| c.criteria.is_empty() && !c.misread.holds("criteria")) {
        faults
            .at(control.id.at, format!("the control `{}` names no criterion", control.id))
            .help("add `criteria:` with what it meets, strongest first: [CC6.2, CC6.3]");
    }
}
