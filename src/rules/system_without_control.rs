use super::*;

use std::collections::BTreeSet;

use super::shared::duties::in_use;
use super::shared::performed::occurrences;
use crate::model::Status;
use crate::model::registers::System;
use crate::timeline::AuditStanding;

pub(super) static RULE: Rule = Rule {
    name: "system-without-control",
    brief: "a system in scope that no control names",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
No implemented control names a system that is in scope and in use, and no evidence names it either. As long as no
control is implemented at all this is silent.

## Why it matters
The auditor takes the list of systems and asks for each: who has access, how is it changed, how is it backed up. One
that no control reaches is a hole in the boundary.

## Example
```yaml
#- registers/systems.yaml
- { id: github, in_scope: true, owner: security-lead }
- { id: warehouse, in_scope: true, owner: security-lead }
#       ^^^^^^^^^ no implemented control and no evidence names the system `warehouse`
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: quarterly
systems: [github]
criteria: [CC6.2]
```

## Fixed
```yaml
#- registers/systems.yaml
- { id: github, in_scope: true, owner: security-lead }
- { id: warehouse, in_scope: true, owner: security-lead }
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: quarterly
systems: [github, warehouse]
criteria: [CC6.2]
```

```yaml
#- registers/systems.yaml
- { id: github, in_scope: true, owner: security-lead }
- { id: warehouse, in_scope: true, owner: security-lead }
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: quarterly
systems: [github]
criteria: [CC6.2]
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
occurrences: [{ on: 2026-03-28, by: alice, system: warehouse }]
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let (program, day) = (judgement.program, judgement.as_of);
    let implemented = || program.controls.iter().filter(|c| c.status() == Status::Implemented && c.applies());
    if implemented().next().is_none() || program.may_be_defined_in_unread("controls/") {
        return;
    }
    let mut named: BTreeSet<&str> = implemented().flat_map(|c| &c.systems).map(|name| &*name.value).collect();
    for folder in &program.evidence {
        let artifacts = folder.manifest.artifacts.iter().filter_map(|artifact| artifact.system.as_ref());
        let listed = occurrences(&folder.manifest).iter().filter_map(|one| one.system.as_ref());
        named.extend(artifacts.chain(listed).map(|name| &*name.value));
    }
    for system in program.registers.systems.iter().filter(|system| in_use(system, day)) {
        let inside =
            system.in_scope.as_ref().is_some_and(|inside| inside.value) && in_some_audit(judgement, system);
        if !inside || named.contains(&*system.id.value.0) {
            continue;
        }
        let message = format!("no implemented control and no evidence names the system `{}`", system.id);
        gaps.about(Subject::new("system", system.id.to_string()), system.id.at, message).help(format!(
            "add `{}` to the `systems` of controls that reach it, or take it out of scope",
            system.id
        ));
    }
}

/// Audits may name their systems; then only those are in their scope.
fn in_some_audit(judgement: &Judgement<'_>, system: &System) -> bool {
    let holds = |audit: &AuditStanding| {
        audit.systems.is_empty() || audit.systems.iter().any(|name| **name == *system.id.value.0)
    };
    judgement.audits.is_empty() || judgement.audits.iter().any(holds)
}
