use super::shared::current;
use super::*;

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::shared::performed::performers;
use super::shared::persons::same_person;
use crate::text::safe;
use crate::timeline::people;

pub(super) static RULE: Rule = Rule {
    name: "self-review",
    brief: "evidence reviewed by who performed it",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
Evidence was reviewed by the person who performed it, also under an alias or another spelling of an e-mail address.
With fewer than five employees and contractors on the day of the review (`[timeline]` may set another number under
`small_team`), `compensating` may name a control that makes up for it.

## Why it matters
A review is a second pair of eyes. An auditor treats a self-review as no review, and asks how many others there are.

## Example
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
reviewed: { on: 2026-03-30, by: Alice@acme.com, result: accepted }
#                               ^^^^^^^^^^^^^^ `Alice@acme.com` reviewed `access-review/2026-q1` and also performed it
```

```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
reviewed: { on: 2026-03-30, by: alice, result: accepted, compensating: ceo-review }
#                               ^^^^^ `alice` reviewed `access-review/2026-q1` and also performed it; 5 people worked here that day
#- registers/people.yaml
- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: bob, name: Bob, kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: carol, name: Carol, kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: dana, name: Dana, kind: contractor, employed: [{ from: 2026-03-30 }] }
- { id: erin, name: Erin, kind: employee, employed: [{ from: 2024-01-01, to: 2026-03-30 }] }
#- controls/ceo-review.yaml
id: ceo-review
title: The CEO looks back
description: Each month the CEO looks at what one person did alone.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: monthly
criteria: [CC5.1]
```

## Fixed
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
reviewed: { on: 2026-03-30, by: bob, result: accepted }
```

```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
reviewed: { on: 2026-03-30, by: alice, result: accepted, compensating: ceo-review }
#- controls/ceo-review.yaml
id: ceo-review
title: The CEO looks back
description: Each month the CEO looks at what one person did alone.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: monthly
criteria: [CC5.1]
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    let mut heads: BTreeMap<Date, usize> = BTreeMap::new();
    for folder in current::evidence(judgement) {
        let Some(reviewed) = &folder.manifest.reviewed else { continue };
        let Some(by) = &reviewed.by else { continue };
        if !performers(&folder.manifest).any(|performer| same_person(program, performer, by)) {
            continue;
        }
        let id = program.evidence_id(folder);
        let mut message = format!("`{}` reviewed `{}` and also performed it", safe(by), safe(id));
        if reviewed.compensating.is_some() {
            let Some(on) = &reviewed.on else { continue };
            let heads = *heads.entry(on.value).or_insert_with(|| people::head_count(program, on.value));
            if heads < judgement.settings.small_team {
                continue;
            }
            message.push_str(&format!("; {heads} people worked here that day, too many for `compensating`"));
        }
        gaps.about(Subject::new("evidence", id), by.at, message)
            .help("have another person review it and write that person under `reviewed`");
    }
}
