//! Who works here and who holds which role, on a day. First and last days both count; a rehire is a second row of
//! `employed`, and a person without rows is not employed.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::model::registers::{Person, PersonKind, Role, Tenure};
use crate::model::scalar;
use crate::program::Program;

/// What an owner, operator or reviewer resolves to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    /// A role, by index.
    Role(usize),
    /// A person, by index.
    Person(usize),
}

/// The role or person that a name stands for.
pub fn holder(program: &Program, name: &str) -> Option<Holder> {
    let role = program.names.roles.get(name).copied().map(Holder::Role);
    role.or_else(|| program.person(name).map(Holder::Person))
}

/// Does the person work here on that day?
pub fn employed(person: &Person, day: Date) -> bool {
    stints(person).any(|(from, to)| from <= day && day <= to)
}

/// The last day before `day` on which the person worked here.
pub fn last_employed(person: &Person, day: Date) -> Option<Date> {
    let eve = day.checked_sub(1.day()).ok()?;
    stints(person).filter(|(from, _)| *from <= eve).map(|(_, to)| to.min(eve)).max()
}

/// Who holds the role on that day, by index; they work here then. Nobody: the role is vacant.
pub fn holders(program: &Program, role: &Role, day: Date) -> Vec<usize> {
    let mut holders: Vec<usize> = held(program, role)
        .filter(|(_, (from, to))| *from <= day && day <= *to)
        .map(|(person, _)| person)
        .collect();
    holders.sort_unstable();
    holders.dedup();
    holders
}

/// The last day before `day` on which somebody held the role.
pub fn last_held(program: &Program, role: &Role, day: Date) -> Option<Date> {
    let eve = day.checked_sub(1.day()).ok()?;
    held(program, role).filter(|(_, (from, _))| *from <= eve).map(|(_, (_, to))| to.min(eve)).max()
}

/// Is this a program and no human being? Who says nothing of their kind counts as human.
pub fn is_bot(person: &Person) -> bool {
    person.kind.as_ref().is_some_and(|kind| kind.value == PersonKind::Bot)
}

/// First and last day of the employment that holds the day, else of the last one before it. Rows without a day between
/// them are one employment.
pub fn stint(person: &Person, day: Date) -> Option<(Date, Date)> {
    let mut rows: Vec<(Date, Date)> = stints(person).filter(|(from, _)| *from <= day).collect();
    rows.sort_unstable();
    rows.into_iter().reduce(|so_far, next| {
        let adjoins = so_far.1.checked_add(1.day()).map_or(true, |after| next.0 <= after);
        if adjoins { (so_far.0, so_far.1.max(next.1)) } else { next }
    })
}

/// The days on which the person works here, or somebody who does holds the role: first and last day of each stretch.
pub fn staffed(program: &Program, holder: Holder) -> Vec<(Date, Date)> {
    let registers = &program.registers;
    match holder {
        Holder::Role(index) => {
            let role = registers.roles.get(index);
            role.map(|role| held(program, role).map(|(_, days)| days).collect()).unwrap_or_default()
        }
        Holder::Person(index) => {
            registers.people.get(index).map(|person| stints(person).collect()).unwrap_or_default()
        }
    }
}

/// How many employees and contractors work here on that day.
pub fn head_count(program: &Program, day: Date) -> usize {
    let people = program.registers.people.iter();
    people.filter(|person| !is_bot(person)).filter(|person| employed(person, day)).count()
}

/// First and last day of each time the person worked here.
pub fn stints(person: &Person) -> impl Iterator<Item = (Date, Date)> {
    person.employed.iter().filter_map(|row| days(row.from.as_ref(), row.to.as_ref()))
}

/// Each person and the days on which they both held the role and worked here.
pub fn held<'p>(program: &'p Program, role: &'p Role) -> impl Iterator<Item = (usize, (Date, Date))> {
    role.held.iter().filter_map(|row| tenure(program, row)).flat_map(|(index, person, (from, to))| {
        let both = stints(person).map(move |(first, last)| (from.max(first), to.min(last)));
        both.filter(|(from, to)| from <= to).map(move |days| (index, days))
    })
}

fn tenure<'p>(program: &'p Program, row: &Tenure) -> Option<(usize, &'p Person, (Date, Date))> {
    let index = program.person(row.by.as_ref()?)?;
    let person = program.registers.people.get(index)?;
    Some((index, person, days(row.from.as_ref(), row.to.as_ref())?))
}

fn days(from: Option<&scalar::Date>, to: Option<&scalar::Date>) -> Option<(Date, Date)> {
    let (from, to) = (from?.value, to.map_or(Date::MAX, |to| to.value));
    (from <= to).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;
    use jiff::civil::date;

    const PEOPLE: &str = "
- id: alice
  name: Alice
  kind: employee
  employed: [{ from: 2024-01-01, to: 2025-03-31 }, { from: 2026-02-01 }]
- { id: bob, name: Bob, kind: contractor, employed: [{ from: 2025-01-01, to: 2026-06-30 }] }
- { id: scanner, name: Scanner, kind: bot, employed: [{ from: 2024-01-01 }] }
- { id: dana, name: Dana, kind: employee, employed: [] }
";
    const ROLES: &str = "
- { id: lead, held: [{ by: alice, from: 2024-01-01 }, { by: Bob, from: 2025-02-01, to: 2026-12-31 }] }
- { id: counsel, held: [{ by: dana, from: 2024-01-01 }, { by: nobody, from: 2024-01-01 }] }
";

    fn program() -> Program {
        let files = [("registers/people.yaml", PEOPLE), ("registers/roles.yaml", ROLES)];
        let files = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
        Program::load(Sources::from_memory(files.to_vec()))
    }

    #[test]
    fn a_rehire_is_employed_twice_and_the_last_day_counts() {
        let program = program();
        let alice = &program.registers.people[0];
        assert!(employed(alice, date(2025, 3, 31)));
        assert!(!employed(alice, date(2025, 4, 1)));
        assert!(employed(alice, date(2026, 2, 1)));
        assert_eq!(last_employed(alice, date(2025, 12, 1)), Some(date(2025, 3, 31)));
        assert_eq!(last_employed(alice, date(2024, 1, 1)), None);
        assert!(!employed(&program.registers.people[3], date(2026, 1, 1)), "no rows");
    }

    #[test]
    fn a_role_is_held_by_those_who_work_here() {
        let program = program();
        let lead = &program.registers.roles[0];
        assert_eq!(holders(&program, lead, date(2025, 3, 1)), [0, 1]);
        assert_eq!(holders(&program, lead, date(2025, 4, 1)), [1]);
        assert_eq!(holders(&program, lead, date(2026, 7, 1)), [0]);
    }

    #[test]
    fn a_role_without_anybody_is_vacant() {
        let program = program();
        let [lead, counsel] = &program.registers.roles[..] else { panic!("two roles") };
        assert_eq!(holders(&program, counsel, date(2026, 1, 1)), [0; 0]);
        assert_eq!(last_held(&program, counsel, date(2026, 1, 1)), None);
        assert_eq!(holders(&program, lead, date(2023, 12, 31)), [0; 0]);
        assert_eq!(last_held(&program, lead, date(2025, 3, 1)), Some(date(2025, 2, 28)));
    }

    #[test]
    fn bots_and_leavers_are_no_heads() {
        let program = program();
        assert_eq!(head_count(&program, date(2025, 2, 1)), 2);
        assert_eq!(head_count(&program, date(2026, 7, 1)), 1);
        assert_eq!(head_count(&program, date(2020, 1, 1)), 0);
    }

    #[test]
    fn rows_that_adjoin_are_one_employment() {
        let row =
            "- { id: a, name: A, kind: employee, employed: [{ from: 2025-01-01, to: 2025-06-30 }, ROW] }\n";
        for (second, day, stint_from) in [
            ("{ from: 2025-07-01 }", date(2026, 1, 1), date(2025, 1, 1)),
            ("{ from: 2025-07-02 }", date(2026, 1, 1), date(2025, 7, 2)),
            ("{ from: 2025-07-02 }", date(2025, 7, 1), date(2025, 1, 1)),
            ("{ from: 2024-01-01, to: 2024-12-31 }", date(2025, 3, 1), date(2024, 1, 1)),
        ] {
            let text = row.replace("ROW", second).into_bytes();
            let program =
                Program::load(Sources::from_memory(vec![("registers/people.yaml".to_owned(), text)]));
            let found = stint(&program.registers.people[0], day);
            assert_eq!(found.map(|(from, _)| from), Some(stint_from), "{second}");
        }
        assert_eq!(stint(&program().registers.people[0], date(2023, 12, 31)), None);
    }

    #[test]
    fn a_name_is_a_role_or_a_person() {
        let program = program();
        assert_eq!(holder(&program, "lead"), Some(Holder::Role(0)));
        assert_eq!(holder(&program, "BOB"), Some(Holder::Person(1)));
        assert_eq!(holder(&program, "eve"), None);
    }
}
