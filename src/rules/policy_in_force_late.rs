use super::*;

use super::shared::policies::since;
use super::shared::window::length;
use crate::model::AuditType;

pub(super) static RULE: Rule = Rule {
    name: "policy-in-force-late",
    brief: "a policy that came into force after the window had begun",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
The first approval of a policy is in force later than the first day of a Type II window: from its `effective` day, or
from the day it was given, whichever is later. A policy that `supersedes` one in force before is left out, and one
that is not approved yet is `policy-not-approved`.

## Why it matters
Before that day nothing ordered the controls that rest on the policy. The auditor examines the whole window, and the
company has to say how the days before were governed.

## Example
```yaml
#- policies/access.md
---
id: access
title: Access Policy
owner: security-lead
approvals:
  - version: "1.0"
    by: bob
    on: 2026-02-20
    effective: 2026-03-01
#              ^^^^^^^^^^ the policy `access` is in force from 2026-03-01: 306 of 365 days of the window
    text: "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"
---
Access is limited to those who need it.
```

```yaml
#- policies/access.md
---
id: access
title: Access Policy
owner: security-lead
approvals:
  - version: "1.0"
    by: bob
    on: 2026-02-20
#       ^^^^^^^^^^ the policy `access` is in force from 2026-02-20: 315 of 365 days of the window
    effective: 2026-01-01
    text: "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"
---
Access is limited to those who need it.
```

## Fixed
```yaml
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
    text: "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"
---
Access is limited to those who need it.
#- policies/sign-in.md
---
id: sign-in
title: Sign-in Policy
owner: security-lead
supersedes: [access]
approvals:
  - version: "1.0"
    by: bob
    on: 2026-02-20
    effective: 2026-03-01
    text: "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"
---
Who signs in shows two factors.
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    for audit in judgement.audits.iter().filter(|audit| audit.r#type == AuditType::Type2) {
        let (from, to) = audit.window;
        let before = |id: &str| {
            let older = program.names.policies.get(id).and_then(|index| program.policies.get(*index));
            older.is_some_and(|policy| policy.head.approvals.iter().filter_map(since).any(|day| day <= from))
        };
        for policy in &program.policies {
            let head = &policy.head;
            let first =
                head.approvals.iter().filter_map(|a| Some((since(a)?, a))).min_by_key(|(since, _)| *since);
            let Some((since, approval)) = first else { continue };
            let begun = from < since && since <= to.min(judgement.as_of);
            if !begun || head.approvals.iter().any(|approval| self::since(approval).is_none()) {
                continue;
            }
            if head.supersedes.iter().any(|id| before(&id.value)) {
                continue;
            }
            let days = (&approval.effective, &approval.on);
            let (Some(effective), Some(on)) = days else { continue };
            let at = if effective.value < on.value { on.at } else { effective.at };
            let message = format!(
                "the policy `{}` is in force from {since}: {} of {} days of the window",
                head.id,
                length(since, to),
                length(from, to)
            );
            gaps.about(Subject::new("policy", head.id.to_string()), at, message)
                .help("say in the system description how those days were governed; an approval cannot be dated back")
                .audit(audit.id.as_deref());
        }
    }
}
