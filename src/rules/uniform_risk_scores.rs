use std::collections::BTreeSet;

use super::*;
use crate::text::count;

pub(super) static RULE: Rule = Rule {
    name: "uniform-risk-scores",
    brief: "all risks have the same score",
    check: Check::Tree(Level::Warn, check),
    docs: r#"
Five or more risks are registered, and every one has the same inherent likelihood and impact.

## Why it matters
Scores exist to tell risks apart, so that the worst are treated first. A column of equal numbers shows an auditor that
the register was filled in and not assessed.

## Example
```yaml
#- registers/risks.yaml
- { id: a, statement: A laptop is lost., owner: alice, inherent: { likelihood: 3, impact: 3 }, response: transfer }
#                                                                  ^^^^^^^^^^^^^^^^^^^^^^^^ all 5 risks have the same score
- { id: b, statement: A vendor fails., owner: alice, inherent: { likelihood: 3, impact: 3 }, response: transfer }
- { id: c, statement: A key leaks., owner: alice, inherent: { likelihood: 3, impact: 3 }, response: transfer }
- { id: d, statement: A region fails., owner: alice, inherent: { likelihood: 3, impact: 3 }, response: transfer }
- { id: e, statement: A payment is forged., owner: alice, inherent: { likelihood: 3, impact: 3 }, response: transfer }
```

## Fixed
```yaml
#- registers/risks.yaml
- { id: a, statement: A laptop is lost., owner: alice, inherent: { likelihood: 4, impact: 2 }, response: transfer }
- { id: b, statement: A vendor fails., owner: alice, inherent: { likelihood: 2, impact: 3 }, response: transfer }
- { id: c, statement: A key leaks., owner: alice, inherent: { likelihood: 2, impact: 5 }, response: transfer }
- { id: d, statement: A region fails., owner: alice, inherent: { likelihood: 1, impact: 4 }, response: transfer }
- { id: e, statement: A payment is forged., owner: alice, inherent: { likelihood: 2, impact: 3 }, response: transfer }
```
"#,
};

/// With fewer risks equal scores may be chance.
const FEWEST: usize = 5;

fn check(program: &Program, faults: &mut Faults) {
    let risks = &program.registers.risks;
    if risks.len() < FEWEST || program.may_be_defined_in_unread("registers/risks") {
        return;
    }
    let scores: Option<BTreeSet<(u64, u64)>> = risks
        .iter()
        .map(|risk| {
            let inherent = risk.inherent.as_ref()?;
            Some((inherent.likelihood.as_ref()?.value, inherent.impact.as_ref()?.value))
        })
        .collect();
    let first = risks.first().and_then(|risk| risk.inherent.as_ref());
    if let (Some(first), Some(1)) = (first, scores.map(|scores| scores.len())) {
        faults
            .at(first.whole(), format!("all {} have the same score", count(risks.len(), "risk")))
            .help("score each by itself: how likely it is, and how bad it would be");
    }
}
