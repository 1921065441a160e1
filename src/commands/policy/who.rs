//! The person who runs the verb, and whether they may act on a day.

use jiff::civil::Date;

use super::Ground;
use crate::error::{Error, Result};
use crate::record::Target;
use crate::text::{clip, nearest, safe};
use crate::timeline::people;
use crate::ui;

/// The person that git says is working here: an index into the people register.
pub(super) fn runner(ground: &Ground<'_>) -> Result<usize> {
    let typed = ui::variable_text("GIT_AUTHOR_EMAIL");
    let email = typed.or_else(|| ground.repository.as_ref().and_then(crate::git::Repository::email));
    let Some(email) = email else {
        return Err(Error::new("nobody can tell who runs this: git knows no e-mail address here")
            .hint("git config user.email YOU@COMPANY, with an address of your row in registers/people"));
    };
    ground.program.person(&email).ok_or_else(|| {
        Error::new(format!(
            "git says that `{}` works here, and no row of registers/people has that address",
            safe(&email)
        ))
        .hint("add it to `emails` of your row, or correct it: git config user.email YOU@COMPANY")
    })
}

/// The person of that name.
pub(super) fn named(ground: &Ground<'_>, name: &str) -> Result<usize> {
    let program = &ground.program;
    program.person(name).ok_or_else(|| {
        if program.names.roles.contains_key(name) {
            return Error::new(format!("`{}` is a role: a person approves", safe(name)));
        }
        let error = Error::new(format!("there is no person `{}`", clip(&safe(name), 60)));
        match nearest(name, program.candidates(Target::Person)) {
            Some(near) => error.hint(format!("did you mean `{}`?", safe(near))),
            None => error.hint("add the person to registers/people first"),
        }
    })
}

/// Refuses a bot, and a person who does not work here on that day.
pub(super) fn may_act(ground: &Ground<'_>, index: usize, day: Date, act: &str) -> Result<()> {
    let Some(person) = ground.program.registers.people.get(index) else { return Ok(()) };
    let id = &person.id.value;
    if people::is_bot(person) {
        return Err(Error::new(format!("`{id}` is a bot: {act} is a person's judgement")));
    }
    if people::employed(person, day) {
        return Ok(());
    }
    let why = match people::last_employed(person, day) {
        Some(last) => format!("`{id}` did not work here on {day}: the last day before was {last}"),
        None => format!("`{id}` did not work here on {day}, nor before"),
    };
    Err(Error::new(why).hint("if the register is wrong, correct `employed` in registers/people first"))
}

/// The id of a person.
pub(super) fn id<'g>(ground: &'g Ground<'_>, index: usize) -> &'g str {
    ground.program.registers.people.get(index).map_or("", |person| &*person.id.value)
}
