use super::shared::measures::{Measure, measures, of_document};
use super::shared::texts::policies;
use super::*;
use crate::text::{clip, safe};

pub(super) static RULE: Rule = Rule {
    name: "policy-weaker-than-commitment",
    brief: "a policy that allows more than customers were promised",
    check: Check::Tree(Level::Warn, check),
    docs: r#"
A policy's number is weaker than what the register of commitments promises of the same thing: a longer time until a breach is
notified or the service is back, a lower availability, a shorter retention. The commitment's `text`, `metric` and `category` are
read together. Where a policy says several numbers of the thing, all of them have to be weaker.

## Why it matters
Staff work to the policy. When it allows 72 hours and the contract promises 48, everybody can do as told and the company is in
breach all the same; the report would describe a commitment that the controls are not built to keep.

## Example
```yaml
#- registers/commitments.yaml
- id: breach-notice
  text: Customers are notified of a breach of their data within 48 hours.
  source: Data processing agreement, section 7
  controls: [inc-breach-notification]
- id: uptime
  text: Availability of the service in each month
  metric: 99.9 %
  source: Service level agreement
  controls: [avl-uptime]
#- policies/incidents.md
---
id: incidents
title: Incident Policy
owner: security-lead
---
Customers are notified of a breach within 72 hours. The service is available 99.5 % of each month.
#                                         ^^^^^^^^ `72 hours` in the policy `incidents` is weaker than the commitment `breach-notice`
#                                                                            ^^^^^^ `99.5 %` in the policy `incidents` is weaker than the commitment `uptime`
```

## Fixed
```yaml
#- registers/commitments.yaml
- id: breach-notice
  text: Customers are notified of a breach of their data within 48 hours.
  source: Data processing agreement, section 7
  controls: [inc-breach-notification]
- id: uptime
  text: Availability of the service in each month
  metric: 99.9 %
  source: Service level agreement
  controls: [avl-uptime]
#- policies/incidents.md
---
id: incidents
title: Incident Policy
owner: security-lead
---
Customers are notified of a breach within two days. The service is available 99.95 % of each month.
```
"#,
};

/// Commitments told of one policy.
const MOST: usize = 20;

fn check(program: &Program, faults: &mut Faults) {
    let promised: Vec<(usize, Measure)> = program
        .registers
        .commitments
        .iter()
        .enumerate()
        .flat_map(|(nth, commitment)| {
            let part = |text: &Option<crate::model::Text>| {
                text.as_ref().map_or("", |text| text.value.trim().trim_end_matches('.')).to_owned()
            };
            let text = [&commitment.text, &commitment.metric, &commitment.category].map(part).join(" · ");
            measures(&text, "").into_iter().map(move |measure| (nth, measure))
        })
        .take(MOST_PROMISES)
        .collect();
    if promised.is_empty() {
        return;
    }
    for policy in policies(program) {
        let mut said = of_document(&policy);
        said.truncate(MOST_PROMISES);
        let mut told = 0;
        for (nth, promise) in &promised {
            let Some(commitment) = program.registers.commitments.get(*nth) else { continue };
            let same: Vec<&Measure> = said.iter().filter(|said| is_of(said, promise)).collect();
            let weaker = !same.is_empty() && same.iter().all(|said| is_weaker(said, promise));
            let Some(measure) = same.first().filter(|_| weaker && told < MOST) else { continue };
            let range = measure.range.clone();
            told += 1;
            let message = format!(
                "`{}` in {} is weaker than the commitment `{}`",
                safe(policy.text.get(range.clone()).unwrap_or("").trim()),
                policy.name(),
                clip(&safe(&commitment.id.value.0), 60),
            );
            let at =
                commitment.metric.as_ref().or(commitment.text.as_ref()).map_or(commitment.id.at, |t| t.at);
            faults
                .at(policy.place(program, range), message)
                .help("write what was promised, or less; or correct the register if the promise is another")
                .related(at, "what customers were promised");
        }
    }
}

/// Numbers that are compared, of the register and of one policy.
const MOST_PROMISES: usize = 300;

/// Is it said of what was promised? What is said of everything holds for the narrower thing too.
fn is_of(said: &Measure, promise: &Measure) -> bool {
    let (said, promise) = (&said.of, &promise.of);
    std::ptr::eq(said.topic(), promise.topic())
        && said.severity == promise.severity
        && said.narrower.iter().all(|word| promise.narrower.contains(word) || *word == "service")
}

fn is_weaker(said: &Measure, promise: &Measure) -> bool {
    match said.of.topic().more {
        true => said.amount.most < promise.amount.least,
        false => said.amount.least > promise.amount.most,
    }
}
