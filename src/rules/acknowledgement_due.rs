use super::*;

use super::shared::acknowledgements::{named, standings};

pub(super) static RULE: Rule = Rule {
    name: "acknowledgement-due",
    brief: "a policy that some people still have to acknowledge",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
Somebody who works here has no acknowledgement of the version in force that counts, and still has time for it:
`acknowledgement_days` of `[timeline]`, 30 unless set. Afterwards it is `acknowledgement-missing`, which also says who
is asked.

## Why it matters
A new version and a new hire both start the clock. Named in time, they cost a message; found by the auditor, each is
an exception.

## Example
```yaml
#- registers/people.yaml
- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: bob, name: Bob, kind: employee, employed: [{ from: 2026-06-15 }] }
#- registers/acknowledgements.csv
person,policy,version,on
alice,access,1.0,2026-01-05
#- policies/access.md
---
id: access
#   ^^^^^^ version `1.0` of the policy `access` is acknowledged by 1 of 2 people; still due: `bob` (2026-07-15)
title: Access Policy
owner: security-lead
approvals:
  - version: "1.0"
    by: alice
    on: 2025-12-29
    effective: 2026-01-01
    text: "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"
---
Access is limited to those who need it.
```

## Fixed
```yaml
#- registers/people.yaml
- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: bob, name: Bob, kind: employee, employed: [{ from: 2026-06-15 }] }
#- registers/acknowledgements.csv
person,policy,version,on
alice,access,1.0,2026-01-05
bob,access,1.0,2026-06-15
#- policies/access.md
---
id: access
title: Access Policy
owner: security-lead
approvals:
  - version: "1.0"
    by: alice
    on: 2025-12-29
    effective: 2026-01-01
    text: "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"
---
Access is limited to those who need it.
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    for standing in standings(judgement) {
        if standing.due.is_empty() {
            continue;
        }
        let id = &standing.policy.head.id;
        let message = format!("{}; still due: {}", standing.words(), named(&standing.due));
        gaps.about(Subject::new("policy", id.to_string()), id.at, message).help(
            "let them read it and add a row each to registers/acknowledgements with `person`, `policy`, `version`, `on`",
        );
    }
}
