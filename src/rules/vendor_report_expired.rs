use super::*;

use jiff::ToSpan;

use super::shared::vendors::{bridged, days, ends, in_use, kind, last_used, newest, relied_on, reports};
use super::shared::window::{Window, next};
use crate::model::AuditType;
use crate::model::registers::{ReportKind, Vendor};
use crate::timeline::AuditStanding;

pub(super) static RULE: Rule = Rule {
    name: "vendor-report-expired",
    brief: "a vendor whose reports do not reach the days we rely on it",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
The newest report of a critical vendor or carved-out subservice organisation ended more than `vendor_report_months`
(12 unless `[timeline]` sets another) before the last judged day, and no bridge letter speaks for the `bridge_days`
before that day. Or a Type II window is over, and neither a report nor a bridge letter speaks of any day of it. A
certificate is no report; a vendor that shows none at all is `vendor-report-missing`.

## Why it matters
What a vendor's controls did last year says nothing about the window that is examined. For a carved-out organisation
the criterion rests on nothing else.

## Example
```yaml
#- registers/vendors.yaml
- id: aws
  service: hosting
  owner: security-lead
  tier: critical
  reports:
    - { kind: soc2-type2, period: { from: 2023-04-01, to: 2024-03-31 }, reviewed: { by: alice, on: 2024-06-09 } }
    - { kind: soc2-type2, period: { from: 2024-04-01, to: 2025-03-31 }, reviewed: { by: alice, on: 2025-06-09 } }
#                                                         ^^^^^^^^^^ the newest report of the vendor `aws` ended on 2025-03-31, more than 12 months before 2026-06-30, and no bridge letter reaches nearer
```

```yaml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[[audit]]
id = "2026-h1"
type = "type2"
period = { from = 2026-01-01, to = 2026-06-30 }
#- registers/vendors.yaml
- id: aws
  service: hosting
  owner: security-lead
  tier: medium
  subservice: carve-out
  reports:
    - { kind: soc2-type2, period: { from: 2025-01-01, to: 2025-12-31 }, reviewed: { by: alice, on: 2026-03-09 } }
#                                                         ^^^^^^^^^^ no report of the vendor `aws` speaks of a day from 2026-01-01 to 2026-06-30; the newest ended on 2025-12-31
```

## Fixed
```yaml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[[audit]]
id = "2026-h1"
type = "type2"
period = { from = 2026-01-01, to = 2026-06-30 }
#- registers/vendors.yaml
- id: aws
  service: hosting
  owner: security-lead
  tier: medium
  subservice: carve-out
  reports:
    - { kind: soc2-type2, period: { from: 2025-01-01, to: 2025-12-31 }, reviewed: { by: alice, on: 2026-03-09 } }
    - { kind: bridge-letter, period: { from: 2026-01-01, to: 2026-03-31 } }
- id: okta
  service: staff sign-in
  owner: security-lead
  tier: critical
  reports:
    - { kind: soc2-type2, period: { from: 2025-05-01, to: 2026-04-30 }, reviewed: { by: alice, on: 2026-06-09 } }
- id: mail
  service: mail
  owner: security-lead
  tier: critical
  ended: 2025-12-31
  reports:
    - { kind: soc2-type2, period: { from: 2024-01-01, to: 2024-12-31 }, reviewed: { by: alice, on: 2025-06-09 } }
```
"#,
};

const HELP: &str = "ask the vendor for its newest report or a bridge letter, read it and add it to `reports`";

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let window = Window::of(judgement);
    for vendor in judgement.program.registers.vendors.iter().filter(|vendor| relied_on(vendor)) {
        if !in_use(vendor, &window)
            || vendor.misread.holds("reports")
            || expired(judgement, vendor, &window, gaps)
        {
            continue;
        }
        for audit in judgement.audits.iter().filter(|audit| audit.window.1 <= judgement.as_of) {
            beside_the_window(vendor, audit, gaps);
        }
    }
}

/// The last report that an auditor wrote, and where its period ends.
fn last(vendor: &Vendor) -> Option<&crate::model::scalar::Date> {
    let report = newest(reports(vendor).filter(|report| kind(report) != Some(ReportKind::Iso27001)))?;
    report.period.as_ref()?.to.as_ref()
}

/// Is the newest report too old on the last judged day?
fn expired(judgement: &Judgement<'_>, vendor: &Vendor, window: &Window, gaps: &mut Gaps) -> bool {
    let (settings, day) = (&judgement.settings, last_used(vendor, window));
    let Some(end) = last(vendor) else { return false };
    let Ok(usable) = end.value.checked_add(settings.vendor_report_months.months()) else { return false };
    let recent = day.checked_sub(settings.bridge_days.days()).unwrap_or(day);
    if day <= usable || bridged(vendor, recent, day) {
        return false;
    }
    let message = format!(
        "the newest report of the vendor `{}` ended on {}, more than {} months before {day}, and no \
         bridge letter reaches nearer",
        vendor.id, end.value, settings.vendor_report_months
    );
    let gap = gaps.about(Subject::new("vendor", vendor.id.to_string()), end.at, message).help(HELP);
    if let Some(since) = next(usable) {
        gap.since(since);
    }
    true
}

/// Tells when no report speaks of a window that is over.
fn beside_the_window(vendor: &Vendor, audit: &AuditStanding, gaps: &mut Gaps) {
    let (from, to) = audit.window;
    let used = vendor.ended.as_ref().is_none_or(|ended| from <= ended.value);
    let (AuditType::Type2, true, Some(end)) = (audit.r#type, used, last(vendor)) else { return };
    let undated = reports(vendor).any(|report| ends(report).is_none());
    let speaks = reports(vendor).filter_map(days).any(|(first, last)| first <= to && from <= last);
    if undated || speaks || bridged(vendor, from, to) {
        return;
    }
    let message = format!(
        "no report of the vendor `{}` speaks of a day from {from} to {to}; the newest ended on {}",
        vendor.id, end.value
    );
    gaps.about(Subject::new("vendor", vendor.id.to_string()), end.at, message)
        .help(HELP)
        .audit(audit.id.as_deref());
}
