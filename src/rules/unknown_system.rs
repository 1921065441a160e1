use super::shared::references::unknown;
use super::*;
use crate::record::Target;

pub(super) static RULE: Rule = Rule {
    name: "unknown-system",
    brief: "a system that the register does not hold",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A control, an artefact, an audit or another record names a system that `registers/systems.yaml` does not hold.

## Why it matters
Each system in scope of a control needs evidence of its own. Under a mistyped name neither the control nor its
evidence covers the system that was meant, and the auditor sees it left out.

## Example
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: draft
cadence: quarterly
systems: [gihub]
#         ^^^^^ there is no system `gihub`
#- registers/systems.yaml
- { id: github, in_scope: true, owner: security-lead, from: 2024-01-01 }
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
systems: [github]
#- registers/systems.yaml
- { id: github, in_scope: true, owner: security-lead, from: 2024-01-01 }
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    unknown(program, Target::System, faults);
}
