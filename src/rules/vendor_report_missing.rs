use super::*;

use super::shared::vendors::{in_use, reports, stands_as};
use super::shared::window::Window;
use crate::model::registers::Subservice;

pub(super) static RULE: Rule = Rule {
    name: "vendor-report-missing",
    brief: "a carved-out subservice organisation without a report",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
A subservice organisation that is carved out and was in use on a judged day has no report at all. Bridge letters do
not count: they continue a report. Whether the report is recent is `vendor-report-expired`, whether it is strong
enough `vendor-report-weak`.

## Why it matters
Carving out means: their controls are left to their auditor, and we read what that auditor wrote. Without a report
nothing stands behind the criteria that were left to them.

## Example
```yaml
#- registers/vendors.yaml
- { id: aws, service: hosting, owner: security-lead, tier: critical, subservice: carve-out }
#       ^^^ the carved-out vendor `aws` shows no report
```

## Fixed
```yaml
#- registers/vendors.yaml
- id: aws
  service: hosting
  owner: security-lead
  tier: critical
  subservice: carve-out
  reports:
    - { kind: soc2-type2, period: { from: 2025-04-01, to: 2026-03-31 }, reviewed: { by: alice, on: 2026-06-09 } }
- { id: github, service: code hosting, owner: security-lead, tier: critical }
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let window = Window::of(judgement);
    for vendor in &judgement.program.registers.vendors {
        let unreadable =
            vendor.misread.holds("reports") || vendor.reports.iter().any(|report| report.kind.is_none());
        let carved_out = stands_as(vendor, Subservice::CarveOut) && in_use(vendor, &window);
        if !carved_out || unreadable || reports(vendor).next().is_some() {
            continue;
        }
        let id = &vendor.id;
        gaps.about(Subject::new("vendor", id.to_string()), id.at, format!("the carved-out vendor `{id}` shows no report"))
            .help("ask for its SOC 2 Type II report, read it and add it to `reports` with `kind`, `period` and `reviewed`");
    }
}
