use super::*;

use jiff::ToSpan;

use super::shared::window::{length, next};
use super::shared::windows::{successions, windows};
use crate::text::count;

pub(super) static RULE: Rule = Rule {
    name: "audit-windows-gap",
    brief: "days between two Type II windows that no audit looks at",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
The window of a Type II audit that is judged begins later than the day after the one before it ended: the audit it
`follows`, else the earlier one of the same framework.

## Why it matters
Customers read reports one after the other. Days that no window holds have to be explained in each of their reviews,
and nothing shows that the controls ran then.

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
follows = "2025-type2"
period = { from = 2026-02-01, to = 2027-01-31 }
#                 ^^^^^^^^^^ no audit looks at 2026-01-01 to 2026-01-31 (31 days), between `2025-type2` and `2026-type2`
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
follows = "2025-type2"
period = { from = 2026-01-01, to = 2026-12-31 }
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    for (before, window) in successions(&windows(judgement.program)) {
        let id = &window.audit.id;
        let judged = judgement.audits.iter().any(|audit| audit.id.as_deref() == Some(&*id.value.0));
        let Some(first) = next(before.to).filter(|first| judged && *first < window.from) else { continue };
        let last = window.from.checked_sub(1.day()).unwrap_or(first);
        let days = usize::try_from(length(first, last)).unwrap_or(0);
        let message = format!(
            "no audit looks at {first} to {last} ({}), between `{}` and `{id}`",
            count(days, "day"),
            before.audit.id
        );
        gaps.about(Subject::new("audit", id.to_string()), window.at, message)
            .help(format!(
                "agree with the auditor on a window from {first}, or tell customers why days are left out"
            ))
            .audit(Some(&id.value.0));
    }
}
