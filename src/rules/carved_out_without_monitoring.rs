use super::*;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::shared::duties::vendors_with_csoc;
use crate::model::Control;
use crate::model::registers::Csoc;
use crate::text::{list, safe};
use crate::timeline::{CarriedBy, Carrier, Coverage, CriterionStanding, in_effect};

pub(super) static RULE: Rule = Rule {
    name: "carved-out-without-monitoring",
    brief: "a record whose carved-out criteria nobody watches",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
A criterion is left to a carved-out vendor, and the CSOC that says so has no `monitored_by`, or that control is not
implemented in the days that are judged. A vendor without any CSOC is `subservice-without-csoc`.

## Why it matters
Carving a vendor out does not end our duty: the auditor tests that somebody reads the vendor's report and acts on
it. With nobody watching, the criterion has no support at all.

## Example
```yaml
#- registers/vendors.yaml
- { id: aws, service: hosting, owner: security-lead, tier: critical, subservice: carve-out }
#- registers/csocs.yaml
- { id: aws-physical, vendor: aws, criteria: [CC6.4], text: AWS guards its halls. }
#       ^^^^^^^^^^^^ no control monitors the CSOC `aws-physical`, which carries `CC6.4`
```

```yaml
#- registers/vendors.yaml
- { id: aws, service: hosting, owner: security-lead, tier: critical, subservice: carve-out }
#- registers/csocs.yaml
- { id: aws-physical, vendor: aws, criteria: [CC6.4], text: AWS guards its halls., monitored_by: vendor-review }
#                                                                                                ^^^^^^^^^^^^^ the control `vendor-review`, which monitors the CSOC `aws-physical` for `CC6.4`, is not in place
#- controls/vendor-review.yaml
id: vendor-review
title: Vendor reports are read
description: Each year the security lead reads the report of every critical vendor.
owner: security-lead
status: planned
cadence: annual
criteria: [CC9.2]
```

```yaml
#- registers/vendors.yaml
- { id: aws, service: hosting, owner: security-lead, tier: critical, subservice: carve-out }
#- registers/csocs.yaml
- { id: aws-power, vendor: aws, criteria: [A1.2], text: AWS keeps the power on., monitored_by: vendor-review }
#- controls/vendor-review.yaml
id: vendor-review
title: Vendor reports are read
description: Each year the security lead reads the report of every critical vendor.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: annual
criteria: [CC9.2]
#- controls/halls.yaml
id: halls
title: Guards watch the halls
description: The host lets nobody into its halls who is not on the list.
status: implemented
effective_from: 2026-01-01
cadence: continuous
criteria: [CC6.4]
#          ^^^^^ `halls` leaves `CC6.4` to a vendor, and no CSOC says which control watches it
applicability: { is: inherited, vendor: aws, why: fully hosted, by: alice, on: 2026-01-01 }
```

## Fixed
```yaml
#- registers/vendors.yaml
- { id: aws, service: hosting, owner: security-lead, tier: critical, subservice: carve-out }
#- registers/csocs.yaml
- { id: aws-physical, vendor: aws, criteria: [CC6.4], text: AWS guards its halls., monitored_by: vendor-review }
#- controls/vendor-review.yaml
id: vendor-review
title: Vendor reports are read
description: Each year the security lead reads the report of every critical vendor.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: annual
criteria: [CC9.2]
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    if program.may_be_defined_in_unread("registers/csocs") {
        return;
    }
    let with_csoc = vendors_with_csoc(program);
    for audit in &judgement.audits {
        let mut unwatched: BTreeMap<CarriedBy, (Location, Vec<String>)> = BTreeMap::new();
        for criterion in audit.criteria.iter().filter(|c| c.coverage == Coverage::CarvedOut) {
            for carrier in &criterion.carriers {
                if let Some(at) = fault(program, criterion, carrier, audit.days, &with_csoc) {
                    let (_, names) = unwatched.entry(carrier.by).or_insert((at, Vec::new()));
                    names.push(safe(&program.criterion_name(criterion.id)));
                }
            }
        }
        for (by, (at, criteria)) in unwatched {
            let (criteria, audit) = (list(&criteria, "and"), audit.id.as_deref());
            match by {
                CarriedBy::Csoc(index) => {
                    if let Some(csoc) = program.registers.csocs.get(index) {
                        tell_csoc(csoc, at, &criteria, audit, gaps);
                    }
                }
                CarriedBy::Control(index) => {
                    if let Some(control) = program.controls.get(index) {
                        tell_inherited(control, at, &criteria, audit, gaps);
                    }
                }
            }
        }
    }
}

/// Where to point when nothing in place watches over what the carrier leaves to the vendor.
fn fault(
    program: &Program,
    criterion: &CriterionStanding,
    carrier: &Carrier,
    (from, to): (Date, Date),
    with_csoc: &BTreeSet<&str>,
) -> Option<Location> {
    let index = match carrier.by {
        CarriedBy::Csoc(index) => index,
        // A vendor without any CSOC is another rule's; CSOCs come first.
        CarriedBy::Control(_) => {
            let carried = matches!(criterion.carriers.first()?.by, CarriedBy::Csoc(_));
            let vendor = program.registers.vendors.get(carrier.vendor)?;
            return (!carried && with_csoc.contains(&*vendor.id.value.0)).then_some(carrier.at);
        }
    };
    let csoc = program.registers.csocs.get(index)?;
    let Some(monitor) = &csoc.monitored_by else { return Some(csoc.id.at) };
    let control =
        program.names.controls.get(&*monitor.value).and_then(|index| program.controls.get(*index))?;
    let life = in_effect(control).filter(|_| control.applies());
    let watches = life.is_some_and(|(first, last)| first <= to && from <= last);
    (!watches).then_some(monitor.at)
}

fn tell_csoc(csoc: &Csoc, at: Location, criteria: &str, audit: Option<&str>, gaps: &mut Gaps) {
    let id = &csoc.id;
    let (message, help) = match &csoc.monitored_by {
        None => (
            format!("no control monitors the CSOC `{id}`, which carries {criteria}"),
            "add `monitored_by:` with the control that reads the vendor's report",
        ),
        Some(monitor) => (
            format!(
                "the control `{}`, which monitors the CSOC `{id}` for {criteria}, is not in place",
                safe(monitor)
            ),
            "put the control in place, then set `status: implemented` and `effective_from`",
        ),
    };
    gaps.about(Subject::new("csoc", id.to_string()), at, message).help(help).audit(audit);
}

fn tell_inherited(control: &Control, at: Location, criteria: &str, audit: Option<&str>, gaps: &mut Gaps) {
    let message =
        format!("`{}` leaves {criteria} to a vendor, and no CSOC says which control watches it", control.id);
    gaps.about(Subject::new("control", control.id.to_string()), at, message)
        .help(format!("add {criteria} to a row of registers/csocs.yaml, with `monitored_by`"))
        .audit(audit);
}
