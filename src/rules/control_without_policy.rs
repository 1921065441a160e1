use super::shared::design;
use super::*;
use crate::timeline::DesignFault;

pub(super) static RULE: Rule = Rule {
    name: "control-without-policy",
    brief: "a control that no policy orders",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
A control in place names no policy.

## Why it matters
Controls are put to work through policies that say what is expected and procedures that say how. A control that no policy
orders has no mandate: a weakness of its design (CC5.3).

## Example
```yaml
#- controls/access-review.yaml
id: access-review
#   ^^^^^^^^^^^^^ no policy orders `access-review`
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: quarterly
criteria: [CC6.2]
```

## Fixed
```yaml
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: quarterly
criteria: [CC6.2]
policies: [access]
#- policies/access.md
---
id: access
title: Access Policy
owner: security-lead
approvals:
  - version: "1.0"
    by: bob
    on: 2025-12-29
    effective: 2026-01-01
    text: "2544f57b732c395a35d8b23832b0fc42ffe4fd614b64504e1daf171e22386ffd"
---
Access is limited to those who need it.
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    for (audit, standing) in design::all(judgement) {
        let Some(control) = judgement.program.controls.get(standing.control) else { continue };
        if !standing.design.contains(&DesignFault::NoPolicy) || control.misread.holds("policies") {
            continue;
        }
        let message = format!("no policy orders `{}`", control.id);
        gaps.about(Subject::new("control", control.id.to_string()), control.id.at, message)
            .audit(audit.id.as_deref())
            .help("name the section that orders it: `policies: [access-control#access-reviews]`");
    }
}
