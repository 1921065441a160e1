use super::shared::refusals::refusals;
use super::*;
use crate::text::safe;
use crate::timeline::Flaw;

pub(super) static RULE: Rule = Rule {
    name: "evidence-without-result",
    brief: "evidence without its result",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
Evidence that a slot waits for does not say how the control came out, and the control is performed by people. An automated
control needs no result.

## Why it matters
The file shows that somebody looked, not what they saw. The auditor asks what was found and what was done; the answer belongs
beside the evidence.

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
criteria: [CC6.2]
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
^^^^^ `access-review/2026-q1` does not say how `access-review` came out
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
reviewed: { on: 2026-03-30, by: bob, result: accepted }
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
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
    for found in refusals(judgement, |flaw| *flaw == Flaw::NoResult) {
        let manifest = &*found.folder.manifest;
        // What was typed there and lacks its outcome, or was misread, is told in reading.
        if manifest.result.is_some() || manifest.misread.holds("result") {
            continue;
        }
        let id = found.id();
        let message = format!("`{}` does not say how `{}` came out", safe(id), found.seen.control.id);
        gaps.about(Subject::new("evidence", id), manifest.place, message).help(found.flaw.mend());
    }
}
