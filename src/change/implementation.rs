//! Product code that a control names: gone, or no longer named.

use std::collections::BTreeSet;

use super::controls::subject;
use super::found::Found;
use super::wording::{names, quoted};
use super::{Effect, Kind};
use crate::model::Control;
use crate::program::{Implementations, Presence};

pub(super) static REMOVED: Kind = Kind {
    name: "implementation-removed",
    effect: Effect::Regression,
    brief: "the product code that a control names is gone",
    why: "the control claims what the code no longer does",
};

pub(super) static UNLINKED: Kind = Kind {
    name: "implementation-unlinked",
    effect: Effect::Regression,
    brief: "a control no longer names the product code that does it, and names no other in its place",
    why: "without the name, nobody notices when the code goes",
};

pub(super) static LINKED: Kind = Kind {
    name: "implementation-linked",
    effect: Effect::Edit,
    brief: "a control names other product code",
    why: "removing that code will be told from now on",
};

pub(super) fn compare(found: &mut Found<'_>) {
    let (before, after) = (found.before, found.after);
    for (old, new) in found.controls.both.clone() {
        let (Some(old), Some(new)) = (before.controls.get(old), after.controls.get(new)) else { continue };
        if !(old.implemented_by.is_empty() && new.implemented_by.is_empty()
            || new.misread.holds("implemented_by"))
        {
            one(found, old, new);
        }
    }
}

fn presence(of: &Implementations, typed: &str) -> Presence {
    of.get(typed).copied().unwrap_or(Presence::Unknown)
}

fn one(found: &mut Found<'_>, old: &Control, new: &Control) {
    fn all(control: &Control) -> BTreeSet<&str> {
        control.implemented_by.iter().map(|typed| &*typed.value).collect()
    }
    let (was, is) = (all(old), all(new));
    let (before, after) = (found.before, found.after);
    for typed in new.implemented_by.iter().filter(|typed| was.contains(&*typed.value)) {
        if presence(&before.implementations, typed) != Presence::Here {
            continue;
        }
        let what = match presence(&after.implementations, typed) {
            Presence::NoFile => "the file is gone",
            Presence::NoText => "the file no longer holds the text",
            Presence::Here | Presence::Unknown => continue,
        };
        let message = format!("{} is implemented by {}, and {what}", quoted(&new.id), quoted(typed));
        let help = "restore the code, or name what does it now under `implemented_by`";
        found.now(&REMOVED, subject(new), typed.at, message).help(help);
    }
    let gone: Vec<&crate::model::Text> =
        old.implemented_by.iter().filter(|typed| !is.contains(&*typed.value)).collect();
    let fresh: Vec<&crate::model::Text> =
        new.implemented_by.iter().filter(|typed| !was.contains(&*typed.value)).collect();
    let lacking = |typed: &&&crate::model::Text| {
        matches!(presence(&after.implementations, typed), Presence::NoFile | Presence::NoText)
    };
    let sound = fresh.len() - fresh.iter().filter(lacking).count();
    let shown = |all: &[&crate::model::Text]| {
        let typed: Vec<&str> = all.iter().map(|typed| &*typed.value).collect();
        names(&typed)
    };
    match (gone.first(), fresh.first()) {
        (Some(first), _) if gone.len() > sound => {
            let message = format!("{} no longer names {}", quoted(&new.id), shown(&gone));
            let help = "restore it, or name the code that does it now";
            found.gone(&UNLINKED, subject(new), first.at, message).help(help);
        }
        (_, Some(first)) => {
            found.now(
                &LINKED,
                subject(new),
                first.at,
                format!("{} is implemented by {}", quoted(&new.id), shown(&fresh)),
            );
        }
        _ => {}
    }
}
