use super::shared::texts::{Document, documents};
use super::*;
use crate::syntax::markdown::Heading;
use crate::text::{clip, count, safe};

pub(super) static RULE: Rule = Rule {
    name: "heading-order",
    brief: "headings that do not follow one another",
    check: Check::Tree(Level::Warn, check),
    docs: r#"
A heading of a policy, procedure or narrative is more than one level below the one before it, a second heading has the
level of the title (`#`), or the title does not come first; titles are told once in a document. The title in the front matter
counts as the first level, so the sections of a document without a `#` heading start with `##`.

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
    // What a conflict of a merge left is told by its own rule, and `=======` makes a title of what stands above it.
    for document in documents(program).filter(|document| !document.text.contains("<<<<<<< ")) {
        let headings = &document.body.headings;
        titles(program, &document, faults);
        let pairs = headings.iter().enumerate().map(|(nth, heading)| {
            let above = nth.checked_sub(1).and_then(|nth| headings.get(nth));
            (heading, above)
        });
        let jumps = pairs.filter(|(heading, above)| heading.level > above.map_or(1, |above| above.level) + 1);
        for (heading, above) in jumps.take(MOST) {
            let level = above.map_or(1, |above| above.level);
            let name = above.map_or_else(|| "the document's title".to_owned(), name);
            let message = format!(
                "{} is at level {}, right below {name} at level {level}",
                self::name(heading),
                heading.level
            );
            let help = format!("write `{}` in front of it", "#".repeat(usize::from(level) + 1));
            faults.at(place(program, &document, heading), message).help(help);
        }
    }
}

fn name(heading: &Heading) -> String {
    format!("`{}`", clip(&safe(&heading.title), 60))
}

/// Tells of titles that are not the first heading, once.
fn titles(program: &Program, document: &Document<'_>, faults: &mut Faults) {
    let headings = &document.body.headings;
    let mut later = headings.iter().skip(1).filter(|heading| heading.level == 1);
    let Some(title) = later.next() else { return };
    let mut message = match headings.first().map(|first| first.level) {
        Some(1) => format!("{} is a second title", name(title)),
        _ => format!("the title {} does not come first", name(title)),
    };
    let more = later.count();
    if more > 0 {
        message.push_str(&format!(", and {} more of its level", count(more, "heading")));
    }
    let help = "write sections one level below the title: `## …`, `### …`";
    faults.at(place(program, document, title), message).help(help);
}

fn place(program: &Program, document: &Document<'_>, heading: &Heading) -> Location {
    let typed = document.body.typed.iter();
    let mut same = typed.filter(|one| one.level == heading.level && one.anchor == heading.anchor);
    match (same.next(), same.next()) {
        (Some(only), None) => Location { file: document.file, span: only.span },
        _ => document.place(program, heading.span.range()),
    }
}
