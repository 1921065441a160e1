//! Numbers on which firms differ, with their usual values. `[timeline]` in `soc2.toml` sets others; a value that makes
//! no sense is told by a rule and the usual one holds.

use std::ops::RangeInclusive;

use crate::model::{Cadence, Control};
use crate::program::Program;

/// What `[timeline]` says, filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Days after an interval in which an occurrence counts as late, by cadence in [`Cadence`]'s order.
    grace: Vec<i64>,
    /// Month in which the fiscal year starts, 1 to 12.
    pub fiscal_year_starts: i8,
    /// Cadences judged by the distance between occurrences.
    by_distance: Vec<Cadence>,
    /// Type I: how old evidence may be, in days.
    pub type1_max_age: i64,
    /// Fewer people than this are a small team.
    pub small_team: usize,
    /// Days in which a policy has to be acknowledged.
    pub acknowledgement_days: i64,
    /// Days after hiring in which training is due.
    pub training_days: i64,
    /// Months after which a yearly review is due again.
    pub review_months: i64,
    /// Days after that in which it still counts as in time.
    pub review_grace_days: i64,
    /// Months after the end of its period in which a vendor's report can be relied on.
    pub vendor_report_months: i64,
    /// Days after a window that a bridge letter can speak for.
    pub bridge_days: i64,
    /// Days from a performance to the first commit of its evidence, after which it counts as back-filled.
    pub back_filled_days: i64,
}

/// The usual grace of a cadence, in days.
fn usual_grace(cadence: Cadence) -> i64 {
    match cadence {
        Cadence::Weekly => 2,
        Cadence::Monthly => 7,
        Cadence::Quarterly => 15,
        Cadence::Semiannual | Cadence::Annual | Cadence::Once => 30,
        Cadence::Daily | Cadence::Continuous | Cadence::Event => 0,
    }
}

/// Days of a yearly cadence, without grace.
pub(super) fn usual_gap(cadence: Cadence) -> i64 {
    if cadence == Cadence::Semiannual { 183 } else { 365 }
}

/// The longest grace that is still shorter than the cadence, in days; `None` where grace has no meaning.
pub fn longest_grace(cadence: Cadence) -> Option<i64> {
    match cadence {
        Cadence::Daily => Some(0),
        Cadence::Weekly => Some(6),
        Cadence::Monthly => Some(27),
        // February to April, and half a year that holds February.
        Cadence::Quarterly => Some(88),
        Cadence::Semiannual => Some(180),
        Cadence::Annual | Cadence::Once => Some(364),
        Cadence::Continuous | Cadence::Event => None,
    }
}

/// The values that make sense for a key of `[timeline]` with a number.
pub fn sensible(key: &str) -> RangeInclusive<u64> {
    match key {
        "fiscal_year_starts" => 1..=12,
        "type1_max_age_days" => 0..=3660,
        "small_team" => 0..=10,
        "acknowledgement_days" | "training_days" => 0..=366,
        "review_grace_days" => 0..=180,
        "review_months" | "vendor_report_months" => 1..=36,
        "bridge_days" | "back_filled_days" => 0..=366,
        _ => 0..=0,
    }
}

impl Settings {
    /// What a programme sets, else the usual values.
    pub fn of(program: &Program) -> Self {
        let set = program.config.as_ref().and_then(|config| config.timeline.as_ref());
        let number = |value: Option<u64>, range: RangeInclusive<u64>, usual: i64| {
            value.filter(|n| range.contains(n)).and_then(|n| i64::try_from(n).ok()).unwrap_or(usual)
        };
        macro_rules! key {
            ($key:ident, $usual:literal) => {
                number(
                    set.and_then(|set| set.$key.as_ref()).map(|value| value.value),
                    sensible(stringify!($key)),
                    $usual,
                )
            };
        }
        let grace = |cadence: &Cadence| {
            let typed = set.and_then(|set| set.grace_days.get(cadence.word()));
            let longest = longest_grace(*cadence).and_then(|days| u64::try_from(days).ok()).unwrap_or(0);
            number(typed.and_then(|text| text.parse().ok()), 0..=longest, usual_grace(*cadence))
        };
        let by_distance = set.map_or(&[][..], |set| &set.by_distance);
        Self {
            grace: Cadence::ALL.iter().map(grace).collect(),
            fiscal_year_starts: i8::try_from(key!(fiscal_year_starts, 1)).unwrap_or(1),
            by_distance: match by_distance {
                [] => vec![Cadence::Annual],
                typed => typed.iter().map(|cadence| cadence.value).collect(),
            },
            type1_max_age: key!(type1_max_age_days, 90),
            small_team: usize::try_from(key!(small_team, 5)).unwrap_or(5),
            acknowledgement_days: key!(acknowledgement_days, 30),
            training_days: key!(training_days, 30),
            review_months: key!(review_months, 12),
            review_grace_days: key!(review_grace_days, 30),
            vendor_report_months: key!(vendor_report_months, 12),
            bridge_days: key!(bridge_days, 92),
            back_filled_days: key!(back_filled_days, 30),
        }
    }

    /// Days after an interval of that cadence in which an occurrence counts as late.
    pub fn grace(&self, cadence: Cadence) -> i64 {
        self.grace.get(cadence as usize).copied().unwrap_or(0)
    }

    /// The same for one control, which may say its own number of days.
    pub fn grace_of(&self, control: &Control, cadence: Cadence) -> i64 {
        let own = control.grace_days.as_ref().and_then(|days| i64::try_from(days.value).ok());
        own.unwrap_or_else(|| self.grace(cadence)).clamp(0, longest_grace(cadence).unwrap_or(0))
    }

    /// Days that may lie between two occurrences of a control whose intervals do not count, grace included.
    pub fn longest_gap(&self, control: &Control, cadence: Cadence) -> i64 {
        usual_gap(cadence) + self.grace_of(control, cadence)
    }

    /// Is the distance between occurrences judged, instead of calendar intervals?
    pub fn by_distance(&self, cadence: Cadence) -> bool {
        matches!(cadence, Cadence::Annual | Cadence::Semiannual) && self.by_distance.contains(&cadence)
    }
}
