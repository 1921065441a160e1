use super::*;

use std::collections::BTreeMap;

use super::shared::policies::{in_force, since};
use crate::model::Policy;
use crate::model::registers::Acknowledgement;
use crate::program::document;
use crate::text::{count, safe};
use crate::timeline::people;

pub(super) static RULE: Rule = Rule {
    name: "acknowledgement-not-counted",
    brief: "acknowledgements that do not count",
    check: Check::Gap(Class::Note, check),
    docs: r#"
Rows of the acknowledgements register do not count: somebody signed who did not work here that day, signed a draft or
a version that the policy does not have, signed before the version was in force, or signed one that had been replaced
by then. What was signed in time and replaced later is in order. One note per policy and reason.

## Why it matters
The row is there and everybody believes the matter settled; the auditor compares version and day, and the person is
missing from the count.

## Example
```yaml
#- registers/people.yaml
- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: bob, name: Bob, kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: theo, name: Theo, kind: employee, employed: [{ from: 2024-01-01, to: 2026-01-20 }] }
#- registers/acknowledgements.csv
person,policy,version,on
alice,access,1.0,2025-12-30
#                ^^^^^^^^^^ of the policy `access` 1 acknowledgement not counted, given before the version was in force: version `1.0`, `alice` on 2025-12-30
bob,access,1.1,2026-01-05
#          ^^^ of the policy `access` 2 acknowledgements not counted, of a version that it does not have: version `1.1`, `bob` on 2026-01-05
alice,access,1.2,2026-01-06
theo,access,1.0,2026-01-25
^^^^ given by somebody who did not work here that day
alice,plans,1.0,2026-01-05
#           ^^^ of the policy `plans` 1 acknowledgement not counted, given before anybody approved it
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
#- policies/plans.md
---
id: plans
title: Plans
owner: security-lead
---
Plans are written down.
```

```yaml
#- registers/acknowledgements.csv
person,policy,version,on
alice,access,1.0,2026-02-01
bob,access,1.0,2026-03-15
#          ^^^ of a version that had been replaced
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
  - version: "2.0"
    by: bob
    on: 2026-02-20
    effective: 2026-03-01
    text: "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"
---
Access is limited to those who need it.
```

## Fixed
```yaml
#- registers/acknowledgements.csv
person,policy,version,on
alice,access,1.0,2026-01-01
bob,access,1.0,2026-01-05
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
"#,
};

/// Why a row does not count.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    Absent,
    Draft,
    Unknown,
    Early,
    Replaced,
}

impl Reason {
    fn words(self) -> &'static str {
        match self {
            Self::Absent => "given by somebody who did not work here that day",
            Self::Draft => "given before anybody approved it",
            Self::Unknown => "of a version that it does not have",
            Self::Early => "given before the version was in force",
            Self::Replaced => "of a version that had been replaced",
        }
    }
}

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    if program.may_be_defined_in_unread("registers/people") || program.may_be_defined_in_unread("policies/") {
        return;
    }
    let mut idle: BTreeMap<(usize, Reason), Vec<&Acknowledgement>> = BTreeMap::new();
    for row in &program.registers.acknowledgements {
        let Some(policy) = row.policy.as_ref().and_then(|id| program.names.policies.get(document(id))) else {
            continue;
        };
        let of = program.policies.get(*policy);
        if let Some(reason) = of.and_then(|policy| reason(judgement, policy, row)) {
            idle.entry((*policy, reason)).or_default().push(row);
        }
    }
    for ((policy, reason), rows) in idle {
        if let (Some(policy), Some(first)) = (program.policies.get(policy), rows.first()) {
            tell(policy, reason, first, rows.len(), gaps);
        }
    }
}

/// `None` for a row that counts, cannot be read, or is dated after as-of.
fn reason(judgement: &Judgement<'_>, policy: &Policy, row: &Acknowledgement) -> Option<Reason> {
    let program = judgement.program;
    let (on, version) = (row.on.as_ref()?.value, row.version.as_ref()?.trim());
    let person = program.registers.people.get(program.person(row.person.as_ref()?)?)?;
    let approvals = &policy.head.approvals;
    let named = |approval: &&crate::model::policy::Approval| {
        approval.version.as_ref().is_some_and(|of| of.trim() == version)
    };
    if on > judgement.as_of || approvals.iter().any(|approval| approval.version.is_none()) {
        return None;
    }
    if !people::employed(person, on) {
        return Some(Reason::Absent);
    }
    let agreed = approvals.iter().any(|approval| approval.on.as_ref().is_none_or(|day| day.value <= on));
    if !agreed {
        return Some(Reason::Draft);
    }
    let Some(first) = approvals.iter().filter(named).filter_map(since).min() else {
        return Some(Reason::Unknown);
    };
    if on < first {
        return Some(Reason::Early);
    }
    (!in_force(policy, on).is_some_and(|approval| named(&approval))).then_some(Reason::Replaced)
}

fn tell(policy: &Policy, reason: Reason, first: &Acknowledgement, rows: usize, gaps: &mut Gaps) {
    let (Some(person), Some(version), Some(on)) = (&first.person, &first.version, &first.on) else { return };
    let id = &policy.head.id;
    let more = if rows > 1 { format!(" and {} more", rows - 1) } else { String::new() };
    let message = format!(
        "of the policy `{id}` {} not counted, {}: version `{}`, `{}` on {}{more}",
        count(rows, "acknowledgement"),
        reason.words(),
        safe(version.trim()),
        safe(person),
        on.value
    );
    let at = match reason {
        Reason::Absent => person.at,
        Reason::Early => on.at,
        Reason::Draft | Reason::Unknown | Reason::Replaced => version.at,
    };
    gaps.about(Subject::new("policy", id.to_string()), at, message).help(
        "have the version in force acknowledged; leave the row as it is, unless it has a slip of the pen",
    );
}
