use super::*;

use std::collections::BTreeMap;

use super::shared::cadences::{Promise, promise};
use crate::model::scalar::PolicyRef;
use crate::model::{Cadence, Control, Status};
use crate::program::{anchor, document};
use crate::text::{clip, safe};

pub(super) static RULE: Rule = Rule {
    name: "cadence-conflicts-policy",
    brief: "a control with another cadence than the policy section it cites",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
A control in place, or planned, cites a policy section that names one cadence in clear words (each year, twice a year,
quarterly, every month, weekly, daily), and the control's `cadence` is another one. Sections that name several
cadences, or none, are not judged, and neither is what they say of reviewing the policy itself. Where the policy says
"at least", a more frequent control agrees with it.

## Why it matters
The auditor holds the company to the stricter of its two promises: a yearly control under a policy that says "each
quarter" has three exceptions a year.

## Example
```yaml
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each year the owner of every system reviews its users and files the list.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: annual
criteria: [CC6.2]
policies: [access#reviews]
#          ^^^^^^^^^^^^^^ `access-review` is annual, and the policy section it cites says quarterly: "Each quarter the owner of every system reviews its users."
#- policies/access.md
---
id: access
title: Access Policy
owner: security-lead
---
This policy is reviewed yearly.
### Passwords {#passwords}
Passwords are checked against leaks every week.
### Reviews {#reviews}
Each quarter the owner of every system reviews its users. The record is kept.
This policy is reviewed at least once a year.
```

## Fixed
```yaml
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users and files the list.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: quarterly
criteria: [CC6.2]
policies: [access#reviews]
#- controls/restore.yaml
id: restore
title: A restore is tested
description: Each month the lead restores a database and files the log.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: monthly
criteria: [CC7.5]
policies: [access#restores]
#- policies/access.md
---
id: access
title: Access Policy
owner: security-lead
---
### Reviews {#reviews}
Each quarter the owner of every system reviews its users.
### Restores {#restores}
A restore is tested at least once a quarter.
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    let mut read: BTreeMap<(usize, &str), Option<Promise>> = BTreeMap::new();
    for control in &program.controls {
        let stands = matches!(control.status(), Status::Implemented | Status::Planned) && control.applies();
        let Some(cadence) = control.cadence.as_ref().map(|cadence| cadence.value).filter(|_| stands) else {
            continue;
        };
        if !is_periodic(cadence) {
            continue;
        }
        let mut conflict = None;
        for cited in &control.policies {
            let (Some(anchor), Some(index)) = (anchor(cited), program.names.policies.get(document(cited)))
            else {
                continue;
            };
            let promise = read.entry((*index, anchor)).or_insert_with(|| {
                program.policies.get(*index).and_then(|policy| promise(&policy.body, anchor))
            });
            let Some(promise) = promise else { continue };
            if promise.agrees(cadence) {
                conflict = None;
                break;
            }
            conflict = conflict
                .or_else(|| promise.conflict().map(|(of, sentence)| (cited, of, sentence.to_owned())));
        }
        if let Some((cited, of, sentence)) = conflict {
            tell(control, cadence, cited, of, &sentence, gaps);
        }
    }
}

fn is_periodic(cadence: Cadence) -> bool {
    !matches!(cadence, Cadence::Once | Cadence::Continuous | Cadence::Event)
}

fn tell(
    control: &Control,
    cadence: Cadence,
    cited: &PolicyRef,
    of: Cadence,
    sentence: &str,
    gaps: &mut Gaps,
) {
    let message = format!(
        "`{}` is {}, and the policy section it cites says {}: \"{}\"",
        control.id,
        cadence.word(),
        of.word(),
        clip(&safe(sentence), 120)
    );
    gaps.about(Subject::new("control", control.id.to_string()), cited.at, message)
        .help("let both say the same: the auditor tests the stricter promise");
}
