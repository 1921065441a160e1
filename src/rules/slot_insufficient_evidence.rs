use super::shared::verdicts;
use super::*;

pub(super) static RULE: Rule = Rule {
    name: "slot-insufficient-evidence",
    brief: "a slot with evidence that cannot be accepted",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
A slot is due, there is evidence for it, and none of it is accepted: the message names each piece and what is wrong with
it. For a Type I: nothing shows a control that can always be shown. Bytes that are not here are told by
`slot-unverified`, a slot without evidence by `slot-missed`.

## Why it matters
The auditor will refuse the same evidence for the same reasons. Most can still be mended after the fact: a review, a
result, an export that is whole.

## Example
```yaml
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: quarterly
#        ^^^^^^^^^ `access-review` has insufficient evidence in 2026-Q1: none of its evidence is accepted: access-review/2026-q1 (nobody else has accepted it yet)
criteria: [CC6.2]
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
result: { outcome: as-expected }
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
```

```yaml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[[audit]]
id = "audit"
type = "type1"
as_of = 2026-06-30
#- controls/mfa.yaml
id: mfa
title: Sign-in demands a second factor
description: The identity provider refuses a sign-in without a second factor.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: continuous
#        ^^^^^^^^^^ `mfa` has insufficient evidence: nothing shows it, and a setting that is on all the time can always be shown
criteria: [CC6.1]
type: automated
```

## Fixed
```yaml
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: quarterly
criteria: [CC6.2]
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
result: { outcome: as-expected }
reviewed: { on: 2026-03-30, by: bob, result: accepted }
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    verdicts::tell(judgement, gaps, "has insufficient evidence");
}
