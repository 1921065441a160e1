use super::*;

pub(super) static RULE: Rule = Rule {
    name: "exception-without-slot",
    brief: "an exception that says of no interval or item",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A row of the exceptions register names neither `slot` nor `item`, so nothing says when, or in which case, the control did
not do what it says. No verdict changes by it.

## Why it matters
An auditor counts deviations per interval or per item of a population, and a deviation stays in the period in which it
happened. One without a place in time can be neither counted nor bounded: the worst reading is the whole period.

## Example
```yaml
#- registers/exceptions.yaml
- id: x-2026-01
#     ^^^^^^^^^ the exception `x-2026-01` names neither `slot` nor `item`; no verdict knows of it
  control: access-review
  found: { by: alice, on: 2026-05-04 }
  cause: the reviewer was away
```

## Fixed
```yaml
#- registers/exceptions.yaml
- id: x-2026-01
  control: access-review
  slot: 2026-Q1
  found: { by: alice, on: 2026-05-04 }
  cause: the reviewer was away
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    for row in &program.registers.exceptions {
        let blank =
            |text: &Option<crate::model::Text>| text.as_ref().is_none_or(|text| text.trim().is_empty());
        if !blank(&row.slot) || !blank(&row.item) || row.misread.holds("slot") || row.misread.holds("item") {
            continue;
        }
        faults
            .at(
                row.id.at,
                format!("the exception `{}` names neither `slot` nor `item`; no verdict knows of it", row.id),
            )
            .help("write `slot: 2026-Q1` for an interval, `slot: window` where there are none, or `item:` for one case");
    }
}
