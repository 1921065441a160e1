use super::shared::performed::performers;
use super::shared::refusals::refusals;
use super::*;
use crate::text::safe;
use crate::timeline::Flaw;

pub(super) static RULE: Rule = Rule {
    name: "bot-performed-manual-control",
    brief: "a bot performed a control of people",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
Evidence that a slot waits for was performed by a bot, and the control is not `type: automated`.

## Why it matters
A bot can export a list; deciding about each user is what the control asks of a person. The auditor interviews who performed
it.

## Example
```yaml
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: quarterly
criteria: [CC6.2]
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: ci }
#                                ^^ the bot `ci` performed `access-review/2026-q1`, and people perform `access-review`
result: { outcome: as-expected }
reviewed: { on: 2026-03-30, by: bob, result: accepted }
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
#- registers/people.yaml
- { id: ci, name: CI, kind: bot, employed: [{ from: 2024-01-01 }] }
- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: bob, name: Bob, kind: employee, employed: [{ from: 2024-01-01 }] }
```

## Fixed
```yaml
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: quarterly
criteria: [CC6.2]
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
result: { outcome: as-expected }
reviewed: { on: 2026-03-30, by: bob, result: accepted }
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
#- registers/people.yaml
- { id: ci, name: CI, kind: bot, employed: [{ from: 2024-01-01 }] }
- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: bob, name: Bob, kind: employee, employed: [{ from: 2024-01-01 }] }
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    for found in refusals(judgement, |flaw| matches!(flaw, Flaw::BotPerformed(_))) {
        let Flaw::BotPerformed(name) = found.flaw else { continue };
        let manifest = &*found.folder.manifest;
        let mut by = performers(manifest).filter(|by| *by.value.0 == **name);
        let at = by.next().map_or(manifest.place, |by| by.at);
        let message = format!(
            "the bot `{}` performed `{}`, and people perform `{}`",
            safe(name),
            safe(found.id()),
            found.seen.control.id
        );
        gaps.about(Subject::new("evidence", found.id()), at, message).help(found.flaw.mend());
    }
}
