use super::*;

use super::shared::vendors::{in_use, is_tier, last_used};
use super::shared::window::{Window, overdue_from};
use crate::model::registers::Tier;

pub(super) static RULE: Rule = Rule {
    name: "vendor-review-overdue",
    brief: "a critical or high vendor that nobody has reviewed for a year",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
A vendor of tier `critical` or `high` that was in use on a judged day has no `reviewed`, or one that lies more than
`review_months` and `review_grace_days` (12 months and 30 days unless `[timeline]` sets others) before the last judged
day on which it was in use. Reading its report is `vendor-report-unread`.

## Why it matters
Every programme promises a yearly look at the vendors that matter, and the auditor samples it. A vendor that nobody
has reviewed may have lost its report, its insurance or our data.

## Example
```yaml
#- registers/vendors.yaml
- { id: aws, service: hosting, owner: security-lead, tier: critical, reviewed: { by: alice, on: 2025-05-20 } }
#                                                                                               ^^^^^^^^^^ the vendor `aws` was last reviewed on 2025-05-20, more than 12 months before 2026-06-30
- { id: zendesk, service: support desk, owner: security-lead, tier: high }
#       ^^^^^^^ the vendor `zendesk` has never been reviewed
- { id: slack, service: messages, owner: security-lead, tier: medium }
- { id: heroku, service: hosting, owner: security-lead, tier: high, ended: 2025-12-31 }
```

## Fixed
```yaml
#- registers/vendors.yaml
- { id: aws, service: hosting, owner: security-lead, tier: critical, reviewed: { by: alice, on: 2025-05-31 } }
- { id: zendesk, service: support desk, owner: security-lead, tier: high, reviewed: { by: alice, on: 2026-06-29 } }
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let window = Window::of(judgement);
    let vendors = judgement.program.registers.vendors.iter();
    let heavy = vendors.filter(|vendor| is_tier(vendor, &[Tier::Critical, Tier::High]));
    for vendor in heavy.filter(|vendor| in_use(vendor, &window)) {
        let (id, day) = (&vendor.id, last_used(vendor, &window));
        let subject = Subject::new("vendor", id.to_string());
        let help = "review it: service, data, contract and report; then write `reviewed: { by: …, on: … }`";
        match vendor.reviewed.as_ref().map(|act| act.on.as_ref()) {
            // A date that cannot be read has a diagnostic of its own.
            Some(None) => {}
            None if vendor.misread.holds("reviewed") => {}
            None => {
                gaps.about(subject, id.at, format!("the vendor `{id}` has never been reviewed")).help(help);
            }
            Some(Some(on)) => {
                let overdue = overdue_from(&judgement.settings, on.value);
                let Some(since) = overdue.filter(|overdue| *overdue <= day) else { continue };
                let message = format!(
                    "the vendor `{id}` was last reviewed on {}, more than {} months before {day}",
                    on.value, judgement.settings.review_months
                );
                gaps.about(subject, on.at, message).help(help).since(since);
            }
        }
    }
}
