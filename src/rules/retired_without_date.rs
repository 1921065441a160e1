use super::*;
use crate::model::Status;

pub(super) static RULE: Rule = Rule {
    name: "retired-without-date",
    brief: "a retired control does not say since when",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A control has `status: retired` and no `retired_at`.

## Why it matters
A control that stopped inside the window is tested for the days it was in place, and another one has to cover the
rest. Without its last day neither half can be judged, and the auditor has to assume the worse.

## Example
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: retired
#       ^^^^^^^ has no `retired_at`
effective_from: 2025-01-01
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
status: retired
effective_from: 2025-01-01
retired_at: 2026-03-31
cadence: quarterly
criteria: [CC6.2]
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    for control in program.controls.iter().filter(|control| control.retired_at.is_none()) {
        let Some(status) = control.status.as_ref().filter(|status| status.value == Status::Retired) else {
            continue;
        };
        if !control.misread.holds("retired_at") {
            faults
                .at(status.at, format!("the retired control `{}` has no `retired_at`", control.id))
                .help("add `retired_at:` with the last day it was in place: 2026-03-31");
        }
    }
}
