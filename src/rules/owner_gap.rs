use super::*;

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::shared::window::length;
use crate::model::Control;
use crate::model::scalar::HolderRef;
use crate::text::{count, some};
use crate::timeline::people::{self, Holder};
use crate::timeline::{holes, in_effect};

pub(super) static RULE: Rule = Rule {
    name: "owner-gap",
    brief: "a control that had no owner for some days of the window",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
On some judged days on which a control was in place its owner did not work here, or nobody who works here held its
owner's role. One gap per owner, with the days and the controls. Absences that last until the day of the judgement are
`owner-left` and `role-vacant`.

## Why it matters
Type II asks about each day of the window. While the chair was empty nobody answered for the control, and the auditor
looks there first for what was not done; say who stood in.

## Example
```yaml
#- registers/people.yaml
- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: dana, name: Dana, kind: employee, employed: [{ from: 2024-01-01, to: 2026-03-20 }] }
#- registers/roles.yaml
- { id: hr-lead, held: [{ by: dana, from: 2024-01-01 }, { by: alice, from: 2026-04-06 }] }
#       ^^^^^^^ nobody held the role `hr-lead` from 2026-03-21 to 2026-04-05 (16 days) while it owned the control `joiners`
- { id: security-lead, held: [{ by: alice, from: 2024-01-01 }] }
#- controls/joiners.yaml
id: joiners
title: New hires sign the code of conduct
description: Every new hire signs the code of conduct before the first day.
owner: hr-lead
status: implemented
effective_from: 2025-01-01
cadence: event
criteria: [CC1.1]
```

## Fixed
```yaml
#- registers/people.yaml
- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: dana, name: Dana, kind: employee, employed: [{ from: 2024-01-01, to: 2026-03-20 }] }
#- registers/roles.yaml
- { id: hr-lead, held: [{ by: dana, from: 2024-01-01 }, { by: alice, from: 2026-03-21 }] }
- { id: security-lead, held: [{ by: alice, from: 2024-01-01 }] }
#- controls/joiners.yaml
id: joiners
title: New hires sign the code of conduct
description: Every new hire signs the code of conduct before the first day.
owner: hr-lead
status: implemented
effective_from: 2025-01-01
cadence: event
criteria: [CC1.1]
```
"#,
};

/// First and last day.
type Days = (Date, Date);

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    let unread = ["registers/people", "registers/roles"];
    if unread.iter().any(|register| program.may_be_defined_in_unread(register)) {
        return;
    }
    for audit in &judgement.audits {
        let mut absences: BTreeMap<Holder, Vec<Days>> = BTreeMap::new();
        let mut without: BTreeMap<Holder, (&HolderRef, Vec<Days>, Vec<String>)> = BTreeMap::new();
        for control in program.controls.iter().filter(|control| control.applies()) {
            let Some((owner, life)) = owner_and_life(control, audit.days) else { continue };
            let Some(holder) = people::holder(program, owner).filter(|holder| is_read(program, *holder))
            else {
                continue;
            };
            let days = (audit.days.0, judgement.as_of.max(audit.days.0));
            let all = absences.entry(holder).or_insert_with(|| past(program, holder, days));
            let mine: Vec<Days> = all.iter().filter_map(|hole| overlap(*hole, life)).collect();
            if !mine.is_empty() {
                let (_, days, controls) = without.entry(holder).or_insert((owner, Vec::new(), Vec::new()));
                days.extend(mine);
                controls.push(format!("`{}`", control.id));
            }
        }
        for (holder, (owner, mut days, controls)) in without {
            days.sort_unstable();
            days.dedup();
            tell(judgement, holder, owner, &days, &controls, audit.id.as_deref(), gaps);
        }
    }
}

/// Who owns the control, and the judged days on which it was in place.
fn owner_and_life(control: &Control, days: Days) -> Option<(&HolderRef, Days)> {
    Some((control.owner.as_ref()?, overlap(in_effect(control)?, days)?))
}

/// The days without anybody that are over on the last of `days`.
fn past(program: &Program, holder: Holder, days: Days) -> Vec<Days> {
    let mut all = holes(people::staffed(program, holder), days);
    all.retain(|(_, to)| *to < days.1);
    all
}

/// A row that could not be read whole may fill a gap; it has a diagnostic of its own.
fn is_read(program: &Program, holder: Holder) -> bool {
    let registers = &program.registers;
    match holder {
        Holder::Person(index) => {
            registers.people.get(index).is_some_and(|person| !person.misread.holds("employed"))
        }
        Holder::Role(index) => registers.roles.get(index).is_some_and(|role| {
            let known = |by: &crate::model::scalar::PersonRef| program.person(by).is_some();
            role.held.iter().all(|row| row.from.is_some() && row.by.as_ref().is_some_and(known))
        }),
    }
}

fn overlap(a: Days, b: Days) -> Option<Days> {
    let (from, to) = (a.0.max(b.0), a.1.min(b.1));
    (from <= to).then_some((from, to))
}

fn tell(
    judgement: &Judgement<'_>,
    holder: Holder,
    owner: &HolderRef,
    days: &[Days],
    controls: &[String],
    audit: Option<&str>,
    gaps: &mut Gaps,
) {
    let registers = &judgement.program.registers;
    let stretches: Vec<String> = days
        .iter()
        .map(|(from, to)| {
            let n = usize::try_from(length(*from, *to)).unwrap_or(0);
            format!("from {from} to {to} ({})", count(n, "day"))
        })
        .collect();
    let (when, plural) = (some(&stretches, 3), if controls.len() == 1 { "control" } else { "controls" });
    let controls = some(controls, 3);
    let (subject, at, message) = match holder {
        Holder::Role(index) => {
            let Some(role) = registers.roles.get(index) else { return };
            let message =
                format!("nobody held the role `{}` {when} while it owned the {plural} {controls}", role.id);
            (Subject::new("role", role.id.to_string()), role.id.at, message)
        }
        Holder::Person(index) => {
            let Some(person) = registers.people.get(index) else { return };
            let message =
                format!("`{}`, who owned the {plural} {controls}, did not work here {when}", person.id);
            (Subject::new("person", person.id.to_string()), owner.at, message)
        }
    };
    let gap = gaps.about(subject, at, message).audit(audit).help(
        "if somebody stood in, add the row with their days; if not, write down what was not done, for the auditor will ask",
    );
    if let Some((since, _)) = days.first() {
        gap.since(*since);
    }
}
