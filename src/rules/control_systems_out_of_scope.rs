use super::shared::remarks::remarks;
use super::*;
use crate::text::safe;
use crate::timeline::Remark;

pub(super) static RULE: Rule = Rule {
    name: "control-systems-out-of-scope",
    brief: "a control of systems that are all out of scope",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
All systems that a control in place names are out of scope of the audit, by the audit's own `systems` or by the register.

## Why it matters
The control has nothing to be tested on in this audit, so it supports none of the criteria that it names. Either the scope
or the list of systems is wrong.

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
systems: [wiki]
#         ^^^^ no system of `access-review` is in scope of 2026-type2
#- registers/systems.yaml
- { id: github, in_scope: true, owner: security-lead }
- { id: wiki, in_scope: false, owner: security-lead }
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
systems: [github, wiki]
#- registers/systems.yaml
- { id: github, in_scope: true, owner: security-lead }
- { id: wiki, in_scope: false, owner: security-lead }
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    for found in remarks(judgement).filter(|found| *found.remark == Remark::NoSystemInScope) {
        let control = found.control;
        let of = found.audit.id.as_deref().map_or_else(String::new, |id| format!(" of {}", safe(id)));
        let message = format!("no system of `{}` is in scope{of}", control.id);
        let at = control.systems.first().map_or(control.id.at, |system| system.at);
        found
            .gap(gaps, at, message)
            .help("name the in-scope systems that it covers, or leave `systems` out if it covers all alike");
    }
}
