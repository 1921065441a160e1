use super::*;
use crate::model::Status;

pub(super) static RULE: Rule = Rule {
    name: "control-without-owner",
    brief: "an implemented control names no owner",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
An implemented control has no `owner`. Drafts and planned controls may wait for one.

## Why it matters
An auditor asks for the person who answers for a control; without one its design is deficient, however well
somebody runs it.

## Example
```yaml
#- controls/access.yaml
id: access-review
#   ^^^^^^^^^^^^^^^ has no `owner`
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
status: implemented
effective_from: 2026-01-01
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
    let implemented = program.controls.iter().filter(|control| control.status() == Status::Implemented);
    for control in implemented.filter(|c| c.owner.is_none() && !c.misread.holds("owner")) {
        faults
            .at(control.id.at, format!("the implemented control `{}` has no `owner`", control.id))
            .help("add `owner:` with a role of registers/roles.yaml, or a person");
    }
}
