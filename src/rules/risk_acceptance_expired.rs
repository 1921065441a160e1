use super::*;

use super::shared::window::next;
use crate::model::registers::Response;

pub(super) static RULE: Rule = Rule {
    name: "risk-acceptance-expired",
    brief: "a risk that is borne beyond the day it was accepted for",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
A risk has `response: accept`, and the acceptance expired before the day of the judgement. On its last day it still
holds. An acceptance without an end is `risk-acceptance-incomplete`.

## Why it matters
From the next day on the risk is borne without a decision. The auditor asks who decided to go on, and finds nobody.

## Example
```yaml
#- registers/risks.yaml
- id: one-region
  statement: The only region fails and the service is down for a day.
  owner: alice
  inherent: { likelihood: 1, impact: 4 }
  response: accept
  accepted: { by: bob, on: 2025-06-29, expires: 2026-06-29 }
#                                               ^^^^^^^^^^ the risk `one-region` is borne without a decision since 2026-06-30
```

## Fixed
```yaml
#- registers/risks.yaml
- id: one-region
  statement: The only region fails and the service is down for a day.
  owner: alice
  inherent: { likelihood: 1, impact: 4 }
  response: accept
  accepted: { by: bob, on: 2025-06-30, expires: 2026-06-30 }
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    for risk in &judgement.program.registers.risks {
        let borne = risk.response.as_ref().is_some_and(|response| response.value == Response::Accept);
        let expires = risk.accepted.as_ref().and_then(|accepted| accepted.expires.as_ref());
        let Some(expires) = expires.filter(|expires| borne && expires.value < judgement.as_of) else {
            continue;
        };
        let Some(since) = next(expires.value) else { continue };
        let message = format!("the risk `{}` is borne without a decision since {since}", risk.id);
        gaps.about(Subject::new("risk", risk.id.to_string()), expires.at, message)
            .help("have somebody above its owner decide again and write the new days, or treat the risk")
            .since(since);
    }
}
