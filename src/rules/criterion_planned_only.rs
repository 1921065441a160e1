use super::*;
use crate::model::{Control, Status};
use crate::timeline::Coverage;

pub(super) static RULE: Rule = Rule {
    name: "criterion-planned-only",
    brief: "no control in place, only drafts, plans or retired ones",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
Controls name a criterion in scope, but none of them is implemented in the days that are judged. Drafts, plans and
retired controls cover nothing, nor does a control that does not say from when on it was in place.

## Why it matters
A criterion without a control in place cannot be supported: the auditor has nothing to test, and says so in the
opinion.

## Example
```yaml
#- controls/board.yaml
id: board
#   ^^^^^ `CC1.2` has no control in place
title: The board meets
description: The board meets each quarter and its minutes are kept.
owner: security-lead
status: planned
cadence: quarterly
criteria: [CC1.2]
```

```yaml
#- controls/board.yaml
- id: board
  title: The board meets
  description: The board meets each quarter and its minutes are kept.
  owner: security-lead
  status: planned
  cadence: quarterly
  criteria: [CC1.2]
- id: board-elected
#     ^^^^^^^^^^^^^ `CC1.2` has no control in place
  title: The board is elected by the shareholders
  description: Each year the shareholders elect the board, and the minutes of the vote are kept.
  owner: security-lead
  status: implemented
  cadence: annual
  criteria: [CC1.2]
```

## Fixed
```yaml
#- controls/board.yaml
id: board
title: The board meets
description: The board meets each quarter and its minutes are kept.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: quarterly
criteria: [CC1.2]
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    for audit in &judgement.audits {
        for criterion in audit.criteria.iter().filter(|c| c.coverage == Coverage::PlannedOnly) {
            let name = program.criterion_name(criterion.id);
            let controls = || criterion.controls.iter().filter_map(|index| program.controls.get(*index));
            let Some(nearest) = controls().find(|c| undated(c)).or_else(|| controls().next()) else {
                continue;
            };
            let message = format!("`{name}` has no control in place");
            gaps.about(Subject::new("criterion", name.as_str()), nearest.id.at, message)
                .help(help(nearest))
                .audit(audit.id.as_deref());
        }
    }
}

/// Implemented, and without the day from which it counts.
fn undated(control: &Control) -> bool {
    control.status() == Status::Implemented && control.effective_from.is_none()
}

fn help(control: &Control) -> String {
    if undated(control) {
        return format!("add `effective_from:` to `{}`", control.id);
    }
    format!("put `{}` in place, then set `status: implemented` and `effective_from`", control.id)
}
