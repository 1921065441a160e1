use jiff::civil::Date;

use super::*;
use crate::model::registers::RequestStatus;
use crate::model::scalar::ControlRef;
use crate::model::{Control, Status};

pub(super) static RULE: Rule = Rule {
    name: "retired-control-referenced",
    brief: "something still rests on a retired control",
    check: Check::Tree(Level::Warn, check),
    docs: r#"
A risk, commitment, CSOC, compensating control, waiver, review or open request names a retired control. What happened
while the control was in place stays right: a review up to its last day, a waiver that ended by then, a request about
those days. `superseded_by` is not looked at.

## Why it matters
The retired control treats no risk and keeps no promise any more. The register says the matter is taken care of, and
an auditor who follows the name finds nobody doing it.

## Example
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: retired
effective_from: 2025-01-01
retired_at: 2026-03-31
superseded_by: access-review-monthly
cadence: quarterly
criteria: [CC6.2]
#- registers/risks.yaml
- id: stale-accounts
  statement: A leaver's account is used to read customer data.
  owner: security-lead
  inherent: { likelihood: 3, impact: 4 }
  response: mitigate
  controls: [access-review]
#            ^^^^^^^^^^^^^ the risk `stale-accounts` rests on the retired control `access-review`
```

## Fixed
```yaml
#- controls/access.yaml
- id: access-review
  title: Owners review every user
  description: Each quarter the owner of every system reviews its users.
  owner: security-lead
  status: retired
  effective_from: 2025-01-01
  retired_at: 2026-03-31
  superseded_by: access-review-monthly
  cadence: quarterly
  criteria: [CC6.2]
- id: access-review-monthly
  title: Owners review every user each month
  description: Each month the owner of every system reviews its users.
  owner: security-lead
  status: implemented
  effective_from: 2026-04-01
  cadence: monthly
  criteria: [CC6.2]
#- registers/risks.yaml
- id: stale-accounts
  statement: A leaver's account is used to read customer data.
  owner: security-lead
  inherent: { likelihood: 3, impact: 4 }
  response: mitigate
  controls: [access-review-monthly]
#- registers/requests.yaml
- id: R-17
  text: Access reviews of the first quarter
  controls: [access-review]
  period: { from: 2026-01-01, to: 2026-03-31 }
  status: open
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    let mut search = Search { program, faults };
    for control in program.controls.iter().filter(|control| control.status() != Status::Retired) {
        search.all(&control.compensating, None, &|| format!("the control `{}`", control.id));
    }
    for review in program.evidence.iter().filter_map(|folder| folder.manifest.reviewed.as_ref()) {
        let day = review.on.as_ref().map(|on| on.value);
        search.all(&review.compensating, day, &|| "this review".to_owned());
    }
    registers(program, &mut search);
}

fn registers(program: &Program, search: &mut Search<'_>) {
    let registers = &program.registers;
    for risk in &registers.risks {
        search.all(&risk.controls, None, &|| format!("the risk `{}`", risk.id));
    }
    for commitment in &registers.commitments {
        search.all(&commitment.controls, None, &|| format!("the commitment `{}`", commitment.id));
    }
    for csoc in &registers.csocs {
        search.all(&csoc.monitored_by, None, &|| format!("the CSOC `{}`", csoc.id));
    }
    for waiver in &registers.waivers {
        let day = waiver.expires.as_ref().map(|expires| expires.value);
        search.all(&waiver.compensating, day, &|| format!("the waiver `{}`", waiver.id));
    }
    for request in &registers.requests {
        let open = [RequestStatus::Open, RequestStatus::Returned];
        if request.status.as_ref().is_some_and(|status| open.contains(&status.value)) {
            let day = request.period.as_ref().and_then(|period| period.from.as_ref()).map(|from| from.value);
            search
                .all(&request.controls, day, &|| format!("the request `{}`", crate::text::safe(&request.id)));
        }
    }
}

struct Search<'s> {
    program: &'s Program,
    faults: &'s mut Faults,
}

impl Search<'_> {
    /// Tells the retired controls among `names`, unless they were still in place on `day`.
    fn all<'n>(
        &mut self,
        names: impl IntoIterator<Item = &'n ControlRef>,
        day: Option<Date>,
        who: &dyn Fn() -> String,
    ) {
        for name in names {
            let known = self.program.names.controls.get(&***name);
            let Some(control) = known.and_then(|index| self.program.controls.get(*index)) else { continue };
            let retired_at = control.retired_at.as_ref().map(|date| date.value);
            let in_place = day.zip(retired_at).is_some_and(|(day, last)| day <= last);
            if control.status() == Status::Retired && !in_place {
                self.faults
                    .at(name.at, format!("{} rests on the retired control `{}`", who(), control.id))
                    .help(help(control));
            }
        }
    }
}

fn help(control: &Control) -> String {
    match &control.superseded_by {
        Some(heir) => format!("name `{}`, which took its place", crate::text::safe(heir)),
        None => "name a control that is in place".to_owned(),
    }
}
