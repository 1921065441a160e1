use super::shared::current;
use super::shared::reading;
use super::*;

pub(super) static RULE: Rule = Rule {
    name: "evidence-without-control",
    brief: "evidence that names no control",
    check: Check::Tree(Level::Warn, check),
    docs: r#"
A manifest names no control.

## Why it matters
Evidence that belongs to no control is never asked for and fills no interval: the work was done and does not count.

## Example
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: First access review of 2026
^^^^^ the evidence names no control
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
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    let unsure = reading::with_lost_values(program);
    for folder in current::on_any_day(program).filter(|folder| !unsure.contains(&folder.file)) {
        if folder.manifest.controls.is_empty() {
            faults
                .at(folder.manifest.place, "the evidence names no control")
                .help("add `controls:` with the controls it shows: `controls: [access-review]`");
        }
    }
}
