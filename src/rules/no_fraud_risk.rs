use super::*;

use crate::model::Status;
use crate::model::registers::Risk;

pub(super) static RULE: Rule = Rule {
    name: "no-fraud-risk",
    brief: "a risk register without a fraud risk",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
No risk of the register speaks of fraud: none has it in `category` or `statement`, and none names CC3.3 under
`criteria`. Not looked at while the register is empty, while CC3.3 is out of scope, and before there is an audit or a
control in place.

## Why it matters
The risk assessment has to consider fraud by staff, by outsiders and through systems; auditors look for it by name. A
register without one reads as if nobody had thought of it.

## Example
```yaml
#- registers/risks.yaml
- id: region-outage
#     ^^^^^^^^^^^^^ no risk of the register speaks of fraud
  statement: The only region fails and the service is down for a day.
  category: vendor
  owner: alice
  inherent: { likelihood: 2, impact: 4 }
  response: mitigate
```

## Fixed
```yaml
#- registers/risks.yaml
- id: insider-sale
  statement: An engineer copies customer documents to sell them.
  category: fraud
  owner: alice
  inherent: { likelihood: 2, impact: 5 }
  response: mitigate
```
"#,
};

/// The criterion that asks for fraud to be considered.
const FRAUD: &str = "CC3.3";

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    let Some(first) = program.registers.risks.first() else { return };
    if program.may_be_defined_in_unread("registers/risks") {
        return;
    }
    let under_way = judgement.audits.iter().any(|audit| audit.id.is_some())
        || program.controls.iter().any(|control| control.status() == Status::Implemented);
    let mut criteria = judgement.audits.iter().flat_map(|audit| &audit.criteria);
    let in_scope = criteria.any(|criterion| program.criterion_name(criterion.id) == FRAUD);
    if !under_way || !in_scope || program.registers.risks.iter().any(speaks_of_fraud) {
        return;
    }
    let message = format!("no risk of the register speaks of fraud, which {FRAUD} asks to consider");
    gaps.about(Subject::new("register", "risks"), first.id.at, message)
        .help("add one with `category: fraud`: who could gain from what, and how they would go about it");
}

fn speaks_of_fraud(risk: &Risk) -> bool {
    let texts = [&risk.category, &risk.statement].into_iter().flatten();
    let named = texts.clone().any(|text| text.to_lowercase().contains("fraud"));
    let misread = risk.misread.holds("category") || risk.misread.holds("criteria");
    named || misread || risk.criteria.iter().any(|criterion| criterion.value.0.starts_with(FRAUD))
}
