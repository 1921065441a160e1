use super::*;
use crate::model::control::{Applicability, Applies};
use crate::text::list;

pub(super) static RULE: Rule = Rule {
    name: "not-applicable-without-reason",
    brief: "a control is set aside without reason, person, date or vendor",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A control says `is: not-applicable` and lacks the reason (`why`), who decided (`by`) or the day (`on`); or it says
`is: inherited` and names no `vendor` that runs it.

## Why it matters
Leaving a control out is a decision, and an auditor asks who took it, when and why. Without an answer the control is
treated as missing. A control that is inherited from nobody is run by nobody.

## Example
```yaml
#- controls/office.yaml
id: office-access
title: Badges open the office
description: The office opens only to badges that the office lead has issued.
status: draft
cadence: continuous
criteria: [CC6.4]
applicability: { is: not-applicable, why: we have no office }
#                    ^^^^^^^^^^^^^^ the control `office-access` is set aside without `by` and `on`
```
```yaml
#- controls/data-centre.yaml
id: data-centre-access
title: Badges open the data centre
description: The hosting provider admits only people on its list.
status: planned
criteria: [CC6.4]
applicability: { is: inherited }
#                    ^^^^^^^^^ the control `data-centre-access` is inherited without `vendor`
```

## Fixed
```yaml
#- controls/office.yaml
id: office-access
title: Badges open the office
description: The office opens only to badges that the office lead has issued.
status: draft
cadence: continuous
criteria: [CC6.4]
applicability: { is: not-applicable, why: we have no office, by: alice, on: 2026-01-05 }
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    for control in &program.controls {
        let Some(applicability) = &control.applicability else { continue };
        let Some(is) = &applicability.is else { continue };
        let missing = missing(applicability, is.value);
        if !missing.is_empty() {
            let keys: Vec<String> = missing.iter().map(|key| format!("{key}: …")).collect();
            let how = if is.value == Applies::Inherited { "inherited" } else { "set aside" };
            let message = format!("the control `{}` is {how} without {}", control.id, list(&missing, "and"));
            faults.at(is.at, message).help(format!("add `{}`", keys.join(", ")));
        }
    }
}

fn missing(applicability: &Applicability, is: Applies) -> Vec<&'static str> {
    let why = applicability.why.as_ref().is_some_and(|why| !why.value.trim().is_empty());
    let needed: &[(&str, bool)] = match is {
        Applies::NotApplicable => {
            &[("why", why), ("by", applicability.by.is_some()), ("on", applicability.on.is_some())]
        }
        Applies::Inherited => &[("vendor", applicability.vendor.is_some())],
        Applies::Applicable | Applies::Shared => &[],
    };
    let absent = needed.iter().filter(|(key, given)| !given && !applicability.misread.holds(key));
    absent.map(|(key, _)| *key).collect()
}
