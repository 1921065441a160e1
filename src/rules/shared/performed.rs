//! When a manifest says its control was performed, and how moments and days compare.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::model::Evidence;
use crate::model::evidence::{Occurrence, Occurrences};
use crate::model::scalar::PersonRef;

/// A moment, or a whole day of the organisation's time zone.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) enum When {
    At(Timestamp),
    On(Date),
}

impl When {
    /// What was typed; the moment wins.
    pub(in crate::rules) fn of(
        at: Option<&crate::source::Spanned<Timestamp>>,
        on: Option<&crate::model::scalar::Date>,
    ) -> Option<Self> {
        at.map(|at| Self::At(at.value)).or_else(|| on.map(|on| Self::On(on.value)))
    }

    /// The local day.
    pub(in crate::rules) fn day(self, zone: &TimeZone) -> Date {
        match self {
            Self::At(moment) => zone.to_datetime(moment).date(),
            Self::On(day) => day,
        }
    }

    /// Both as words when this is before the other: `at` moments if both are, else `on` local days.
    pub(in crate::rules) fn before(self, other: Self, zone: &TimeZone) -> Option<(String, String)> {
        if let (Self::At(this), Self::At(other)) = (self, other) {
            let words = |moment| format!("at {}", local(moment, zone));
            return (this < other).then(|| (words(this), words(other)));
        }
        let (this, other) = (self.day(zone), other.day(zone));
        (this < other).then(|| (format!("on {this}"), format!("on {other}")))
    }
}

/// A moment as the organisation's clocks show it, with the offset, so that two can be compared by eye.
pub(in crate::rules) fn local(moment: Timestamp, zone: &TimeZone) -> String {
    moment.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%.f%:z").to_string()
}

/// The last performance that a manifest lists.
pub(in crate::rules) fn last_performed(manifest: &Evidence, zone: &TimeZone) -> Option<When> {
    let one = manifest.performed.as_ref().and_then(|p| When::of(p.at.as_ref(), p.on.as_ref()));
    let listed = occurrences(manifest).iter().filter_map(|one| When::of(None, one.on.as_ref()));
    one.into_iter().chain(listed).max_by_key(|when| when.day(zone))
}

/// Everybody who a manifest says performed the control.
pub(in crate::rules) fn performers(manifest: &Evidence) -> impl Iterator<Item = &PersonRef> {
    let one = manifest.performed.as_ref().and_then(|performed| performed.by.as_ref());
    one.into_iter().chain(occurrences(manifest).iter().filter_map(|one| one.by.as_ref()))
}

/// The performances that a manifest lists one by one.
pub(in crate::rules) fn occurrences(manifest: &Evidence) -> &[Occurrence] {
    match manifest.occurrences.as_deref() {
        Some(Occurrences::Listed(listed)) => listed,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use jiff::tz::TimeZoneDatabase;

    #[test]
    fn a_moment_and_a_day_compare_by_the_local_day() {
        let west = TimeZoneDatabase::bundled().get("America/Los_Angeles").unwrap();
        let moment = When::At("2026-12-31T23:30:00-08:00".parse().unwrap());
        let new_year = When::On(date(2027, 1, 1));
        assert!(moment.before(new_year, &west).is_some());
        assert!(moment.before(new_year, &TimeZone::UTC).is_none());
        assert!(new_year.before(moment, &TimeZone::UTC).is_none(), "the same day is not before");
    }

    #[test]
    fn moments_compare_as_moments() {
        let [early, late] =
            ["2026-03-28T09:00:00-04:00", "2026-03-28T15:00:00Z"].map(|text| When::At(text.parse().unwrap()));
        let (early_words, late_words) = early.before(late, &TimeZone::UTC).unwrap();
        assert_eq!(early_words, "at 2026-03-28T13:00:00+00:00");
        assert_eq!(late_words, "at 2026-03-28T15:00:00+00:00");
        assert!(late.before(early, &TimeZone::UTC).is_none());
    }
}
