use super::shared::current;
use super::shared::reading;
use super::*;
use crate::model::EvidenceKind;

pub(super) static RULE: Rule = Rule {
    name: "evidence-without-artifacts",
    brief: "evidence without any artefact",
    check: Check::Tree(Level::Warn, check),
    docs: r#"
A manifest names no artefact. That holds for a nil statement too: that nothing happened is shown by the empty list of
the system that would know.

## Why it matters
A statement without anything to look at is inquiry, the weakest of tests; no auditor rests on it alone.

## Example
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: First access review of 2026
^^^^^ the evidence has no artefact
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
```

## Fixed
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: First access review of 2026
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    let unsure = reading::with_lost_values(program);
    for folder in current::on_any_day(program).filter(|folder| !unsure.contains(&folder.file)) {
        if !folder.manifest.artifacts.is_empty() {
            continue;
        }
        let nil = folder.manifest.kind.as_ref().is_some_and(|kind| kind.value == EvidenceKind::NilStatement);
        let message = if nil { "the nil statement has no artefact" } else { "the evidence has no artefact" };
        let help = if nil {
            "add the system's empty list under `artifacts:`, with its query"
        } else {
            "add the files that show it under `artifacts:`, each with `path` and `sha256`"
        };
        faults.at(folder.manifest.place, message).help(help);
    }
}
