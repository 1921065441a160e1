//! What a control asks for: how often, with how much grace, reviewed by whom, leaving which evidence, on which systems.

use std::collections::{BTreeMap, BTreeSet};

use super::controls::{detail, subject};
use super::found::Found;
use super::wording::{names, quoted, shown};
use super::{Effect, Kind, systems};
use crate::model::control::{Control, Per};
use crate::model::{Cadence, Status};
use crate::program::Program;
use crate::source::{Location, Spanned};
use crate::timeline::{Settings, needs_review};

pub(super) static CADENCE_LOOSENED: Kind = Kind {
    name: "cadence-loosened",
    effect: Effect::Regression,
    brief: "a control is to be performed less often, or counted in a way that expects less",
    why: "fewer occurrences are expected than were; inside the window the auditor must be told (DC 9)",
};

pub(super) static GRACE_RAISED: Kind = Kind {
    name: "grace-raised",
    effect: Effect::Regression,
    brief: "a control may be late for longer before it counts as missed",
    why: "what was missed becomes late by writing another number",
};

pub(super) static REVIEW_DROPPED: Kind = Kind {
    name: "review-dropped",
    effect: Effect::Regression,
    brief: "a control's evidence counts without another person's review",
    why: "a second person is what tells a record from a claim",
};

pub(super) static REQUIREMENT_LOWERED: Kind = Kind {
    name: "evidence-requirement-lowered",
    effect: Effect::Regression,
    brief: "an occurrence has to leave less evidence than before",
    why: "less shows the same claim",
};

pub(super) static SYSTEMS_NARROWED: Kind = Kind {
    name: "systems-narrowed",
    effect: Effect::Regression,
    brief: "a control covers fewer systems, which are still in scope",
    why: "the system is left without it, and nothing says so",
};

pub(super) static POPULATION_DROPPED: Kind = Kind {
    name: "population-dropped",
    effect: Effect::Regression,
    brief: "an event control no longer says which list holds its occurrences",
    why: "the auditor draws the sample from that list; without it nothing shows that none was left out",
};

pub(super) static TEST_REMOVED: Kind = Kind {
    name: "control-test-removed",
    effect: Effect::Regression,
    brief: "a way in which a control is tested is gone",
    why: "what is no longer tested cannot be found to fail",
};

pub(super) static KEY_LOWERED: Kind = Kind {
    name: "key-control-lowered",
    effect: Effect::Regression,
    brief: "a control is no longer marked as one that a criterion hangs on",
    why: "auditors test key controls first, and agree with you which they are",
};

pub(super) static CADENCE_TIGHTENED: Kind = Kind {
    name: "cadence-tightened",
    effect: Effect::Edit,
    brief: "a control is to be performed more often",
    why: "more occurrences are expected, from the start of the window on",
};

pub(super) fn compare(found: &mut Found<'_>, old: &Control, new: &Control) {
    let mut keys = Vec::new();
    cadence(found, old, new);
    grace(found, old, new, &mut keys);
    if !new.misread.holds("review") && !new.misread.holds("type") {
        review(found, old, new, &mut keys);
    }
    if !new.misread.holds("evidence_required") {
        requirements(found, old, new, &mut keys);
    }
    if !new.misread.holds("systems") {
        systems(found, old, new, &mut keys);
    }
    if !new.misread.holds("population") {
        population(found, old, new, &mut keys);
    }
    if !new.misread.holds("tests") {
        tests(found, old, new, &mut keys);
    }
    if !new.misread.holds("key") {
        key(found, old, new, &mut keys);
    }
    others(old, new, &mut keys);
    detail(found, new, &keys);
}

/// How much is expected of a cadence in a window; what happens on events cannot be compared. A continuous control is
/// looked at once a window, so it asks for more than one done once and less than one done every year.
fn expected(cadence: Cadence) -> Option<u8> {
    Some(match cadence {
        Cadence::Event => return None,
        Cadence::Once => 0,
        Cadence::Continuous => 1,
        Cadence::Annual => 2,
        Cadence::Semiannual => 3,
        Cadence::Quarterly => 4,
        Cadence::Monthly => 5,
        Cadence::Weekly => 6,
        Cadence::Daily => 7,
    })
}

/// Does a cadence ask for less than another, or for something else?
pub(super) fn is_looser(was: Option<Cadence>, is: Option<Cadence>) -> bool {
    match (was, is) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(was), Some(is)) if was == is => false,
        (Some(was), Some(is)) => match (expected(was), expected(is)) {
            (Some(was), Some(is)) => is < was,
            _ => true,
        },
    }
}

fn cadence(found: &mut Found<'_>, old: &Control, new: &Control) {
    let (was, is) = (old.cadence.as_ref().map(|c| c.value), new.cadence.as_ref().map(|c| c.value));
    if was == is || new.misread.holds("cadence") {
        return;
    }
    let word = |cadence: Option<Cadence>| cadence.map_or("none", Cadence::word);
    let message = format!("{}: {} → {}", quoted(&new.id), word(was), word(is));
    let at = new.cadence.as_ref().map_or(new.id.at, |cadence| cadence.at);
    if is_looser(was, is) {
        let help = "restore the cadence; for a real change retire the control on its last day and write a new one that supersedes it";
        found.now(&CADENCE_LOOSENED, subject(new), at, message).help(help);
    } else {
        found.now(&CADENCE_TIGHTENED, subject(new), at, message);
    }
}

fn grace(found: &mut Found<'_>, old: &Control, new: &Control, keys: &mut Vec<&'static str>) {
    let Some(cadence) = new.cadence.as_ref().or(old.cadence.as_ref()).map(|cadence| cadence.value) else {
        return;
    };
    if new.misread.holds("grace_days") {
        return;
    }
    // Both by the numbers of before, so that a change of the programme's own is told once.
    let settings = Settings::of(found.before);
    let (was, is) = (settings.grace_of(old, cadence), settings.grace_of(new, cadence));
    if is > was {
        let message = format!("{} may be late for {is} days; it was {was}", quoted(&new.id));
        let at = new.grace_days.as_ref().map_or(new.id.at, |days| days.at);
        found.now(&GRACE_RAISED, subject(new), at, message).help(format!("restore `grace_days: {was}`"));
    } else if is < was {
        keys.push("grace_days");
    }
}

fn review(found: &mut Found<'_>, old: &Control, new: &Control, keys: &mut Vec<&'static str>) {
    let (was, is) = (needs_review(old), needs_review(new));
    if was && !is {
        let at = new.review.as_ref().map(|review| review.at);
        let at = at.or(new.r#type.as_ref().map(|of| of.at)).unwrap_or(new.id.at);
        let how = if old.control_type() != new.control_type() {
            format!(", because it is {} instead of {}", new.control_type().word(), old.control_type().word())
        } else {
            String::new()
        };
        let message = format!("evidence of {} counts without a review{how}", quoted(&new.id));
        found.now(&REVIEW_DROPPED, subject(new), at, message).help("write `review: required`");
        return;
    }
    if was != is {
        keys.push("review");
    }
    if old.control_type() != new.control_type() {
        keys.push("type");
    }
}

/// How many pieces of each kind of evidence are asked for, by what each stands for.
fn asked(control: &Control) -> BTreeMap<(&'static str, Option<Per>), u64> {
    let mut asked = BTreeMap::new();
    for one in &control.evidence_required {
        let Some(kind) = &one.kind else { continue };
        let per = one.per.as_ref().map(|per| per.value).filter(|per| *per != Per::Slot);
        let least = one.min.as_ref().map_or(1, |min| min.value);
        let of: &mut u64 = asked.entry((kind.value.word(), per)).or_default();
        *of = of.saturating_add(least);
    }
    asked
}

fn requirements(found: &mut Found<'_>, old: &Control, new: &Control, keys: &mut Vec<&'static str>) {
    let (was, is) = (asked(old), asked(new));
    let lowered = was.iter().filter(|(what, least)| is.get(*what).is_none_or(|now| now < least));
    let lowered: Vec<&str> = lowered.map(|((kind, _), _)| *kind).collect();
    if !lowered.is_empty() {
        let at = new.evidence_required.first().map_or(new.id.at, |one| one.place);
        let message = format!("{} asks for less evidence of kind {}", quoted(&new.id), names(&lowered));
        found
            .now(&REQUIREMENT_LOWERED, subject(new), at, message)
            .help("restore what each occurrence has to leave");
    } else if was != is {
        keys.push("evidence_required");
    }
}

fn systems(found: &mut Found<'_>, old: &Control, new: &Control, keys: &mut Vec<&'static str>) {
    let of = |control: &Control| -> BTreeSet<String> {
        control.systems.iter().map(|system| system.value.0.to_string()).collect()
    };
    let (was, is) = (of(old), of(new));
    if was == is {
        return;
    }
    // A system that left the scope, or is in use on fewer days of an audit, is told itself.
    let row = |program: &'_ Program, id: &str| {
        let index = program.names.systems.get(id);
        index.and_then(|index| program.registers.systems.get(*index)).cloned()
    };
    let in_use = |id: &str| {
        row(found.after, id).is_some_and(|now| {
            let less = row(found.before, id).is_some_and(|was| systems::days_lost(found, &was, &now));
            !less && now.in_scope.as_ref().is_some_and(|scope| scope.value)
        })
    };
    let gone: Vec<&String> = was.iter().filter(|id| !is.contains(*id) && in_use(id)).collect();
    if gone.is_empty() {
        keys.push("systems");
        return;
    }
    let at = old.systems.iter().find(|system| gone.iter().any(|id| ***id == *system.value.0));
    let at = at.map_or(old.id.at, |system| system.at);
    let message = format!("{} no longer covers {}", quoted(&new.id), names(&gone));
    found
        .gone(&SYSTEMS_NARROWED, subject(new), at, message)
        .help("restore the system, or take it out of scope in registers/systems");
}

fn population(found: &mut Found<'_>, old: &Control, new: &Control, keys: &mut Vec<&'static str>) {
    let parts = |control: &Control| {
        control.population.as_ref().map(|of| {
            (
                of.name.as_ref().map(|n| n.to_string()),
                shown(of.source.as_ref()),
                of.key.as_ref().map(|k| k.to_string()),
            )
        })
    };
    let (was, is) = (parts(old), parts(new));
    let place = old.population.as_ref().map_or(old.id.at, |of| of.place);
    match (&was, &is) {
        (Some(_), None) => {
            let message = format!("{} names no population any more", quoted(&new.id));
            found.gone(&POPULATION_DROPPED, subject(new), place, message).help("restore it");
        }
        (Some((_, _, Some(key))), Some((_, _, None))) => {
            let message =
                format!("the population of {} has no key any more; it was {}", quoted(&new.id), quoted(key));
            found.gone(&POPULATION_DROPPED, subject(new), place, message).help("restore it");
        }
        _ if was != is => keys.push("population"),
        _ => {}
    }
}

fn tests(found: &mut Found<'_>, old: &Control, new: &Control, keys: &mut Vec<&'static str>) {
    let of = |control: &Control| -> BTreeMap<String, (Option<&'static str>, Vec<String>, Location)> {
        let tests = control.tests.iter().map(|test| {
            let method = test.method.as_ref().map(|method| method.value.word());
            let mut letters: Vec<String> =
                test.attributes.0.iter().map(|(letter, _)| letter.to_string()).collect();
            letters.sort();
            (test.id.to_string(), (method, letters, test.id.at))
        });
        tests.collect()
    };
    let (was, is) = (of(old), of(new));
    let mut gone = Vec::new();
    let mut at = None;
    for (id, (_, letters, place)) in &was {
        let now = is.get(id);
        let missing = letters.iter().filter(|letter| now.is_some_and(|(_, now, _)| !now.contains(letter)));
        let missing: Vec<String> = missing.map(|letter| format!("{id} {letter}")).collect();
        if now.is_none() {
            gone.push(id.clone());
        }
        if now.is_none() || !missing.is_empty() {
            at = at.or(Some(*place));
        }
        gone.extend(missing);
    }
    if let Some(at) = at {
        let message = format!("{} is no longer tested by {}", quoted(&new.id), names(&gone));
        found.gone(&TEST_REMOVED, subject(new), at, message).help("restore it");
    } else if was
        .iter()
        .map(|(id, (method, letters, _))| (id, method, letters))
        .ne(is.iter().map(|(id, (method, letters, _))| (id, method, letters)))
    {
        keys.push("tests");
    }
}

fn key(found: &mut Found<'_>, old: &Control, new: &Control, keys: &mut Vec<&'static str>) {
    let of = |control: &Control| control.key.as_ref().is_some_and(|key| key.value);
    if of(old) && !of(new) {
        let at = new.key.as_ref().map_or(new.id.at, |key| key.at);
        let message = format!("{} is no longer a key control", quoted(&new.id));
        found.now(&KEY_LOWERED, subject(new), at, message).help("write `key: true`");
    } else if of(old) != of(new) {
        keys.push("key");
    }
}

/// Keys whose change weakens nothing by itself.
fn others(old: &Control, new: &Control, keys: &mut Vec<&'static str>) {
    fn text<T: std::fmt::Display>(value: &Option<Spanned<T>>) -> Option<String> {
        value.as_ref().map(|value| value.to_string())
    }
    fn all<'t, T: std::ops::Deref<Target = str> + 't>(
        values: impl IntoIterator<Item = &'t Spanned<T>>,
    ) -> BTreeSet<&'t str> {
        values.into_iter().map(|value| &*value.value).collect()
    }
    let mut differ = |key: &'static str, differs: bool| {
        if differs {
            keys.push(key);
        }
    };
    let holder =
        |holder: &Option<crate::model::scalar::HolderRef>| holder.as_ref().map(|name| name.value.0.clone());
    differ("objective", text(&old.objective) != text(&new.objective));
    differ("operator", holder(&old.operator) != holder(&new.operator));
    differ("reviewer", holder(&old.reviewer) != holder(&new.reviewer));
    let anchor = |control: &Control| control.anchor.as_ref().map(|anchor| anchor.value);
    differ("anchor", anchor(old) != anchor(new));
    let nature = |control: &Control| control.nature.as_ref().map(|nature| nature.value);
    differ("nature", nature(old) != nature(new));
    differ("procedures", all(&old.procedures) != all(&new.procedures));
    differ("risks", all(&old.risks) != all(&new.risks));
    differ("compensating", all(&old.compensating) != all(&new.compensating));
    let retired = old.status() == Status::Retired && new.status() == Status::Retired;
    let next = |control: &Control| control.superseded_by.as_ref().map(|next| next.value.0.clone());
    differ("superseded_by", retired && next(old) != next(new));
}
