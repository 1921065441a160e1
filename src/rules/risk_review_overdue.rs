use super::*;

use jiff::civil::Date;

use super::shared::window::{Window, overdue_from};
use crate::model::Status;
use crate::model::registers::{Response, Risk};
use crate::text::{count, some};

pub(super) static RULE: Rule = Rule {
    name: "risk-review-overdue",
    brief: "a risk that nobody has looked at for a year",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
A risk's last `reviewed`, or the day it was accepted, lies more than `review_months` and `review_grace_days` (12
months and 30 days unless `[timeline]` sets others) before the last judged day, or it has neither. When that is so for
every risk, it is told once, of the register. Risks with `response: avoid` are left out, and nothing is asked before
there is an audit or a control in place.

## Why it matters
The risk assessment is a yearly control in every programme, and the other controls are chosen from it. An assessment
from before last year's changes does not support the controls of this year.

## Example
```yaml
#- registers/risks.yaml
- id: region-outage
  statement: The only region fails and the service is down for a day.
  owner: alice
  inherent: { likelihood: 2, impact: 4 }
  response: mitigate
  reviewed: { by: bob, on: 2025-05-20 }
#                          ^^^^^^^^^^ the risk `region-outage` was last looked at on 2025-05-20, more than 12 months before 2026-06-30
- id: insider-sale
#     ^^^^^^^^^^^^ the risk `insider-sale` has no day on which it was looked at
  statement: An engineer copies customer documents to sell them.
  owner: alice
  inherent: { likelihood: 2, impact: 5 }
  response: mitigate
- id: lost-laptop
  statement: A laptop is lost.
  owner: alice
  inherent: { likelihood: 3, impact: 2 }
  response: accept
  accepted: { by: bob, on: 2026-01-30, expires: 2026-12-31 }
```

```yaml
#- registers/risks.yaml
- id: region-outage
#     ^^^^^^^^^^^^^ the risk assessment is older than 12 months on 2026-06-30: all of its 2 risks are due again, the last look was on 2025-05-20
  statement: The only region fails and the service is down for a day.
  owner: alice
  inherent: { likelihood: 2, impact: 4 }
  response: mitigate
  reviewed: { by: bob, on: 2025-05-19 }
- id: insider-sale
  statement: An engineer copies customer documents to sell them.
  owner: alice
  inherent: { likelihood: 2, impact: 5 }
  response: mitigate
  reviewed: { by: bob, on: 2025-05-20 }
```

## Fixed
```yaml
#- registers/risks.yaml
- id: region-outage
  statement: The only region fails and the service is down for a day.
  owner: alice
  inherent: { likelihood: 2, impact: 4 }
  response: mitigate
  reviewed: { by: bob, on: 2025-05-31 }
- id: old-shop
  statement: The old shop is broken into.
  owner: alice
  inherent: { likelihood: 2, impact: 4 }
  response: avoid
```
"#,
};

const HELP: &str = "look at statement, scores and response again, then write `reviewed: { by: …, on: … }`";

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    let under_way = judgement.audits.iter().any(|audit| audit.id.is_some())
        || program.controls.iter().any(|control| control.status() == Status::Implemented);
    if !under_way || program.may_be_defined_in_unread("registers/risks") {
        return;
    }
    let (day, settings) = (Window::of(judgement).last(), &judgement.settings);
    let avoided = |risk: &&Risk| risk.response.as_ref().is_some_and(|r| r.value == Response::Avoid);
    let open: Vec<&Risk> = program.registers.risks.iter().filter(|risk| !avoided(risk)).collect();
    let overdue: Vec<&Risk> = open
        .iter()
        .copied()
        .filter(|risk| match looked_at(risk) {
            Some((last, _)) => overdue_from(settings, last).is_some_and(|overdue| overdue <= day),
            None => !risk.misread.holds("reviewed") && risk.reviewed.is_none(),
        })
        .collect();
    if overdue.len() > 1 && overdue.len() == open.len() {
        tell_all(judgement, day, &overdue, gaps);
        return;
    }
    for risk in overdue {
        tell(judgement, day, risk, gaps);
    }
}

/// The last look at a risk, and where it is written.
fn looked_at(risk: &Risk) -> Option<(Date, Location)> {
    let reviewed = risk.reviewed.as_ref().and_then(|act| act.on.as_ref());
    let accepted = risk.accepted.as_ref().and_then(|accepted| accepted.on.as_ref());
    reviewed.into_iter().chain(accepted).map(|on| (on.value, on.at)).max_by_key(|(on, _)| *on)
}

fn tell(judgement: &Judgement<'_>, day: Date, risk: &Risk, gaps: &mut Gaps) {
    let (id, months) = (&risk.id, judgement.settings.review_months);
    let subject = Subject::new("risk", id.to_string());
    match looked_at(risk) {
        None => {
            gaps.about(subject, id.at, format!("the risk `{id}` has no day on which it was looked at"))
                .help(HELP);
        }
        Some((last, at)) => {
            let message = format!(
                "the risk `{id}` was last looked at on {last}, more than {months} months before {day}"
            );
            let gap = gaps.about(subject, at, message).help(HELP);
            if let Some(since) = overdue_from(&judgement.settings, last) {
                gap.since(since);
            }
        }
    }
}

fn tell_all(judgement: &Judgement<'_>, day: Date, overdue: &[&Risk], gaps: &mut Gaps) {
    let Some(first) = overdue.first() else { return };
    let months = judgement.settings.review_months;
    let last = overdue.iter().filter_map(|risk| looked_at(risk)).map(|(last, _)| last).max();
    let names: Vec<String> = overdue.iter().map(|risk| format!("`{}`", risk.id)).collect();
    let when = last.map_or_else(
        || format!("none has a day on which it was looked at ({})", some(&names, 3)),
        |last| format!("the last look was on {last}"),
    );
    let message = format!(
        "the risk assessment is older than {months} months on {day}: all of its {} are due again, {when}",
        count(overdue.len(), "risk")
    );
    let gap = gaps.about(Subject::new("register", "risks"), first.id.at, message).help(HELP);
    if let Some(since) = last.and_then(|last| overdue_from(&judgement.settings, last)) {
        gap.since(since);
    }
}
