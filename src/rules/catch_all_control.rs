use std::collections::{BTreeMap, BTreeSet};

use super::*;

pub(super) static RULE: Rule = Rule {
    name: "catch-all-control",
    brief: "a control names more than 15 criteria",
    check: Check::Tree(Level::Warn, check),
    docs: r#"
A control names more than 15 criteria of one framework. Points of focus count as the criterion they stand under, and
the criteria of each framework are counted apart.

## Why it matters
One sentence cannot be tested for sixteen purposes. The auditor picks the few criteria it really speaks to and drops
the rest, and criteria that leaned on it alone are left open.

## Example
```yaml
#- controls/handbook.yaml
id: handbook
title: The handbook is read by everybody
description: Each year every member of staff reads the handbook and signs for it.
owner: security-lead
status: planned
cadence: annual
criteria:
  [CC1.1, CC1.2, CC1.3, CC1.4, CC1.5, CC2.1, CC2.2, CC2.3, CC3.1, CC3.2, CC3.3, CC3.4, CC4.1, CC4.2, CC5.1,
   CC5.2]
#  ^^^^^ names 16 criteria
```

## Fixed
```yaml
#- controls/handbook.yaml
id: handbook
title: The handbook is read by everybody
description: Each year every member of staff reads the handbook and signs for it.
owner: security-lead
status: planned
cadence: annual
criteria: [CC1.1, CC1.5, CC2.2, CC5.3]
```
"#,
};

/// A control that speaks to more is tested for none of them.
const MOST: usize = 15;

fn check(program: &Program, faults: &mut Faults) {
    for control in program.controls.iter().filter(|control| control.criteria.len() > MOST) {
        let mut named: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        let mut first_too_many = None;
        for typed in &control.criteria {
            let Ok(id) = program.criterion(typed) else { continue };
            let criteria = named.entry(id.framework).or_default();
            if criteria.insert(id.criterion) && criteria.len() == MOST + 1 {
                first_too_many = first_too_many.or(Some(typed.at));
            }
        }
        let most = named.values().map(BTreeSet::len).max().unwrap_or(0);
        if let Some(at) = first_too_many {
            faults
                .at(at, format!("the control `{}` names {most} criteria", control.id))
                .help("keep the few that its evidence can show; write a control each for the rest");
        }
    }
}
