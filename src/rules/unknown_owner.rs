use super::shared::references::unknown;
use super::*;
use crate::record::Target;

pub(super) static RULE: Rule = Rule {
    name: "unknown-owner",
    brief: "an owner who is neither a person nor a role",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
An `owner`, `operator` or `reviewer` is neither a person of `registers/people.yaml` nor a role of
`registers/roles.yaml`. Whether that person still works here is not looked at.

## Why it matters
The auditor asks the owner how the control runs. A name that leads to nobody is the same as no owner: the design of
the control is deficient.

## Example
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: securty-lead
#      ^^^^^^^^^^^^ there is no person or role `securty-lead`
status: draft
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
status: draft
cadence: quarterly
criteria: [CC6.2]
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    unknown(program, Target::Holder, faults);
}
