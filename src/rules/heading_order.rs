use super::shared::texts::{Document, documents};
use super::*;
use crate::syntax::markdown::Heading;
use crate::text::{clip, safe};

pub(super) static RULE: Rule = Rule {
    name: "heading-order",
    brief: "headings that do not follow one another",
    check: Check::Tree(Level::Warn, check),
    docs: r#"
A heading of a policy, procedure or narrative is more than one level below the one before it, a second heading has the
level of the title (`#`), or the title does not come first. The document's title in its front matter counts as the first
level, so the sections of a document without a `#` heading start with `##`.

## Why it matters
Contents, section numbers and bookmarks are made from the levels, and people who listen to a page move by them. A jump makes a
section a part of something that is not there, so a reference to "section 4.2" leads nowhere.

## Example
```markdown
#- policies/access.md
---
id: access
title: Access Policy
owner: security-lead
---
# Access Policy

Passwords
---------

#### Length
^^^^^^^^^^^ `Length` is at level 4, right below `Passwords` at level 2

# Reviews
^^^^^^^^^ `Reviews` is a second title
#- policies/network.md
---
id: network
title: Network Policy
owner: security-lead
---
### Firewalls
^^^^^^^^^^^^^ `Firewalls` is at level 3, right below the document's title at level 1

# Network
^^^^^^^^^ the title `Network` does not come first
```

## Fixed
```markdown
#- policies/access.md
---
id: access
title: Access Policy
owner: security-lead
---
# Access Policy

Passwords
---------

### Length

Reviews
-------
#- policies/network.md
---
id: network
title: Network Policy
owner: security-lead
---
Firewalls
---------
```
"#,
};

/// Headings told of one document.
const MOST: usize = 10;

fn check(program: &Program, faults: &mut Faults) {
    for document in documents(program) {
        let headings = &document.body.headings;
        let mut told = 0;
        for (nth, heading) in headings.iter().enumerate() {
            let above = nth.checked_sub(1).and_then(|nth| headings.get(nth));
            let titled = headings.iter().take(nth.min(1)).any(|first| first.level == 1);
            if let Some((message, help)) = fault(heading, above, titled) {
                faults.at(place(program, &document, heading), message).help(help);
                told += 1;
            }
            if told == MOST {
                break;
            }
        }
    }
}

/// What is wrong with a heading; `titled` says that the document begins with a title.
fn fault(heading: &Heading, above: Option<&Heading>, titled: bool) -> Option<(String, String)> {
    let name = |heading: &Heading| format!("`{}`", clip(&safe(&heading.title), 60));
    let level = above.map_or(1, |above| above.level);
    if heading.level == 1 && above.is_some() {
        let help = "write it as a section: `## …`".to_owned();
        return Some(match titled {
            true => (format!("{} is a second title", name(heading)), help),
            false => (format!("the title {} does not come first", name(heading)), help),
        });
    }
    (heading.level > level + 1).then(|| {
        let above = above.map_or_else(|| "the document's title".to_owned(), name);
        let message =
            format!("{} is at level {}, right below {above} at level {level}", name(heading), heading.level);
        (message, format!("write `{}` in front of it", "#".repeat(usize::from(level) + 1)))
    })
}

fn place(program: &Program, document: &Document<'_>, heading: &Heading) -> Location {
    let typed = document.body.typed.iter();
    let mut same = typed.filter(|one| one.level == heading.level && one.anchor == heading.anchor);
    match (same.next(), same.next()) {
        (Some(only), None) => Location { file: document.file, span: only.span },
        _ => document.place(program, heading.span.range()),
    }
}
