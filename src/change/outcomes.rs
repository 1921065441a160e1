//! How evidence says that a control came out.

use super::found::Found;
use super::wording::quoted;
use super::{Effect, Kind};
use crate::gap::Subject;
use crate::model::Evidence;
use crate::model::evidence::{Occurrences, Outcome};
use crate::source::Location;

pub(super) static IMPROVED: Kind = Kind {
    name: "result-improved",
    effect: Effect::Regression,
    brief: "evidence says that a control came out better than it said before",
    why: "a result is what was seen that day; it does not get better by writing",
};

pub(super) static FAILED: Kind = Kind {
    name: "result-failed",
    effect: Effect::Disclosure,
    brief: "evidence says that a control did not do what it is for",
    why: "a failure that is written down and followed up is what an auditor hopes to find",
};

pub(super) static EXCEPTIONS: Kind = Kind {
    name: "result-with-exceptions",
    effect: Effect::Disclosure,
    brief: "evidence says that a control found something to follow up",
    why: "what was found asks for a follow-up, and the follow-up for evidence",
};

/// The worst outcome a manifest tells, and where.
fn worst(manifest: &Evidence) -> Option<(Outcome, Location)> {
    let result = manifest.result.as_ref().and_then(|result| result.outcome.as_ref());
    let listed = match manifest.occurrences.as_deref() {
        Some(Occurrences::Listed(all)) => all.as_slice(),
        _ => &[],
    };
    let each = listed.iter().filter_map(|one| one.outcome.as_ref());
    let all = result.into_iter().chain(each).map(|outcome| (outcome.value, outcome.at));
    // The first of the worst.
    all.reduce(|worst, next| if next.0 > worst.0 { next } else { worst })
}

/// Does one manifest tell less than another had found? The words of both, and where the new one says it.
pub(super) fn better(
    old: &Evidence,
    new: &Evidence,
) -> Option<(&'static str, &'static str, Option<Location>)> {
    let (was, _) = worst(old).filter(|(was, _)| *was != Outcome::AsExpected)?;
    match worst(new) {
        _ if ["result", "occurrences"].iter().any(|key| new.misread.holds(key)) => None,
        Some((is, at)) => (is < was).then(|| (was.word(), is.word(), Some(at))),
        None => Some((was.word(), "nothing", None)),
    }
}

fn subject(id: &str) -> Subject {
    Subject::new("evidence", id)
}

/// What a new manifest says. True when it was told.
pub(super) fn of_new(found: &mut Found<'_>, id: &str, manifest: &Evidence) -> bool {
    let Some((outcome, at)) = worst(manifest) else { return false };
    tell(found, id, manifest, outcome, at)
}

fn tell(found: &mut Found<'_>, id: &str, manifest: &Evidence, outcome: Outcome, at: Location) -> bool {
    let summary = manifest.result.as_ref().and_then(|result| result.summary.as_ref());
    let summary = summary.map_or(String::new(), |summary| format!(": {}", quoted(summary)));
    let kind = match outcome {
        Outcome::AsExpected => return false,
        Outcome::ExceptionsNoted => &EXCEPTIONS,
        Outcome::Failed => &FAILED,
    };
    let words = if outcome == Outcome::Failed { "failed" } else { "noted exceptions" };
    found.now(kind, subject(id), at, format!("{} {words}{summary}", quoted(id)));
    true
}

/// Compares what two versions say. True when a difference was told.
pub(super) fn compare(found: &mut Found<'_>, id: &str, old: &Evidence, new: &Evidence) -> bool {
    let unread = ["result", "occurrences"].iter().any(|key| new.misread.holds(key));
    let (was, is) = (worst(old), worst(new));
    let (from, to) = (was.map(|(outcome, _)| outcome), is.map(|(outcome, _)| outcome));
    if from == to || unread {
        return false;
    }
    match (was, is) {
        (Some((was, at)), now) if now.is_none_or(|(now, _)| now < was) && was != Outcome::AsExpected => {
            let now = now.map_or("nothing", |(now, _)| now.word());
            let message = format!("{} said {} and says {now}", quoted(id), was.word());
            let help = "restore the result; what was mended since is told by evidence that follows it up";
            found.gone(&IMPROVED, subject(id), at, message).help(help);
            true
        }
        (_, Some((now, at))) => tell(found, id, new, now, at),
        _ => false,
    }
}

/// Does it fill slots of a control that asks for no review, so that nobody looks at it again?
pub(super) fn counts_unreviewed(
    program: &crate::program::Program,
    folder: &crate::program::EvidenceFolder,
) -> bool {
    folder.manifest.controls.iter().any(|name| {
        let index = program.names.controls.get(&name.value.0);
        let control = index.and_then(|index| program.controls.get(*index));
        control.is_some_and(|control| !crate::timeline::needs_review(control))
    })
}

/// A result that is gone, or a piece of evidence that says there was nothing instead.
pub(super) fn says_less(was: &Evidence, is: &Evidence) -> bool {
    let nothing = |one: &Evidence| one.kind.as_ref().is_some_and(|kind| kind.value.word() == "nil-statement");
    was.result.is_some() && is.result.is_none() && !is.misread.holds("result") || nothing(is) && !nothing(was)
}
