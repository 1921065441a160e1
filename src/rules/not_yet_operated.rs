use super::*;
use crate::timeline::Operation;

pub(super) static RULE: Rule = Rule {
    name: "not-yet-operated",
    brief: "a control that has never run by the date of a Type I",
    check: Check::Gap(Class::Note, check),
    docs: r#"
A control is designed and in place as of the date of a Type I, and has not run yet.

## Why it matters
That is acceptable at Type I, and the report says so. At the first Type II it has to have run: look when it is due first.

## Example
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
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: quarterly
#        ^^^^^^^^^ `access-review` is in place and has not run yet by 2026-06-30
criteria: [CC6.2]
```

## Fixed
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
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: quarterly
criteria: [CC6.2]
#- evidence/access-review/2026-q2/manifest.yaml
title: Q2 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-06-08, by: alice }
result: { outcome: as-expected }
reviewed: { on: 2026-06-09, by: bob, result: accepted }
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2026-q2/github.csv
login,role
alice,admin
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    for audit in &judgement.audits {
        for standing in audit.in_scope().filter(|one| one.operation == Operation::NotYetOperated) {
            let Some(control) = judgement.program.controls.get(standing.control) else { continue };
            let day = audit.window.1.min(judgement.as_of);
            let message = format!("`{}` is in place and has not run yet by {day}", control.id);
            let at = control.cadence.as_ref().map_or(control.id.at, |cadence| cadence.at);
            gaps.about(Subject::new("control", control.id.to_string()), at, message)
                .audit(audit.id.as_deref())
                .help("nothing now; file evidence of its first run, which a Type II needs");
        }
    }
}
