use super::shared::references::unknown;
use super::*;
use crate::record::Target;

pub(super) static RULE: Rule = Rule {
    name: "unknown-procedure",
    brief: "a procedure that does not exist",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A control names a procedure that does not exist.

## Why it matters
The procedure tells the auditor how the control is done, step by step; if it cannot be found, how it was done is one
person's memory.

## Example
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: draft
cadence: quarterly
procedures: [ofboarding]
#            ^^^^^^^^^^ there is no procedure `ofboarding`
#- procedures/offboarding.md
---
id: offboarding
title: Offboarding
---
Close every account on the last day.
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
procedures: [offboarding]
#- procedures/offboarding.md
---
id: offboarding
title: Offboarding
---
Close every account on the last day.
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    unknown(program, Target::Procedure, faults);
}
