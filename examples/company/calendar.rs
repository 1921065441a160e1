//! Days of the story: working days, months and quarters, and moments in New York.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};
use jiff::tz::{TimeZone, TimeZoneDatabase};

/// The last day of the story.
pub const LAST: Date = date(2027, 1, 31);

/// Days on which nobody works.
const HOLIDAYS: &[Date] = &[
    date(2025, 11, 27),
    date(2025, 11, 28),
    date(2025, 12, 25),
    date(2026, 1, 1),
    date(2026, 5, 25),
    date(2026, 7, 3),
    date(2026, 9, 7),
    date(2026, 11, 26),
    date(2026, 11, 27),
    date(2026, 12, 25),
    date(2027, 1, 1),
];

/// A day as the data files write it.
pub fn day(text: &str) -> Date {
    text.parse().unwrap_or_else(|_| panic!("`{text}` is not a day"))
}

/// So many days later.
pub fn later(from: Date, days: i64) -> Date {
    from.saturating_add(days.days())
}

fn is_working(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !HOLIDAYS.contains(&day)
}

/// The last working day up to that one.
pub fn working_before(mut day: Date) -> Date {
    while !is_working(day) {
        day = later(day, -1);
    }
    day
}

/// So many working days after a day.
pub fn working_after(mut day: Date, mut days: u32) -> Date {
    while days > 0 {
        day = later(day, 1);
        days -= u32::from(is_working(day));
    }
    day
}

/// The first working day on one of these weekdays, from `day` on.
pub fn next_on(mut day: Date, weekdays: &[Weekday]) -> Date {
    while !weekdays.contains(&day.weekday()) || !is_working(day) {
        day = later(day, 1);
    }
    day
}

/// The last working day of a week, on which evidence is filed.
pub fn end_of_week(day: Date) -> Date {
    let sunday = later(day, 7 - i64::from(day.weekday().to_monday_one_offset()));
    working_before(sunday).max(day)
}

/// The next day on which evidence is reviewed: Thursday of every second week.
pub fn review_day(from: Date) -> Date {
    let mut day = from;
    loop {
        day = next_on(day, &[Weekday::Wednesday, Weekday::Thursday]);
        let holiday_tomorrow = !is_working(later(day, 1));
        let chosen = day.weekday() == Weekday::Thursday || holiday_tomorrow;
        if chosen && day.iso_week_date().week() % 2 == 0 {
            return day;
        }
        day = later(day, 1);
    }
}

/// Every day of an interval.
pub fn days(from: Date, to: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(from), |day| Some(later(*day, 1))).take_while(move |day| *day <= to)
}

/// A named interval.
#[derive(Clone, Debug)]
pub struct Interval {
    /// `2026-05`, `2026-Q1`, `2026-H1`.
    pub name: String,
    pub from: Date,
    pub to: Date,
}

/// The intervals of so many months from one day to another.
pub fn intervals(months: i8, from: Date, to: Date) -> Vec<Interval> {
    let mut out = Vec::new();
    let mut start = date(from.year(), (from.month() - 1) / months * months + 1, 1);
    while start <= to {
        let end = start.saturating_add(i32::from(months - 1).months()).last_of_month();
        let name = match months {
            1 => format!("{}-{:02}", start.year(), start.month()),
            3 => format!("{}-Q{}", start.year(), (start.month() + 2) / 3),
            _ => format!("{}-H{}", start.year(), (start.month() + 5) / 6),
        };
        out.push(Interval { name, from: start, to: end });
        start = later(end, 1);
    }
    out
}

fn zone() -> TimeZone {
    TimeZoneDatabase::bundled()
        .get("America/New_York")
        .unwrap_or_else(|error| panic!("no time zone in the binary: {error}"))
}

/// A moment of a day in New York, by the minute: seconds since 1970 and the offset as git writes it.
pub fn moment(day: Date, minute: i16) -> (i64, String) {
    let at = day.at((minute / 60) as i8, (minute % 60) as i8, 0, 0).to_zoned(zone());
    let at = at.unwrap_or_else(|error| panic!("{day}: {error}"));
    let hours = at.offset().seconds() / 3600;
    (at.timestamp().as_second(), format!("{}{:02}00", if hours < 0 { '-' } else { '+' }, hours.abs()))
}

/// The same as manifests write it: `2026-03-27T15:41:00-04:00`.
pub fn stamp(day: Date, minute: i16) -> String {
    let (_, offset) = moment(day, minute);
    let (hours, minutes) = offset.split_at(3);
    format!("{day}T{:02}:{:02}:00{hours}:{minutes}", minute / 60, minute % 60)
}
