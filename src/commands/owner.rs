//! Whose work is asked for with `--owner`.

use crate::error::{Error, Result};
use crate::program::Program;
use crate::record::Target;
use crate::text::{nearest, safe};
use crate::timeline::people::{self, Holder};

/// A person or a role of the registers.
pub(super) struct Owner(String);

impl Owner {
    /// The one that a name stands for, through aliases and e-mail addresses.
    pub(super) fn of(program: &Program, name: &str) -> Result<Self> {
        let registers = &program.registers;
        let id = match people::holder(program, name) {
            Some(Holder::Role(index)) => registers.roles.get(index).map(|role| role.id.to_string()),
            Some(Holder::Person(index)) => registers.people.get(index).map(|person| person.id.to_string()),
            None => None,
        };
        id.map(Self).ok_or_else(|| {
            let error = Error::new(format!("`{}` is no person and no role here", safe(name)));
            match nearest(name, program.candidates(Target::Holder)) {
                Some(near) => error.hint(format!("did you mean `{}`?", safe(near))),
                None => error.hint("people are in registers/people, roles in registers/roles"),
            }
        })
    }

    /// Is it among those?
    pub(super) fn is_one_of(&self, names: &[String]) -> bool {
        names.contains(&self.0)
    }
}
