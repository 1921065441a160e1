use std::collections::BTreeSet;

use super::*;
use crate::model::Id;
use crate::model::policy::Rendered;
use crate::program::{anchor, document};
use crate::record::Target;
use crate::text::{clip, nearest, safe};

pub(super) static RULE: Rule = Rule {
    name: "unknown-anchor",
    brief: "an anchor that a policy or procedure does not have",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A reference names a policy or procedure that exists and, after `#`, an anchor that no heading of it has. A heading is
reached by its `{#anchor}`, else by the slug of its title as people read it, with variables filled in. Documents whose
text cannot be filled in are not looked at.

## Why it matters
The anchor leads the auditor to the sentence that orders the control. When a heading is renamed and its anchor lost,
nobody sees whether that sentence is still there.

## Example
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: draft
cadence: quarterly
policies: [access-control#access-reviews]
#          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `access-control` has no anchor `access-reviews`
#- policies/access.md
---
id: access-control
title: Access Control Policy
owner: security-lead
---
### Passwords
Passwords are at least 14 characters long.
### Access reviews {#reviews}
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
policies: [access-control#reviews, access-control#passwords]
#- policies/access.md
---
id: access-control
title: Access Control Policy
owner: security-lead
---
### Passwords
Passwords are at least 14 characters long.
### Access reviews {#reviews}
Each quarter the owner of every system reviews its users.
```
"#,
};

/// Anchors named in the help; a long document has more than anybody reads.
const SHOWN: usize = 12;

fn check(program: &Program, faults: &mut Faults) {
    program.references_outside_evidence(&mut |target, typed, at| {
        let Some(anchor) = anchor(typed) else { return };
        let Some((id, body)) = find(program, target, document(typed)) else { return };
        if body.text.is_none() || (!anchor.is_empty() && body.has_anchor(anchor)) {
            return;
        }
        let name = clip(&safe(anchor), 80);
        faults
            .at(at, format!("`{}` has no anchor `{name}`", id.value.0))
            .help(help(&id.value.0, anchor, body))
            .related(id.at, "the document");
    });
}

/// The id and text of a policy or procedure.
fn find<'p>(program: &'p Program, target: Target, name: &str) -> Option<(&'p Id, &'p Rendered)> {
    match target {
        Target::Policy => {
            let policy = program.policies.get(*program.names.policies.get(name)?)?;
            Some((&policy.head.id, &policy.body))
        }
        Target::Procedure => {
            let procedure = program.procedures.get(*program.names.procedures.get(name)?)?;
            Some((&procedure.head.id, &procedure.body))
        }
        _ => None,
    }
}

fn help(id: &str, anchor: &str, body: &Rendered) -> String {
    let anchors = body.headings.iter().map(|heading| heading.anchor.as_str()).filter(|a| !a.is_empty());
    if let Some(near) = nearest(anchor, anchors.clone()) {
        return format!("did you mean `{id}#{}`?", safe(near));
    }
    let mut seen = BTreeSet::new();
    let anchors: Vec<&str> = anchors.filter(|anchor| seen.insert(*anchor)).collect();
    let shown: Vec<String> = anchors.iter().take(SHOWN).map(|a| format!("`{}`", safe(a))).collect();
    match (shown.is_empty(), anchors.len().saturating_sub(shown.len())) {
        (true, _) => format!("it has no headings; write `{id}` alone"),
        (_, 0) => format!("its anchors: {}", shown.join(", ")),
        (_, more) => format!("its anchors: {} and {more} more", shown.join(", ")),
    }
}
