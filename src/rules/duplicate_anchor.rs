use std::collections::BTreeMap;

use super::*;
use crate::model::Id;
use crate::model::policy::Rendered;
use crate::syntax::markdown::Heading;
use crate::text::{clip, safe};

pub(super) static RULE: Rule = Rule {
    name: "duplicate-anchor",
    brief: "two headings of a document have the same anchor",
    check: Check::Tree(Level::Warn, check),
    docs: r#"
Two headings of one policy or procedure, as people read it, have the same anchor. Documents whose text cannot be
filled in are not looked at.

## Why it matters
A control points at the sentence that orders it by its anchor. With two of them, nobody can say which sentence is
meant, and the wrong one may be tested.

## Example
```yaml
#- policies/access.md
---
id: access-control
title: Access Control Policy
owner: security-lead
---
### Access reviews
Each quarter the owner of every system reviews its users.
### Reviews {#access-reviews}
^^^^ the anchor `access-reviews` is there twice
Reviews are recorded.
```

## Fixed
```yaml
#- policies/access.md
---
id: access-control
title: Access Control Policy
owner: security-lead
---
### Access reviews
Each quarter the owner of every system reviews its users.
### Reviews {#records}
Reviews are recorded.
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    for policy in &program.policies {
        document(&policy.head.id, &policy.body, faults);
    }
    for procedure in &program.procedures {
        document(&procedure.head.id, &procedure.body, faults);
    }
}

fn document(id: &Id, body: &Rendered, faults: &mut Faults) {
    if body.text.is_none() {
        return;
    }
    let typed = by_anchor(&body.typed);
    for (anchor, headings) in by_anchor(&body.headings) {
        if anchor.is_empty() || headings.len() < 2 {
            continue;
        }
        let place = |heading: &Heading| Location { file: id.at.file, span: heading.span };
        // Places are known of the text as typed; a loop makes two headings of one.
        let (first, last) = match typed.get(anchor).map(Vec::as_slice) {
            Some([first, .., last]) => (Some(place(first)), place(last)),
            Some([only]) => (None, place(only)),
            _ => (None, id.at),
        };
        let fault = faults
            .at(last, format!("the anchor `{}` is there twice", clip(&safe(anchor), 80)))
            .help("give one of the headings an anchor of its own: `{#another-name}`");
        if let Some(first) = first {
            fault.related(first, "first here");
        }
    }
}

fn by_anchor(headings: &[Heading]) -> BTreeMap<&str, Vec<&Heading>> {
    let mut map: BTreeMap<&str, Vec<&Heading>> = BTreeMap::new();
    for heading in headings {
        map.entry(&heading.anchor).or_default().push(heading);
    }
    map
}
