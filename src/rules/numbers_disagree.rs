use std::collections::BTreeMap;
use std::ops::Range;

use super::shared::measures::{Measure, Of, of_document, single};
use super::shared::texts::{Document, orders};
use super::*;
use crate::text::safe;

pub(super) static RULE: Rule = Rule {
    name: "numbers-disagree",
    brief: "two documents that give one thing two numbers",
    check: Check::Tree(Level::Warn, check),
    docs: r#"
Two policies or procedures say different numbers of the same thing: how long a password is, how soon a leaver's access ends,
how long logs are kept, how soon a vulnerability is fixed and the like. The texts are compared as people read them. Only
sentences that name the thing are read; a document that itself says two numbers of it, as for staff and for administrators, is
not compared, and neither are numbers that can mean the same: 24 hours and one business day.

## Why it matters
The auditor tests the stricter of two promises, and staff follow the looser one. Whoever changes the number later changes
one of the two.

## Example
```markdown
#- policies/access.md
---
id: access
title: Access Policy
owner: security-lead
---
A password has at least 12 characters.
#- policies/devices.md
---
id: devices
title: Device Policy
owner: security-lead
---
Sign-in to a laptop takes a password of 14 characters or more.
#                                       ^^^^^^^^^^^^^ `14 characters` in the policy `devices` and `12 characters` in the policy `access` disagree on the length of a password
```

## Fixed
```markdown
#- policies/access.md
---
id: access
title: Access Policy
owner: security-lead
---
A password has at least {{ password_min_length }} characters; for administrators 20 characters. Logs are kept for 12 months.
#- policies/devices.md
---
id: devices
title: Device Policy
owner: security-lead
---
Sign-in to a laptop takes a password of {{ password_min_length }} characters or more. The administrator password of a laptop
has 24 characters. Logs are kept for one year.
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[variables]
password_min_length = 14
```
"#,
};

/// Disagreements told of one document.
const MOST: usize = 20;

fn check(program: &Program, faults: &mut Faults) {
    let mut first: BTreeMap<Of, (Document<'_>, Measure)> = BTreeMap::new();
    for document in orders(program) {
        let mut told = 0;
        for (of, measure) in single(of_document(&document)) {
            let Some((other, said)) = first.get(&of) else {
                first.insert(of, (document, measure));
                continue;
            };
            if said.amount.may_equal(measure.amount) || told == MOST {
                continue;
            }
            told += 1;
            let shown = |document: &Document<'_>, range: Range<usize>| {
                safe(document.text.get(range).unwrap_or("").trim())
            };
            let message = format!(
                "`{}` in {} and `{}` in {} disagree on {}",
                shown(&document, measure.range.clone()),
                document.name(),
                shown(other, said.range.clone()),
                other.name(),
                of.topic().name
            );
            let there = other.place(program, said.range.clone());
            faults
                .at(document.place(program, measure.range), message)
                .help("decide which one holds, and write it in both as one variable of soc2.toml")
                .related(there, "the other number");
        }
    }
}
