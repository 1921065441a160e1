use super::*;
use crate::text::safe;

pub(super) static RULE: Rule = Rule {
    name: "superseded-by-itself",
    brief: "a control that is said to take its own place",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A control names itself in `superseded_by`. Nothing takes its place then.

## Why it matters
The key says which control goes on where this one ends. With its own name there, the days after it are nobody's, and the
record reads as if they were somebody's.

## Example
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: retired
effective_from: 2025-01-01
retired_at: 2026-03-31
superseded_by: access-review
#              ^^^^^^^^^^^^^ `access-review` cannot take its own place
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
    for (index, control) in program.controls.iter().enumerate() {
        let Some(heir) = &control.superseded_by else { continue };
        let named = program.names.controls.get(&*heir.value.0).copied();
        if named == Some(index) || heir.value.0 == control.id.value.0 {
            faults
                .at(heir.at, format!("`{}` cannot take its own place", safe(heir)))
                .help("name the control that goes on after `retired_at`, or take `superseded_by` out");
        }
    }
}
