use super::*;

use super::shared::vendors::{in_use, is_tier, newest, reports, stands_as};
use super::shared::window::Window;
use crate::model::registers::{Subservice, Tier};

pub(super) static RULE: Rule = Rule {
    name: "vendor-report-unread",
    brief: "a vendor's report that was filed and not read",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
The newest report of a critical or high vendor, or of a carved-out subservice organisation, has no `reviewed`, or is
reviewed without `notes`. The notes say what the reader found, and which of the duties that the report leaves to its
customers are kept by which of our controls.

## Why it matters
A report in a folder is not a review. The exceptions in it may touch us, and its conclusions hold only for customers
who do their part; the auditor asks who looked at both.

## Example
```yaml
#- registers/vendors.yaml
- id: aws
  service: hosting
  owner: security-lead
  tier: critical
  reports:
    - { kind: soc2-type2, period: { from: 2025-04-01, to: 2026-03-31 } }
#             ^^^^^^^^^^ nobody has read the newest report of the vendor `aws`
- id: zendesk
  service: support desk
  owner: security-lead
  tier: high
  reports:
    - { kind: soc2-type2, period: { from: 2025-01-01, to: 2025-12-31 }, reviewed: { by: bob, on: 2026-03-04 } }
#                                                                                       ^^^ `bob` read the newest report of the vendor `zendesk` and left no notes
```

## Fixed
```yaml
#- registers/vendors.yaml
- id: aws
  service: hosting
  owner: security-lead
  tier: critical
  reports:
    - { kind: soc2-type2, period: { from: 2024-04-01, to: 2025-03-31 } }
    - kind: soc2-type2
      period: { from: 2025-04-01, to: 2026-03-31 }
      reviewed: { by: alice, on: 2026-06-09 }
      notes: No exception touches us. Of its duties for customers, two are kept by iam-mfa and iam-access-review.
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let window = Window::of(judgement);
    for vendor in judgement.program.registers.vendors.iter().filter(|vendor| in_use(vendor, &window)) {
        let asked = is_tier(vendor, &[Tier::Critical, Tier::High]) || stands_as(vendor, Subservice::CarveOut);
        let Some(report) = newest(reports(vendor)).filter(|_| asked) else { continue };
        let noted = report.notes.as_ref().is_some_and(|notes| notes.chars().any(char::is_alphanumeric));
        let read = report.reviewed.is_some() || report.misread.holds("reviewed");
        if read && (noted || report.misread.holds("notes")) {
            continue;
        }
        let (id, Some(kind)) = (&vendor.id, &report.kind) else { continue };
        let by = report.reviewed.as_ref().map(|act| act.by.as_ref());
        let (at, message) = match by {
            None if read => continue,
            None => (kind.at, format!("nobody has read the newest report of the vendor `{id}`")),
            Some(None) => continue,
            Some(Some(by)) => (
                by.at,
                format!(
                    "`{}` read the newest report of the vendor `{id}` and left no notes",
                    crate::text::safe(by)
                ),
            ),
        };
        gaps.about(Subject::new("vendor", id.to_string()), at, message).help(
            "read it; write `reviewed` and in `notes` what concerns us and which controls keep the customers' duties",
        );
    }
}
