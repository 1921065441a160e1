use super::*;

use super::shared::acknowledgements::{named, standings};
use super::shared::window::next;

pub(super) static RULE: Rule = Rule {
    name: "acknowledgement-missing",
    brief: "a policy that some people have not acknowledged in time",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
Somebody who works here on the last judged day has no acknowledgement of the version in force that counts, and the
days given for it are over: `acknowledgement_days` of `[timeline]`, 30 unless set, from the hire or from the day the
version came into force, whichever is later. Contractors are asked like employees, bots are not, and who left before
their last day is not. A policy whose `audience` is a role is asked of those who hold it. Drafts, and policies that
another one `supersedes`, are asked of nobody.

## Why it matters
An auditor takes the list of staff, contractors included, and looks for each name in the list of acknowledgements.
People who never read a policy cannot be held to it.

## Example
```yaml
#- registers/people.yaml
- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: bob, name: Bob, kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: ivan, name: Ivan, kind: contractor, employed: [{ from: 2026-03-02 }] }
- { id: erin, name: Erin, kind: employee, employed: [{ from: 2026-06-01 }] }
- { id: theo, name: Theo, kind: employee, employed: [{ from: 2024-01-01, to: 2026-01-20 }] }
- { id: pipeline, name: Pipeline, kind: bot, employed: [{ from: 2024-01-01 }] }
#- registers/acknowledgements.csv
person,policy,version,on
alice,access,1.0,2026-01-05
bob,access,0.9,2025-03-03
#- policies/access.md
---
id: access
#   ^^^^^^ version `1.0` of the policy `access` is acknowledged by 1 of 4 people; overdue: `bob` (2026-01-31), `ivan` (2026-04-01)
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
```

## Fixed
```yaml
#- registers/acknowledgements.csv
person,policy,version,on
alice,access,1.0,2026-01-05
bob,access,1.0,2026-04-03
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
```

```yaml
#- policies/hiring.md
---
id: hiring
title: Hiring Policy
owner: alice
audience: security-lead
approvals:
  - version: "1.0"
    by: bob
    on: 2025-12-29
    effective: 2026-01-01
    text: "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"
---
Who hires asks for two references.
#- registers/acknowledgements.csv
person,policy,version,on
alice,hiring,1.0,2026-01-05
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    for standing in standings(judgement) {
        let Some(first) = standing.overdue.iter().map(|(_, due)| *due).min() else { continue };
        let id = &standing.policy.head.id;
        let message = format!("{}; overdue: {}", standing.words(), named(&standing.overdue));
        let gap = gaps.about(Subject::new("policy", id.to_string()), id.at, message).help(
            "let them read it and add a row each to registers/acknowledgements with `person`, `policy`, `version`, `on`",
        );
        if let Some(since) = next(first) {
            gap.since(since);
        }
    }
}
