use super::*;

pub(super) static RULE: Rule = Rule {
    name: "commitment-without-control",
    brief: "a promise to customers that no control keeps",
    check: Check::Tree(Level::Warn, check),
    docs: r#"
A row of the register of commitments names no control.

## Why it matters
The report describes what the company promises its customers, and the criteria are judged against it. A promise
without a control is one the auditor cannot see being kept.

## Example
```yaml
#- registers/commitments.yaml
- id: uptime
#     ^^^^^^ no control keeps the commitment `uptime`
  text: The service is available 99.9 % of each month.
  source: Master service agreement, section 4
```

## Fixed
```yaml
#- registers/commitments.yaml
- id: uptime
  text: The service is available 99.9 % of each month.
  source: Master service agreement, section 4
  controls: [avl-uptime-monitoring]
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    for commitment in &program.registers.commitments {
        if commitment.controls.is_empty() && !commitment.misread.holds("controls") {
            faults
                .at(commitment.id.at, format!("no control keeps the commitment `{}`", commitment.id))
                .help("add `controls:` with the controls that keep it");
        }
    }
}
