//! Lists of controls that auditors agreed: later changes are told against them, so a list itself only ever stays.

use super::found::Found;
use super::wording::{quoted, shown};
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
        for is in new.iter().skip(old.len()) {
            let message =
                format!("a list of controls was agreed for {} on {}", quoted(audit), shown(is.on.as_ref()));
            found.now(&AGREED, subject(), is.place, message);
        }
    }
}
