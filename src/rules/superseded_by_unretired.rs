use super::*;
use crate::model::Status;
use crate::text::safe;

pub(super) static RULE: Rule = Rule {
    name: "superseded-by-unretired",
    brief: "a control that was replaced is not retired",
    check: Check::Tree(Level::Warn, check),
    docs: r#"
A control names in `superseded_by` the one that took its place, and its own status is not `retired`.

## Why it matters
Both controls are then in force, and the auditor tests both. The old one, which nobody runs any more, fails.

## Example
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2025-01-01
superseded_by: access-review-monthly
#              ^^^^^^^^^^^^^^^^^^^^^ took its place
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
superseded_by: access-review-monthly
cadence: quarterly
criteria: [CC6.2]
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    for control in &program.controls {
        let (Some(heir), Some(status)) = (&control.superseded_by, &control.status) else { continue };
        if status.value != Status::Retired {
            faults
                .at(
                    heir.at,
                    format!(
                        "`{}` took its place, but the control `{}` is not retired",
                        safe(heir),
                        control.id
                    ),
                )
                .related(status.at, "its status")
                .help("set `status: retired` and `retired_at:` to its last day, or take `superseded_by` out");
        }
    }
}
