use std::collections::BTreeSet;

use super::*;
use crate::model::Status;
use crate::program::document;

pub(super) static RULE: Rule = Rule {
    name: "policy-without-control",
    brief: "a policy that no control carries out",
    check: Check::Tree(Level::Warn, check),
    docs: r#"
No control names the policy or a section of it. Retired controls do not count. A policy that another one `supersedes`
needs no control any more.

## Why it matters
A policy is a promise. When nothing carries it out there is no evidence that it is kept, and an auditor who reads a
sentence in it asks for exactly that.

## Example
```markdown
#- policies/clean-desk.md
---
id: clean-desk
#   ^^^^^^^^^^ no control names the policy
title: Clean Desk Policy
owner: security-lead
---
Desks are cleared at the end of the day.
```

## Fixed
```markdown
#- policies/clean-desk.md
---
id: clean-desk
title: Clean Desk Policy
owner: security-lead
---
Desks are cleared at the end of the day.
#- controls/desks.yaml
id: clean-desk-walk
title: The office lead walks the desks
description: Each month the office lead walks the office after hours and notes every paper left out.
owner: security-lead
status: planned
cadence: monthly
criteria: [CC5.3]
policies: [clean-desk]
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    if program.may_be_defined_in_unread("controls/")
        || program.controls.iter().any(|control| control.misread.holds("policies"))
    {
        return;
    }
    let live = program.controls.iter().filter(|control| control.status() != Status::Retired);
    let named: BTreeSet<&str> = live.flat_map(|c| &c.policies).map(|name| document(name)).collect();
    let heads = || program.policies.iter().map(|policy| &policy.head);
    let replaced: BTreeSet<&str> = heads().flat_map(|head| &head.supersedes).map(|id| &*id.value).collect();
    for head in heads() {
        let id = &*head.id.value.0;
        if !named.contains(id) && !replaced.contains(id) {
            faults
                .at(head.id.at, format!("no control names the policy `{}`", head.id))
                .help(format!("add `policies: [{}]` to the controls that carry it out", head.id));
        }
    }
}
