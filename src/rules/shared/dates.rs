//! Where a manifest has typed a day or a slot.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::performed::occurrences;
use crate::model::{Evidence, scalar};
use crate::program::EvidenceFolder;
use crate::source::{Location, Spanned};

/// The date of the performance on a day; for a log, the key that names it.
pub(in crate::rules) fn performed(folder: &EvidenceFolder, on: Date, zone: &TimeZone) -> Location {
    find_performed(folder, on, zone).unwrap_or(folder.manifest.place)
}

/// The day wherever it stands: performance, collection, review.
pub(in crate::rules) fn anywhere(folder: &EvidenceFolder, day: Date, zone: &TimeZone) -> Location {
    let manifest = &*folder.manifest;
    let collected = manifest.collected.as_ref();
    let collected = collected.and_then(|one| typed(one.at.as_ref(), one.on.as_ref(), day, zone));
    let reviewed = manifest.reviewed.as_ref().and_then(|one| typed(None, one.on.as_ref(), day, zone));
    // A log's place is only the last resort: its rows stand elsewhere.
    let listed = if manifest.log().is_some() { None } else { find_performed(folder, day, zone) };
    listed.or(collected).or(reviewed).unwrap_or_else(|| performed(folder, day, zone))
}

fn find_performed(folder: &EvidenceFolder, on: Date, zone: &TimeZone) -> Option<Location> {
    let manifest = &*folder.manifest;
    if let Some(log) = manifest.log() {
        return Some(log.place);
    }
    let listed = occurrences(manifest).iter().find_map(|one| typed(None, one.on.as_ref(), on, zone));
    let one =
        || manifest.performed.as_ref().and_then(|one| typed(one.at.as_ref(), one.on.as_ref(), on, zone));
    listed.or_else(one)
}

/// Where a moment or a day was typed, if it is that day.
fn typed(
    at: Option<&Spanned<Timestamp>>,
    on: Option<&scalar::Date>,
    day: Date,
    zone: &TimeZone,
) -> Option<Location> {
    let at = at.filter(|at| zone.to_datetime(at.value).date() == day).map(|at| at.at);
    at.or_else(|| on.filter(|on| on.value == day).map(|on| on.at))
}

/// Where the name of a slot was typed.
pub(in crate::rules) fn slot_named(manifest: &Evidence, name: &str) -> Location {
    let listed = occurrences(manifest).iter().filter_map(|one| one.slot.as_ref());
    let mut all = manifest.slot.iter().chain(listed).filter(|slot| *slot.value == *name);
    all.next().map_or(manifest.place, |slot| slot.at)
}
