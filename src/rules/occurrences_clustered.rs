use super::shared::dates;
use super::shared::remarks::remarks;
use super::*;
use crate::text::{count, safe};
use crate::timeline::Remark;

pub(super) static RULE: Rule = Rule {
    name: "occurrences-clustered",
    brief: "two performances of neighbouring slots close together",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
Two performances fill neighbouring intervals and lie closer together than a third of the cadence: the first quarter on 31
March, the second on 1 April.

## Why it matters
Both slots are filled, and for half a year nobody looked. An auditor reads two reviews within days as one review with two
files.

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
controls: [access-review]
kind: system-report
performed: { on: 2026-03-31, by: alice }
result: { outcome: as-expected }
reviewed: { on: 2026-04-02, by: bob, result: accepted }
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
#- evidence/access-review/2026-q2/manifest.yaml
title: Q2 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-04-01, by: alice }
#                ^^^^^^^^^^ `access-review` was performed on 2026-03-31 and 2026-04-01, only 1 day apart
result: { outcome: as-expected }
reviewed: { on: 2026-04-02, by: bob, result: accepted }
artifacts:
  - path: github.csv
    sha256: "9757d30a2d2a3b324578e475b70957ef748f071f111af566a378ad984829dd71"
#- evidence/access-review/2026-q2/github.csv
login,role
alice,admin
bob,user
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
#- evidence/access-review/2026-q2/manifest.yaml
title: Q2 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-06-20, by: alice }
result: { outcome: as-expected }
reviewed: { on: 2026-06-22, by: bob, result: accepted }
artifacts:
  - path: github.csv
    sha256: "9757d30a2d2a3b324578e475b70957ef748f071f111af566a378ad984829dd71"
#- evidence/access-review/2026-q2/github.csv
login,role
alice,admin
bob,user
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let zone = judgement.zone();
    for found in remarks(judgement) {
        let Remark::Clustered { system, first, second, days } = found.remark else { continue };
        let Some(folder) = judgement.program.evidence.get(second.evidence) else { continue };
        let system = system.and_then(|index| found.control.systems.get(index)).map(|id| &*id.value.0);
        let on_system = system.map_or_else(String::new, |id| format!(" on `{}`", safe(id)));
        let apart = count(usize::try_from(*days).unwrap_or(0), "day");
        let message = format!(
            "`{}` was performed{on_system} on {} and {}, only {apart} apart",
            found.control.id, first.on, second.on
        );
        let at = dates::performed(folder, second.on, &zone);
        let gap = found.gap(gaps, at, message).since(second.on);
        let gap = gap.help("perform it at regular distances from now on; say why when the auditor asks");
        if let Some(system) = system {
            gap.system(system);
        }
    }
}
