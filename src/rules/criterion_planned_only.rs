use super::*;
use crate::timeline::Coverage;

pub(super) static RULE: Rule = Rule {
    name: "criterion-planned-only",
    brief: "only draft, planned or retired controls",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
Controls name a criterion in scope, but none of them is implemented in the days that are judged. Drafts, plans and
retired controls cover nothing.

## Why it matters
A criterion without a control in place cannot be supported: the auditor has nothing to test, and says so in the
opinion.

## Example
```yaml
#- controls/board.yaml
id: board
#   ^^^^^ `CC1.2` has only draft, planned or retired controls
title: The board meets
description: The board meets each quarter and its minutes are kept.
owner: security-lead
status: planned
cadence: quarterly
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
            let Some(first) = criterion.controls.first().and_then(|i| program.controls.get(*i)) else {
                continue;
            };
            gaps.about(
                Subject::new("criterion", name.as_str()),
                first.id.at,
                format!("`{name}` has only draft, planned or retired controls"),
            )
            .help(format!("put `{}` in place, then set `status: implemented` and `effective_from`", first.id))
            .audit(audit.id.as_deref());
        }
    }
}
