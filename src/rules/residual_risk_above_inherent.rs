use super::*;

pub(super) static RULE: Rule = Rule {
    name: "residual-risk-above-inherent",
    brief: "a risk is higher after its controls than before",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
Likelihood times impact of `residual` is more than that of `inherent`. Scores outside the scale are another rule's
find.

## Why it matters
Controls bring a risk down or leave it as it is. A register that says the opposite was not thought through, and an
auditor doubts the rest of it too.

## Example
```yaml
#- registers/risks.yaml
- id: lost-laptop
  statement: A laptop is stolen and customer data on it is read.
  owner: security-lead
  inherent: { likelihood: 2, impact: 4 }
  residual: { likelihood: 3, impact: 4 }
#             ^^^^^^^^^^^^^^^^^^^^^^^ the residual score 12 of the risk `lost-laptop` is above the inherent 8
  response: transfer
```

## Fixed
```yaml
#- registers/risks.yaml
- id: lost-laptop
  statement: A laptop is stolen and customer data on it is read.
  owner: security-lead
  inherent: { likelihood: 3, impact: 4 }
  residual: { likelihood: 2, impact: 4 }
  response: transfer
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    for risk in &program.registers.risks {
        let (Some(inherent), Some(residual)) = (&risk.inherent, &risk.residual) else { continue };
        let (Some(before), Some(after)) = (inherent.product(), residual.product()) else { continue };
        if after > before {
            let message = format!(
                "the residual score {after} of the risk `{}` is above the inherent {before}",
                risk.id
            );
            faults
                .at(residual.whole(), message)
                .related(inherent.whole(), "before controls")
                .help("`inherent` is the risk without controls, `residual` what is left with them");
        }
    }
}
