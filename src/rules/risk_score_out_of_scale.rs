use super::*;

pub(super) static RULE: Rule = Rule {
    name: "risk-score-out-of-scale",
    brief: "a likelihood or impact outside 1 to 5",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
The likelihood or the impact of a risk is not a number from 1 to 5.

## Why it matters
Risks are compared by their scores. One outside the scale sorts wrongly, and an auditor who reads the method beside
the register sees that nobody applied it.

## Example
```yaml
#- registers/risks.yaml
- id: lost-laptop
  statement: A laptop is stolen and customer data on it is read.
  owner: security-lead
  inherent: { likelihood: 3, impact: 8 }
#                                    ^ the inherent impact 8 of the risk `lost-laptop` is outside 1 to 5
  response: transfer
```

## Fixed
```yaml
#- registers/risks.yaml
- id: lost-laptop
  statement: A laptop is stolen and customer data on it is read.
  owner: security-lead
  inherent: { likelihood: 3, impact: 4 }
  response: transfer
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    for risk in &program.registers.risks {
        for (kind, score) in [("inherent", &risk.inherent), ("residual", &risk.residual)] {
            let Some(score) = score else { continue };
            for (name, number) in [("likelihood", &score.likelihood), ("impact", &score.impact)] {
                let Some(number) = number.as_ref().filter(|n| !(1..=5).contains(&n.value)) else { continue };
                let (value, id) = (number.value, &risk.id);
                faults
                    .at(number.at, format!("the {kind} {name} {value} of the risk `{id}` is outside 1 to 5"))
                    .help("write 1 (rare, slight) to 5 (almost certain, severe)");
            }
        }
    }
}
