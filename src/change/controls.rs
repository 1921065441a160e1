//! Controls that came, went, or are said to be otherwise: status, days, applicability, wording, a judgement on the design.

use super::found::Found;
use super::wording::{names, quoted, shown};
use super::{Effect, Kind, criteria, duties, mappings, owners};
use crate::gap::Subject;
use crate::model::control::{Applies, DesignIs};
use crate::model::{Cadence, Control, Status};

pub(super) static REMOVED: Kind = Kind {
    name: "control-removed",
    effect: Effect::Regression,
    brief: "a control that was claimed is gone from the programme",
    why: "a control in the window was performed or was not; without its record nobody can tell, and its id may be used again",
};

pub(super) static WITHDRAWN: Kind = Kind {
    name: "control-withdrawn",
    effect: Effect::Regression,
    brief: "a control is no longer claimed to be in place, and no last day is said",
    why: "the days it covered are covered by nothing",
};

pub(super) static NARROWED: Kind = Kind {
    name: "applicability-narrowed",
    effect: Effect::Regression,
    brief: "a control applies to less than it did",
    why: "what does not apply is not tested; the auditor asks who decided that, and when",
};

pub(super) static LATER: Kind = Kind {
    name: "control-covers-fewer-days",
    effect: Effect::Regression,
    brief: "a control covers fewer days: it starts later or ended earlier than was said",
    why: "days that were covered are covered by nothing",
};

pub(super) static JUDGEMENT_REMOVED: Kind = Kind {
    name: "design-judgement-removed",
    effect: Effect::Regression,
    brief: "a recorded judgement that a design is deficient is gone",
    why: "a deficiency ends by being mended, not by being unrecorded",
};

pub(super) static RETIRED: Kind = Kind {
    name: "control-retired",
    effect: Effect::Disclosure,
    brief: "a control has a last day, and nothing or less in its place",
    why: "days after it are covered by whatever else names its criteria",
};

pub(super) static ADDED: Kind = Kind {
    name: "control-added",
    effect: Effect::Disclosure,
    brief: "there is a new control",
    why: "it is judged from its first day on, and by the evidence it leaves",
};

pub(super) static DEFICIENT: Kind = Kind {
    name: "design-found-deficient",
    effect: Effect::Disclosure,
    brief: "somebody recorded that a control's design would not do",
    why: "a deficiency that management finds and says is worth more than one that the auditor finds",
};

pub(super) static DESIGN_MENDED: Kind = Kind {
    name: "design-mended",
    effect: Effect::Repair,
    brief: "a design that was deficient is judged adequate",
    why: "the days before are still days of a deficient design",
};

pub(super) static REPLACED: Kind = Kind {
    name: "control-replaced",
    effect: Effect::Edit,
    brief: "a control is retired and another takes its place, as often, for the same criteria and systems",
    why: "both must cover their days without a hole between them",
};

pub(super) static RENAMED: Kind = Kind {
    name: "control-renamed",
    effect: Effect::Edit,
    brief: "a control has another id and names the old one as an alias",
    why: "evidence and the auditor's list may still know it by the old id",
};

pub(super) static DRAFT_REMOVED: Kind = Kind {
    name: "draft-control-removed",
    effect: Effect::Edit,
    brief: "a control that was only drafted or planned is gone",
    why: "it covered nothing",
};

pub(super) static STATUS: Kind = Kind {
    name: "control-status-changed",
    effect: Effect::Edit,
    brief: "a control is claimed to be further than it was",
    why: "the claim needs evidence from that day on",
};

pub(super) static EARLIER: Kind = Kind {
    name: "control-covers-more-days",
    effect: Effect::Edit,
    brief: "a control is said to have covered more days than before",
    why: "days claimed after the fact need evidence of their own",
};

pub(super) static REWORDED: Kind = Kind {
    name: "control-reworded",
    effect: Effect::Edit,
    brief: "a control's title or description reads otherwise",
    why: "the sentence is what the auditor tests; changed inside the window, the change itself must be told (DC 9)",
};

pub(super) static DETAIL: Kind = Kind {
    name: "control-changed",
    effect: Effect::Edit,
    brief: "other keys of a control changed",
    why: "worth knowing when its history is read",
};

pub(super) fn compare(found: &mut Found<'_>) {
    let (before, after) = (found.before, found.after);
    for index in std::mem::take(&mut found.controls.gone) {
        if let Some(control) = before.controls.get(index) {
            removed(found, control);
        }
    }
    for index in found.controls.new.clone() {
        if let Some(control) = after.controls.get(index) {
            added(found, control, &after.title(index));
        }
    }
    for (old, new) in found.controls.both.clone() {
        let (Some(was), Some(is)) = (before.controls.get(old), after.controls.get(new)) else { continue };
        changed(found, was, is);
        reworded(
            found,
            was,
            is,
            [(&before.title(old), &after.title(new)), (&before.description(old), &after.description(new))],
        );
        mappings::compare(found, was, is);
        duties::compare(found, was, is);
    }
}

pub(super) fn subject(control: &Control) -> Subject {
    Subject::new("control", control.id.to_string())
}

fn removed(found: &mut Found<'_>, control: &Control) {
    let criteria: Vec<String> =
        control.criteria.iter().map(|typed| criteria::short_name(found.before, typed)).collect();
    let rested = if criteria.is_empty() {
        String::new()
    } else {
        format!(
            "; {} rested on it",
            crate::text::some(&criteria.iter().map(|id| quoted(id)).collect::<Vec<_>>(), 5)
        )
    };
    match control.status() {
        Status::Implemented | Status::Retired => {
            let message =
                format!("the {} control {} is gone{rested}", control.status().word(), quoted(&control.id));
            let help = "keep the record: `status: retired` with `retired_at`, and `superseded_by` if another takes its place";
            found.gone(&REMOVED, subject(control), control.id.at, message).help(help);
        }
        Status::Draft | Status::Planned => {
            let message = format!("the {} control {} is gone", control.status().word(), quoted(&control.id));
            found.gone(&DRAFT_REMOVED, subject(control), control.id.at, message);
        }
    }
}

fn added(found: &mut Found<'_>, control: &Control, title: &str) {
    let title = if title.is_empty() { String::new() } else { format!(": {}", quoted(title)) };
    let message = format!("new control {} ({}){title}", quoted(&control.id), control.status().word());
    found.now(&ADDED, subject(control), control.id.at, message);
}

fn changed(found: &mut Found<'_>, old: &Control, new: &Control) {
    if *old.id != *new.id {
        let message = format!("{} is now {}", quoted(&old.id), quoted(&new.id));
        found.now(&RENAMED, subject(new), new.id.at, message);
    }
    if !new.misread.holds("status") {
        status(found, old, new);
    }
    if !new.misread.holds("applicability") {
        applicability(found, old, new);
    }
    days(found, old, new);
    if !new.misread.holds("design") {
        design(found, old, new);
    }
    if !new.misread.holds("owner") {
        owners::compare(
            found,
            subject(new),
            (old.owner.as_ref(), old.id.at),
            (new.owner.as_ref(), new.id.at),
        );
    }
}

fn status(found: &mut Found<'_>, old: &Control, new: &Control) {
    let (was, is) = (old.status(), new.status());
    if was == is {
        return;
    }
    let at = new.status.as_ref().map_or(new.id.at, |status| status.at);
    let id = quoted(&new.id);
    let said = format!("{id} was {} and is {}", was.word(), is.word());
    match (was, is) {
        (Status::Implemented, Status::Retired) if new.retired_at.is_some() => {
            let day = shown(new.retired_at.as_ref());
            match &new.superseded_by {
                Some(next) => {
                    let message =
                        format!("{id} was retired, its last day {day}; {} takes its place", quoted(next));
                    let lacks = lacks(found, old, next);
                    if lacks.is_empty() {
                        found.now(&REPLACED, subject(new), at, message);
                    } else {
                        let message = format!("{message}, and not in everything: {}", lacks.join(", "));
                        found.now(&RETIRED, subject(new), at, message);
                    }
                }
                None => {
                    let message = format!("{id} was retired, its last day {day}; no control takes its place");
                    found.now(&RETIRED, subject(new), at, message);
                }
            }
        }
        (Status::Implemented | Status::Retired, Status::Draft | Status::Planned)
        | (Status::Implemented, Status::Retired) => {
            let help = "if it ended, write `status: retired` with `retired_at`, its last day; else restore the status";
            found.now(&WITHDRAWN, subject(new), at, said).help(help);
        }
        _ => {
            found.now(&STATUS, subject(new), at, said);
        }
    }
}

/// What a control asks for that the one in its place does not: less often, fewer criteria, fewer systems.
fn lacks(found: &Found<'_>, old: &Control, next: &str) -> Vec<String> {
    let index = found.after.names.controls.get(next);
    let Some(next) = index.and_then(|index| found.after.controls.get(*index)) else {
        return vec!["there is no such control".to_owned()];
    };
    let mut lacks = Vec::new();
    if next.status() != Status::Implemented {
        lacks.push(format!("it is {}", next.status().word()));
    }
    let cadence = |control: &Control| control.cadence.as_ref().map(|cadence| cadence.value);
    let (was, is) = (cadence(old), cadence(next));
    if duties::is_looser(was, is) {
        let word = |cadence: Option<Cadence>| cadence.map_or("none", Cadence::word);
        lacks.push(format!("{} → {}", word(was), word(is)));
    }
    let criteria = |control: &Control| -> Vec<Box<str>> {
        control.criteria.iter().map(|one| one.value.0.clone()).collect()
    };
    let systems = |control: &Control| -> Vec<Box<str>> {
        control.systems.iter().map(|one| one.value.0.clone()).collect()
    };
    let (was, is) = (criteria(old), criteria(next));
    let mut gone: Vec<Box<str>> = was.into_iter().filter(|one| !is.contains(one)).collect();
    let (was, is) = (systems(old), systems(next));
    // One that names no system is for all.
    gone.extend(was.into_iter().filter(|one| !is.is_empty() && !is.contains(one)));
    if !gone.is_empty() {
        lacks.push(format!("without {}", names(&gone)));
    }
    lacks
}

/// How much of a control is ours to show.
fn reach(applies: Applies) -> u8 {
    match applies {
        Applies::Applicable => 3,
        Applies::Shared => 2,
        Applies::Inherited => 1,
        Applies::NotApplicable => 0,
    }
}

fn applicability(found: &mut Found<'_>, old: &Control, new: &Control) {
    let (was, is) = (old.applies_as(), new.applies_as());
    if was == is {
        return;
    }
    let at =
        new.applicability.as_ref().map_or(new.id.at, |said| said.is.as_ref().map_or(said.place, |is| is.at));
    let message = format!("{} was {} and is {}", quoted(&new.id), was.word(), is.word());
    if reach(is) < reach(was) {
        let help = "keep it as it was; a control that came to an end is retired with its last day";
        found.now(&NARROWED, subject(new), at, message).help(help);
    } else {
        found.now(&DETAIL, subject(new), at, message);
    }
}

/// First and last day.
fn days(found: &mut Found<'_>, old: &Control, new: &Control) {
    let id = quoted(&new.id);
    let day = |day: &Option<crate::model::scalar::Date>| day.as_ref().map(|day| day.value);
    if !new.misread.holds("effective_from") {
        let (was, is) = (day(&old.effective_from), day(&new.effective_from));
        let fewer = was.is_some_and(|was| is.is_none_or(|is| is > was))
            && old.status() != Status::Draft
            && old.status() != Status::Planned;
        let message = format!(
            "{id} was in place from {} and is from {}",
            shown(old.effective_from.as_ref()),
            shown(new.effective_from.as_ref())
        );
        let at = new.effective_from.as_ref().map_or(new.id.at, |day| day.at);
        if fewer {
            let help =
                "restore the first day; if it was wrong, say since when and why where the change is reviewed";
            found.now(&LATER, subject(new), at, message).help(help);
        } else if was.is_some() && was != is {
            found.now(&EARLIER, subject(new), at, message);
        }
    }
    if !new.misread.holds("retired_at") && old.status() == Status::Retired && new.status() == Status::Retired
    {
        let (was, is) = (day(&old.retired_at), day(&new.retired_at));
        let message = format!(
            "{id} ended on {} and now on {}",
            shown(old.retired_at.as_ref()),
            shown(new.retired_at.as_ref())
        );
        let at = new.retired_at.as_ref().map_or(new.id.at, |day| day.at);
        if was.is_some_and(|was| is.is_none_or(|is| is < was)) {
            found.now(&LATER, subject(new), at, message).help("restore the last day it was in place");
        } else if was != is {
            found.now(&EARLIER, subject(new), at, message);
        }
    }
}

fn design(found: &mut Found<'_>, old: &Control, new: &Control) {
    let is = |control: &Control| {
        control
            .design
            .as_ref()
            .and_then(|design| design.is.as_ref())
            .map_or(DesignIs::NotAssessed, |is| is.value)
    };
    let at = new.design.as_ref().map_or(new.id.at, |design| design.place);
    let id = quoted(&new.id);
    match (is(old), is(new)) {
        (was, now) if was == now => {}
        (DesignIs::Deficient, DesignIs::Adequate) => {
            found.now(
                &DESIGN_MENDED,
                subject(new),
                at,
                format!("the design of {id} is judged adequate; it was deficient"),
            );
        }
        (DesignIs::Deficient, _) => {
            let help = "restore it; once the design is mended, say `is: adequate` with `by` and `on`";
            let message = format!("nothing says any more that the design of {id} is deficient");
            found.now(&JUDGEMENT_REMOVED, subject(new), at, message).help(help);
        }
        (_, DesignIs::Deficient) => {
            let why = new.design.as_ref().and_then(|design| design.why.as_ref());
            let why = why.map_or(String::new(), |why| format!(": {}", quoted(why)));
            found.now(
                &DEFICIENT,
                subject(new),
                at,
                format!("the design of {id} is recorded as deficient{why}"),
            );
        }
        _ => {
            found.now(&DETAIL, subject(new), at, format!("the design of {id} was judged"));
        }
    }
}

fn reworded(found: &mut Found<'_>, old: &Control, new: &Control, texts: [(&str, &str); 2]) {
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let fields = [("title", &old.title, &new.title), ("description", &old.description, &new.description)];
    let mut changed = Vec::new();
    let mut at = None;
    for ((was, is), (key, old_typed, new_typed)) in texts.into_iter().zip(fields) {
        // What failed to be read is told where it stands.
        if words(was) == words(is) || is.is_empty() && old_typed.is_some() && new_typed.is_some() {
            continue;
        }
        at = at.or(new_typed.as_ref().map(|text| text.at));
        let (old_part, new_part) = super::sentences::difference(was, is);
        changed.push(format!("{key} {} → {}", quoted(&old_part), quoted(&new_part)));
    }
    if !changed.is_empty() {
        let message = format!("{} reads otherwise: {}", quoted(&new.id), changed.join("; "));
        found.now(&REWORDED, subject(new), at.unwrap_or(new.id.at), message);
    }
}

/// Other keys that changed, in one line.
pub(super) fn detail(found: &mut Found<'_>, new: &Control, keys: &[&str]) {
    if !keys.is_empty() {
        let message = format!("{} has other {}", quoted(&new.id), names(keys));
        found.now(&DETAIL, subject(new), new.id.at, message);
    }
}
