//! Days and slots of 2026, the year every generated audit covers.

use jiff::ToSpan;
use jiff::civil::{Date, date};

/// A day of 2026, from 1; days after it count on into 2027, 0 and below into 2025.
pub fn day(number: i64) -> Date {
    later(date(2025, 12, 31), number)
}

/// So many days later.
pub fn later(from: Date, days: i64) -> Date {
    from.saturating_add(days.days())
}

/// How often a control is performed: its name in YAML, slots in the year, days of grace that surely still count.
#[derive(Clone, Copy, Debug)]
pub struct Cadence {
    pub name: &'static str,
    pub adverb: &'static str,
    pub slots: usize,
    pub grace: usize,
}

#[rustfmt::skip]
pub const CADENCES: &[(usize, Cadence)] = &[
    (30, Cadence { name: "quarterly", adverb: "Each quarter", slots: 4, grace: 10 }),
    (18, Cadence { name: "annual", adverb: "Once a year", slots: 1, grace: 20 }),
    (20, Cadence { name: "monthly", adverb: "Each month", slots: 12, grace: 5 }),
    (6, Cadence { name: "semiannual", adverb: "Twice a year", slots: 2, grace: 15 }),
    (6, Cadence { name: "weekly", adverb: "Each week", slots: 52, grace: 2 }),
    (3, Cadence { name: "daily", adverb: "Every day", slots: 365, grace: 0 }),
    (8, Cadence { name: "continuous", adverb: "At all times", slots: 12, grace: 3 }),
    (7, Cadence { name: "event", adverb: "Each time it is needed", slots: 30, grace: 3 }),
    (2, Cadence { name: "once", adverb: "Before the service starts", slots: 1, grace: 20 }),
];

/// A slot of 2026: its name, first and last day.
pub fn slot(cadence: Cadence, n: usize) -> (String, Date, Date) {
    let months = |each: usize| {
        let from = date(2026, i8::try_from(n * each + 1).unwrap_or(1), 1);
        let last = i8::try_from(n * each + each).unwrap_or(12);
        (from, date(2026, last, 1).last_of_month())
    };
    let spread = |each: i64| {
        let from = day(n as i64 * each + 1);
        (from, later(from, each - 1))
    };
    match cadence.name {
        "quarterly" => named(format!("2026-Q{}", n + 1), months(3)),
        "monthly" | "continuous" => named(format!("2026-{:02}", n + 1), months(1)),
        "semiannual" => named(format!("2026-H{}", n + 1), months(6)),
        "weekly" => {
            // 2026-W01 begins on Monday 2025-12-29.
            let monday = later(date(2025, 12, 29), n as i64 * 7);
            named(format!("2026-W{:02}", n + 1), (monday, later(monday, 6)))
        }
        "daily" => named(spread(1).0.to_string(), spread(1)),
        "event" => named(spread(12).1.to_string(), spread(12)),
        _ => named("2026".to_owned(), months(12)),
    }
}

fn named(name: String, (from, to): (Date, Date)) -> (String, Date, Date) {
    (name, from, to)
}
