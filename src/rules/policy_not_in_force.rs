use super::shared::design;
use super::*;
use crate::program::document;
use crate::text::safe;
use crate::timeline::DesignFault;

pub(super) static RULE: Rule = Rule {
    name: "policy-not-in-force",
    brief: "a control whose policy is not in force",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
None of the policies that a control in place names is in force as its text stands: it is a draft, takes effect later, or was
changed after its approval. Policies that do not exist are told by `unknown-policy`.

## Why it matters
A control rests on a policy that orders it. While management has not approved the text, the design of the control is
deficient, and so is every criterion that rests on it.

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
#          ^^^^^^ the policy `access` that orders `access-review` is not in force: nobody has approved it
#- policies/access.md
---
id: access
title: Access Policy
owner: security-lead
---
Access is limited to those who need it.
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
    let program = judgement.program;
    for (audit, standing) in design::all(judgement) {
        let Some(control) = program.controls.get(standing.control) else { continue };
        let named = |faulty: &DesignFault| match faulty {
            DesignFault::NoPolicyInForce(id) => Some(id.clone()),
            _ => None,
        };
        let Some(id) = standing.design.iter().find_map(named) else { continue };
        let of = |typed: &str| program.names.policies.get(document(typed)).copied();
        // Names that resolve to nothing are told where they stand.
        let Some(policy) = control.policies.iter().find_map(|typed| of(&typed.value.0)) else { continue };
        let Some(policy) = judgement.policies.get(policy) else { continue };
        let why = judgement.why_policy(policy);
        let message = match policy.is_in_force_on(judgement.as_of) {
            true => format!(
                "the policy `{}` that orders `{}` was not in force by {}: {}",
                safe(&id),
                control.id,
                audit.days.1,
                why.because
            ),
            false => format!(
                "the policy `{}` that orders `{}` is not in force: {}",
                safe(&id),
                control.id,
                why.because
            ),
        };
        let at = control.policies.first().map_or(control.id.at, |typed| typed.at);
        gaps.about(Subject::new("control", control.id.to_string()), at, message)
            .audit(audit.id.as_deref())
            .help(why.change.unwrap_or_else(|| "wait for its first day in force".to_owned()));
    }
}
