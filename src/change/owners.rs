//! Who answers for something: a person or a role, and whether anybody is behind it.

use super::found::Found;
use super::wording::quoted;
use super::{Effect, Kind};
use crate::gap::Subject;
use crate::model::registers::{Person, Role};
use crate::model::scalar::HolderRef;
use crate::program::Program;
use crate::source::Location;

pub(super) static REMOVED: Kind = Kind {
    name: "owner-removed",
    effect: Effect::Regression,
    brief: "something that had an owner has none",
    why: "nobody can be asked whether it was done; an auditor reads it as nobody's duty",
};

pub(super) static VACATED: Kind = Kind {
    name: "owner-vacated",
    effect: Effect::Regression,
    brief: "something was given to a role that nobody holds, or to a person who left",
    why: "an owner in name only answers for nothing",
};

pub(super) static RESTORED: Kind = Kind {
    name: "owner-restored",
    effect: Effect::Repair,
    brief: "something that nobody answered for has an owner",
    why: "somebody can be asked again",
};

pub(super) static CHANGED: Kind = Kind {
    name: "owner-changed",
    effect: Effect::Edit,
    brief: "another person or role answers for something",
    why: "an auditor asks the one who owned it at the time",
};

/// What a name stands for.
enum Holder<'p> {
    Role(&'p Role),
    Person(&'p Person),
    Unknown,
}

fn holder<'p>(program: &'p Program, name: &str) -> Holder<'p> {
    let registers = &program.registers;
    if let Some(role) = program.names.roles.get(name).and_then(|index| registers.roles.get(*index)) {
        return Holder::Role(role);
    }
    match program.person(name).and_then(|index| registers.people.get(index)) {
        Some(person) => Holder::Person(person),
        None => Holder::Unknown,
    }
}

impl Holder<'_> {
    /// Is somebody behind it, with no last day known?
    fn is_held(&self) -> bool {
        match self {
            Self::Role(role) => is_held(role),
            Self::Person(person) => !has_left(person),
            // There is no such name, which is told where it stands.
            Self::Unknown => true,
        }
    }

    /// The one name of whatever names it.
    fn id<'n>(&'n self, typed: &'n str) -> &'n str {
        match self {
            Self::Role(role) => &role.id,
            Self::Person(person) => &person.id,
            Self::Unknown => typed,
        }
    }
}

/// Does somebody hold the role, with no last day known?
pub(super) fn is_held(role: &Role) -> bool {
    role.held.iter().any(|tenure| tenure.by.is_some() && tenure.to.is_none()) || role.misread.holds("held")
}

/// Has every time of employment a last day?
pub(super) fn has_left(person: &Person) -> bool {
    !person.employed.is_empty() && person.employed.iter().all(|time| time.to.is_some())
}

/// An owner before and after; `old_at` is where the thing stood, `at` where it stands.
pub(super) fn compare(
    found: &mut Found<'_>,
    subject: Subject,
    (old, old_at): (Option<&HolderRef>, Location),
    (new, at): (Option<&HolderRef>, Location),
) {
    let name = quoted(&subject.id);
    match (old, new) {
        (None, None) => {}
        (Some(old), None) => {
            let message = format!("{name} has no owner; it was {}", quoted(old));
            let place = if old.at.file == old_at.file { old.at } else { old_at };
            found.gone(&REMOVED, subject, place, message).help("name the person or role that answers for it");
        }
        (None, Some(new)) => {
            if holder(found.after, new).is_held() {
                let message = format!("{name} has an owner again: {}", quoted(new));
                found.now(&RESTORED, subject, new.at, message);
            }
        }
        (Some(old), Some(new)) => changed(found, subject, old, new, at),
    }
}

fn changed(found: &mut Found<'_>, subject: Subject, old: &HolderRef, new: &HolderRef, _at: Location) {
    let (was, is) = (holder(found.before, old), holder(found.after, new));
    if was.id(old) == is.id(new) {
        return;
    }
    let name = quoted(&subject.id);
    let (from, to) = (quoted(old), quoted(new));
    match (was.is_held(), is.is_held()) {
        (true, false) => {
            let message = format!("{name} was owned by {from} and now by {to}, behind which there is nobody");
            let help = format!("say in registers/roles or registers/people who {to} is, or keep {from}");
            found.now(&VACATED, subject, new.at, message).help(help);
        }
        (false, true) => {
            let message = format!("{name} has an owner again: {to} instead of {from}");
            found.now(&RESTORED, subject, new.at, message);
        }
        _ => {
            found.now(&CHANGED, subject, new.at, format!("{name} is owned by {to}; it was {from}"));
        }
    }
}
