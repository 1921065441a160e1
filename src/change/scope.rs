//! What is in scope of every audit that does not say otherwise.

use std::collections::BTreeSet;

use super::found::Found;
use super::wording::{names, quoted, shown};
use super::{Effect, Kind};
use crate::gap::Subject;
use crate::model::Text;
use crate::model::config::Scope;
use crate::program::Program;
use crate::record::{Table, nowhere};
use crate::source::Location;

pub(super) static NARROWED: Kind = Kind {
    name: "scope-narrowed",
    effect: Effect::Regression,
    brief: "a category, criterion or framework is no longer in scope",
    why: "what customers were told is examined is not; the auditor asks when that was decided",
};

pub(super) static NOT_RELEVANT: Kind = Kind {
    name: "criterion-not-relevant",
    effect: Effect::Regression,
    brief: "a criterion is said not to apply",
    why: "the description has to give the reason (DC 8), and common criteria practically always apply",
};

pub(super) static WIDENED: Kind = Kind {
    name: "scope-widened",
    effect: Effect::Edit,
    brief: "a category or criterion is in scope that was not",
    why: "its criteria ask for controls from the first day of the window",
};

pub(super) fn compare(found: &mut Found<'_>) {
    let config = |program: &'_ Program| program.config.as_ref().map(|config| config.scope.clone());
    let (Some(old), Some(new)) = (config(found.before), config(found.after)) else { return };
    let (Some(old), Some(new)) = (old, new) else {
        return;
    };
    let about = Subject::new("scope", "scope");
    own_frameworks(found);
    framework(found, &old, &new);
    if !new.misread.holds("categories") {
        categories(found, &about, &old.categories, &new.categories);
    }
    if !new.misread.holds("not_relevant") {
        not_relevant(found, &about, &old.not_relevant, &new.not_relevant);
    }
}

fn framework(found: &mut Found<'_>, old: &Scope, new: &Scope) {
    let name = |scope: &Scope| scope.framework.as_ref().map(|name| name.value.0.clone());
    if let (Some(was), Some(is)) = (&old.framework, &new.framework)
        && name(old) != name(new)
    {
        let message = format!("the framework in scope was {} and is {}", quoted(was), quoted(is));
        found
            .now(&NARROWED, Subject::new("scope", "framework"), is.at, message)
            .help("restore the framework");
    }
}

/// Criteria taken out of a framework of the repository that is in scope.
fn own_frameworks(found: &mut Found<'_>) {
    let (before, after) = (found.before, found.after);
    let Some(config) = before.config.as_ref().filter(|_| !after.may_be_defined_in_unread("frameworks/"))
    else {
        return;
    };
    let of_audits = config.audit.iter().filter_map(|audit| audit.framework.as_ref());
    let of_scope = config.scope.iter().filter_map(|scope| scope.framework.as_ref());
    let in_scope: BTreeSet<&str> = of_scope.chain(of_audits).map(|name| &*name.value.0).collect();
    for old in before.own_frameworks().filter(|old| in_scope.contains(&*old.id.value.0)) {
        let new = after.own_frameworks().find(|new| new.id.value == old.id.value);
        let kept: BTreeSet<&str> =
            new.iter().flat_map(|new| &new.criteria).map(|one| &*one.id.value).collect();
        let gone = old.criteria.iter().map(|one| &*one.id.value).filter(|id| !kept.contains(id));
        let gone: Vec<&str> = gone.collect();
        if !gone.is_empty() {
            let message = format!("{}: criteria taken out: {}", quoted(&old.id.value.0), names(&gone));
            let about = Subject::new("framework", old.id.to_string());
            found.gone(&NARROWED, about, old.id.at, message).help("restore the criteria");
        }
    }
}

fn set(categories: &[Text]) -> BTreeSet<String> {
    categories.iter().map(|category| category.trim().to_lowercase()).collect()
}

/// Categories that came into scope and went out of it.
pub(super) fn categories(found: &mut Found<'_>, about: &Subject, old: &[Text], new: &[Text]) {
    let (was, is) = (set(old), set(new));
    let gone: Vec<&String> = was.difference(&is).collect();
    if !gone.is_empty() {
        let at = old.first().map_or_else(nowhere, |first| first.at);
        let message = format!("{}: no longer in scope: {}", quoted(&about.id), names(&gone));
        found.gone(&NARROWED, about.clone(), at, message).help("restore the category");
    }
    let fresh: Vec<&String> = is.difference(&was).collect();
    if !fresh.is_empty() {
        let at = new.first().map_or_else(nowhere, |first| first.at);
        let message = format!("{}: in scope now: {}", quoted(&about.id), names(&fresh));
        found.now(&WIDENED, about.clone(), at, message);
    }
}

/// Criteria that are said not to apply.
pub(super) fn not_relevant(found: &mut Found<'_>, about: &Subject, old: &Table, new: &Table) {
    fn named(table: &Table) -> BTreeSet<&str> {
        table.0.iter().map(|(criterion, _)| &*criterion.value).collect()
    }
    let (was, is) = (named(old), named(new));
    for (criterion, why) in new.0.iter().filter(|(criterion, _)| !was.contains(&*criterion.value)) {
        let message =
            format!("{}: {} is said not to apply: {}", quoted(&about.id), quoted(criterion), quoted(why));
        let help = "take it out again; a criterion that applies and has no control is told as not addressed";
        found.now(&NOT_RELEVANT, about.clone(), criterion.at, message).help(help);
    }
    for (criterion, why) in old.0.iter().filter(|(criterion, _)| !is.contains(&*criterion.value)) {
        let message = format!(
            "{}: {} applies again; it was left out: {}",
            quoted(&about.id),
            quoted(criterion),
            shown(Some(why))
        );
        found.gone(&WIDENED, about.clone(), criterion.at, message);
    }
}

/// The start of `soc2.toml`, for what has no better place.
pub(super) fn root(program: &Program) -> Location {
    program.root_place()
}
