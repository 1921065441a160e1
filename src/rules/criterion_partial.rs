use super::*;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::text::{safe, some};
use crate::timeline::{Coverage, CriterionStanding};

pub(super) static RULE: Rule = Rule {
    name: "criterion-partial",
    brief: "a criterion with days without a control in place",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
Controls name a criterion, but on some judged day none of them was in place: it started inside the window, it was
retired before another took over, or the two do not meet.

## Why it matters
A Type II opinion speaks of the whole window. The auditor reports the days without a control, however well it ran on
the others, and expects the change in the system description (DC 9).

## Example
```yaml
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2026-04-01
#               ^^^^^^^^^^ `CC6.2` has no control in place on 90 of 181 judged days: 2026-01-01 to 2026-03-31
cadence: quarterly
criteria: [CC6.2]
```

```yaml
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: retired
effective_from: 2025-01-01
retired_at: 2026-05-31
#           ^^^^^^^^^^ `CC6.2` has no control in place on 30 of 181 judged days: 2026-06-01 to 2026-06-30
cadence: quarterly
criteria: [CC6.2]
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
```

```yaml
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: retired
effective_from: 2025-01-01
retired_at: 2026-05-31
cadence: quarterly
criteria: [CC6.2]
#- controls/user-review.yaml
id: user-review
title: Owners review users every month
description: Each month the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2026-06-01
cadence: monthly
criteria: [CC6.2]
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    for audit in &judgement.audits {
        for criterion in audit.criteria.iter().filter(|c| c.coverage == Coverage::Partial) {
            let Some(hole) = criterion.holes.first().copied() else { continue };
            let Some(at) = edge(program, criterion, hole) else { continue };
            let name = program.criterion_name(criterion.id);
            let missing: i32 = criterion.holes.iter().copied().map(days).sum();
            let holes: Vec<String> = criterion.holes.iter().copied().map(said).collect();
            let message = format!(
                "`{}` has no control in place on {missing} of {} judged days: {}",
                safe(&name),
                days(audit.days),
                some(&holes, 3)
            );
            gaps.about(Subject::new("criterion", name.as_str()), at, message)
                .help(
                    "correct the dates if a control was in place on these days; else tell the auditor (DC 9)",
                )
                .audit(audit.id.as_deref())
                .since(hole.0);
        }
    }
}

fn days((from, to): (Date, Date)) -> i32 {
    (to - from).get_days() + 1
}

fn said((from, to): (Date, Date)) -> String {
    if from == to { from.to_string() } else { format!("{from} to {to}") }
}

/// The date that opens or closes the hole: the start of the control after it, or the end of the one before.
fn edge(program: &Program, criterion: &CriterionStanding, (from, to): (Date, Date)) -> Option<Location> {
    let controls = || criterion.in_place.iter().filter_map(|index| program.controls.get(*index));
    let after = to.checked_add(1.day()).ok();
    let before = from.checked_sub(1.day()).ok();
    let starts = controls().filter_map(|c| c.effective_from.as_ref()).find(|on| Some(on.value) == after);
    let ends = || controls().filter_map(|c| c.retired_at.as_ref()).find(|on| Some(on.value) == before);
    let date = starts.or_else(ends).map(|on| on.at);
    date.or_else(|| controls().next().map(|control| control.id.at))
}
