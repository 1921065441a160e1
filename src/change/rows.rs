//! Rows of registers and narratives that say something else than before, where no other comparison reads them.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::ops::Deref;

use super::found::Found;
use super::wording::{names, quoted, shown};
use super::{Effect, Kind, owners};
use crate::gap::Subject;
use crate::model::registers::{Asset, Commitment, Csoc, Cuec, Meeting};
use crate::program::Program;
use crate::source::{Location, Spanned};

pub(super) static UNLINKED: Kind = Kind {
    name: "commitment-unlinked",
    effect: Effect::Regression,
    brief: "a commitment no longer names a control that keeps it, and the control still stands",
    why: "a promise that no control keeps is kept by luck",
};

pub(super) static OUT: Kind = Kind {
    name: "asset-out-of-scope",
    effect: Effect::Regression,
    brief: "an asset is no longer in scope",
    why: "what customers were told is examined is not; an asset that is given up is disposed of instead",
};

pub(super) static CHANGED: Kind = Kind {
    name: "record-changed",
    effect: Effect::Disclosure,
    brief: "a commitment, CSOC, CUEC, asset or meeting says something else than before",
    why: "customers or the auditor may hold the old words; whoever told them tells them the new ones",
};

pub(super) static NARRATIVE_REMOVED: Kind = Kind {
    name: "narrative-removed",
    effect: Effect::Regression,
    brief: "a narrative is gone",
    why: "a report holds the description of the system; without it there is nothing that the controls are examined against",
};

pub(super) static NARRATIVE: Kind = Kind {
    name: "narrative-changed",
    effect: Effect::Edit,
    brief: "a narrative reads otherwise or is new",
    why: "the description of the system is management's; the auditor reads it beside the controls",
};

pub(super) fn compare(found: &mut Found<'_>) {
    commitments(found);
    csocs(found);
    cuecs(found);
    assets(found);
    meetings(found);
    narratives(found);
}

/// A key, and what a row said and says of it.
type Said = (&'static str, String, String);

fn one<T: Display>(key: &'static str, old: Option<&Spanned<T>>, new: Option<&Spanned<T>>) -> Said {
    (key, shown(old), shown(new))
}

fn reference<T: Deref<Target = str>>(
    key: &'static str,
    old: Option<&Spanned<T>>,
    new: Option<&Spanned<T>>,
) -> Said {
    let said =
        |name: Option<&Spanned<T>>| name.map_or_else(|| "none".to_owned(), |name| name.value.to_string());
    (key, said(old), said(new))
}

fn all<T: Deref<Target = str>>(key: &'static str, old: &[Spanned<T>], new: &[Spanned<T>]) -> Said {
    let sorted = |list: &[Spanned<T>]| {
        let all: BTreeSet<&str> = list.iter().map(|one| &*one.value).collect();
        if all.is_empty() { "none".to_owned() } else { all.into_iter().collect::<Vec<_>>().join(", ") }
    };
    (key, sorted(old), sorted(new))
}

/// One line for all keys of a row that say something else.
fn says(found: &mut Found<'_>, (noun, id): (&'static str, &str), at: Location, keys: Vec<Said>) {
    let moved = keys.into_iter().filter(|(_, was, is)| was != is);
    let moved: Vec<String> =
        moved.map(|(key, was, is)| format!("{key} {} → {}", quoted(&was), quoted(&is))).collect();
    if !moved.is_empty() {
        let message = format!("{noun} {}: {}", quoted(id), crate::text::some(&moved, 4));
        found.now(&CHANGED, Subject::new(noun, id), at, message);
    }
}

fn commitments(found: &mut Found<'_>) {
    let (before, after) = (&found.before.registers, &found.after.registers);
    let pairs =
        found.rows("commitments", |program| &program.registers.commitments, |one| one.id.value.0.clone());
    for (old, new) in pairs.both {
        let (Some(old), Some(new)) = (before.commitments.get(old), after.commitments.get(new)) else {
            continue;
        };
        if old.misread.nothing() && new.misread.nothing() {
            commitment(found, old, new);
        }
    }
}

fn commitment(found: &mut Found<'_>, old: &Commitment, new: &Commitment) {
    let subject = || Subject::new("commitment", new.id.to_string());
    let kept: BTreeSet<&str> = new.controls.iter().map(|name| &*name.value.0).collect();
    let stands = |name: &str| found.after.names.controls.contains_key(name);
    let gone = old.controls.iter().map(|name| &*name.value.0);
    let gone: Vec<&str> = gone.filter(|name| !kept.contains(name) && stands(name)).collect();
    if !gone.is_empty() {
        let message = format!("{} no longer rests on {}", quoted(&new.id), names(&gone));
        found.gone(&UNLINKED, subject(), old.id.at, message).help("name the controls again");
    }
    owners::compare(found, subject(), (old.owner.as_ref(), old.id.at), (new.owner.as_ref(), new.id.at));
    let keys = vec![
        one("text", old.text.as_ref(), new.text.as_ref()),
        one("metric", old.metric.as_ref(), new.metric.as_ref()),
        one("source", old.source.as_ref(), new.source.as_ref()),
        one("category", old.category.as_ref(), new.category.as_ref()),
    ];
    says(found, ("commitment", &new.id), new.id.at, keys);
}

fn csocs(found: &mut Found<'_>) {
    let (before, after) = (&found.before.registers, &found.after.registers);
    let pairs = found.rows("csocs", |program| &program.registers.csocs, |one| one.id.value.0.clone());
    for (old, new) in pairs.both {
        let (Some(old), Some(new)) = (before.csocs.get(old), after.csocs.get(new)) else { continue };
        if old.misread.nothing() && new.misread.nothing() {
            let keys = |old: &Csoc, new: &Csoc| {
                let watched = (&old.monitored_by, &new.monitored_by);
                let mut keys = vec![
                    one("text", old.text.as_ref(), new.text.as_ref()),
                    reference("vendor", old.vendor.as_ref(), new.vendor.as_ref()),
                ];
                // That nothing watches it any more is told as a loss.
                if let (Some(was), Some(is)) = watched {
                    keys.push(reference("monitored_by", Some(was), Some(is)));
                }
                keys
            };
            says(found, ("CSOC", &new.id), new.id.at, keys(old, new));
        }
    }
}

fn cuecs(found: &mut Found<'_>) {
    let (before, after) = (&found.before.registers, &found.after.registers);
    let pairs = found.rows("cuecs", |program| &program.registers.cuecs, |one| one.id.value.0.clone());
    for (old, new) in pairs.both {
        let (Some(old), Some(new)) = (before.cuecs.get(old), after.cuecs.get(new)) else { continue };
        if old.misread.nothing() && new.misread.nothing() {
            let keys = |old: &Cuec, new: &Cuec| {
                vec![
                    one("text", old.text.as_ref(), new.text.as_ref()),
                    all("criteria", &old.criteria, &new.criteria),
                    one("published", old.published.as_ref(), new.published.as_ref()),
                ]
            };
            says(found, ("CUEC", &new.id), new.id.at, keys(old, new));
        }
    }
}

fn assets(found: &mut Found<'_>) {
    let (before, after) = (&found.before.registers, &found.after.registers);
    let pairs = found.rows("assets", |program| &program.registers.assets, |one| one.id.value.0.clone());
    for (old, new) in pairs.both {
        let (Some(old), Some(new)) = (before.assets.get(old), after.assets.get(new)) else { continue };
        if old.misread.nothing() && new.misread.nothing() {
            asset(found, old, new);
        }
    }
}

fn asset(found: &mut Found<'_>, old: &Asset, new: &Asset) {
    let subject = || Subject::new("asset", new.id.to_string());
    let in_scope = |asset: &Asset| asset.in_scope.as_ref().is_some_and(|scope| scope.value);
    if in_scope(old) && !in_scope(new) {
        let at = new.in_scope.as_ref().map_or(new.id.at, |scope| scope.at);
        let message = format!("the asset {} is no longer in scope", quoted(&new.id));
        let help = "restore `in_scope`; an asset that is given up says on which day under `disposed`";
        found.now(&OUT, subject(), at, message).help(help);
    }
    owners::compare(found, subject(), (old.owner.as_ref(), old.id.at), (new.owner.as_ref(), new.id.at));
    let class = |asset: &Asset| {
        asset.classification.as_ref().map_or_else(|| "none".to_owned(), |class| class.value.word().to_owned())
    };
    let keys = vec![
        one("name", old.name.as_ref(), new.name.as_ref()),
        ("classification", class(old), class(new)),
        one("encrypted", old.encrypted.as_ref(), new.encrypted.as_ref()),
        one("backed_up", old.backed_up.as_ref(), new.backed_up.as_ref()),
        one("environment", old.environment.as_ref(), new.environment.as_ref()),
        reference("system", old.system.as_ref(), new.system.as_ref()),
        reference("vendor", old.vendor.as_ref(), new.vendor.as_ref()),
        one("disposed", old.disposed.as_ref(), new.disposed.as_ref()),
    ];
    says(found, ("asset", &new.id), new.id.at, keys);
}

fn meetings(found: &mut Found<'_>) {
    let (before, after) = (&found.before.registers, &found.after.registers);
    let pairs = found.rows("meetings", |program| &program.registers.meetings, |one| one.id.value.0.clone());
    for (old, new) in pairs.both {
        let (Some(old), Some(new)) = (before.meetings.get(old), after.meetings.get(new)) else { continue };
        if old.misread.nothing() && new.misread.nothing() {
            let keys = |old: &Meeting, new: &Meeting| {
                vec![
                    one("body", old.body.as_ref(), new.body.as_ref()),
                    one("on", old.on.as_ref(), new.on.as_ref()),
                    all("attendees", &old.attendees, &new.attendees),
                    one("independent", old.independent.as_ref(), new.independent.as_ref()),
                    all("agenda", &old.agenda, &new.agenda),
                    all("decisions", &old.decisions, &new.decisions),
                    one("minutes", old.minutes.as_ref(), new.minutes.as_ref()),
                ]
            };
            says(found, ("meeting", &new.id), new.id.at, keys(old, new));
        }
    }
}

fn narratives(found: &mut Found<'_>) {
    let (before, after) = (found.before, found.after);
    let unread = |program: &Program| program.may_be_defined_in_unread("narratives/");
    for one in &after.narratives {
        let path = after.sources.path(one.file);
        let said = match before.sources.find(path) {
            Some(was) if before.sources.text(was) == after.sources.text(one.file) => continue,
            Some(_) => "reads otherwise",
            None if unread(before) => continue,
            None => "is new",
        };
        let message = format!("{} {said}", quoted(path));
        found.now(&NARRATIVE, Subject::new("narrative", path), Location::start_of(one.file), message);
    }
    for one in before.narratives.iter().filter(|_| !unread(after)) {
        let path = before.sources.path(one.file);
        if after.sources.find(path).is_none() {
            let text = before.sources.text(one.file);
            let goes_on = after.narratives.iter().find(|new| after.sources.text(new.file) == text);
            let (subject, at) = (Subject::new("narrative", path), Location::start_of(one.file));
            match goes_on.map(|new| after.sources.path(new.file)) {
                Some(now) => {
                    let message = format!("{} is {} now", quoted(path), quoted(now));
                    found.gone(&NARRATIVE, subject, at, message);
                }
                None => {
                    let message = format!("{} is gone", quoted(path));
                    found.gone(&NARRATIVE_REMOVED, subject, at, message).help("restore the file");
                }
            }
        }
    }
}
