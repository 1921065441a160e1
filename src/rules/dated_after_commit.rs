use super::shared::acts;
use super::*;
use crate::timeline::witness;

pub(super) static RULE: Rule = Rule {
    name: "dated-after-commit",
    brief: "a day later than the commit that wrote it",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
A performance, collection, review, approval, acknowledgement or waiver is dated after the day of the commit that wrote it
down. Days are those of the organisation's time zone. What is dated after the last day that is read at all is
`evidence-in-future`. Where git cannot tell which commit wrote a line, nothing is said.

## Why it matters
The record was there before the thing it speaks of was done. Even when that day has come since, nobody saw it happen:
the record was prepared, not made.

## Example
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
#                ^^^^^^^^^^ `access-review/2026-q1` was performed on 2026-03-28 by its own word, and that was written on 2026-03-02 in 1111111 (claimed)
#! commit 2026-03-02 alice@acme.com evidence/access-review/2026-q1/manifest.yaml
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
    on: 2026-02-20
#       ^^^^^^^^^^ the policy `access` was approved on 2026-02-20 by its own word, and that was written on 2026-02-18 in 2222222 (claimed)
    effective: 2026-03-01
    text: "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"
---
Access is limited to those who need it.
#! commit 2026-02-01 alice@acme.com policies/access.md
#! commit 2026-02-18 alice@acme.com policies/access.md:5-10
#! commit 2026-05-01 alice@acme.com policies/access.md:12
```

```yaml
#- registers/waivers.yaml
- id: board
  rule: criterion-planned-only
  subject: CC1.2
  reason: The board is elected in autumn
  requested: { by: alice, on: 2026-05-29 }
  approved: { by: bob, on: 2026-06-10 }
#                          ^^^^^^^^^^ the waiver `board` was approved on 2026-06-10
  expires: 2026-12-31
#! commit 2026-06-01 bob@acme.com registers/waivers.yaml
```

## Fixed
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
#! commit 2026-03-02 alice@acme.com evidence/access-review/2026-q1/manifest.yaml
#! commit 2026-03-28 alice@acme.com evidence/access-review/2026-q1/manifest.yaml:4
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let (program, zone) = (judgement.program, judgement.zone());
    if !program.history.is_known() {
        return;
    }
    for act in acts::all(judgement) {
        let told = act.deed.is_evidence() && judgement.recorded.is_some_and(|recorded| act.on > recorded);
        let Some(commit) = witness::wrote_by(program, &act.parts).filter(|_| !told) else { continue };
        if act.on <= commit.day(&zone) {
            continue;
        }
        let when = witness::when(&program.history, commit, &zone);
        let (what, done) = (act.name(), act.deed.words());
        let message = format!("{what} {done} on {} by its own word, and that was written {when}", act.on);
        gaps.about(act.subject(), act.at, message)
            .help("correct the date, or record it anew once it is done; a record is written after the act");
    }
}
