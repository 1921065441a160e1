use super::shared::verdicts::{self, Seen};
use super::*;

pub(super) static RULE: Rule = Rule {
    name: "slot-missed",
    brief: "a slot without any evidence",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
The interval of a control and its grace are over, and no evidence shows that it was performed, for one of its systems
or for all. One gap each; when a control missed more than twelve, one for each run of them, named after its first slot.

## Why it matters
A Type II report lists every occurrence that the auditor asked for and did not get. What was not performed in the period
stays an exception; what can still be shown is whether it was performed and not filed.

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
#        ^^^^^^^^^ `access-review` was missed in 2026-Q1: no evidence of it; due by 2026-03-31, grace ended on 2026-04-15
criteria: [CC6.2]
```

```yaml
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each week the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: weekly
#        ^^^^^^ `access-review` was missed 25 times in a row, 2026-W01 to 2026-W25
criteria: [CC6.2]
```

```yaml
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: quarterly
#        ^^^^^^^^^ `access-review` was missed in 2026-Q1 on `aws`: no evidence of it
criteria: [CC6.2]
systems: [github, aws]
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
    system: github
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
#- registers/systems.yaml
- { id: github, in_scope: true, owner: security-lead }
- { id: aws, in_scope: true, owner: security-lead }
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
```
"#,
};

/// From so many missed slots of one system on, runs of them are told together.
const MANY: usize = 12;

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let mut missed: Vec<Missed<'_, '_>> = Vec::new();
    for (nth, seen) in verdicts::all(judgement).enumerate() {
        if verdicts::told_by(seen.slot) == Some(RULE.name) {
            missed.push((nth, seen));
        }
    }
    for of_system in missed.chunk_by(|(_, a), (_, b)| same_system(a, b)) {
        if of_system.len() <= MANY {
            of_system.iter().for_each(|one| tell(gaps, &[*one]));
        } else {
            of_system.chunk_by(|(a, _), (b, _)| a + 1 == *b).for_each(|run| tell(gaps, run));
        }
    }
}

/// A missed slot, and its place among all slots.
type Missed<'j, 'p> = (usize, Seen<'j, 'p>);

fn same_system(a: &Seen<'_, '_>, b: &Seen<'_, '_>) -> bool {
    std::ptr::eq(a.standing, b.standing) && a.slot.system == b.slot.system
}

fn tell(gaps: &mut Gaps, run: &[Missed<'_, '_>]) {
    let ([(_, first), ..], [.., (_, last)]) = (run, run) else { return };
    let judgement = first.judgement;
    let message = match run {
        [_] => {
            let because = judgement.why_slot(first.audit, first.standing, first.slot).because;
            format!("`{}` was missed{}: {because}", first.control.id, first.place())
        }
        _ => format!(
            "`{}` was missed {} times in a row{}, {} to {}: no evidence of it; the last grace ended on {}",
            first.control.id,
            run.len(),
            first.on_system(),
            first.slot.spell.name(),
            last.slot.spell.name(),
            last.slot.due
        ),
    };
    let gap = first.gap(gaps, first.due_by(), message);
    // A waiver of one slot says nothing of the others.
    let gap = match run {
        [_] => gap,
        _ => {
            let name = format!("{}..{}", first.slot.spell.name(), last.slot.spell.name());
            gap.slot(name, (first.slot.spell.days().1, last.slot.due))
        }
    };
    gap.help(format!(
        "if it was performed, file what shows it: {}; if not, it stays an exception: write down the cause in \
         registers/exceptions.yaml",
        judgement.add_command(first.standing, first.slot)
    ));
}
