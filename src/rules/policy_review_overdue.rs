use super::*;

use jiff::ToSpan;
use jiff::civil::Date;

use super::shared::policies::{in_force, replaced};
use super::shared::window::{Window, overdue_after};
use crate::model::Policy;
use crate::model::policy::ReviewCadence;

pub(super) static RULE: Rule = Rule {
    name: "policy-review-overdue",
    brief: "a policy that was neither approved nor reviewed for too long",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
The last approval or review of a policy in force lies further back from the last judged day than its `review` allows,
annual unless said, and `review_grace_days` more (30 unless `[timeline]` sets another). Or a window of twelve months
or more is over, and a policy with a yearly review has neither an approval nor a review in it. A review that changed
nothing counts. Drafts, and policies that another one `supersedes`, are left out.

## Why it matters
Yearly review is the one promise that every policy makes, and the easiest to test: two dates. An unchanged policy
needs the record that somebody looked and changed nothing.

## Example
```yaml
#- policies/access.md
---
id: access
title: Access Policy
owner: security-lead
approvals:
  - version: "1.0"
    by: bob
    on: 2025-01-10
    effective: 2025-02-01
    text: "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"
reviews:
  - { by: bob, on: 2025-05-30, result: no-change }
#                  ^^^^^^^^^^ the policy `access` was last approved or reviewed on 2025-05-30, more than 12 months before 2026-06-30
---
Access is limited to those who need it.
#- policies/incidents.md
---
id: incidents
title: Incident Policy
owner: security-lead
review: quarterly
approvals:
  - version: "1.0"
    by: bob
    on: 2026-02-10
#       ^^^^^^^^^^ the policy `incidents` was last approved or reviewed on 2026-02-10, more than 3 months before 2026-06-30
    effective: 2026-02-10
    text: "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"
---
Incidents are handled.
```

```yaml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[[audit]]
id = "2025-type2"
type = "type2"
period = { from = 2025-06-01, to = 2026-05-31 }
#- policies/access.md
---
id: access
title: Access Policy
owner: security-lead
approvals:
  - version: "1.0"
    by: bob
    on: 2025-05-30
#       ^^^^^^^^^^ the policy `access` was neither approved nor reviewed from 2025-06-01 to 2026-05-31, last on 2025-05-30
    effective: 2025-06-01
    text: "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"
---
Access is limited to those who need it.
```

## Fixed
```yaml
#- policies/access.md
---
id: access
title: Access Policy
owner: security-lead
approvals:
  - version: "1.0"
    by: bob
    on: 2025-01-10
    effective: 2025-02-01
    text: "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"
reviews:
  - { by: bob, on: 2025-05-31, result: no-change }
---
Access is limited to those who need it.
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    let day = Window::of(judgement).last();
    let gone = replaced(program, day);
    for policy in &program.policies {
        if in_force(policy, day).is_none() || gone.contains(&*policy.head.id.value.0) {
            continue;
        }
        // A look whose day cannot be read may be the last one.
        if policy.head.reviews.iter().any(|review| review.on.is_none())
            || policy.head.misread.holds("reviews")
        {
            continue;
        }
        let Some((last, at)) = looked_at(policy, Date::MIN, day) else { continue };
        if !overdue(judgement, policy, day, (last, at), gaps) {
            not_in_the_window(judgement, policy, gaps);
        }
    }
}

/// The last approval or review of some days, and where it is written.
fn looked_at(policy: &Policy, from: Date, to: Date) -> Option<(Date, Location)> {
    let approved = policy.head.approvals.iter().filter_map(|approval| approval.on.as_ref());
    let reviewed = policy.head.reviews.iter().filter_map(|review| review.on.as_ref());
    let all = approved.chain(reviewed).map(|on| (on.value, on.at));
    all.filter(|(on, _)| from <= *on && *on <= to).max_by_key(|(on, _)| *on)
}

/// Months between two reviews.
fn months(judgement: &Judgement<'_>, policy: &Policy) -> i64 {
    match policy.head.review.as_ref().map(|review| review.value) {
        None | Some(ReviewCadence::Annual) => judgement.settings.review_months,
        Some(ReviewCadence::Semiannual) => 6,
        Some(ReviewCadence::Quarterly) => 3,
    }
}

const HELP: &str =
    "have it read; when nothing changes, add to `reviews`: `{ by: …, on: …, result: no-change }`";

fn overdue(
    judgement: &Judgement<'_>,
    policy: &Policy,
    day: Date,
    (last, at): (Date, Location),
    gaps: &mut Gaps,
) -> bool {
    let months = months(judgement, policy);
    let since = overdue_after(&judgement.settings, last, months).filter(|since| *since <= day);
    let Some(since) = since else { return false };
    let id = &policy.head.id;
    let message = format!(
        "the policy `{id}` was last approved or reviewed on {last}, more than {months} months before {day}"
    );
    gaps.about(Subject::new("policy", id.to_string()), at, message).help(HELP).since(since);
    true
}

/// A yearly review has to lie in each whole year that is examined.
fn not_in_the_window(judgement: &Judgement<'_>, policy: &Policy, gaps: &mut Gaps) {
    let id = &policy.head.id;
    for audit in &judgement.audits {
        let (from, to) = audit.window;
        let year = from.checked_add(12.months()).and_then(|next| next.checked_sub(1.day()));
        let whole_year = year.is_ok_and(|last| last <= to) && to < judgement.as_of;
        if !whole_year || in_force(policy, from).is_none() || looked_at(policy, from, to).is_some() {
            continue;
        }
        let Some((last, at)) = looked_at(policy, Date::MIN, from) else { continue };
        let message = format!(
            "the policy `{id}` was neither approved nor reviewed from {from} to {to}, last on {last}"
        );
        gaps.about(Subject::new("policy", id.to_string()), at, message)
            .help(HELP)
            .audit(audit.id.as_deref())
            .since(to);
    }
}
