use super::shared::policies::approval_help;
use super::*;

pub(super) static RULE: Rule = Rule {
    name: "policy-not-approved",
    brief: "a policy that nobody has approved",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
A policy has no approval on or before the day of the judgement: it is a draft. Whether the approved text is still the
text of today is not looked at here.

## Why it matters
A draft orders nothing. Controls that rest on it have no mandate, and the auditor cannot use it even to test the
design.

## Example
```yaml
#- policies/access.md
---
id: access
#   ^^^^^^ the policy `access` is a draft: nobody has approved it by 2026-06-30
title: Access Policy
owner: security-lead
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
    let day = judgement.as_of;
    for policy in &judgement.program.policies {
        let head = &policy.head;
        if head.approvals.iter().any(|approval| approval.on.as_ref().is_none_or(|on| on.value <= day)) {
            continue;
        }
        let message = format!("the policy `{}` is a draft: nobody has approved it by {day}", head.id);
        gaps.about(Subject::new("policy", head.id.to_string()), head.id.at, message)
            .help(approval_help("have management read it", &head.id));
    }
}
