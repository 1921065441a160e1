use super::shared::references::unknown;
use super::*;
use crate::record::Target;

pub(super) static RULE: Rule = Rule {
    name: "unknown-control",
    brief: "a control that does not exist",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A record names a control that does not exist: evidence, a risk, a commitment, a CSOC, a waiver, another control.

## Why it matters
Evidence under a mistyped name proves nothing: the control it was collected for shows a missed interval, and a risk
treated by a control that does not exist is not treated.

## Example
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: draft
cadence: quarterly
criteria: [CC6.2]
#- evidence/access-review/2026-q1/manifest.yaml
title: First access review of 2026
controls: [acess-review]
#          ^^^^^^^^^^^^ there is no control `acess-review`
kind: system-report
performed: { on: 2026-03-28, by: alice }
#- registers/risks.yaml
- id: leaver-keeps-access
  statement: A leaver is forgotten, keeps access and takes data along.
  owner: security-lead
  inherent: { likelihood: 3, impact: 4 }
  response: mitigate
  controls: [offboarding]
#            ^^^^^^^^^^^ there is no control `offboarding`
```

## Fixed
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: draft
cadence: quarterly
criteria: [CC6.2]
#- evidence/access-review/2026-q1/manifest.yaml
title: First access review of 2026
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    unknown(program, Target::Control, faults);
}
