use super::shared::design;
use super::*;
use crate::program::document;
use crate::text::safe;
use crate::timeline::DesignFault;

pub(super) static RULE: Rule = Rule {
    name: "approved-text-unknown",
    brief: "a control whose policy's approved text is not at hand",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
The policy that orders a control was changed after its approval, and the history at hand does not reach back to the text that
was approved: the clone is shallow or partial, or there is no git at all. With the whole history the approved text is found by
its hash and stays in force.

## Why it matters
Unknown never counts as good. Until the approved text is at hand nobody can say what the control was ordered to do, so no
criterion can rest on it.

## Example
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
#          ^^^^^^ whether the policy `access` that orders `access-review` is in force cannot be told: its text is not one that was approved, and whether git holds version 1.0 cannot be told: this clone is shallow
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
Access is limited to those who really need it.
#! history shallow
#! commit 2026-06-01 alice@acme.com policies/access.md
#! - text policies/access.md 0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f
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
Access is limited to those who really need it.
#! commit 2025-12-28 alice@acme.com policies/access.md
#! - text policies/access.md 2544f57b732c395a35d8b23832b0fc42ffe4fd614b64504e1daf171e22386ffd
#! commit 2026-06-01 alice@acme.com policies/access.md:12
#! - text policies/access.md 0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    for (audit, standing) in design::all(judgement) {
        let Some(control) = program.controls.get(standing.control) else { continue };
        let named = standing.design.iter().find_map(|fault| match fault {
            DesignFault::PolicyUnknown(id) => Some(id),
            _ => None,
        });
        let Some(id) = named else { continue };
        let Some(policy) = program.names.policies.get(id).and_then(|index| judgement.policies.get(*index))
        else {
            continue;
        };
        let why = judgement.why_policy(policy);
        let message = format!(
            "whether the policy `{}` that orders `{}` is in force cannot be told: {}",
            safe(id),
            control.id,
            why.because
        );
        let typed = control.policies.iter().find(|typed| document(&typed.value.0) == &**id);
        gaps.about(
            Subject::new("control", control.id.to_string()),
            typed.map_or(control.id.at, |typed| typed.at),
            message,
        )
        .audit(audit.id.as_deref())
        .help(why.change.unwrap_or_else(|| "have the text as it stands approved".to_owned()));
    }
}
