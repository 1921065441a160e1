use super::shared::design;
use super::*;
use crate::text::{clip, safe};
use crate::timeline::DesignFault;

pub(super) static RULE: Rule = Rule {
    name: "design-deficient",
    brief: "a control whose design is recorded as deficient",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
A control in place has `design: { is: deficient }`.

## Why it matters
A control that cannot do its work, however often it is performed, supports nothing. The auditor reports a deficient design as
worse than a missed performance; the record shows that you know it first.

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
design: { is: deficient, why: "the list leaves out service accounts", by: bob, on: 2026-05-04 }
#             ^^^^^^^^^ the design of `access-review` is recorded as deficient: the list leaves out service accounts
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
design: { is: adequate, why: "service accounts are on the list since May", by: bob, on: 2026-05-04 }
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    for (audit, standing) in design::all(judgement) {
        let Some(control) = judgement.program.controls.get(standing.control) else { continue };
        let Some(design) = control.design.as_ref() else { continue };
        let Some(is) = design.is.as_ref().filter(|_| standing.design.contains(&DesignFault::Recorded)) else {
            continue;
        };
        let why = design.why.as_ref().map_or_else(String::new, |why| format!(": {}", clip(&safe(why), 200)));
        let message = format!("the design of `{}` is recorded as deficient{why}", control.id);
        let gap = gaps
            .about(Subject::new("control", control.id.to_string()), is.at, message)
            .audit(audit.id.as_deref())
            .help("mend the design, then record who judged it anew, and when");
        if let Some(on) = &design.on {
            gap.since(on.value);
        }
    }
}
