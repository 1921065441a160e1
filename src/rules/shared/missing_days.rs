//! Days that the populations of a control leave out, in words.

use jiff::civil::Date;

use crate::source::Location;
use crate::text::some;
use crate::timeline::population::Shortfall;

/// More are counted, not listed.
const LISTED: usize = 4;

/// `2026-02-01, 2026-03-16 to 2026-03-31`.
pub(in crate::rules) fn periods(missing: &[(Date, Date)]) -> String {
    let words =
        |(from, to): &(Date, Date)| if from == to { from.to_string() } else { format!("{from} to {to}") };
    some(&missing.iter().map(words).collect::<Vec<_>>(), LISTED)
}

/// Where the last day that is covered was typed.
pub(in crate::rules) fn furthest(short: &Shortfall<'_>) -> Option<Location> {
    short.last.artifact.covers.as_ref()?.to.as_ref().map(|to| to.at)
}
