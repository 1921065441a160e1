use super::shared::absence::{absent, tell_absence};
use super::shared::duties::{Task, duties};
use super::*;

pub(super) static RULE: Rule = Rule {
    name: "owner-left",
    brief: "a record whose owner no longer works here",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
The owner of an implemented control, a policy, a system, a vendor or an open risk is a person who does not work here
on the day of the judgement. Roles are `role-vacant`; drafts, plans and what has ended may keep their names.

## Why it matters
Nobody answers for the record any more. The auditor will ask from when to when it had no owner, and what was not done
in that time.

## Example
```yaml
#- registers/people.yaml
- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: dana, name: Dana, kind: employee, employed: [{ from: 2024-01-01, to: 2026-05-31 }] }
#- policies/access.md
---
id: access
title: Access Policy
owner: dana
#      ^^^^ `dana`, the owner of the policy `access`, does not work here on 2026-06-30; last day 2026-05-31
---
Access is limited to those who need it.
#- registers/vendors.yaml
- { id: aws, service: hosting, owner: dana, tier: critical }
#                                     ^^^^ `dana`, the owner of the vendor `aws`
- { id: heroku, service: hosting, owner: dana, tier: low, ended: 2026-04-30 }
```

## Fixed
```yaml
#- registers/people.yaml
- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: dana, name: Dana, kind: employee, employed: [{ from: 2024-01-01, to: 2026-05-31 }] }
#- policies/access.md
---
id: access
title: Access Policy
owner: security-lead
---
Access is limited to those who need it.
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let (program, day) = (judgement.program, judgement.as_of);
    for duty in duties(program, day).iter().filter(|duty| duty.task == Task::Own && duty.in_place) {
        let Some(person) = absent(program, duty.by, day) else { continue };
        let message = format!(
            "`{}`, the owner of the {} `{}`, does not work here on {day}",
            person.id, duty.kind, duty.id
        );
        tell_absence(gaps, Subject::new(duty.kind, duty.id), duty.by.at, message, person, day);
    }
}
