//! Who performed what evidence shows, and on which local days.

use jiff::civil::Date;

use super::Ground;
use crate::manifest::When;
use crate::model::Evidence;
use crate::model::evidence::{Occurrence, Occurrences};
use crate::model::scalar::PersonRef;

/// The performances listed one by one.
pub(super) fn listed(manifest: &Evidence) -> &[Occurrence] {
    match manifest.occurrences.as_deref() {
        Some(Occurrences::Listed(listed)) => listed,
        _ => &[],
    }
}

/// Everybody who is said to have performed it.
pub(super) fn performers(manifest: &Evidence) -> impl Iterator<Item = &PersonRef> {
    let one = manifest.performed.as_ref().and_then(|performed| performed.by.as_ref());
    one.into_iter().chain(listed(manifest).iter().filter_map(|one| one.by.as_ref()))
}

/// First and last day of the performances.
pub(super) fn days(ground: &Ground<'_>, manifest: &Evidence) -> Option<(Date, Date)> {
    let one = manifest.performed.as_ref().and_then(|performed| {
        let at = performed.at.as_ref().map(|at| When::At(at.value, String::new()).day(&ground.zone));
        at.or_else(|| performed.on.as_ref().map(|on| on.value))
    });
    let listed = listed(manifest).iter().filter_map(|one| one.on.as_ref().map(|on| on.value));
    listed.chain(one).fold(None, |days, day| match days {
        None => Some((day, day)),
        Some((first, last)) => Some((day.min(first), day.max(last))),
    })
}
