//! Examinations: which there are, over which days and systems.

use std::collections::BTreeSet;

use super::found::Found;
use super::pairs::pairs;
use super::wording::{names, quoted, shown};
use super::{Effect, Kind, scope};
use crate::gap::Subject;
use crate::model::{Audit, AuditType, Config};
use crate::program::Program;
use crate::source::Location;

pub(super) static REMOVED: Kind = Kind {
    name: "audit-removed",
    effect: Effect::Regression,
    brief: "an audit is gone",
    why: "nothing is judged for its window any more",
};

pub(super) static NARROWED: Kind = Kind {
    name: "audit-narrowed",
    effect: Effect::Regression,
    brief: "an audit covers fewer days or systems, other days, or is a Type I instead of a Type II",
    why: "the window and the system are agreed with the auditor and told to customers",
};

pub(super) static ISSUED: Kind = Kind {
    name: "audit-issued",
    effect: Effect::Disclosure,
    brief: "an audit's report is issued, so it is no longer judged",
    why: "its gaps stand in the report and are not shown here any more",
};

pub(super) static WIDENED: Kind = Kind {
    name: "audit-widened",
    effect: Effect::Edit,
    brief: "an audit is new, or covers more than it did",
    why: "what is added asks for evidence from its first day on",
};

fn audits(program: &Program) -> &[Audit] {
    program.config.as_ref().map_or(&[][..], |config| &config.audit)
}

fn subject(audit: &Audit) -> Subject {
    Subject::new("audit", audit.id.to_string())
}

fn is_unread(config: Option<&Config>) -> bool {
    config.is_none_or(|config| config.misread.holds("audit"))
}

pub(super) fn compare(found: &mut Found<'_>) {
    let (before, after) = (found.before, found.after);
    let pairs = pairs(audits(before), audits(after), |audit| audit.id.value.0.clone());
    for audit in pairs.gone.iter().filter_map(|index| audits(before).get(*index)) {
        if !is_unread(after.config.as_ref()) {
            let message = format!("the audit {} is gone", quoted(&audit.id));
            let help = "restore it; an audit whose report is out says `issued`";
            found.gone(&REMOVED, subject(audit), audit.id.at, message).help(help);
        }
    }
    for audit in pairs.new.iter().filter_map(|index| audits(after).get(*index)) {
        if before.config.is_some() {
            found.now(&WIDENED, subject(audit), audit.id.at, format!("new audit {}", quoted(&audit.id)));
        }
    }
    for (old, new) in pairs.both {
        if let (Some(old), Some(new)) = (audits(before).get(old), audits(after).get(new)) {
            days(found, old, new);
            systems(found, old, new);
            own_scope(found, old, new);
            issued(found, old, new);
        }
    }
}

fn place(audit: &Audit) -> Location {
    let period = audit.period.as_ref().map(|period| period.place);
    period.or(audit.as_of.as_ref().map(|day| day.at)).unwrap_or(audit.id.at)
}

fn days(found: &mut Found<'_>, old: &Audit, new: &Audit) {
    let id = quoted(&new.id);
    let kind = |audit: &Audit| audit.r#type.as_ref().map(|of| of.value);
    if kind(old) == Some(AuditType::Type2) && kind(new) == Some(AuditType::Type1) {
        let at = new.r#type.as_ref().map_or(new.id.at, |of| of.at);
        found
            .now(&NARROWED, subject(new), at, format!("{id} was a Type II and is a Type I"))
            .help("restore the type");
        return;
    }
    let (Some((from, to)), Some((first, last))) = (old.days(), new.days()) else { return };
    if (from, to) == (first, last) {
        return;
    }
    let message = if from == to && first == last {
        format!("{id} was as of {from} and is as of {first}")
    } else {
        format!("{id} covered {from} to {to} and covers {first} to {last}")
    };
    if first > from || last < to {
        let help = "restore the days, unless they were agreed anew with the auditor";
        found.now(&NARROWED, subject(new), place(new), message).help(help);
    } else {
        found.now(&WIDENED, subject(new), place(new), message);
    }
}

fn systems(found: &mut Found<'_>, old: &Audit, new: &Audit) {
    let of = |audit: &Audit| -> BTreeSet<String> {
        audit.systems.iter().map(|system| system.value.0.to_string()).collect()
    };
    let (was, is) = (of(old), of(new));
    if was == is || new.misread.holds("systems") {
        return;
    }
    let at = new.systems.first().map_or(new.id.at, |system| system.at);
    let gone: Vec<&String> = was.difference(&is).collect();
    // Without a list every system in scope is.
    if was.is_empty() || !gone.is_empty() && !is.is_empty() {
        let message = match gone.is_empty() {
            true => format!(
                "{} covered every system in scope and covers {}",
                quoted(&new.id),
                names(&is.iter().collect::<Vec<_>>())
            ),
            false => format!("{} no longer covers {}", quoted(&new.id), names(&gone)),
        };
        found.now(&NARROWED, subject(new), at, message).help("restore the systems");
    } else {
        found.now(&WIDENED, subject(new), at, format!("{} covers more systems", quoted(&new.id)));
    }
}

/// What an audit says of its own scope; what it leaves out it has of `[scope]`, which is told there.
fn own_scope(found: &mut Found<'_>, old: &Audit, new: &Audit) {
    let effective = |audit: &Audit, program: &Program| {
        let scope = program.config.as_ref().and_then(|config| config.scope.as_ref());
        if audit.categories.is_empty() {
            scope.map_or_else(Vec::new, |scope| scope.categories.clone())
        } else {
            audit.categories.clone()
        }
    };
    let framework = |audit: &'_ Audit, program: &'_ Program| {
        let scope = program.config.as_ref().and_then(|config| config.scope.as_ref());
        audit.framework.clone().or_else(|| scope.and_then(|scope| scope.framework.clone()))
    };
    let own = old.framework.is_some() || new.framework.is_some();
    if own
        && !new.misread.holds("framework")
        && let (Some(was), Some(is)) = (framework(old, found.before), framework(new, found.after))
        && was.value != is.value
    {
        let message =
            format!("{} was examined by {} and is by {}", quoted(&new.id), quoted(&was), quoted(&is));
        let at = new.framework.as_ref().map_or(new.id.at, |name| name.at);
        found.now(&scope::NARROWED, subject(new), at, message).help("restore the framework");
    }
    let own = !old.categories.is_empty() || !new.categories.is_empty();
    if own && !new.misread.holds("categories") {
        let (was, is) = (effective(old, found.before), effective(new, found.after));
        scope::categories(found, &subject(new), &was, &is);
    }
    if !new.misread.holds("not_relevant") {
        scope::not_relevant(found, &subject(new), &old.not_relevant, &new.not_relevant);
    }
}

fn issued(found: &mut Found<'_>, old: &Audit, new: &Audit) {
    if let (None, Some(day)) = (&old.issued, &new.issued) {
        let message = format!("the report of {} was issued on {}", quoted(&new.id), shown(Some(day)));
        found.now(&ISSUED, subject(new), day.at, message);
    }
}
