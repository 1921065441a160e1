use super::shared::performed::occurrences;
use super::shared::remarks::remarks;
use super::*;
use crate::model::evidence::{Occurrence, Outcome};
use crate::program::EvidenceFolder;
use crate::source::Spanned;
use crate::text::safe;
use crate::timeline::Remark;
use jiff::civil::Date;

pub(super) static RULE: Rule = Rule {
    name: "result-open",
    brief: "an unusual result that nothing follows up",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
Accepted evidence of the window says `exceptions-noted` or `failed`, and no accepted evidence follows it up: none that names
it under `follows_up`, and none that its own `follow_up` names. The slot itself is filled: the control was performed.

## Why it matters
A review that finds something and leaves it is a control that does not work. The auditor reads the result and asks for the
ticket of each find.

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
performed: { on: 2026-03-28, by: alice }
result: { outcome: exceptions-noted, summary: "3 users without a ticket" }
#                  ^^^^^^^^^^^^^^^^ `access-review/2026-q1` noted exceptions on 2026-03-28, and nothing shows what was done
reviewed: { on: 2026-03-30, by: bob, result: accepted }
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
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
result: { outcome: exceptions-noted, summary: "3 users without a ticket" }
reviewed: { on: 2026-03-30, by: bob, result: accepted }
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
#- evidence/access-review/2026-q1-follow-up/manifest.yaml
title: Three users removed
controls: [access-review]
kind: ticket
performed: { on: 2026-04-08, by: alice }
result: { outcome: as-expected }
reviewed: { on: 2026-04-09, by: bob, result: accepted }
follows_up: [access-review/2026-q1]
artifacts:
  - path: ticket.txt
    sha256: "f51d4ee0e6d9145fd0f031bb0b856ca42c3bb04272adcb849269bc798c1f07b2"
#- evidence/access-review/2026-q1-follow-up/ticket.txt
IT-44: three users removed
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    for found in remarks(judgement) {
        let Remark::ResultOpen { evidence, on } = found.remark else { continue };
        let Some(folder) = program.evidence.get(*evidence) else { continue };
        let Some((outcome, at)) = outcome(folder, *on) else { continue };
        let id = safe(program.evidence_id(folder));
        let became = if outcome == Outcome::Failed { "failed" } else { "noted exceptions" };
        let message = format!("`{id}` {became} on {on}, and nothing shows what was done about it");
        found
            .gap(gaps, at, message)
            .help(format!(
                "file what was done as evidence of `{}`, reviewed, with `follows_up: [{id}]`",
                found.control.id
            ))
            .since(*on);
    }
}

/// The result of the performance on a day, and where it was typed.
fn outcome(folder: &EvidenceFolder, on: Date) -> Option<(Outcome, Location)> {
    let manifest = &*folder.manifest;
    let unusual = |outcome: &&Spanned<Outcome>| outcome.value != Outcome::AsExpected;
    let of_day = |one: &&Occurrence| one.on.as_ref().is_some_and(|day| day.value == on);
    let listed = occurrences(manifest).iter().filter(of_day).filter_map(|one| one.outcome.as_ref());
    let own = manifest.result.as_ref().and_then(|result| result.outcome.as_ref());
    let found = listed.chain(own).find(unusual)?;
    Some((found.value, found.at))
}
