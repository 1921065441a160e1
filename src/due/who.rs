//! Whose something is: the role that a record names and the people who hold it on a day.

use std::fmt;

use jiff::civil::Date;

use crate::model::scalar::HolderRef;
use crate::program::Program;
use crate::text::safe;
use crate::timeline::people::{self, Holder};

/// A role with the people who hold it, or a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Who {
    /// Ids of the people who work here that day.
    pub people: Vec<String>,
    /// The role; or the name that nobody here answers to.
    pub role: Option<String>,
    /// Anybody but these.
    pub except: Vec<String>,
}

impl Who {
    /// Who holds the role, or is the person, that a record names.
    pub fn of(program: &Program, named: Option<&HolderRef>, day: Date) -> Self {
        let Some(named) = named else { return Self::default() };
        let id = |index: &usize| program.registers.people.get(*index).map(|person| person.id.to_string());
        match people::holder(program, named) {
            Some(Holder::Role(role)) => {
                let holders =
                    program.registers.roles.get(role).map(|role| people::holders(program, role, day));
                let people = holders.unwrap_or_default().iter().filter_map(id).collect();
                Self { people, role: Some(safe(named)), except: Vec::new() }
            }
            Some(Holder::Person(index)) => Self::person(program, index, day),
            None => Self { role: Some(safe(named)), ..Self::default() },
        }
    }

    /// A person by index; a name that nobody answers to once they left.
    pub(super) fn person(program: &Program, index: usize, day: Date) -> Self {
        let Some(person) = program.registers.people.get(index) else { return Self::default() };
        let id = person.id.to_string();
        match people::employed(person, day) {
            true => Self { people: vec![id], ..Self::default() },
            false => Self { role: Some(id), ..Self::default() },
        }
    }

    /// Another person than these.
    pub(super) fn another(except: Vec<String>) -> Self {
        Self { except, ..Self::default() }
    }

    /// Ids of the people and the role.
    pub fn names(&self) -> Vec<String> {
        self.people.iter().chain(&self.role).cloned().collect()
    }

    /// Is it that person's or role's? What any other person may do is nobody's in particular.
    pub fn is_of(&self, name: &str) -> bool {
        self.role.as_deref() == Some(name) || self.people.iter().any(|person| person == name)
    }
}

impl fmt::Display for Who {
    /// `alice (security-lead)`, `nobody (hr-lead)`, `another person than bob`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let people = self.people.join(", ");
        match &self.role {
            Some(role) if people.is_empty() => write!(f, "nobody ({role})"),
            Some(role) => write!(f, "{people} ({role})"),
            None if !people.is_empty() => f.write_str(&people),
            None if !self.except.is_empty() => write!(f, "another person than {}", self.except.join(" and ")),
            None => f.write_str("nobody named"),
        }
    }
}
