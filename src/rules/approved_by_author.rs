use super::shared::approved_text::last_edit;
use super::*;
use crate::text::{clip, safe};
use crate::timeline::{people, witness};

pub(super) static RULE: Rule = Rule {
    name: "approved-by-author",
    brief: "a policy approved by who wrote the last edit of its text",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
The person who approved a policy is the author of the newest commit among the lines of the approved text, and somebody else
worked here on that day. Persons are told by the e-mail addresses of the people register; an address that is not listed there,
such as one that a forge makes up, says nothing. A commit that was squashed or merged by its own author is still that author's.
A changed variable is no edit of the policy's lines.

## Why it matters
An approval is a second person's agreement. Approved by the author alone, the policy is one person's opinion, and everything
that rests on it has no order of management behind it.

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
#       ^^^ `bob` approved the policy `access` and wrote the last edit of its text, on 2025-12-20 in 2222222 (claimed)
    on: 2025-12-29
    effective: 2026-01-01
    text: "2544f57b732c395a35d8b23832b0fc42ffe4fd614b64504e1daf171e22386ffd"
---
Access is limited to those who need it.
#! commit 2025-12-01 alice@acme.com policies/access.md
#! commit 2025-12-20 Bob@acme.com policies/access.md:12
#! - merged 2025-12-21 bob@acme.com
#! commit 2025-12-29 alice@acme.com policies/access.md:5-10
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
#! commit 2025-12-01 bob@acme.com policies/access.md
#! commit 2025-12-20 alice@acme.com policies/access.md:12
#! commit 2025-12-29 bob@acme.com policies/access.md:5-10
```

An address that nobody lists is nobody:

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
#! commit 2025-12-20 7+bob@users.noreply.github.com policies/access.md
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let (program, zone) = (judgement.program, judgement.zone());
    for policy in &program.policies {
        for approval in &policy.head.approvals {
            let (Some(by), Some(on)) = (&approval.by, &approval.on) else { continue };
            let Some(commit) = last_edit(program, policy, approval) else { continue };
            let author = witness::person(program, &commit.author);
            if author.is_none() || author != program.person(by) || people::head_count(program, on.value) < 2 {
                continue;
            }
            let when = witness::when(&program.history, commit, &zone);
            let message = format!(
                "`{}` approved the policy `{}` and wrote the last edit of its text, {when}",
                clip(&safe(by), 60),
                policy.head.id
            );
            gaps.about(Subject::new("policy", policy.head.id.to_string()), by.at, message)
                .help("have another person of management approve it, and add that approval to `approvals`");
        }
    }
}
