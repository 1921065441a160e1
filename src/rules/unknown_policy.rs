use super::shared::references::unknown_with;
use super::*;
use crate::program::{anchor, document};
use crate::record::Target;
use crate::text::{nearest, safe};

pub(super) static RULE: Rule = Rule {
    name: "unknown-policy",
    brief: "a policy that does not exist",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A control or an acknowledgement names a policy that does not exist.

## Why it matters
A control that no policy orders is a habit: nobody has to keep it. And an acknowledgement of a policy that nobody
can show binds nobody.

## Example
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: draft
cadence: quarterly
policies: [acces-control#access-reviews]
#          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ there is no policy `acces-control#access-reviews`
#- policies/access.md
---
id: access-control
title: Access Control Policy
owner: security-lead
---
### Access reviews
Each quarter the owner of every system reviews its users.
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
policies: [access-control#access-reviews]
#- policies/access.md
---
id: access-control
title: Access Control Policy
owner: security-lead
---
### Access reviews
Each quarter the owner of every system reviews its users.
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    unknown_with(program, Target::Policy, faults, &|name| meant(program, name));
}

/// The nearest policy, with the anchor that was typed.
fn meant(program: &Program, name: &str) -> Option<String> {
    let anchor = anchor(name)?;
    let near = nearest(document(name), program.names.policies.keys().map(AsRef::as_ref))?;
    Some(format!("did you mean `{near}#{}`?", safe(anchor)))
}
