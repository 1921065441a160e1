use std::collections::BTreeMap;

use super::*;
use crate::framework::BUILT_IN;
use crate::model::Id;
use crate::text::{clip, safe};

pub(super) static RULE: Rule = Rule {
    name: "duplicate-id",
    brief: "an id is given twice",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
Two controls, policies, procedures, audits, frameworks or rows of one register have the same id; or two categories,
series, criteria, points of focus or tests within their framework, criterion or control. People and roles share one
set of names, and no alias or e-mail address of a person may be another's. Ids that were used in the past are not
looked at.

## Why it matters
Records are found by their id. With two of the same, evidence lands on one of them by accident, and an approval or a
review can be credited to the wrong person.

## Example
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: draft
#- controls/iam.yaml
id: access-review
#   ^^^^^^^^^^^^^ the control id `access-review` is given twice
title: The security lead reviews every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: draft
```

```yaml
#- registers/people.yaml
- { id: alice, name: Alice, emails: [alice@acme.com], kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: bob, name: Bob, emails: [Alice@acme.com], kind: employee, employed: [{ from: 2024-01-01 }] }
#                                ^^^^^^^^^^^^^^ `Alice@acme.com` already stands for the person `alice`
#- registers/roles.yaml
- { id: bob, held: [{ by: alice, from: 2026-01-01 }] }
#       ^^^ `bob` already stands for the person `bob`
```

```yaml
#- frameworks/house.yaml
id: house-rules
title: House rules
edition: "2026"
categories:
  - { id: security, title: Security, always: true }
series:
  - { id: H1, title: Keys, category: security }
criteria:
  - { id: H1.1, series: H1, text: Doors are locked at night. }
  - { id: H1.1, series: H1, text: Keys are counted. }
#         ^^^^ the criterion id `H1.1` is given twice
```

## Fixed
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: draft
#- controls/iam.yaml
id: access-approval
title: Owners approve every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: draft
```

```yaml
#- registers/people.yaml
- { id: alice, name: Alice, emails: [alice@acme.com], kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: bob, name: Bob, emails: [bob@acme.com], kind: employee, employed: [{ from: 2024-01-01 }] }
#- registers/roles.yaml
- { id: security-lead, held: [{ by: alice, from: 2026-01-01 }] }
```

```yaml
#- frameworks/house.yaml
id: house-rules
title: House rules
edition: "2026"
categories:
  - { id: security, title: Security, always: true }
series:
  - { id: H1, title: Keys, category: security }
criteria:
  - { id: H1.1, series: H1, text: Doors are locked at night. }
  - { id: H1.2, series: H1, text: Keys are counted. }
```
"#,
};

const HELP: &str = "give one of them an id that was never used";

fn check(program: &Program, faults: &mut Faults) {
    let audits = program.config.as_ref().map_or(&[][..], |config| &config.audit);
    rows("control", &program.controls, |control| &control.id, faults);
    for control in &program.controls {
        rows("test", &control.tests, |test| &test.id, faults);
    }
    rows("policy", &program.policies, |policy| &policy.head.id, faults);
    rows("procedure", &program.procedures, |procedure| &procedure.head.id, faults);
    rows("audit", audits, |audit| &audit.id, faults);
    registers(program, faults);
    people_and_roles(program, faults);
    frameworks(program, faults);
}

/// Reports every id that an earlier one of the same kind has.
fn twice<'p>(kind: &str, ids: impl Iterator<Item = (&'p str, Location)>, faults: &mut Faults) {
    let mut seen: BTreeMap<&str, Location> = BTreeMap::new();
    for (id, at) in ids {
        if let Some(first) = seen.get(id) {
            let message = format!("the {kind} id `{}` is given twice", clip(&safe(id), 80));
            faults.at(at, message).help(HELP).related(*first, "first here");
        } else {
            seen.insert(id, at);
        }
    }
}

fn registers(program: &Program, faults: &mut Faults) {
    let all = &program.registers;
    rows("system", &all.systems, |row| &row.id, faults);
    rows("vendor", &all.vendors, |row| &row.id, faults);
    rows("CSOC", &all.csocs, |row| &row.id, faults);
    rows("CUEC", &all.cuecs, |row| &row.id, faults);
    rows("commitment", &all.commitments, |row| &row.id, faults);
    rows("risk", &all.risks, |row| &row.id, faults);
    rows("asset", &all.assets, |row| &row.id, faults);
    rows("incident", &all.incidents, |row| &row.id, faults);
    rows("exception", &all.exceptions, |row| &row.id, faults);
    rows("waiver", &all.waivers, |row| &row.id, faults);
    rows("meeting", &all.meetings, |row| &row.id, faults);
    requests(program, faults);
}

/// A reference stands once on the list of an audit; the list of another audit may use it again.
fn requests(program: &Program, faults: &mut Faults) {
    let mut lists: BTreeMap<Option<&str>, Vec<(&str, Location)>> = BTreeMap::new();
    for row in &program.registers.requests {
        let audit = row.audit.as_ref().map(|audit| &*audit.value.0);
        lists.entry(audit).or_default().push((&row.id.value, row.id.at));
    }
    for list in lists.into_values() {
        twice("request", list.into_iter(), faults);
    }
}

fn rows<T>(kind: &str, rows: &[T], id: fn(&T) -> &Id, faults: &mut Faults) {
    twice(kind, rows.iter().map(id).map(|id| (&*id.value.0, id.at)), faults);
}

/// A name of a person or role as typed, and the row it stands for.
#[derive(Clone, Copy)]
struct Name<'p> {
    typed: &'p str,
    at: Location,
    kind: &'static str,
    row: usize,
    id: &'p Id,
}

/// Every name stands for one person or role, however it is spelled.
fn people_and_roles(program: &Program, faults: &mut Faults) {
    let mut names: BTreeMap<String, Name<'_>> = BTreeMap::new();
    for (row, person) in program.registers.people.iter().enumerate() {
        let spoken = person.aliases.iter().chain(&person.emails).map(|text| (&*text.value, text.at));
        for (typed, at) in std::iter::once((&*person.id.value.0, person.id.at)).chain(spoken) {
            stand_for(&mut names, Name { typed, at, kind: "person", row, id: &person.id }, faults);
        }
    }
    for (row, role) in program.registers.roles.iter().enumerate() {
        let name = Name { typed: &role.id.value.0, at: role.id.at, kind: "role", row, id: &role.id };
        stand_for(&mut names, name, faults);
    }
}

fn stand_for<'p>(names: &mut BTreeMap<String, Name<'p>>, name: Name<'p>, faults: &mut Faults) {
    let first = *names.entry(name.typed.to_lowercase()).or_insert(name);
    let same_id = first.kind == name.kind && first.id.value == name.id.value;
    let typed = clip(&safe(name.typed), 80);
    let message = if same_id && first.row != name.row && name.at == name.id.at {
        format!("the {} id `{typed}` is given twice", name.kind)
    } else if !same_id {
        format!("`{typed}` already stands for the {} `{}`", first.kind, first.id)
    } else {
        return;
    };
    let help = match (same_id, name.kind) {
        (true, "person") => "one person is one row; who comes back gets a second entry in `employed`",
        (true, _) => HELP,
        (false, _) => {
            "ids, aliases and e-mail addresses stand for one person or role; take it from one of them"
        }
    };
    faults.at(name.at, message).help(help).related(first.at, "first here");
}

fn frameworks(program: &Program, faults: &mut Faults) {
    twice("framework", program.own_frameworks().map(|own| (&*own.id.value.0, own.id.at)), faults);
    for own in program.own_frameworks() {
        if BUILT_IN.iter().any(|(id, _)| **id == *own.id.value.0) {
            let message = format!("the framework id `{}` is that of a built-in one", own.id);
            faults.at(own.id.at, message).help("give yours another id");
        }
        rows("category", &own.categories, |category| &category.id, faults);
        twice("series", own.series.iter().map(|series| (&*series.id.value, series.id.at)), faults);
        twice(
            "criterion",
            own.criteria.iter().map(|criterion| (&*criterion.id.value, criterion.id.at)),
            faults,
        );
        for criterion in &own.criteria {
            rows("point of focus", &criterion.points_of_focus, |point| &point.id, faults);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn people(rows: &[&str]) -> Vec<String> {
        let text: String =
            rows.iter().map(|row| format!("- {{ {row}, name: N, kind: employee }}\n")).collect();
        let files = vec![("registers/people.yaml".to_owned(), text.into_bytes())];
        let program = Program::load(Sources::from_memory(files));
        faults_of(&RULE, &program).into_iter().map(|fault| fault.message).collect()
    }

    #[test]
    fn a_person_may_repeat_their_own_names() {
        assert!(people(&["id: ann, aliases: [ann, Ann], emails: [a@x.com, A@x.com]"]).is_empty());
    }

    #[test]
    fn a_row_copied_whole_is_one_fault() {
        let ann = "id: ann, aliases: [annie], emails: [a@x.com]";
        assert_eq!(people(&[ann, ann]), ["the person id `ann` is given twice"]);
    }

    #[test]
    fn an_alias_may_not_be_an_id_that_comes_later() {
        let found = people(&["id: ann, aliases: [Bea]", "id: bea"]);
        assert_eq!(found, ["`bea` already stands for the person `ann`"]);
    }
}
