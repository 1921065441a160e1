//! Lists of controls that auditors agreed: later changes are told against them, so a list itself only ever stays.

use std::collections::BTreeSet;

use super::found::Found;
use super::wording::{names, quoted, shown};
use super::{Effect, Kind};
use crate::baseline::audit_of;
use crate::gap::Subject;
use crate::model::Agreement;
use crate::program::Program;

pub(super) static ALTERED: Kind = Kind {
    name: "agreed-list-altered",
    effect: Effect::Regression,
    brief: "a list of controls that the auditor agreed is gone or says something else",
    why: "changes of controls are told against it; what the auditor agrees anew is a list of its own",
};

pub(super) static NARROWED: Kind = Kind {
    name: "agreed-list-narrowed",
    effect: Effect::Regression,
    brief: "a later list leaves out controls that the auditor agreed to test, and the report is not out",
    why: "what is left out is tested no longer, and changes of it are told no longer; the auditor must have agreed to that",
};

pub(super) static AGREED: Kind = Kind {
    name: "list-agreed",
    effect: Effect::Disclosure,
    brief: "the auditor agreed a list of controls",
    why: "changes of controls are told against it from now on",
};

/// The lists of one audit, in the order of its file.
fn lists<'p>(program: &'p Program, audit: &str) -> Vec<&'p Agreement> {
    program.agreements.iter().filter(|one| audit_of(program, one) == audit).collect()
}

/// Everything that a list says, but where it stands.
fn said(list: &Agreement) -> String {
    let mut out =
        format!("{} {:?}\n", shown(list.on.as_ref()), list.commit.as_ref().map(|commit| &commit.value));
    for control in &list.controls {
        let text = |text: Option<&crate::model::Text>| text.map(|text| text.value.clone());
        let words = |all: &[crate::model::Text]| all.iter().map(|one| one.value.clone()).collect::<Vec<_>>();
        out.push_str(&format!(
            "{:?} {:?} {:?} {:?} {:?}\n",
            text(control.id.as_ref()),
            control.cadence.as_ref().map(|cadence| cadence.value.word()),
            words(&control.criteria),
            words(&control.systems),
            control.wording.as_ref().map(|wording| wording.value.0)
        ));
    }
    out
}

pub(super) fn compare(found: &mut Found<'_>) {
    let (before, after) = (found.before, found.after);
    let both = before.agreements.iter().map(|one| audit_of(before, one));
    let mut audits: Vec<&str> = both.chain(after.agreements.iter().map(|one| audit_of(after, one))).collect();
    audits.sort_unstable();
    audits.dedup();
    for audit in audits {
        let (old, new) = (lists(before, audit), lists(after, audit));
        let subject = || Subject::new("audit", audit);
        let help = "restore it; what the auditor agrees anew is added behind it: soc2 audit agree --again";
        for (nth, was) in old.iter().enumerate() {
            let day = shown(was.on.as_ref());
            match new.get(nth) {
                Some(is) if said(is) == said(was) => {}
                Some(is) => {
                    let message =
                        format!("the list agreed for {} on {day} says something else", quoted(audit));
                    found.now(&ALTERED, subject(), is.place, message).help(help);
                }
                None if after.may_be_defined_in_unread("audits/") => {}
                None => {
                    let message = format!("the list agreed for {} on {day} is gone", quoted(audit));
                    found.gone(&ALTERED, subject(), was.place, message).help(help);
                }
            }
        }
        if before.may_be_defined_in_unread("audits/") {
            continue;
        }
        let left_out = match (old.last(), new.get(old.len()..).and_then(<[_]>::last)) {
            (Some(was), Some(is)) if is_open(before, audit) => narrowed(found, audit, was, is),
            _ => false,
        };
        let told = new.len() - usize::from(left_out);
        for is in new.iter().take(told).skip(old.len()) {
            let message =
                format!("a list of controls was agreed for {} on {}", quoted(audit), shown(is.on.as_ref()));
            found.now(&AGREED, subject(), is.place, message);
        }
    }
}

/// Is the report of an audit still to come?
fn is_open(program: &Program, audit: &str) -> bool {
    let audits = program.config.as_ref().map_or(&[][..], |config| &config.audit);
    audits.iter().all(|one| *one.id.value.0 != *audit || one.issued.is_none())
}

/// Tells what the last list leaves out of the one that counted before. A control that goes on under an id that is new on the
/// list is not left out.
fn narrowed(found: &mut Found<'_>, audit: &str, was: &Agreement, is: &Agreement) -> bool {
    let ids = |list: &'_ Agreement| -> BTreeSet<Box<str>> {
        list.controls.iter().filter_map(|one| Some(one.id.as_ref()?.value.clone())).collect()
    };
    let (old, new) = (ids(was), ids(is));
    let comes = |id: &str| new.contains(id) && !old.contains(id);
    let mut goes_on: BTreeSet<&str> = BTreeSet::new();
    for control in &found.after.controls {
        if comes(&control.id.value.0) {
            goes_on.extend(control.aliases.iter().map(|alias| &*alias.value));
        }
        if control.superseded_by.as_ref().is_some_and(|id| comes(&id.value.0)) {
            goes_on.insert(&control.id.value.0);
        }
    }
    let left_out: Vec<&Box<str>> =
        old.iter().filter(|id| !new.contains(*id) && !goes_on.contains(&***id)).collect();
    if left_out.is_empty() {
        return false;
    }
    let message = format!(
        "the list agreed for {} on {} leaves out what was agreed on {}: {}",
        quoted(audit),
        shown(is.on.as_ref()),
        shown(was.on.as_ref()),
        names(&left_out)
    );
    let help = format!(
        "put them back on it; where the auditor did agree, a waiver in a change of its own says who decided, with rule `{}` and \
         subject {}",
        NARROWED.name,
        quoted(audit)
    );
    found.now(&NARROWED, Subject::new("audit", audit), is.place, message).help(help);
    true
}
