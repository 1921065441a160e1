use super::*;

use super::shared::policies::{in_force, since};
use super::shared::window::Window;
use crate::text::safe;
use crate::timeline::people;

pub(super) static RULE: Rule = Rule {
    name: "approver-not-employed",
    brief: "a policy approved by somebody who did not work here, or by a bot",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
An approval of a policy that is in force on a judged day was given by somebody who did not work here that day, or by a
bot. Approvals that had been replaced before the first judged day are left out.

## Why it matters
An approval is management's decision. A name that had left, or a program, cannot take it, and with it the policy has
no approval at all.

## Example
```yaml
#- registers/people.yaml
- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: theo, name: Theo, kind: employee, employed: [{ from: 2024-01-01, to: 2025-11-30 }] }
- { id: pipeline, name: Pipeline, kind: bot, employed: [{ from: 2024-01-01 }] }
#- policies/access.md
---
id: access
title: Access Policy
owner: security-lead
approvals:
  - version: "0.9"
    by: pipeline
    on: 2025-01-29
    effective: 2025-01-30
    text: "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"
  - version: "1.0"
    by: theo
#       ^^^^ `theo`, who approved version `1.0` of the policy `access` on 2025-12-29, did not work here that day
    on: 2025-12-29
    effective: 2026-01-01
    text: "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"
  - version: "1.1"
    by: pipeline
#       ^^^^^^^^ `pipeline`, who approved version `1.1` of the policy `access` on 2026-02-02, is a bot
    on: 2026-02-02
    effective: 2026-03-01
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
    on: 2025-12-29
    effective: 2026-01-01
    text: "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"
---
Access is limited to those who need it.
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    if program.may_be_defined_in_unread("registers/people") {
        return;
    }
    let window = Window::of(judgement);
    for policy in &program.policies {
        let id = &policy.head.id;
        let at_first = in_force(policy, window.first()).map(|approval| approval.place);
        let from = policy.head.approvals.iter().position(|approval| Some(approval.place) == at_first);
        for approval in policy.head.approvals.iter().skip(from.unwrap_or(0)) {
            let (Some(by), Some(on), Some(version)) = (&approval.by, &approval.on, &approval.version) else {
                continue;
            };
            let judged = since(approval).is_some_and(|since| since <= window.last());
            let person = program.person(by).and_then(|index| program.registers.people.get(index));
            let Some(person) = person.filter(|_| judged) else { continue };
            let fault = match (people::is_bot(person), people::employed(person, on.value)) {
                (true, _) => "is a bot",
                (false, false) => "did not work here that day",
                (false, true) => continue,
            };
            let message = format!(
                "`{}`, who approved version `{}` of the policy `{id}` on {}, {fault}",
                safe(by),
                safe(version.trim()),
                on.value
            );
            gaps.about(Subject::new("policy", id.to_string()), by.at, message).help(
                "have somebody of management approve the text now, with an entry of its own in `approvals`",
            );
        }
    }
}
