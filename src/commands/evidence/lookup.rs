//! What a flag names: controls, people, systems, evidence, words and days of this programme.

use jiff::civil::Date;

use super::Ground;
use crate::error::{Error, Result};
use crate::manifest::{When, is_slot_name, slot_name};
use crate::program::{EvidenceFolder, Program};
use crate::record::{Scalar, Target};
use crate::source::MANIFEST;
use crate::text::{clip, list, nearest, safe, some};
use crate::timeline::WINDOW;
use crate::timeline::people::{self, employed, holders, last_employed};

/// The control of that id.
pub(super) fn control(program: &Program, name: &str) -> Result<usize> {
    program.names.controls.get(name).copied().ok_or_else(|| unknown(program, Target::Control, name))
}

/// The system of that id.
pub(super) fn system(program: &Program, name: &str) -> Result<usize> {
    program.names.systems.get(name).copied().ok_or_else(|| unknown(program, Target::System, name))
}

/// The person a name stands for.
pub(super) fn person(ground: &Ground<'_>, name: &str, on: Option<Date>) -> Result<usize> {
    let program = &ground.program;
    if let Some(person) = program.person(name) {
        return Ok(person);
    }
    let Some(role) = program.names.roles.get(name).and_then(|role| program.registers.roles.get(*role)) else {
        return Err(unknown(program, Target::Person, name));
    };
    let held = on.map_or_else(Vec::new, |day| holders(program, role, day));
    let held: Vec<&str> = held.into_iter().map(|person| ground.person_id(person)).collect();
    let error = Error::new(format!("`{}` is a role: evidence names a person", safe(name)));
    Err(if held.is_empty() { error } else { error.hint(format!("held that day by {}", list(&held, "and"))) })
}

/// Refuses a person who does not work here on that day.
pub(super) fn works_here(ground: &Ground<'_>, index: usize, day: Date) -> Result<()> {
    let Some(person) = ground.program.registers.people.get(index) else { return Ok(()) };
    if employed(person, day) {
        return Ok(());
    }
    let id = &person.id.value;
    let why = match last_employed(person, day) {
        Some(last) => format!("`{id}` did not work here on {day}: the last day before was {last}"),
        None => format!("`{id}` did not work here on {day}, nor before"),
    };
    Err(Error::new(why).hint("if the register is wrong, correct `employed` in registers/people first"))
}

/// Is the person a program?
pub(super) fn is_bot(program: &Program, person: usize) -> bool {
    program.registers.people.get(person).is_some_and(people::is_bot)
}

/// A day that is not to come.
pub(super) fn past_day(ground: &Ground<'_>, text: &str) -> Result<Date> {
    let day = day(text)?;
    not_future(ground, day)?;
    Ok(day)
}

/// A day.
pub(in crate::commands) fn day(text: &str) -> Result<Date> {
    Date::parse(text).map_err(|fault| Error::new(fault.message).hint(fault.help))
}

/// A day or moment that is not to come.
pub(super) fn past(ground: &Ground<'_>, text: &str) -> Result<When> {
    let when = When::parse(text).map_err(Error::new)?;
    not_future(ground, when.day(&ground.zone))?;
    Ok(when)
}

fn not_future(ground: &Ground<'_>, day: Date) -> Result<()> {
    if day <= ground.today {
        return Ok(());
    }
    Err(Error::new(format!("{day} is in the future: today is {}", ground.today))
        .hint("evidence is filed once the control was performed"))
}

/// First and last day: `2026-01-01..2026-03-31`.
pub(super) fn period(text: &str) -> Result<(Date, Date)> {
    let Some((from, to)) = text.split_once("..") else {
        return Err(Error::new(format!("`{}` is not a period", clip(&safe(text), 60)))
            .hint("write the first and the last day: 2026-01-01..2026-03-31"));
    };
    let (from, to) = (day(from)?, day(to)?);
    if from > to {
        return Err(Error::new(format!("the period ends on {to}, before it begins on {from}")));
    }
    Ok((from, to))
}

/// A slot's name.
pub(in crate::commands) fn slot(text: &str) -> Result<String> {
    if text.trim().eq_ignore_ascii_case(WINDOW) {
        return Ok(WINDOW.to_owned());
    }
    if is_slot_name(text) {
        return Ok(slot_name(text));
    }
    Err(Error::new(format!("`{}` is not the name of a slot", clip(&safe(text), 60)))
        .hint("slots are named 2026-Q1, 2026-H1, 2026-03, 2026-W09, 2026-03-28, FY2026-Q1 or w1; `window` where a control has no intervals"))
}

/// A word of a closed list.
pub(in crate::commands) fn word<T: Scalar>(text: &str) -> Result<T> {
    T::parse(text).map_err(|fault| Error::new(fault.message).hint(fault.help))
}

/// The evidence of that id; the end of an id that only one has, or the path of the folder, will do.
pub(super) fn evidence<'p>(program: &'p Program, typed: &str) -> Result<&'p EvidenceFolder> {
    let id = typed.strip_suffix(MANIFEST).unwrap_or(typed).trim_matches('/');
    let id = id.split_once("evidence/").map_or(id, |(_, id)| id);
    let ends = |folder: &&EvidenceFolder| {
        let rest = program.evidence_id(folder).strip_suffix(id);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    };
    if let Some(exact) = program.evidence.iter().find(|folder| program.evidence_id(folder) == id) {
        return Ok(exact);
    }
    let found: Vec<&EvidenceFolder> = program.evidence.iter().filter(ends).take(20).collect();
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(match program.sources.find(&format!("evidence/{id}/{MANIFEST}")) {
            Some(_) => Error::new(format!("the manifest of `{}` cannot be read", safe(id)))
                .hint("soc2 check names its faults"),
            None => unknown(program, Target::Evidence, id),
        }),
        several => {
            let ids: Vec<String> = several.iter().map(|folder| safe(program.evidence_id(folder))).collect();
            Err(Error::new(format!("several evidence ids end in `{}`", safe(id)))
                .hint(format!("give one in full: {}", some(&ids, 5))))
        }
    }
}

/// A name that is nothing here, with the nearest that is.
fn unknown(program: &Program, target: Target, name: &str) -> Error {
    let (folder, remedy) = match target {
        Target::Control => ("controls/", "controls are in controls/: the id is under `id`"),
        Target::Person => ("registers/people", "add the person to registers/people.yaml first"),
        Target::System => ("registers/systems", "add the system to registers/systems.yaml first"),
        _ => ("evidence/", "soc2 evidence list shows the ids"),
    };
    let error = Error::new(format!("there is no {} `{}`", target.noun(), clip(&safe(name), 60)));
    let mut candidates = program.candidates(target);
    if target == Target::Evidence {
        // The end of an id will do, so it may be what was meant.
        let ends: Vec<&str> = candidates.iter().filter_map(|id| id.rsplit('/').next()).collect();
        candidates.extend(ends);
    }
    match nearest(name, candidates) {
        Some(near) => error.hint(format!("did you mean `{}`?", safe(near))),
        None if program.may_be_defined_in_unread(folder) => {
            error.hint(format!("a file of {folder} could not be read: soc2 check names its faults"))
        }
        None => error.hint(remedy),
    }
}
