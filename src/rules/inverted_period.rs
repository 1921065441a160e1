use std::fmt::Arguments;

use super::*;
use crate::model::audit::{OpenPeriod, Period};
use crate::model::scalar::Date;
use crate::text::safe;

pub(super) static RULE: Rule = Rule {
    name: "inverted-period",
    brief: "a last day lies before the first",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A period ends before it begins: an audit's window or fieldwork, the days an artefact covers, a term of employment or
of a role, the use of a system, a contract, a vendor's report, an auditor's request, the life of a control, the
acceptance of a risk. A period of one day is a period.

## Why it matters
No day lies in such a period, so whatever rests on it is judged for nothing. Most often a year was mistyped, and the
auditor would have to ask which of the two dates is true.

## Example
```yaml
#- registers/people.yaml
- id: alice
  name: Alice
  kind: employee
  employed: [{ from: 2026-03-01, to: 2025-08-31 }]
#                                    ^^^^^^^^^^ ends on 2025-08-31, before it begins on 2026-03-01
```
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: retired
effective_from: 2026-04-01
retired_at: 2026-03-31
#           ^^^^^^^^^^ the life of the control `access-review` ends on 2026-03-31
cadence: quarterly
criteria: [CC6.2]
```

## Fixed
```yaml
#- registers/people.yaml
- id: alice
  name: Alice
  kind: employee
  employed: [{ from: 2025-03-01, to: 2025-08-31 }]
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    let mut order = Order(faults);
    for audit in program.config.as_ref().map_or(&[][..], |config| &config.audit) {
        order.period(audit.period.as_ref(), format_args!("the window of the audit `{}`", audit.id));
        order.open(audit.fieldwork.as_ref(), format_args!("the fieldwork of the audit `{}`", audit.id));
        let last = audit.period.as_ref().and_then(|period| period.to.as_ref()).or(audit.as_of.as_ref());
        order.days(
            last,
            audit.issued.as_ref(),
            format_args!("the time until the report of the audit `{}`", audit.id),
        );
    }
    for control in &program.controls {
        let (from, to) = (control.effective_from.as_ref(), control.retired_at.as_ref());
        order.days(from, to, format_args!("the life of the control `{}`", control.id));
    }
    for artifact in program.evidence.iter().flat_map(|folder| &folder.manifest.artifacts) {
        order.period(artifact.covers.as_ref(), format_args!("what the artefact covers"));
    }
    registers(program, &mut order);
}

fn registers(program: &Program, order: &mut Order<'_>) {
    let registers = &program.registers;
    for person in &registers.people {
        for term in &person.employed {
            order.open(Some(term), format_args!("the employment of `{}`", person.id));
        }
    }
    for role in &registers.roles {
        for term in &role.held {
            let (from, to) = (term.from.as_ref(), term.to.as_ref());
            order.days(from, to, format_args!("a term of the role `{}`", role.id));
        }
    }
    for system in &registers.systems {
        let (from, to) = (system.from.as_ref(), system.to.as_ref());
        order.days(from, to, format_args!("the use of the system `{}`", system.id));
    }
    for vendor in &registers.vendors {
        order.open(vendor.contract.as_ref(), format_args!("the contract with `{}`", vendor.id));
        for report in &vendor.reports {
            order.period(report.period.as_ref(), format_args!("a report of the vendor `{}`", vendor.id));
        }
    }
    for risk in &registers.risks {
        let Some(accepted) = &risk.accepted else { continue };
        let (from, to) = (accepted.on.as_ref(), accepted.expires.as_ref());
        order.days(from, to, format_args!("the acceptance of the risk `{}`", risk.id));
    }
    for request in &registers.requests {
        order.period(request.period.as_ref(), format_args!("the request `{}`", safe(&request.id)));
    }
}

struct Order<'f>(&'f mut Faults);

impl Order<'_> {
    fn period(&mut self, period: Option<&Period>, what: Arguments<'_>) {
        self.days(period.and_then(|p| p.from.as_ref()), period.and_then(|p| p.to.as_ref()), what);
    }

    fn open(&mut self, period: Option<&OpenPeriod>, what: Arguments<'_>) {
        self.days(period.and_then(|p| p.from.as_ref()), period.and_then(|p| p.to.as_ref()), what);
    }

    fn days(&mut self, from: Option<&Date>, to: Option<&Date>, what: Arguments<'_>) {
        let (Some(from), Some(to)) = (from, to) else { return };
        if to.value < from.value {
            self.0
                .at(to.at, format!("{what} ends on {}, before it begins on {}", to.value, from.value))
                .related(from.at, "begins here")
                .help("both days belong to it; correct the one that is mistyped");
        }
    }
}
