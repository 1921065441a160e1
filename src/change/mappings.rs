//! What a control is tied to: criteria and sections of policies.

use std::collections::{BTreeMap, BTreeSet};

use super::criteria::{short_name, whole_name};
use super::found::Found;
use super::wording::{names, quoted};
use super::{Effect, Kind, policies};
use crate::gap::Subject;
use crate::model::Control;
use crate::program::{Program, anchor, document};
use crate::source::Location;

pub(super) static REMOVED: Kind = Kind {
    name: "mapping-removed",
    effect: Effect::Regression,
    brief: "a control no longer names a criterion or policy that it named",
    why: "the auditor tests a control for the criteria it names; what it no longer names, it no longer supports",
};

pub(super) static REDIRECTED: Kind = Kind {
    name: "mapping-redirected",
    effect: Effect::Regression,
    brief: "a control names another section of a policy, which does not say what the one it named said",
    why: "the section that ordered the control is no longer read beside it, and may now change unseen",
};

pub(super) static MOVED: Kind = Kind {
    name: "mapping-moved",
    effect: Effect::Edit,
    brief: "a control names another section of the same policy, which says what the former said",
    why: "the section that orders the control is the one the auditor reads beside it",
};

pub(super) static ADDED: Kind = Kind {
    name: "mapping-added",
    effect: Effect::Edit,
    brief: "a control names a further criterion or policy",
    why: "it will be tested for that too, for the whole window",
};

pub(super) fn compare(found: &mut Found<'_>, old: &Control, new: &Control) {
    if !new.misread.holds("criteria") {
        criteria(found, old, new);
    }
    if !new.misread.holds("policies") {
        policies(found, old, new);
    }
}

fn criteria(found: &mut Found<'_>, old: &Control, new: &Control) {
    let (before, after) = (found.before, found.after);
    let of = |program, control: &Control| -> BTreeMap<String, (String, Location)> {
        let typed = control.criteria.iter();
        typed.map(|typed| (whole_name(program, typed), (short_name(program, typed), typed.at))).collect()
    };
    let (was, is) = (of(before, old), of(after, new));
    let gone = was.iter().filter(|(name, _)| !is.contains_key(*name) && !found.lost.contains(*name));
    let gone: Vec<(String, Location)> = gone.map(|(_, shown)| shown.clone()).collect();
    let added = is.iter().filter(|(name, _)| !was.contains_key(*name));
    let added: Vec<(String, Location)> = added.map(|(_, shown)| shown.clone()).collect();
    tell_removed(found, new, &gone);
    tell_added(found, new, &added);
}

fn tell_removed(found: &mut Found<'_>, control: &Control, gone: &[(String, Location)]) {
    let Some((_, at)) = gone.first() else { return };
    let shown: Vec<&str> = gone.iter().map(|(name, _)| name.as_str()).collect();
    let message = format!("{} no longer names {}", quoted(&control.id), names(&shown));
    let help =
        "restore it; a control that does not serve it any more is retired and superseded by one that does";
    found.gone(&REMOVED, subject(control), *at, message).help(help);
}

fn tell_added(found: &mut Found<'_>, control: &Control, added: &[(String, Location)]) {
    let Some((_, at)) = added.first() else { return };
    let shown: Vec<&str> = added.iter().map(|(name, _)| name.as_str()).collect();
    let message = format!("{} names {} too", quoted(&control.id), names(&shown));
    found.now(&ADDED, subject(control), *at, message);
}

fn policies(found: &mut Found<'_>, old: &Control, new: &Control) {
    let was: BTreeMap<&str, Location> = old.policies.iter().map(|typed| (&***typed, typed.at)).collect();
    let is: BTreeMap<&str, Location> = new.policies.iter().map(|typed| (&***typed, typed.at)).collect();
    let documents: BTreeSet<&str> = is.keys().map(|name| document(name)).collect();
    let mut gone = Vec::new();
    let mut moved = Vec::new();
    for (name, at) in was.iter().filter(|(name, _)| !is.contains_key(*name)) {
        if documents.contains(document(name)) {
            moved.push((*name).to_owned());
        } else if still_there(found, document(name)) {
            gone.push(((*name).to_owned(), *at));
        }
    }
    let fresh = is.iter().filter(|(name, _)| !was.contains_key(*name));
    let fresh: Vec<(String, Location)> = fresh.map(|(name, at)| ((*name).to_owned(), *at)).collect();
    tell_removed(found, new, &gone);
    if moved.is_empty() {
        tell_added(found, new, &fresh);
        return;
    }
    let place = fresh.first().map_or(new.id.at, |(_, at)| *at);
    let to: Vec<&str> = fresh.iter().map(|(name, _)| name.as_str()).collect();
    let to = if to.is_empty() { String::new() } else { format!(", and now {}", names(&to)) };
    let message = format!("{} named {}{to}", quoted(&new.id), names(&moved));
    let now: Vec<&str> = is.keys().copied().collect();
    if moved.iter().all(|name| goes_on(found, name, &now)) {
        found.now(&MOVED, subject(new), place, message);
    } else {
        let help = "name the section that orders the control as well";
        found.now(&REDIRECTED, subject(new), place, message).help(help);
    }
}

/// Does what a control names now say everything that the section said? The whole policy does; another section only in
/// place of one that is gone.
fn goes_on(found: &Found<'_>, name: &str, now: &[&str]) -> bool {
    let id = document(name);
    let same = || now.iter().filter(|now| document(now) == id);
    if same().any(|now| anchor(now).is_none()) {
        return true;
    }
    let policy = |program: &'_ Program| {
        let index = program.names.policies.get(id);
        index.and_then(|index| program.policies.get(*index)).cloned()
    };
    let (Some(was), Some(is), Some(section)) = (policy(found.before), policy(found.after), anchor(name))
    else {
        return false;
    };
    // A section that was never there ordered nothing.
    let Some(said) = policies::said_under(&was, section) else { return true };
    if is.body.has_anchor(section) {
        return false;
    }
    let there = same().filter_map(|now| policies::said_under(&is, anchor(now)?)).flatten();
    let there: BTreeSet<String> = there.map(|said| said.key).collect();
    said.iter().all(|said| there.contains(&said.key))
}

/// A policy that is gone, or goes on under another name, is told as such.
fn still_there(found: &Found<'_>, policy: &str) -> bool {
    let known = |names: &BTreeMap<Box<str>, usize>| names.contains_key(policy);
    known(&found.after.names.policies) || !known(&found.before.names.policies)
}

fn subject(control: &Control) -> Subject {
    Subject::new("control", control.id.to_string())
}
