use super::*;

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use super::shared::duties::duties;
use crate::model::registers::Role;
use crate::text::some;
use crate::timeline::people;

pub(super) static RULE: Rule = Rule {
    name: "role-vacant",
    brief: "a vacant role that records name",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
Nobody holds a role on the day of the judgement, or its holder does not work here on that day, while a control,
policy, system, vendor or risk names it. Roles that nothing names may stay vacant.

## Why it matters
A control whose owner is an empty chair is not run by anybody. It is the first thing an auditor sees after somebody
leaves: the policy says "the HR lead", and there is none.

## Example
```yaml
#- registers/people.yaml
- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: dana, name: Dana, kind: employee, employed: [{ from: 2024-01-01, to: 2026-05-31 }] }
#- registers/roles.yaml
- { id: security-lead, held: [{ by: alice, from: 2024-01-01 }] }
- { id: hr-lead, held: [{ by: dana, from: 2024-01-01 }] }
#       ^^^^^^^ nobody holds the role `hr-lead` on 2026-06-30; it is named by the control `onboarding`
#- controls/onboarding.yaml
id: onboarding
title: New hires sign the code of conduct
description: Every new hire signs the code of conduct before the first day.
owner: hr-lead
status: implemented
effective_from: 2026-01-01
cadence: event
criteria: [CC1.1]
```

## Fixed
```yaml
#- registers/people.yaml
- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: dana, name: Dana, kind: employee, employed: [{ from: 2024-01-01, to: 2026-05-31 }] }
#- registers/roles.yaml
- { id: security-lead, held: [{ by: alice, from: 2024-01-01 }] }
- { id: hr-lead, held: [{ by: dana, from: 2024-01-01, to: 2026-05-31 }, { by: alice, from: 2026-06-01 }] }
#- controls/onboarding.yaml
id: onboarding
title: New hires sign the code of conduct
description: Every new hire signs the code of conduct before the first day.
owner: hr-lead
status: implemented
effective_from: 2026-01-01
cadence: event
criteria: [CC1.1]
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let (program, day) = (judgement.program, judgement.as_of);
    if program.may_be_defined_in_unread("registers/people") {
        return;
    }
    let mut named: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for duty in duties(program, day) {
        let by = named.entry(&duty.by.value.0).or_default();
        let record = format!("the {} `{}`", duty.kind, duty.id);
        if by.last() != Some(&record) {
            by.push(record);
        }
    }
    for role in &program.registers.roles {
        let Some(by) = named.get(&*role.id.value.0) else { continue };
        if !people::holders(program, role, day).is_empty() || may_be_held(program, role, day) {
            continue;
        }
        let message = format!("nobody holds the role `{}` on {day}; it is named by {}", role.id, some(by, 2));
        let gap = gaps
            .about(Subject::new("role", role.id.to_string()), role.id.at, message)
            .help("add a row to its `held`: who took over and from when; a holder has to work here that day");
        let last = people::last_held(program, role, day);
        if let Some(first) = last.and_then(|last| last.checked_add(1.day()).ok()) {
            gap.since(first);
        }
    }
}

/// Is there a row that could not be read whole? It has a diagnostic of its own.
fn may_be_held(program: &Program, role: &Role, day: Date) -> bool {
    role.held.iter().any(|row| {
        let unknown = row.by.as_ref().is_none_or(|by| program.person(by).is_none()) || row.from.is_none();
        unknown
            && row.from.as_ref().is_none_or(|from| from.value <= day)
            && row.to.as_ref().is_none_or(|to| day <= to.value)
    })
}
