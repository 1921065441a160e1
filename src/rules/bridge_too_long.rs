use super::*;

use jiff::ToSpan;

use super::shared::window::next;
use super::shared::windows::windows;

pub(super) static RULE: Rule = Rule {
    name: "bridge-too-long",
    brief: "the last report is too old for a bridge letter",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
A Type II report was issued, and since the last day of the last window `bridge_days` have gone by (92 unless `[timeline]` sets another)
without a new window. A window that has begun counts, also while its report is not written yet.

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
    let today = judgement.as_of;
    let days = judgement.settings.bridge_days;
    let begun: Vec<_> =
        windows(judgement.program).into_iter().filter(|window| window.from <= today).collect();
    let issued = begun.iter().any(|w| w.audit.issued.as_ref().is_some_and(|issued| issued.value <= today));
    let Some(last) = begun.into_iter().max_by_key(|window| window.to).filter(|_| issued && judgement.whole)
    else {
        return;
    };
    let Some(end) = last.audit.period.as_ref().and_then(|period| period.to.as_ref()) else { return };
    let Ok(bridged) = last.to.checked_add(days.days()) else { return };
    if today <= bridged {
        return;
    }
    let id = &last.audit.id;
    let over = (today - last.to).get_days();
    let message = format!(
        "on {today} the window of `{id}` has been over for {over} days and no other has begun; a bridge letter speaks for {days}"
    );
    let gap = gaps.about(Subject::new("audit", id.to_string()), end.at, message).help(format!(
        "agree on the next window, best from {}, and add it as an `[[audit]]`",
        next(last.to).unwrap_or(today)
    ));
    if let Some(since) = next(bridged) {
        gap.since(since);
    }
}
