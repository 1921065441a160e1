use super::shared::refusals::refusals;
use super::*;
use crate::text::{safe, some};
use crate::timeline::Flaw;

pub(super) static RULE: Rule = Rule {
    name: "evidence-names-no-system",
    brief: "evidence that names no system",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
A slot waits for evidence, the control is performed on systems, and none of the artefacts says which it shows.

## Why it matters
Each in-scope system is tested apart. A list of users that does not say of which system it is supports none of them.

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
systems: [github]
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
result: { outcome: as-expected }
reviewed: { on: 2026-03-30, by: bob, result: accepted }
artifacts:
  - path: github.csv
#   ^^^^ `access-review/2026-q1` names no system, and `access-review` is performed on `github`
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
#- registers/systems.yaml
- { id: github, in_scope: true, owner: security-lead }
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
systems: [github]
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
    system: github
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
#- registers/systems.yaml
- { id: github, in_scope: true, owner: security-lead }
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    for found in refusals(judgement, |flaw| *flaw == Flaw::NamesNoSystem) {
        let manifest = &*found.folder.manifest;
        // A system that was misread is told in reading.
        if manifest.artifacts.iter().any(|artifact| artifact.misread.holds("system")) {
            continue;
        }
        let control = found.seen.control;
        let systems: Vec<String> =
            control.systems.iter().map(|id| format!("`{}`", safe(&id.value.0))).collect();
        let id = found.id();
        let message = format!(
            "`{}` names no system, and `{}` is performed on {}",
            safe(id),
            control.id,
            some(&systems, 4)
        );
        let at = manifest.artifacts.first().map_or(manifest.place, |artifact| artifact.place);
        gaps.about(Subject::new("evidence", id), at, message).help(found.flaw.mend());
    }
}
