use super::shared::references::unknown;
use super::*;
use crate::record::Target;

pub(super) static RULE: Rule = Rule {
    name: "unknown-risk",
    brief: "a risk that does not exist",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A control or a request names a risk that `registers/risks.yaml` does not hold.

## Why it matters
The auditor follows each risk to what is done about it. A control that treats a risk nobody wrote down leaves both
ends loose: the risk that was meant looks untreated.

## Example
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: draft
cadence: quarterly
risks: [leavers-keep-access]
#       ^^^^^^^^^^^^^^^^^^^ there is no risk `leavers-keep-access`
#- registers/risks.yaml
- id: leaver-keeps-access
  statement: A leaver is forgotten, keeps access and takes data along.
  owner: security-lead
  inherent: { likelihood: 3, impact: 4 }
  response: mitigate
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
risks: [leaver-keeps-access]
#- registers/risks.yaml
- id: leaver-keeps-access
  statement: A leaver is forgotten, keeps access and takes data along.
  owner: security-lead
  inherent: { likelihood: 3, impact: 4 }
  response: mitigate
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    unknown(program, Target::Risk, faults);
}
