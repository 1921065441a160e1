use super::shared::{acts, approved_text::first_held};
use super::*;
use crate::timeline::witness;

pub(super) static RULE: Rule = Rule {
    name: "approval-before-last-edit",
    brief: "an approval older than the text it approves",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
A policy is said to have been approved before the day of the commit in which the approved text first existed. The text is found
by its hash, also when another stands there now. Where one commit brought both the text and its approval, git cannot tell which
came first, and the approval may be up to 30 days older (`back_filled_days` under `[timeline]`). Approvals from before history
begins are counted by `records-before-history`.

## Why it matters
Nobody can have agreed to words that were not there yet. Either the date is wrong or the approval was meant for an older text;
in both cases the text that stands is not approved by management on the day it says.

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
    on: 2025-12-29
#       ^^^^^^^^^^ the policy `access` was approved on 2025-12-29, and the approved text first existed on 2026-02-03 in 2222222 (claimed)
    effective: 2026-01-01
    text: "2544f57b732c395a35d8b23832b0fc42ffe4fd614b64504e1daf171e22386ffd"
---
Access is limited to those who need it.
#! commit 2025-12-20 alice@acme.com policies/access.md
#! commit 2026-02-03 alice@acme.com policies/access.md:12
#! commit 2026-02-04 alice@acme.com policies/access.md:10
```

An older version, whose text only git still has, approved 59 days before the commit that brought it:

```yaml
#- policies/access.md
---
id: access
title: Access Policy
owner: security-lead
approvals:
  - version: "1.0"
    by: bob
    on: 2026-01-02
#       ^^^^^^^^^^ first existed on 2026-03-02 in 2222222 (claimed)
    effective: 2026-01-02
    text: "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"
---
Access is limited to those who need it.
#! commit 2026-01-01 alice@acme.com soc2.toml
#! commit 2026-03-02 alice@acme.com policies/access.md
#! - text policies/access.md 0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f
#! commit 2026-05-05 alice@acme.com policies/access.md:12
#! - text policies/access.md 2544f57b732c395a35d8b23832b0fc42ffe4fd614b64504e1daf171e22386ffd
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
    on: 2026-01-20
    effective: 2026-02-01
    text: "2544f57b732c395a35d8b23832b0fc42ffe4fd614b64504e1daf171e22386ffd"
---
Access is limited to those who need it.
#! commit 2025-12-20 alice@acme.com policies/access.md
#! commit 2026-01-20 alice@acme.com policies/access.md:12
#! commit 2026-01-21 bob@acme.com policies/access.md:5-10
```

```yaml
#- policies/access.md
---
id: access
title: Access Policy
owner: security-lead
approvals:
  - version: "1.0"
    by: bob
    on: 2026-01-20
    effective: 2026-02-01
    text: "2544f57b732c395a35d8b23832b0fc42ffe4fd614b64504e1daf171e22386ffd"
---
Access is limited to those who need it.
#! commit 2026-01-01 alice@acme.com soc2.toml
#! commit 2026-01-25 alice@acme.com policies/access.md
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let (program, zone) = (judgement.program, judgement.zone());
    let Some(begins) = witness::begins(program) else { return };
    for policy in &program.policies {
        for approval in &policy.head.approvals {
            let Some(on) = approval.on.as_ref().filter(|on| on.value >= begins) else { continue };
            let Some(text) = first_held(program, policy, approval) else { continue };
            let early = i64::from((text.day(&zone) - on.value).get_days());
            let act = acts::of_approval(&policy.head.id.value.0, approval);
            let wrote = act.and_then(|act| witness::wrote(program, &act.parts));
            // Written by the text's own commit, or by one of which nothing is known.
            let together = wrote.is_none_or(|wrote| wrote.id == text.id);
            let allowed = if together { judgement.settings.back_filled_days } else { 0 };
            if early <= allowed {
                continue;
            }
            let when = witness::when(&program.history, text, &zone);
            let message = format!(
                "the policy `{}` was approved on {}, and the approved text first existed {when}",
                policy.head.id, on.value
            );
            gaps.about(Subject::new("policy", policy.head.id.to_string()), on.at, message)
                .help("have the text approved as it is now, on the day that is done; leave the old entry");
        }
    }
}
