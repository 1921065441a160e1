use std::collections::BTreeMap;

use super::*;
use crate::model::scalar::HolderRef;
use crate::text::safe;
use crate::timeline::people;

pub(super) static RULE: Rule = Rule {
    name: "bot-as-owner",
    brief: "a bot answers for something or reviews evidence",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A person of `kind: bot` is the owner or reviewer of a control, or the owner of a policy, procedure or row of a
register, by name or through a role; or it reviewed evidence. A bot may perform a control: `operator` and
`performed.by` are fine.

## Why it matters
A program can do the work, but it cannot answer for it. An auditor interviews the owner, and takes a review as the
judgement of a second person.

## Example
```yaml
#- controls/backup.yaml
- id: backup
  title: Databases are backed up
  description: The backup service copies every production database each day.
  owner: ci
#        ^^ the owner of the control `backup` is the bot `ci`
  status: planned
  cadence: daily
  criteria: [A1.2]
- id: backup-check
  title: Failed backups are looked into
  description: Each week the security lead opens a ticket for every failed backup.
  owner: security-lead
  status: planned
  cadence: weekly
  criteria: [A1.2]
#- evidence/backup-check/2026-w10/manifest.yaml
title: Failed backups, week 10
controls: [backup-check]
kind: ticket
performed: { on: 2026-03-06, by: alice }
reviewed: { on: 2026-03-07, by: ci, result: accepted }
#                               ^^ the bot `ci` reviewed
#- registers/people.yaml
- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: ci, name: Build server, kind: bot, employed: [{ from: 2024-01-01 }] }
#- registers/roles.yaml
- { id: security-lead, held: [{ by: ci, from: 2024-01-01 }] }
#                                   ^^ the role `security-lead` answers for the control `backup-check`
```

## Fixed
```yaml
#- registers/people.yaml
- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: ci, name: Build server, kind: bot, employed: [{ from: 2024-01-01 }] }
#- controls/backup.yaml
id: backup
title: Databases are backed up
description: The backup service copies every production database each day.
owner: security-lead
operator: ci
status: planned
cadence: daily
criteria: [A1.2]
```
"#,
};

/// Something that somebody answers for: its noun, its name, the key and who stands there.
type Duty<'p> = (&'static str, &'p str, &'static str, &'p HolderRef);

fn check(program: &Program, faults: &mut Faults) {
    let mut by_role: BTreeMap<&str, Duty<'_>> = BTreeMap::new();
    for duty in duties(program) {
        let (noun, name, key, holder) = duty;
        if program.names.roles.contains_key(&***holder) {
            by_role.entry(holder).or_insert(duty);
        } else if is_bot(program, holder) {
            let message = format!("the {key} of the {noun} `{}` is the bot `{}`", safe(name), safe(holder));
            faults
                .at(holder.at, message)
                .help("name a person, or a role that people hold; a bot can be `operator`");
        }
    }
    for role in &program.registers.roles {
        let Some((noun, name, ..)) = by_role.get(&*role.id.value.0) else { continue };
        for by in role.held.iter().filter_map(|term| term.by.as_ref()).filter(|by| is_bot(program, by)) {
            let duty = format!("the role `{}` answers for the {noun} `{}`", role.id, safe(name));
            faults
                .at(by.at, format!("{duty}, but the bot `{}` holds it", safe(by)))
                .help("let a person hold the role");
        }
    }
    let reviews = program.evidence.iter().filter_map(|folder| folder.manifest.reviewed.as_ref());
    for by in reviews.filter_map(|review| review.by.as_ref()).filter(|by| is_bot(program, by)) {
        faults
            .at(by.at, format!("the bot `{}` reviewed this evidence", safe(by)))
            .help("let another person look at it and record their review");
    }
}

fn is_bot(program: &Program, name: &str) -> bool {
    let person = program.person(name).and_then(|index| program.registers.people.get(index));
    person.is_some_and(people::is_bot)
}

macro_rules! owners {
    ($out:ident, $registers:expr, $( $noun:literal: $field:ident ),*) => {
        $( for row in &$registers.$field {
            $out.extend(row.owner.as_ref().map(|owner| ($noun, &**row.id, "owner", owner)));
        } )*
    };
}

fn duties(program: &Program) -> Vec<Duty<'_>> {
    let mut out: Vec<Duty<'_>> = Vec::new();
    for control in &program.controls {
        let id = &**control.id;
        out.extend(control.owner.as_ref().map(|owner| ("control", id, "owner", owner)));
        out.extend(control.reviewer.as_ref().map(|reviewer| ("control", id, "reviewer", reviewer)));
    }
    for head in program.policies.iter().map(|policy| &policy.head) {
        out.extend(head.owner.as_ref().map(|owner| ("policy", &**head.id, "owner", owner)));
    }
    for head in program.procedures.iter().map(|procedure| &procedure.head) {
        out.extend(head.owner.as_ref().map(|owner| ("procedure", &**head.id, "owner", owner)));
    }
    owners!(out, program.registers, "system": systems, "vendor": vendors, "commitment": commitments, "risk": risks,
        "asset": assets, "incident": incidents, "exception": exceptions, "request": requests);
    out
}
