use super::*;

use super::shared::staff::{Member, joined_since, members};
use super::shared::window::Window;
use crate::model::registers::Person;
use crate::model::scalar::Date;

pub(super) static RULE: Rule = Rule {
    name: "joiner-check-late",
    brief: "a person who started before check, agreement or code was done",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
Somebody joined in the judged days, and their background check, confidentiality agreement or code of conduct is dated
after their first day, or is missing while others have one. What nobody has is asked of nobody. Contractors are asked
like employees. After a rehire the latest employment counts, and what was done before the first one is in order. For a
Type I, and without an audit, those who joined in the twelve months before are looked at.

## Why it matters
A check that comes after access was given protects nobody. Auditors compare these days with the first day of every new
hire they sample, and contractors are who is usually left out.

## Example
```yaml
#- registers/people.yaml
- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }], background_check: 2023-12-11, confidentiality_agreement: 2023-12-29 }
- { id: bob, name: Bob, kind: employee, employed: [{ from: 2024-01-01 }] }
- id: carol
#     ^^^^^ `carol` started on 2026-02-02: background check only on 2026-02-20
  name: Carol
  kind: employee
  employed: [{ from: 2026-02-02 }]
  background_check: 2026-02-20
  confidentiality_agreement: 2026-02-02
- id: ivan
#     ^^^^ `ivan` started on 2026-03-02: no background check, confidentiality agreement only on 2026-03-05
  name: Ivan
  kind: contractor
  employed: [{ from: 2026-03-02, to: 2026-05-29 }]
  confidentiality_agreement: 2026-03-05
```

## Fixed
```yaml
#- registers/people.yaml
- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }], background_check: 2024-03-11 }
- id: omar
  name: Omar
  kind: employee
  employed: [{ from: 2022-06-01, to: 2024-05-31 }, { from: 2026-02-02 }]
  background_check: 2022-05-20
- id: ivan
  name: Ivan
  kind: contractor
  employed: [{ from: 2026-03-02 }]
  background_check: 2026-02-20
```
"#,
};

/// A column of the people register that is due on the first day.
struct Column {
    key: &'static str,
    name: &'static str,
    of: fn(&Person) -> &Option<Date>,
}

const COLUMNS: &[Column] = &[
    Column { key: "background_check", name: "background check", of: |person| &person.background_check },
    Column {
        key: "confidentiality_agreement",
        name: "confidentiality agreement",
        of: |person| &person.confidentiality_agreement,
    },
    Column { key: "code_of_conduct", name: "code of conduct", of: |person| &person.code_of_conduct },
];

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let window = Window::of(judgement);
    let since = joined_since(judgement, &window);
    let all = &judgement.program.registers.people;
    let asked: Vec<&Column> =
        COLUMNS.iter().filter(|column| all.iter().any(|person| (column.of)(person).is_some())).collect();
    for member in members(judgement, &window).iter().filter(|member| since <= member.from) {
        let faults: Vec<String> = asked.iter().filter_map(|column| fault(member, column)).collect();
        if faults.is_empty() {
            continue;
        }
        let id = &member.person.id;
        let message = format!("`{id}` started on {}: {}", member.from, faults.join(", "));
        gaps.about(Subject::new("person", id.to_string()), id.at, message)
            .help("record the day in registers/people; what was done after the first day stays an exception")
            .since(member.from);
    }
}

fn fault(member: &Member<'_>, column: &Column) -> Option<String> {
    match (column.of)(member.person) {
        Some(day) => (day.value > member.from).then(|| format!("{} only on {}", column.name, day.value)),
        None => (!member.person.misread.holds(column.key)).then(|| format!("no {}", column.name)),
    }
}
