//! Criteria that lost their last control, and those that got their first.

use std::collections::BTreeMap;

use super::found::Found;
use super::wording::{names, quoted};
use super::{Effect, Kind};
use crate::gap::Subject;
use crate::model::{Control, Status};
use crate::program::Program;
use crate::source::Location;

pub(super) static LOST: Kind = Kind {
    name: "criterion-lost-last-control",
    effect: Effect::Regression,
    brief: "a criterion has no control in place any more, or none at all",
    why: "nothing speaks to a criterion without a control; the auditor qualifies the report for it",
};

pub(super) static COVERED: Kind = Kind {
    name: "criterion-covered",
    effect: Effect::Repair,
    brief: "a criterion has its first control in place",
    why: "what nobody answered for is answered for from that control's first day on, not before",
};

/// The controls that name a criterion, by its whole name.
#[derive(Default)]
struct Carriers<'p> {
    /// As people read it: `CC6.1`.
    shown: String,
    in_place: Vec<(&'p Control, Location)>,
    all: Vec<(&'p Control, Location)>,
}

/// Claims to be in place, with a first day, and applies here.
pub(super) fn in_place(control: &Control) -> bool {
    control.status() == Status::Implemented && control.effective_from.is_some() && control.applies()
}

/// `soc2-2017-rev2022:CC6.1`: the same whatever framework is in scope; as typed where it resolves to nothing.
pub(super) fn whole_name(program: &Program, typed: &str) -> String {
    let Ok(id) = program.criterion(typed) else { return typed.to_owned() };
    let framework = program.frameworks.get(id.framework);
    let criterion = framework.and_then(|framework| framework.criteria.get(id.criterion));
    match (framework, criterion) {
        (Some(framework), Some(criterion)) => format!("{}:{}", framework.id, &*criterion.id.value),
        _ => typed.to_owned(),
    }
}

/// `CC6.1`, as people read it.
pub(super) fn short_name(program: &Program, typed: &str) -> String {
    program.criterion(typed).map_or_else(|_| typed.to_owned(), |id| program.criterion_name(id))
}

fn carriers(program: &Program) -> BTreeMap<String, Carriers<'_>> {
    let mut map: BTreeMap<String, Carriers<'_>> = BTreeMap::new();
    for control in &program.controls {
        for typed in control.criteria.iter().filter(|typed| program.criterion(typed).is_ok()) {
            let of = map.entry(whole_name(program, typed)).or_default();
            if of.shown.is_empty() {
                of.shown = short_name(program, typed);
            }
            if of.all.last().is_some_and(|(last, _)| std::ptr::eq(*last, control)) {
                continue;
            }
            of.all.push((control, typed.at));
            if in_place(control) {
                of.in_place.push((control, typed.at));
            }
        }
    }
    map
}

pub(super) fn compare(found: &mut Found<'_>) {
    let (before, after) = (carriers(found.before), carriers(found.after));
    if !found.after.may_be_defined_in_unread("controls/") {
        for (name, old) in &before {
            lost(found, name, old, after.get(name));
        }
    }
    if found.before.may_be_defined_in_unread("controls/") {
        return;
    }
    for (name, new) in &after {
        let had = before.get(name).is_some_and(|old| !old.in_place.is_empty());
        let Some((first, at)) = new.in_place.first().filter(|_| !had) else { continue };
        let message = format!("`{}` has a control in place: {}", new.shown, quoted(&first.id));
        found.now(&COVERED, Subject::new("criterion", new.shown.clone()), *at, message);
    }
}

fn lost(found: &mut Found<'_>, name: &str, old: &Carriers<'_>, new: Option<&Carriers<'_>>) {
    let in_place = new.is_some_and(|new| !new.in_place.is_empty());
    let (last, words) = if !old.in_place.is_empty() && !in_place {
        (&old.in_place, "has no control in place any more")
    } else if new.is_none() {
        (&old.all, "has no control any more, not even a planned one")
    } else {
        return;
    };
    let Some((_, at)) = last.first() else { return };
    let ids: Vec<&str> = last.iter().map(|(control, _)| &*control.id.value.0).collect();
    let message = format!("`{}` {words}: {} carried it", old.shown, names(&ids));
    let help = format!("restore the mapping, or map another control in place to `{}`", old.shown);
    found.gone(&LOST, Subject::new("criterion", old.shown.clone()), *at, message).help(help);
    found.lost.insert(name.to_owned());
}
