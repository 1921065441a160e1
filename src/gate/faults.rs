//! Which faults of the text a change brought in: those that the state before has not, however lines and files moved.

use std::collections::BTreeMap;

use super::State;
use crate::diagnostic::Level;
use crate::report::Reported;

/// What a fault says and where: rule, path, message.
type Print<'r> = (&'static str, &'r str, &'r str);

/// Every fault of a state, also what a comment mutes: a change must not excuse itself with one. Muted faults are as good
/// as allowed unless the level is deny.
fn all<'g>(state: &State<'g>) -> impl Iterator<Item = (&'g Reported, bool)> + use<'g> {
    let report = state.report;
    let seen = report.diagnostics.iter().chain(&report.unlisted.counted);
    let muted = report.unlisted.muted.iter().filter(|found| found.level == Level::Deny);
    let seen = seen.filter(|found| found.level > Level::Allow);
    seen.map(|found| (found, false)).chain(muted.map(|found| (found, true)))
}

fn print<'g>(state: &State<'g>, found: &'g Reported) -> Print<'g> {
    (found.rule, state.judgement.program.sources.path(found.at.file), found.own_message())
}

/// A fault that one of the states does not have.
#[derive(Clone, Copy, Debug)]
pub struct Fault<'g> {
    pub found: &'g Reported,
    /// A comment mutes it; one that came with the change does not count.
    pub muted: bool,
}

/// The faults of `after` that `before` has not; one that stands twice where it stood once is new once.
pub(super) fn new<'g>(before: &State<'g>, after: &State<'g>) -> Vec<Fault<'g>> {
    let mut old: BTreeMap<Print<'g>, usize> = BTreeMap::new();
    for (found, _) in all(before) {
        *old.entry(print(before, found)).or_default() += 1;
    }
    let mut new: Vec<Fault<'g>> = Vec::new();
    for (found, muted) in all(after) {
        match old.get_mut(&print(after, found)).filter(|left| **left > 0) {
            Some(left) => *left -= 1,
            None => new.push(Fault { found, muted }),
        }
    }
    let mut moved = of_gone_files(old, after);
    new.retain(|fault| {
        let left = moved.get_mut(&(fault.found.rule, fault.found.own_message())).filter(|left| **left > 0);
        left.map(|left| *left -= 1).is_none()
    });
    new
}

/// Old faults whose file is gone: the file may have got another name.
fn of_gone_files<'g>(
    old: BTreeMap<Print<'g>, usize>,
    after: &State<'g>,
) -> BTreeMap<(&'static str, &'g str), usize> {
    let sources = &after.judgement.program.sources;
    let mut moved = BTreeMap::new();
    for ((rule, path, message), left) in old {
        if left > 0 && sources.find(path).is_none() {
            *moved.entry((rule, message)).or_default() += left;
        }
    }
    moved
}
