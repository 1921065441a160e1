use super::*;
use crate::model::registers::Response;

pub(super) static RULE: Rule = Rule {
    name: "risk-without-treatment",
    brief: "a risk to be mitigated by nothing",
    check: Check::Tree(Level::Warn, check),
    docs: r#"
A risk has `response: mitigate` and names neither a control nor an `action` with a `due` date.

## Why it matters
Saying that a risk is brought down, and not by what, treats nothing. An auditor picks a few risks and asks for the
control or the ticket behind each.

## Example
```yaml
#- registers/risks.yaml
- id: lost-laptop
  statement: A laptop is stolen and customer data on it is read.
  owner: security-lead
  inherent: { likelihood: 3, impact: 4 }
  response: mitigate
#           ^^^^^^^^ neither a control nor an action with a date
  action: encrypt every disk
```

## Fixed
```yaml
#- registers/risks.yaml
- id: lost-laptop
  statement: A laptop is stolen and customer data on it is read.
  owner: security-lead
  inherent: { likelihood: 3, impact: 4 }
  response: mitigate
  action: encrypt every disk
  due: 2026-09-30
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    for risk in &program.registers.risks {
        let Some(response) = risk.response.as_ref().filter(|r| r.value == Response::Mitigate) else {
            continue;
        };
        let action = risk.action.as_ref().is_some_and(|text| !text.value.trim().is_empty());
        let planned = action && risk.due.is_some();
        let misread = ["controls", "action", "due"].iter().any(|key| risk.misread.holds(key));
        if risk.controls.is_empty() && !planned && !misread {
            let message = format!("the risk `{}` has neither a control nor an action with a date", risk.id);
            let help = match action {
                true => "add `due:` beside its `action`",
                false => "add `controls:`, or `action:` and `due:`",
            };
            faults.at(response.at, message).help(help);
        }
    }
}
