use super::shared::remarks::remarks;
use super::*;
use crate::timeline::Remark;

pub(super) static RULE: Rule = Rule {
    name: "control-partial-period",
    brief: "a control in place on a part of the window",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
A control came into place after the window began, or was retired before it ends. Days without any control for a criterion
are told by `criterion-partial`.

## Why it matters
A Type II tests the control for the days it was in place, and the change is part of the system description (DC 9). Said
first, it is a change; found by the auditor, it is a question.

## Example
```yaml
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2026-04-01
#               ^^^^^^^^^^ `access-review` is in place on 275 of the 365 days of the window 2026-01-01 to 2026-12-31
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
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    for found in remarks(judgement) {
        let Remark::PartialPeriod { days, of } = found.remark else { continue };
        let (from, to) = found.audit.window;
        let control = found.control;
        let starts = control.effective_from.as_ref().filter(|day| day.value > from);
        let edge = starts.or(control.retired_at.as_ref());
        let message =
            format!("`{}` is in place on {days} of the {of} days of the window {from} to {to}", control.id);
        let gap = found.gap(gaps, edge.map_or(control.id.at, |day| day.at), message);
        let gap = gap.help("correct the date if it is wrong; else tell the auditor of the change (DC 9)");
        if let Some(day) = edge {
            gap.since(day.value);
        }
    }
}
