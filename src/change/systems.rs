//! Systems: inside or outside the boundary of the audit.

use jiff::civil::Date;

use super::found::Found;
use super::wording::{quoted, shown};
use super::{Effect, Kind, owners};
use crate::gap::Subject;
use crate::model::registers::System;

pub(super) static OUT: Kind = Kind {
    name: "system-out-of-scope",
    effect: Effect::Regression,
    brief: "a system that was in scope is out of it, gone from the register, or in use on fewer days of an audit",
    why: "every control loses its slots there; the boundary of the system is part of its description (DC 3)",
};

pub(super) static ENDED: Kind = Kind {
    name: "system-ended",
    effect: Effect::Disclosure,
    brief: "a system in scope has a last day of use",
    why: "its slots end on that day, and its data and accounts are to be disposed of",
};

pub(super) static ADDED: Kind = Kind {
    name: "system-in-scope",
    effect: Effect::Disclosure,
    brief: "a system is in scope that was not, or was not known",
    why: "controls that cover every system in scope owe evidence for it",
};

fn subject(system: &System) -> Subject {
    Subject::new("system", system.id.to_string())
}

fn is_in_scope(system: &System) -> bool {
    system.in_scope.as_ref().is_some_and(|scope| scope.value)
}

pub(super) fn compare(found: &mut Found<'_>) {
    let (before, after) = (found.before, found.after);
    let pairs =
        found.rows("systems", |program| &program.registers.systems, |system| system.id.value.0.clone());
    for system in pairs.gone.iter().filter_map(|index| before.registers.systems.get(*index)) {
        if is_in_scope(system) {
            let message = format!("the system {} is gone from the register", quoted(&system.id));
            found
                .gone(&OUT, subject(system), system.id.at, message)
                .help("restore the row; a system that is given up has a last day: `to`");
        }
    }
    for system in pairs.new.iter().filter_map(|index| after.registers.systems.get(*index)) {
        if is_in_scope(system) {
            found.now(
                &ADDED,
                subject(system),
                system.id.at,
                format!("new system {} in scope", quoted(&system.id)),
            );
        }
    }
    for (old, new) in pairs.both {
        let registers = (&before.registers, &after.registers);
        let (Some(old), Some(new)) = (registers.0.systems.get(old), registers.1.systems.get(new)) else {
            continue;
        };
        one(found, old, new);
        if !new.misread.holds("owner") {
            owners::compare(
                found,
                subject(new),
                (old.owner.as_ref(), old.id.at),
                (new.owner.as_ref(), new.id.at),
            );
        }
    }
}

fn one(found: &mut Found<'_>, old: &System, new: &System) {
    let id = quoted(&new.id);
    let at = new.in_scope.as_ref().map_or(new.id.at, |scope| scope.at);
    match (is_in_scope(old), is_in_scope(new)) {
        (true, false) if !new.misread.holds("in_scope") => {
            let message = format!("the system {id} is out of scope");
            found
                .now(&OUT, subject(new), at, message)
                .help("write `in_scope: true`; if it is not used any more, give its last day: `to`");
        }
        (false, true) => {
            found.now(&ADDED, subject(new), at, format!("the system {id} is in scope now"));
        }
        (true, true) if days_lost(found, old, new) => {
            let days = |system: &System| {
                format!("from {} to {}", shown(system.from.as_ref()), shown(system.to.as_ref()))
            };
            let message = format!(
                "the system {id} is in use {}; it was {}, which is more of an audit",
                days(new),
                days(old)
            );
            let at = new.to.as_ref().or(new.from.as_ref()).map_or(at, |day| day.at);
            let help = "restore the days; where the system did come or go inside the window, a waiver says who agreed";
            found.now(&OUT, subject(new), at, message).help(help);
        }
        (true, true) if old.to.is_none() && new.to.is_some() => {
            let message = format!("the system {id} is in use up to {}", shown(new.to.as_ref()));
            found.now(&ENDED, subject(new), new.to.as_ref().map_or(at, |to| to.at), message);
        }
        _ => {}
    }
}

/// Are there days of an audit on which the system was in use before, and is not now?
pub(super) fn days_lost(found: &Found<'_>, old: &System, new: &System) -> bool {
    if new.misread.holds("from") || new.misread.holds("to") {
        return false;
    }
    let from = |system: &System| system.from.as_ref().map_or(Date::MIN, |day| day.value);
    let to = |system: &System| system.to.as_ref().map_or(Date::MAX, |day| day.value);
    let audits = found.before.config.as_ref().map_or(&[][..], |config| &config.audit);
    audits.iter().filter(|audit| audit.issued.is_none()).filter_map(|audit| audit.days()).any(
        |(first, last)| {
            let (start, end) = (from(old).max(first), to(old).min(last));
            start <= end && (from(new) > start || to(new) < end)
        },
    )
}
