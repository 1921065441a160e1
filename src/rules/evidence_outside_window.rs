use super::shared::remarks::remarks;
use super::*;
use crate::text::count;
use crate::timeline::Remark;

pub(super) static RULE: Rule = Rule {
    name: "evidence-outside-window",
    brief: "evidence outside the window",
    check: Check::Gap(Class::Note, check),
    docs: r#"
Occurrences of a control lie before or after the window of the audit, and fill none of its slots: one gap a control and
audit, with their number, once the window has begun. Evidence that names a slot and lies outside of it is told by
`slot-contradicts-date`.

## Why it matters
They are kept and do not count. They belong to the audit before or after; if one was meant for this window, its date is
wrong.

## Example
```yaml
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2025-01-01
cadence: quarterly
#        ^^^^^^^^^ 1 occurrence of `access-review` lies outside the window 2026-01-01 to 2026-12-31
criteria: [CC6.2]
#- evidence/access-review/2025-q4/manifest.yaml
title: Q4 access review
controls: [access-review]
kind: system-report
performed: { on: 2025-12-15, by: alice }
result: { outcome: as-expected }
reviewed: { on: 2025-12-16, by: bob, result: accepted }
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2025-q4/github.csv
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
effective_from: 2025-01-01
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

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    // Before a window begins everything lies outside of it.
    for found in remarks(judgement).filter(|found| found.audit.window.0 <= judgement.as_of) {
        let Remark::OutsideWindow(n) = found.remark else { continue };
        let (from, to) = found.audit.window;
        let lies = if *n == 1 { "lies" } else { "lie" };
        let message = format!(
            "{} of `{}` {lies} outside the window {from} to {to}",
            count(*n, "occurrence"),
            found.control.id
        );
        found
            .gap(gaps, found.cadence(), message)
            .help("nothing if they belong to another audit; else correct their dates");
    }
}
