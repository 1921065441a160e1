use super::*;

use super::shared::window::length;
use super::shared::windows::{successions, windows};
use crate::text::count;

pub(super) static RULE: Rule = Rule {
    name: "audit-windows-overlap",
    brief: "a Type II window that begins before the last one ends",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
The window of a Type II audit that is judged begins on or before the last day of the one before it: the audit it
`follows`, else the earlier one of the same framework. Audits of different `systems` may run side by side.

## Why it matters
Successive windows abut: the next one starts on the day after the last one ended. Days in two windows are tested
twice, and an exception in them stands in two reports.

## Example
```toml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[[audit]]
id = "2025-type2"
type = "type2"
period = { from = 2025-07-01, to = 2025-12-31 }
issued = 2026-02-20
[[audit]]
id = "2026-type2"
type = "type2"
period = { from = 2025-12-15, to = 2026-12-14 }
#                 ^^^^^^^^^^ the windows of `2025-type2` and `2026-type2` overlap from 2025-12-15 to 2025-12-31 (17 days)
```

## Fixed
```toml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[[audit]]
id = "2025-type2"
type = "type2"
period = { from = 2025-07-01, to = 2025-12-31 }
issued = 2026-02-20
[[audit]]
id = "2026-type2"
type = "type2"
period = { from = 2026-01-01, to = 2026-12-31 }
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    for (before, window) in successions(&windows(judgement.program)) {
        let id = &window.audit.id;
        let judged = judgement.audits.iter().any(|audit| audit.id.as_deref() == Some(&*id.value.0));
        let end = before.to.min(window.to);
        if !judged || window.from > before.to || window.from < before.from {
            continue;
        }
        let days = usize::try_from(length(window.from, end)).unwrap_or(0);
        let message = format!(
            "the windows of `{}` and `{id}` overlap from {} to {end} ({})",
            before.audit.id,
            window.from,
            count(days, "day")
        );
        gaps.about(Subject::new("audit", id.to_string()), window.at, message)
            .help("agree with the auditor on a window that starts on the day after the last one ended")
            .audit(Some(&id.value.0));
    }
}
