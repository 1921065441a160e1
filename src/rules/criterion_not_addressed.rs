use super::shared::scope;
use super::*;
use crate::program::CriterionId;
use crate::text::safe;
use crate::timeline::{AuditStanding, Coverage};

pub(super) static RULE: Rule = Rule {
    name: "criterion-not-addressed",
    brief: "a criterion that no control names",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
No control names a criterion in scope, not even a draft. Criteria left to a carved-out vendor and those that do not
apply for a stated reason are not meant.

## Why it matters
A criterion that nothing speaks to is the plainest reason for a qualified opinion: there is nothing to test, and a
category cannot be left out once it has been sold.

## Example
```yaml
#- frameworks/house.yaml
id: house
title: House rules
edition: "1"
categories: [{ id: security, title: Security, always: true }, { id: availability, title: Availability }]
series: [{ id: S, title: Security, category: security }, { id: A, title: Availability, category: availability }]
criteria:
  - { id: S.1, series: S, text: Access is limited. }
  - { id: A.1, series: A, text: Backups are kept. }
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "house"
#           ^^^^^^^ no control names `S.1`
categories = ["availability"]
#             ^^^^^^^^^^^^^^ no control names `A.1`
```

## Fixed
```yaml
#- frameworks/house.yaml
id: house
title: House rules
edition: "1"
categories: [{ id: security, title: Security, always: true }, { id: availability, title: Availability }]
series: [{ id: S, title: Security, category: security }, { id: A, title: Availability, category: availability }]
criteria:
  - { id: S.1, series: S, text: Access is limited. }
  - { id: A.1, series: A, text: Backups are kept. }
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "house"
categories = ["availability"]
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: quarterly
criteria: [S.1]
#- controls/backup.yaml
id: backup
title: Backups run daily
description: The database is copied to another region each day.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: daily
criteria: [A.1]
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    if program.may_be_defined_in_unread("controls/") {
        return;
    }
    for standing in &judgement.audits {
        for criterion in standing.criteria.iter().filter(|c| c.coverage == Coverage::NotAddressed) {
            let name = program.criterion_name(criterion.id);
            let shown = safe(&name);
            gaps.about(
                Subject::new("criterion", name.as_str()),
                brought_in(program, standing, criterion.id),
                format!("no control names `{shown}`"),
            )
            .help(format!("write a control that does what `{shown}` asks and add it to its `criteria`"))
            .audit(standing.id.as_deref());
        }
    }
}

/// The category that brings the criterion into scope, as typed; else the framework.
fn brought_in(program: &Program, standing: &AuditStanding, id: CriterionId) -> Location {
    let audit = scope::audit(program, standing);
    let framework = program.frameworks.get(id.framework);
    let category = framework
        .and_then(|of| of.criteria.get(id.criterion).and_then(|criterion| of.category_of(criterion)));
    let typed = category.and_then(|category| {
        scope::categories(program, audit).iter().find(|typed| *typed.value == *category.id.value.0)
    });
    typed
        .map(|typed| typed.at)
        .or_else(|| scope::framework(program, audit).map(|typed| typed.at))
        .unwrap_or_else(|| program.root_place())
}
