//! What was handed over: records of archives, to which more are only ever added.

use super::found::Found;
use super::pairs::entries;
use super::wording::{quoted, shown};
use super::{Effect, Kind};
use crate::gap::Subject;
use crate::model::Bundle;
use crate::program::Program;

pub(super) static ALTERED: Kind = Kind {
    name: "handover-record-altered",
    effect: Effect::Regression,
    brief: "the record of an archive that was handed over is gone or says something else",
    why: "it says which bytes the auditor has, and of which commit; what they hold is told against it",
};

pub(super) fn compare(found: &mut Found<'_>) {
    let (before, after) = (found.before, found.after);
    if after.may_be_defined_in_unread("audits/") {
        return;
    }
    let audit = |program: &Program, one: &Bundle| -> String {
        let path = program.sources.path(one.place.file);
        path.strip_prefix("audits/").and_then(|rest| rest.split('/').next()).unwrap_or("").to_owned()
    };
    let said = |program: &Program, one: &Bundle| {
        (
            audit(program, one),
            one.commit.as_ref().map(|commit| commit.value.clone()),
            (one.on.as_ref().map(|on| on.value), one.as_of.as_ref().map(|on| on.value)),
            one.file.as_ref().map(|file| file.value.clone()),
            one.sha256.as_ref().map(|hash| hash.value.0),
        )
    };
    // Both lists are asked by the same function, so each row carries its own words.
    let rows = |program: &Program| -> Vec<_> {
        program.bundles.iter().map(|one| (said(program, one), one.clone())).collect()
    };
    let (old, new) = (rows(before), rows(after));
    for (_, one) in entries(&old, &new, |(said, _)| said.clone()).gone {
        let what = one.file.as_ref().map_or_else(|| "an archive".to_owned(), |file| quoted(file));
        let audit = audit(before, one);
        let message = format!(
            "{what}, handed over for {} on {}, is not recorded any more as it was",
            quoted(&audit),
            shown(one.on.as_ref())
        );
        found
            .gone(&ALTERED, Subject::new("audit", audit), one.place, message)
            .help("restore the entry; another archive is another entry behind it");
    }
}
