//! The days on which people and registers are judged.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::timeline::{Judgement, Settings};

/// The judged days of all audits, none of them after as-of.
pub(in crate::rules) struct Window {
    /// First and last day of each stretch, in order.
    stretches: Vec<(Date, Date)>,
}

impl Window {
    /// Each audit's window up to as-of; as-of itself for one that has not begun, or without any audit.
    pub(in crate::rules) fn of(judgement: &Judgement<'_>) -> Self {
        let today = judgement.as_of;
        let judged = judgement.audits.iter().map(|audit| audit.days);
        let mut stretches: Vec<(Date, Date)> =
            judged.map(|(from, to)| if from > today { (today, today) } else { (from, to) }).collect();
        if stretches.is_empty() {
            stretches.push((today, today));
        }
        stretches.sort_unstable();
        Self { stretches }
    }

    pub(in crate::rules) fn first(&self) -> Date {
        self.stretches.first().map_or(Date::MIN, |(from, _)| *from)
    }

    pub(in crate::rules) fn last(&self) -> Date {
        self.stretches.iter().map(|(_, to)| *to).max().unwrap_or(Date::MAX)
    }

    /// Is one of the days judged?
    pub(in crate::rules) fn overlaps(&self, from: Date, to: Date) -> bool {
        self.stretches.iter().any(|(first, last)| from <= *last && *first <= to)
    }
}

/// Days from the first to the last, both counted.
pub(in crate::rules) fn length(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days()) + 1
}

/// The first day on which a yearly act is overdue that was last done on `last`.
pub(in crate::rules) fn overdue_from(settings: &Settings, last: Date) -> Option<Date> {
    overdue_after(settings, last, settings.review_months)
}

/// The same for an act that is due each so many months.
pub(in crate::rules) fn overdue_after(settings: &Settings, last: Date, months: i64) -> Option<Date> {
    let due = last.checked_add(months.months()).ok()?;
    due.checked_add((settings.review_grace_days + 1).days()).ok()
}

/// The day after.
pub(in crate::rules) fn next(day: Date) -> Option<Date> {
    day.checked_add(1.day()).ok()
}
