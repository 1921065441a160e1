use super::*;

use std::collections::BTreeMap;

use jiff::ToSpan;

use super::shared::window::{length, next};
use super::shared::windows::{AuditWindow, windows};

pub(super) static RULE: Rule = Rule {
    name: "bridge-too-long",
    brief: "the last report is too old for a bridge letter",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
A Type II report was issued, and since the last day of its framework's last window `bridge_days` have gone by (92
unless `[timeline]` sets another) without a new window. A window that has begun counts, also while its report is not
written yet.

## Why it matters
A bridge letter is management's word, not the auditor's, and customers take it for about three months. Without a new
window there is nothing to take its place, and the report ends in customers' files.

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
period = { from = 2025-01-01, to = 2026-02-28 }
#                                  ^^^^^^^^^^ on 2026-06-30 the window of `2025-type2` has been over for 122 days and no other has begun; a bridge letter speaks for 92
issued = 2026-04-20
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
period = { from = 2025-01-01, to = 2026-02-28 }
issued = 2026-04-20
[[audit]]
id = "2026-type2"
type = "type2"
period = { from = 2026-03-01, to = 2027-02-28 }
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    if !judgement.whole {
        return;
    }
    let mut begun: BTreeMap<usize, Vec<AuditWindow<'_>>> = BTreeMap::new();
    for window in windows(judgement.program).into_iter().filter(|window| window.from <= judgement.as_of) {
        begun.entry(window.framework).or_default().push(window);
    }
    for windows in begun.values() {
        tell(judgement, windows, gaps);
    }
}

/// Looks at the windows of one framework that have begun.
fn tell(judgement: &Judgement<'_>, begun: &[AuditWindow<'_>], gaps: &mut Gaps) {
    let (today, days) = (judgement.as_of, judgement.settings.bridge_days);
    let issued = begun.iter().any(|w| w.audit.issued.as_ref().is_some_and(|issued| issued.value <= today));
    let Some(last) = begun.iter().max_by_key(|window| window.to).filter(|_| issued) else { return };
    let Some(end) = last.audit.period.as_ref().and_then(|period| period.to.as_ref()) else { return };
    let Some(since) = last.to.checked_add(days.days()).ok().and_then(next).filter(|since| *since <= today)
    else {
        return;
    };
    let id = &last.audit.id;
    let over = length(last.to, today) - 1;
    let message = format!(
        "on {today} the window of `{id}` has been over for {over} days and no other has begun; \
         a bridge letter speaks for {days}"
    );
    let from = next(last.to).unwrap_or(today);
    gaps.about(Subject::new("audit", id.to_string()), end.at, message)
        .help(format!("agree on the next window, best from {from}, and add it as an `[[audit]]`"))
        .since(since);
}
