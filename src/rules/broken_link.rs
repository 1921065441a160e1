use std::collections::BTreeMap;

use super::shared::links::{Leads, leads, named};
use super::shared::texts::{Document, documents};
use super::*;
use crate::source::FileId;
use crate::text::{clip, nearest, safe};

pub(super) static RULE: Rule = Rule {
    name: "broken-link",
    brief: "a link to a file or heading that is not there",
    check: Check::Tree(Level::Warn, check),
    docs: r##"
A link of a policy, procedure or narrative leads to a file below the programme's folders that does not exist, or to a heading
that the document does not have. Links to the web and to files outside these folders are not followed.

## Why it matters
A rule that stands behind a dead link is one that nobody can read. Publishing keeps the words and drops the link, so
readers do not even see what they miss.

## Example
```markdown
#- policies/access.md
---
id: access
title: Access Policy
owner: security-lead
---
# Access Policy

Leavers are handled by [the checklist](../procedures/offbording.md), and [passwords](#paswords) are long.
#                      ^^^^^^^^^^^^^^^^^ `procedures/offbording.md` is not there
#                                                                        ^^^^^^^^^^^ no heading `paswords`

### Passwords

See [its steps](../procedures/offboarding.md#steps).
#   ^^^^^^^^^^^ the procedure `offboarding` has no heading `steps`
#- procedures/offboarding.md
---
id: offboarding
title: Offboarding
---
### First hour
1. Disable the account.
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

Leavers are handled by [the checklist](../procedures/offboarding.md), and [passwords](#passwords) are long.
See [NIST](https://www.nist.gov), [us](mailto:security@acme.com), the [source](../../README.md) and [controls](../controls/).

### Passwords

See [its steps](../procedures/offboarding.md#first-hour).
#- procedures/offboarding.md
---
id: offboarding
title: Offboarding
---
### First hour
1. Disable the account, see [above](#offboarding).

# Offboarding
```
"##,
};

/// Links told of one document.
const MOST: usize = 20;

fn check(program: &Program, faults: &mut Faults) {
    let all: BTreeMap<FileId, Document<'_>> = documents(program).map(|one| (one.file, one)).collect();
    let paths: Vec<&str> = all.keys().map(|file| program.sources.path(*file)).collect();
    for document in documents(program) {
        let mut told = 0;
        for link in named(document.text).into_iter().filter(|link| !link.figure) {
            let anchor =
                link.to.split_once('#').map(|(_, anchor)| anchor).filter(|anchor| !anchor.is_empty());
            let target = match leads(program, document.file, &link.to) {
                Leads::Nowhere(path) => {
                    let message = format!("`{}` is not there", clip(&safe(&path), 80));
                    let help = match nearest(&path, paths.iter().copied()) {
                        Some(near) => format!("did you mean `{}`?", relative(program, &document, near)),
                        None => "link to a file that is there, or write the words without a link".to_owned(),
                    };
                    let at = document.place(program, link.range.clone());
                    faults.at(at, message).help(help);
                    told += 1;
                    None
                }
                Leads::Here => Some(&document),
                Leads::File(file) => all.get(&file),
                Leads::Away | Leads::Folder => None,
            };
            if let (Some(target), Some(anchor)) = (target, anchor)
                && !target.body.has_anchor(anchor)
            {
                let shown = clip(&safe(anchor), 80);
                let message = format!("{} has no heading `{shown}`", target.name());
                let anchors = target.body.headings.iter().map(|heading| heading.anchor.as_str());
                let help = match nearest(anchor, anchors) {
                    Some(near) => format!("did you mean `#{}`?", safe(near)),
                    None => format!("give the heading that is meant the anchor `{{#{shown}}}`"),
                };
                faults.at(document.place(program, link.range.clone()), message).help(help);
                told += 1;
            }
            if told >= MOST {
                break;
            }
        }
    }
}

/// A path as a link of the document is written.
fn relative(program: &Program, document: &Document<'_>, path: &str) -> String {
    let own = program.sources.path(document.file);
    let folder = own.rsplit_once('/').map_or("", |(folder, _)| folder);
    match path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')) {
        Some(beside) => safe(beside),
        None => format!("{}{}", "../".repeat(own.matches('/').count()), safe(path)),
    }
}
