//! Waivers: gaps let through for a time.

use jiff::civil::Date;

use super::found::Found;
use super::wording::{quoted, shown};
use super::{Effect, Kind};
use crate::gap::Subject;
use crate::model::registers::{Act, Waiver};
use crate::program::Program;
use crate::timeline::people;

pub(super) static UNAPPROVED: Kind = Kind {
    name: "waiver-unapproved",
    effect: Effect::Regression,
    brief: "there is a new waiver, and no other person who works here agreed to it",
    why: "who asks for a gap to be let through is not who decides it",
};

pub(super) static EXTENDED: Kind = Kind {
    name: "waiver-extended",
    effect: Effect::Regression,
    brief: "a waiver holds for longer than was agreed",
    why: "a longer time is a new decision, and a new row with its own approval",
};

pub(super) static BROADENED: Kind = Kind {
    name: "waiver-broadened",
    effect: Effect::Regression,
    brief: "a waiver lets through more than was agreed, or something else",
    why: "the approver agreed to what was written then",
};

pub(super) static ALTERED: Kind = Kind {
    name: "waiver-approval-altered",
    effect: Effect::Regression,
    brief: "who asked for a waiver or agreed to it, or when, says something else",
    why: "an approval is one person's decision on one day",
};

pub(super) static ADDED: Kind = Kind {
    name: "waiver-added",
    effect: Effect::Disclosure,
    brief: "there is a new waiver, agreed to by another person",
    why: "it lets a gap through for a time and changes no verdict",
};

pub(super) static REMOVED: Kind = Kind {
    name: "waiver-removed",
    effect: Effect::Repair,
    brief: "a waiver is gone: its gap is no longer let through",
    why: "git keeps the row for whoever asks",
};

pub(super) static NARROWED: Kind = Kind {
    name: "waiver-narrowed",
    effect: Effect::Edit,
    brief: "a waiver lets through less, or for a shorter time",
    why: "worth knowing when its gap is read",
};

pub(super) static RENAMED: Kind = Kind {
    name: "waiver-renamed",
    effect: Effect::Edit,
    brief: "a waiver has another id, and lets through what it did",
    why: "it is the same decision; who looks for it finds it under the new id",
};

fn subject(waiver: &Waiver) -> Subject {
    Subject::new("waiver", waiver.id.to_string())
}

fn of(waiver: &Waiver) -> String {
    let rule = waiver.rule.as_ref().map_or_else(|| "no rule".to_owned(), |rule| quoted(rule));
    let about = waiver.subject.as_ref().map_or_else(|| "nothing".to_owned(), |about| quoted(about));
    format!("{rule} of {about}")
}

pub(super) fn compare(found: &mut Found<'_>) {
    let (before, after) = (found.before, found.after);
    let mut pairs =
        found.rows("waivers", |program| &program.registers.waivers, |waiver| waiver.id.value.0.clone());
    let rows = (&before.registers.waivers[..], &after.registers.waivers[..]);
    // One decision under another id; then another decision on the same gap.
    let renamed = pairs.same(rows, |one| Some((gap(one)?, one.approved.as_ref().map(|by| acted(Some(by)))?)));
    let anew = pairs.same(rows, |one| Some((gap(one)?, limits(one))));
    for waiver in pairs.gone.iter().filter_map(|index| before.registers.waivers.get(*index)) {
        let message = format!("the waiver {} for {} is gone", quoted(&waiver.id), of(waiver));
        found.gone(&REMOVED, subject(waiver), waiver.id.at, message);
    }
    for waiver in pairs.new.iter().filter_map(|index| after.registers.waivers.get(*index)) {
        added(found, waiver, None);
    }
    for (old, new) in anew {
        if let (Some(old), Some(new)) = (rows.0.get(old), rows.1.get(new)) {
            added(found, new, Some(old));
        }
    }
    for (old, new) in pairs.both.into_iter().chain(renamed) {
        let registers = (&before.registers, &after.registers);
        if let (Some(old), Some(new)) = (registers.0.waivers.get(old), registers.1.waivers.get(new)) {
            one(found, old, new);
        }
    }
}

/// The gap that a waiver lets through.
fn gap(waiver: &Waiver) -> Option<[Box<str>; 2]> {
    Some([waiver.rule.as_ref()?.value.clone(), waiver.subject.as_ref()?.value.clone()])
}

/// What limits it: a slot, a system, an audit.
fn limits(waiver: &Waiver) -> [Option<Box<str>>; 3] {
    [
        waiver.slot.as_ref().map(|slot| slot.value.clone()),
        waiver.system.as_ref().map(|system| system.value.0.clone()),
        waiver.audit.as_ref().map(|audit| audit.value.0.clone()),
    ]
}

/// Who acted, and when.
fn acted(act: Option<&Act>) -> (Option<Box<str>>, Option<Date>) {
    let by = act.and_then(|act| act.by.as_ref()).map(|by| by.value.0.clone());
    (by, act.and_then(|act| act.on.as_ref()).map(|on| on.value))
}

/// The one person a name stands for.
fn person(program: &Program, act: Option<&Act>) -> Option<usize> {
    act.and_then(|act| act.by.as_ref()).and_then(|by| program.person(by))
}

/// Who agreed to a waiver, in words; else why nobody did who may.
fn agreed(program: &Program, waiver: &Waiver) -> Result<String, String> {
    let approved = waiver.approved.as_ref();
    let (asked, agreed) = (person(program, waiver.requested.as_ref()), person(program, approved));
    let by = approved.and_then(|act| act.by.as_ref());
    let day = approved.and_then(|act| act.on.as_ref());
    let row = agreed.and_then(|index| program.registers.people.get(index));
    let (Some(by), Some(day), Some(row), true) = (by, day, row, asked.is_some() && asked != agreed) else {
        return Err("and no other person than the requester approved it".to_owned());
    };
    let name = quoted(by);
    if people::is_bot(row) {
        Err(format!("approved by {name}, a bot: a person decides"))
    } else if !people::employed(row, day.value) {
        Err(format!("approved by {name}, who did not work here on {}", day.value))
    } else {
        Ok(format!("approved by {name}"))
    }
}

/// A new row; `before` is one for the same gap that is gone.
fn added(found: &mut Found<'_>, waiver: &Waiver, before: Option<&Waiver>) {
    let until = shown(waiver.expires.as_ref());
    let said = format!("the waiver {} lets {} through until {until}", quoted(&waiver.id), of(waiver));
    let in_place = before.map_or_else(String::new, |old| {
        format!(", in the place of {}, which held until {}", quoted(&old.id), shown(old.expires.as_ref()))
    });
    match agreed(found.after, waiver) {
        Ok(by) => {
            let why = waiver.reason.as_ref().map_or(String::new(), |why| format!(": {}", quoted(why)));
            found.now(&ADDED, subject(waiver), waiver.id.at, format!("{said}, {by}{in_place}{why}"));
        }
        Err(why) => {
            let help = "have another person than the requester approve it: `approved: { by: …, on: … }`";
            let message = format!("{said}, {why}{in_place}");
            found.now(&UNAPPROVED, subject(waiver), waiver.id.at, message).help(help);
        }
    }
}

fn one(found: &mut Found<'_>, old: &Waiver, new: &Waiver) {
    // A row that waited for its approval let nothing through: what counts is the row as it is approved.
    if old.approved.is_none() && !old.misread.holds("approved") {
        if new.approved.is_some() {
            added(found, new, None);
        }
        return;
    }
    let renamed = old.id.value != new.id.value;
    let id = match renamed {
        true => format!("{}, renamed {},", quoted(&old.id), quoted(&new.id)),
        false => quoted(&new.id),
    };
    let (mut narrower, mut told) = (false, false);
    let day = |waiver: &Waiver| waiver.expires.as_ref().map(|day| day.value);
    let (was, is) = (day(old), day(new));
    if was != is && !new.misread.holds("expires") {
        if was.is_some_and(|was| is.is_some_and(|is| is < was)) {
            narrower = true;
        } else if is.is_some() {
            let (was, is) = (shown(old.expires.as_ref()), shown(new.expires.as_ref()));
            let message = match renamed {
                true => format!(
                    "{} is renamed {} and lengthened: it held until {was} and holds until {is}",
                    quoted(&old.id),
                    quoted(&new.id)
                ),
                false => format!("{id} held until {was} and holds until {is}"),
            };
            told = true;
            let at = new.expires.as_ref().map_or(new.id.at, |day| day.at);
            let help = "restore the day; a longer time is a new row with an approval of its own";
            found.now(&EXTENDED, subject(new), at, message).help(help);
        }
    }
    let text = |text: &Option<crate::model::Text>| text.as_ref().map(|text| text.value.clone());
    let same_gap = text(&old.rule) == text(&new.rule) && text(&old.subject) == text(&new.subject);
    let (were, are) = (limits(old), limits(new));
    let mut pairs = were.iter().zip(&are);
    let wider = pairs.clone().any(|(was, is)| was.is_some() && was != is);
    narrower |= pairs.any(|(was, is)| was.is_none() && is.is_some());
    if !same_gap || wider {
        let message = format!("{id} let {} through and lets through {}", limited(old), limited(new));
        let help = "restore the row; another gap is another row with an approval of its own";
        found.now(&BROADENED, subject(new), new.id.at, message).help(help);
        told = true;
    }
    let acts = |waiver: &Waiver| (acted(waiver.requested.as_ref()), acted(waiver.approved.as_ref()));
    if acts(old) != acts(new) && !new.misread.holds("approved") && !new.misread.holds("requested") {
        let at = new.approved.as_ref().map_or(new.id.at, |act| act.place);
        let message = format!("{id}: who asked or agreed, or when, says something else");
        found.now(&ALTERED, subject(new), at, message).help("restore it; another decision is another row");
        told = true;
    }
    if narrower && same_gap && !wider {
        found.now(&NARROWED, subject(new), new.id.at, format!("{id} lets through less than before"));
        told = true;
    }
    if renamed && !told {
        let message = format!("{} is named {} now", quoted(&old.id), quoted(&new.id));
        found.now(&RENAMED, subject(new), new.id.at, message);
    }
}

/// The gap and what limits it: a slot, a system, an audit.
fn limited(waiver: &Waiver) -> String {
    let limits = [
        waiver.slot.as_ref().map(|slot| quoted(slot)),
        waiver.system.as_ref().map(|system| quoted(system)),
        waiver.audit.as_ref().map(|audit| quoted(audit)),
    ];
    std::iter::once(of(waiver)).chain(limits.into_iter().flatten()).collect::<Vec<_>>().join(" ")
}
