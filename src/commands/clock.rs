//! The one clock. Everything below takes the day as a value.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Today in a zone.
#[expect(clippy::disallowed_methods, reason = "the one clock")]
pub(super) fn today(zone: &TimeZone) -> Date {
    Timestamp::now().to_zoned(zone.clone()).date()
}

/// This moment.
#[expect(clippy::disallowed_methods, reason = "the one clock")]
pub(super) fn now() -> Timestamp {
    Timestamp::now()
}
