use super::shared::policies::approval_help;
use super::*;
use crate::timeline::PolicyState;

pub(super) static RULE: Rule = Rule {
    name: "policy-changed-since-approval",
    brief: "a policy that was changed after its approval",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
A policy was approved, and its text as people read it is none that was approved. A changed variable changes the text too.

## Why it matters
What is written is not in force, and what is in force is not what people read. Staff follow, and the auditor tests, a text
that management never agreed to.

## Example
```yaml
#- policies/access.md
---
id: access
#   ^^^^^^ the policy `access` was changed after its approval: its text is not one that was approved
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
    text: "2544f57b732c395a35d8b23832b0fc42ffe4fd614b64504e1daf171e22386ffd"
---
Access is limited to those who need it.
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    for standing in judgement.policies.iter().filter(|policy| policy.state == PolicyState::Changed) {
        let Some(policy) = judgement.program.policies.get(standing.policy) else { continue };
        let id = &policy.head.id;
        let why = judgement.why_policy(standing);
        let message = format!("the policy `{id}` was changed after its approval: {}", why.because);
        gaps.about(Subject::new("policy", id.to_string()), id.at, message).help(approval_help(
            "bring the approved text back from git, or have management approve the new one",
            id,
        ));
    }
}
