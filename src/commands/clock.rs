//! The one clock. Everything below takes the day as a value.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::program::Program;
use crate::timeline::Clock;

/// The day that was asked for, else today in the organisation's zone.
pub(super) fn clock(as_of: Option<Date>, program: &Program) -> Clock {
    as_of.map_or_else(|| Clock::today(today(&program.zone())), Clock::from)
}

/// Today in a zone.
#[expect(clippy::disallowed_methods, reason = "the one clock")]
pub(super) fn today(zone: &TimeZone) -> Date {
    Timestamp::now().to_zoned(zone.clone()).date()
}
