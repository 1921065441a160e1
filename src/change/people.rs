//! People and the roles they hold: who came, who left, and whether what is known of them stays.

use std::collections::{BTreeMap, BTreeSet};

use super::evidence::DATE_CORRECTED;
use super::found::Found;
use super::owners::{has_left, is_held};
use super::wording::{names, quoted, shown};
use super::{Effect, Kind};
use crate::gap::Subject;
use crate::model::registers::{Person, PersonKind, Role, Tenure};
use crate::program::Program;
use crate::record::Target;

pub(super) static REMOVED: Kind = Kind {
    name: "person-removed",
    effect: Effect::Regression,
    brief: "a person is gone from the register",
    why: "approvals, reviews and evidence of the window name people; who left has a last day and stays",
};

pub(super) static END_REMOVED: Kind = Kind {
    name: "leaving-removed",
    effect: Effect::Regression,
    brief: "a leaver's last day, or a time of employment, is gone",
    why: "the population of leavers is drawn from it; one who is not on it is never sampled",
};

pub(super) static BOT_MADE_PERSON: Kind = Kind {
    name: "bot-made-person",
    effect: Effect::Regression,
    brief: "what was a bot is called a person",
    why: "a bot can perform and never review or approve",
};

pub(super) static NAME_REMOVED: Kind = Kind {
    name: "identity-removed",
    effect: Effect::Regression,
    brief: "an e-mail address or other name of a person is gone",
    why: "records and commits name people by it; without it nobody sees that two of them are one person",
};

pub(super) static NAME_ADDED: Kind = Kind {
    name: "identity-added",
    effect: Effect::Disclosure,
    brief: "a person has a further e-mail address or name",
    why: "what was signed or committed under it counts as theirs from now on, also what they did before",
};

pub(super) static PERSON_MADE_BOT: Kind = Kind {
    name: "person-made-bot",
    effect: Effect::Disclosure,
    brief: "what was a person is called a bot",
    why: "a bot is no joiner or leaver, and owes no training and no acknowledgement",
};

pub(super) static ROLE_REMOVED: Kind = Kind {
    name: "role-removed",
    effect: Effect::Regression,
    brief: "a role that something rests on is gone",
    why: "what it answered for is nobody's duty",
};

pub(super) static TENURE_REMOVED: Kind = Kind {
    name: "tenure-removed",
    effect: Effect::Regression,
    brief: "who held a role, or up to when, is no longer said",
    why: "the auditor asks who answered for a control on the days of the window",
};

pub(super) static LEFT: Kind = Kind {
    name: "person-left",
    effect: Effect::Disclosure,
    brief: "somebody has a last day",
    why: "from then on their access is to be closed, and what they answered for is somebody else's",
};

pub(super) static VACATED: Kind = Kind {
    name: "role-vacated",
    effect: Effect::Disclosure,
    brief: "nobody holds a role any more",
    why: "what it answers for waits for a successor",
};

pub(super) static FILLED: Kind = Kind {
    name: "role-filled",
    effect: Effect::Repair,
    brief: "somebody holds a role that was vacant",
    why: "from that day on somebody answers",
};

pub(super) static JOINED: Kind = Kind {
    name: "person-added",
    effect: Effect::Edit,
    brief: "somebody is new in the register",
    why: "a joiner is an item of several populations",
};

pub(super) static HANDED_OVER: Kind = Kind {
    name: "role-handed-over",
    effect: Effect::Edit,
    brief: "another person holds a role",
    why: "who held it on a day answers for that day",
};

pub(super) fn compare(found: &mut Found<'_>) {
    people(found);
    roles(found);
}

fn of_person(person: &Person) -> Subject {
    Subject::new("person", person.id.to_string())
}

fn people(found: &mut Found<'_>) {
    let (before, after) = (found.before, found.after);
    let mut pairs =
        found.rows("people", |program| &program.registers.people, |person| person.id.value.0.clone());
    pairs.follow(
        |index| Some(before.registers.people.get(index)?.id.value.0.clone()),
        |index| {
            let aliases = after.registers.people.get(index).map_or(&[][..], |person| &person.aliases);
            aliases.iter().map(|alias| alias.value.clone()).collect()
        },
    );
    let named = if pairs.gone.is_empty() { BTreeSet::new() } else { named(before) };
    for person in pairs.gone.iter().filter_map(|index| before.registers.people.get(*index)) {
        let id = &person.id.value.0;
        let rests =
            if named.contains(&**id) { "; something they own, hold or signed names them" } else { "" };
        let message = format!("{} is gone from the register of people{rests}", quoted(id));
        let help = "restore the row; who left has a last day: `employed: [{ from: …, to: … }]`";
        found.gone(&REMOVED, of_person(person), person.id.at, message).help(help);
    }
    for person in pairs.new.iter().filter_map(|index| after.registers.people.get(*index)) {
        let id = quoted(&person.id);
        if has_left(person) {
            found.now(
                &LEFT,
                of_person(person),
                person.id.at,
                format!("{id}, new in the register, has left already"),
            );
        } else {
            found.now(&JOINED, of_person(person), person.id.at, format!("{id} is new"));
        }
    }
    for (old, new) in pairs.both {
        if let (Some(old), Some(new)) = (before.registers.people.get(old), after.registers.people.get(new)) {
            person(found, old, new);
        }
    }
}

/// Everybody whom a record names.
fn named(program: &Program) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let mut visit = |target: Target, name: &str, _| {
        if matches!(target, Target::Holder | Target::Person) {
            let person = program.person(name).and_then(|index| program.registers.people.get(index));
            all.extend(person.map(|person| person.id.to_string()));
        }
    };
    program.references_outside_evidence(&mut visit);
    for folder in &program.evidence {
        crate::record::Value::references(&*folder.manifest, &mut visit);
    }
    all
}

fn person(found: &mut Found<'_>, old: &Person, new: &Person) {
    let id = quoted(&new.id);
    let kind = |person: &Person| person.kind.as_ref().map(|kind| kind.value);
    if kind(old) == Some(PersonKind::Bot) && kind(new) != Some(PersonKind::Bot) && !new.misread.holds("kind")
    {
        let word = kind(new).map_or("of no kind", PersonKind::word);
        let at = new.kind.as_ref().map_or(new.id.at, |kind| kind.at);
        let help = "write `kind: bot`; a person has a row of their own";
        found.now(&BOT_MADE_PERSON, of_person(new), at, format!("{id} was a bot and is {word}")).help(help);
    }
    if kind(new) == Some(PersonKind::Bot)
        && let Some(was) = kind(old).filter(|was| *was != PersonKind::Bot)
    {
        let at = new.kind.as_ref().map_or(new.id.at, |kind| kind.at);
        found.now(&PERSON_MADE_BOT, of_person(new), at, format!("{id} was {} and is bot", was.word()));
    }
    identities(found, old, new);
    if new.misread.holds("employed") {
        return;
    }
    let help = "restore the day; a rehire is a second row under `employed`";
    if old.employed.len() > new.employed.len() {
        let message = format!("a time of employment of {id} is gone");
        found.now(&END_REMOVED, of_person(new), new.id.at, message).help(help);
        return;
    }
    for (was, is) in old.employed.iter().zip(&new.employed) {
        match (&was.to, &is.to) {
            (Some(day), None) => {
                let message = format!("{id} left on {} and now has no last day", day.value);
                found.now(&END_REMOVED, of_person(new), is.place, message).help(help);
            }
            (None, Some(day)) => {
                found.now(&LEFT, of_person(new), day.at, format!("{id} left, last day {}", day.value));
            }
            (Some(was), Some(is)) if was.value != is.value => {
                let message = format!("{id} left on {}; it said {}", is.value, was.value);
                found.now(&DATE_CORRECTED, of_person(new), is.at, message);
            }
            _ => {}
        }
        if was.from.as_ref().map(|day| day.value) != is.from.as_ref().map(|day| day.value) {
            let (from, said) = (shown(is.from.as_ref()), shown(was.from.as_ref()));
            let message = format!("{id} worked here from {from}; it said {said}");
            found.now(&DATE_CORRECTED, of_person(new), is.place, message);
        }
    }
    for time in new.employed.iter().skip(old.employed.len()) {
        let message = format!("{id} works here again from {}", shown(time.from.as_ref()));
        found.now(&JOINED, of_person(new), time.place, message);
    }
}

/// E-mail addresses and names that came and went. An id that goes on as an alias, or the other way round, is the same name.
fn identities(found: &mut Found<'_>, old: &Person, new: &Person) {
    if new.misread.holds("emails") || new.misread.holds("aliases") {
        return;
    }
    let of = |person: &Person| -> BTreeSet<String> {
        let typed = person.emails.iter().chain(&person.aliases).map(|name| name.trim().to_lowercase());
        typed.chain([person.id.value.0.to_lowercase()]).collect()
    };
    let (was, is) = (of(old), of(new));
    let gone: Vec<&String> = was.difference(&is).collect();
    if !gone.is_empty() {
        let message = format!("{} is no longer known as {}", quoted(&new.id), names(&gone));
        let help = "restore it; an address that is no longer used still names who acted under it";
        found.gone(&NAME_REMOVED, of_person(new), old.id.at, message).help(help);
    }
    let fresh: Vec<String> =
        is.difference(&was).filter(|name| **name != new.id.value.0.to_lowercase()).cloned().collect();
    if !fresh.is_empty() {
        let message = format!("{} is known as {} too", quoted(&new.id), names(&fresh));
        found.now(&NAME_ADDED, of_person(new), new.id.at, message);
    }
}

fn of_role(role: &Role) -> Subject {
    Subject::new("role", role.id.to_string())
}

fn roles(found: &mut Found<'_>) {
    let (before, after) = (found.before, found.after);
    let pairs = found.rows("roles", |program| &program.registers.roles, |role| role.id.value.0.clone());
    for role in pairs.gone.iter().filter_map(|index| before.registers.roles.get(*index)) {
        let message = format!("the role {} is gone", quoted(&role.id));
        let help = "restore the row; a role that is given up has a last day under `held`";
        if !role.held.is_empty() {
            found.gone(&ROLE_REMOVED, of_role(role), role.id.at, message).help(help);
        }
    }
    for (old, new) in pairs.both {
        let (Some(old), Some(new)) = (before.registers.roles.get(old), after.registers.roles.get(new)) else {
            continue;
        };
        if !new.misread.holds("held") {
            role(found, old, new);
        }
    }
}

/// Who holds a role with no last day known.
fn holders(role: &Role) -> BTreeSet<String> {
    let open = role.held.iter().filter(|tenure| tenure.to.is_none());
    open.filter_map(|tenure| tenure.by.as_ref()).map(|by| by.value.0.to_string()).collect()
}

fn role(found: &mut Found<'_>, old: &Role, new: &Role) {
    type Key = (Option<Box<str>>, Option<jiff::civil::Date>);
    let key = |tenure: &Tenure| -> Key {
        (tenure.by.as_ref().map(|by| by.value.0.clone()), tenure.from.as_ref().map(|day| day.value))
    };
    let ended: BTreeMap<Key, bool> =
        new.held.iter().map(|tenure| (key(tenure), tenure.to.is_some())).collect();
    let mut lost = false;
    for tenure in &old.held {
        if ended.get(&key(tenure)).is_some_and(|ended| tenure.to.is_none() || *ended) {
            continue;
        }
        lost = true;
        let by = tenure.by.as_ref().map_or_else(|| "nobody".to_owned(), |by| quoted(by));
        let message = format!(
            "that {by} held {} from {} is no longer said as it was",
            quoted(&new.id),
            shown(tenure.from.as_ref())
        );
        let help = "restore the row; a tenure ends with its last day: `to`";
        found.gone(&TENURE_REMOVED, of_role(new), tenure.place, message).help(help);
    }
    let (was, is) = (holders(old), holders(new));
    let who: Vec<&String> = is.difference(&was).collect();
    match (is_held(old), is_held(new)) {
        (true, false) if !lost => {
            found.now(
                &VACATED,
                of_role(new),
                new.id.at,
                format!("nobody holds {} any more", quoted(&new.id)),
            );
        }
        (false, true) => {
            found.now(
                &FILLED,
                of_role(new),
                new.id.at,
                format!("{} is held again, by {}", quoted(&new.id), names(&who)),
            );
        }
        (true, true) if !who.is_empty() => {
            found.now(
                &HANDED_OVER,
                of_role(new),
                new.id.at,
                format!("{} is held by {}", quoted(&new.id), names(&who)),
            );
        }
        _ => {}
    }
}
