use jiff::ToSpan;

use super::*;
use crate::model::registers::{Acceptance, Response, Risk};
use crate::text::{list, safe};

pub(super) static RULE: Rule = Rule {
    name: "risk-acceptance-incomplete",
    brief: "a risk is borne without another person, a day or an end",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A risk has `response: accept` and does not say who accepted it, when and until when; or its owner accepted it, also
through a role held that day; or the acceptance holds for more than twelve months.

## Why it matters
Bearing a risk is management's decision, taken by somebody other than the one it is convenient for, and taken again
each year. An auditor reads an open-ended or self-signed acceptance as a risk that nobody treats.

## Example
```yaml
#- registers/risks.yaml
- id: old-database
  statement: The database version is no longer patched and is broken into.
  owner: alice
  inherent: { likelihood: 2, impact: 4 }
  response: accept
#           ^^^^^^ does not say who accepted it
- id: one-region
  statement: The only region fails and the service is down for a day.
  owner: security-lead
  inherent: { likelihood: 1, impact: 4 }
  response: accept
  accepted: { by: alice, on: 2026-01-10, expires: 2027-06-30 }
#                 ^^^^^ `alice` owns the risk
#! registers/risks.yaml:11:51 holds for more than twelve months
- id: one-supplier
  statement: The only supplier of mail goes out of business.
  owner: alice
  inherent: { likelihood: 1, impact: 3 }
  response: accept
  accepted: { by: bob, on: 2026-01-10 }
#             ^^ has no `expires`
```

## Fixed
```yaml
#- registers/risks.yaml
- id: old-database
  statement: The database version is no longer patched and is broken into.
  owner: alice
  inherent: { likelihood: 2, impact: 4 }
  response: accept
  accepted: { by: bob, on: 2026-01-10, expires: 2027-01-10 }
```
"#,
};

const HELP: &str =
    "add `accepted: { by: …, on: …, expires: … }`: by another person than the owner, for a year at most";

fn check(program: &Program, faults: &mut Faults) {
    for risk in &program.registers.risks {
        let Some(response) = risk.response.as_ref().filter(|r| r.value == Response::Accept) else { continue };
        let Some(accepted) = &risk.accepted else {
            if !risk.misread.holds("accepted") {
                faults
                    .at(response.at, format!("the risk `{}` does not say who accepted it", risk.id))
                    .help(HELP);
            }
            continue;
        };
        missing(risk, accepted, faults);
        by_its_owner(program, risk, accepted, faults);
        too_long(risk, accepted, faults);
    }
}

fn missing(risk: &Risk, accepted: &Acceptance, faults: &mut Faults) {
    let given = [
        ("by", accepted.by.is_some()),
        ("on", accepted.on.is_some()),
        ("expires", accepted.expires.is_some()),
    ];
    let absent = given.iter().filter(|(key, given)| !given && !accepted.misread.holds(key));
    let absent: Vec<&str> = absent.map(|(key, _)| *key).collect();
    if !absent.is_empty() {
        let message = format!("the acceptance of the risk `{}` has no {}", risk.id, list(&absent, "and"));
        faults.at(accepted.place, message).help(HELP);
    }
}

fn by_its_owner(program: &Program, risk: &Risk, accepted: &Acceptance, faults: &mut Faults) {
    let (Some(by), Some(owner)) = (&accepted.by, &risk.owner) else { return };
    let Some(person) = program.person(by) else { return };
    let held = program.names.roles.get(&***owner).and_then(|index| program.registers.roles.get(*index));
    let owns = match (held, &accepted.on) {
        (None, _) => program.person(owner) == Some(person),
        (Some(_), None) => false,
        (Some(role), Some(on)) => role.held.iter().any(|term| {
            term.by.as_ref().is_some_and(|by| program.person(by) == Some(person))
                && term.from.as_ref().is_some_and(|from| from.value <= on.value)
                && term.to.as_ref().is_none_or(|to| on.value <= to.value)
        }),
    };
    if owns {
        faults
            .at(by.at, format!("`{}` owns the risk `{}` and cannot accept it", safe(by), risk.id))
            .related(owner.at, "its owner")
            .help("let the owner's superior accept it, or give the risk another owner");
    }
}

fn too_long(risk: &Risk, accepted: &Acceptance, faults: &mut Faults) {
    let (Some(on), Some(expires)) = (&accepted.on, &accepted.expires) else { return };
    let Ok(last) = on.value.checked_add(1.year()) else { return };
    if expires.value > last {
        faults
            .at(
                expires.at,
                format!("the acceptance of the risk `{}` holds for more than twelve months", risk.id),
            )
            .help(format!("write {last} or earlier, and decide again then"));
    }
}
