use std::collections::BTreeSet;

use super::*;
use crate::text::{clip, nearest, safe};

pub(super) static RULE: Rule = Rule {
    name: "unknown-request",
    brief: "a request that the register does not hold",
    check: Check::Tree(Level::Warn, check),
    docs: r#"
A manifest names under `request` a reference that `registers/requests.yaml` does not hold. Nothing is told while the register
is empty: the list may not have come yet.

## Why it matters
The evidence was filed as an answer, and no request shows it: the auditor goes on waiting, or it lands under another one.

## Example
```yaml
#- registers/requests.yaml
- id: PBC-07
  text: Access review of the first quarter
  status: open
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
request: [PBC-70]
#         ^^^^^^ there is no request `PBC-70`
```

## Fixed
```yaml
#- registers/requests.yaml
- id: PBC-07
  text: Access review of the first quarter
  status: open
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
request: [PBC-07]
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    // Before there is a list, nobody can say what is on it.
    if program.registers.requests.is_empty() || program.may_be_defined_in_unread("registers/requests") {
        return;
    }
    let known: BTreeSet<&str> = program.registers.requests.iter().map(|request| request.id.trim()).collect();
    for folder in &program.evidence {
        for reference in folder.manifest.request.iter().filter(|reference| !known.contains(reference.trim()))
        {
            let message = format!("there is no request `{}`", clip(&safe(reference), 60));
            let help = match nearest(reference, known.iter().copied()) {
                Some(near) => format!("did you mean `{}`?", safe(near)),
                None => "take over the auditor's list: soc2 import requests LIST.xlsx".to_owned(),
            };
            faults.at(reference.at, message).help(help);
        }
    }
}
