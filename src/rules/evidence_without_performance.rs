use super::shared::current;
use super::shared::reading;
use super::*;
use crate::model::Evidence;
use crate::model::evidence::Occurrences;

pub(super) static RULE: Rule = Rule {
    name: "evidence-without-performance",
    brief: "evidence that does not say when the control was performed",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A manifest does not say when its control was performed: it has neither `performed` with a date nor `occurrences`, an
empty list of occurrences, or both `on` and `at` in `performed`. An occurrence without its date is told in reading.

## Why it matters
A control operated in the window on the day it was performed, not on the day the file was saved. Without that day the
evidence fills no interval.

## Example
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: First access review of 2026
^^^^^ the evidence does not say when the control was performed
controls: [access-review]
kind: system-report
```

```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: First access review of 2026
controls: [access-review]
kind: system-report
performed: { by: alice }
#            ^^ the performance has no date
```

```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: First access review of 2026
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, at: 2026-03-28T15:04:05Z, by: alice }
#                                ^^^^^^^^^^^^^^^^^^^^ the performance has both `on` and `at`
```

## Fixed
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: First access review of 2026
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
```

```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: First access review of 2026
controls: [access-review]
kind: system-report
occurrences:
  - { on: 2026-01-28, by: alice }
  - { on: 2026-02-28, by: alice }
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    let unsure = reading::with_lost_values(program);
    for folder in current::on_any_day(program) {
        let performed = folder.manifest.performed.as_ref();
        if let Some((_, at)) = performed.and_then(|p| p.on.as_ref().zip(p.at.as_ref())) {
            faults
                .at(at.at, "the performance has both `on` and `at`")
                .help("keep `at` if the moment is known, else `on`");
        } else if !unsure.contains(&folder.file) && !has_occurrences(&folder.manifest) {
            undated(&folder.manifest, faults);
        }
    }
}

fn has_occurrences(manifest: &Evidence) -> bool {
    match manifest.occurrences.as_deref() {
        Some(Occurrences::Listed(occurrences)) => !occurrences.is_empty(),
        Some(Occurrences::Log(_)) => true,
        None => false,
    }
}

fn undated(manifest: &Evidence, faults: &mut Faults) {
    match &manifest.performed {
        Some(performed) if performed.on.is_some() || performed.at.is_some() => {}
        Some(performed) => {
            faults
                .at(performed.place, "the performance has no date")
                .help("add `on:` with the day, or `at:` with the moment: `on: 2026-03-28`");
        }
        None => {
            faults
                .at(manifest.place, "the evidence does not say when the control was performed")
                .help("add `performed: { on: 2026-03-28, by: alice }`, or `occurrences:`");
        }
    }
}
