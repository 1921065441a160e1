//! Intervals of a cadence: where each begins and ends, and its name. Calendar (`2026-Q1`, `2026-H1`, `2026-03`,
//! `2026-W09`, `2026-03-28`, `2026`), fiscal (`FY2026-Q1`, the year in which the fiscal year ends) or counted from the
//! window's first day (`w1`). All days are whole and both ends belong to the interval.

use jiff::civil::{Date, ISOWeekDate, Weekday};
use jiff::{Span, ToSpan};

use crate::model::Cadence;
use crate::model::control::Anchor;

/// How long an interval is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Day,
    Week,
    /// So many months: 1, 3, 6 or 12.
    Months(i32),
}

/// A way to cut time into intervals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grid {
    step: Step,
    cut: Cut,
}

/// Where intervals begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cut {
    Calendar,
    /// The month in which the fiscal year starts, from 1; never January, which is the calendar.
    Fiscal(i32),
    /// The window's first day.
    Window(Date),
}

/// One interval of a grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Interval {
    pub from: Date,
    pub to: Date,
    grid: Grid,
}

/// `date` moved by a span, or the end of time.
pub fn moved(date: Date, by: Span) -> Date {
    date.checked_add(by).unwrap_or(Date::MAX)
}

/// The day before.
pub fn eve(date: Date) -> Date {
    date.yesterday().unwrap_or(Date::MIN)
}

/// Days from one date to a later one; negative when it is earlier.
pub fn days_between(from: Date, to: Date) -> i64 {
    from.duration_until(to).as_hours() / 24
}

/// Days of a period, both ends counted.
pub fn length((from, to): (Date, Date)) -> i64 {
    days_between(from, to) + 1
}

/// Is the period twelve months or longer?
pub fn is_a_year((from, to): (Date, Date)) -> bool {
    to >= eve(moved(from, 12.months()))
}

impl Grid {
    /// The grid of a periodic cadence; `None` for the others.
    pub fn new(
        cadence: Cadence,
        anchor: Anchor,
        fiscal_year_starts: i8,
        window_starts: Date,
    ) -> Option<Self> {
        let step = match cadence {
            Cadence::Daily => Step::Day,
            Cadence::Weekly => Step::Week,
            Cadence::Monthly => Step::Months(1),
            Cadence::Quarterly => Step::Months(3),
            Cadence::Semiannual => Step::Months(6),
            Cadence::Annual => Step::Months(12),
            Cadence::Once | Cadence::Continuous | Cadence::Event => return None,
        };
        let cut = match anchor {
            Anchor::Window => Cut::Window(window_starts),
            // Months, weeks and days begin where the calendar's do.
            Anchor::Fiscal if fiscal_year_starts != 1 && step > Step::Months(1) => {
                Cut::Fiscal(i32::from(fiscal_year_starts))
            }
            Anchor::Fiscal | Anchor::Calendar => Cut::Calendar,
        };
        Some(Self { step, cut })
    }

    /// The interval that holds a day.
    pub fn containing(self, day: Date) -> Interval {
        match (self.cut, self.step) {
            (Cut::Window(start), _) => {
                let number = self.number(start, day);
                self.between(self.nth_start(start, number), self.nth_start(start, number + 1))
            }
            (_, Step::Day) => Interval { from: day, to: day, grid: self },
            (_, Step::Week) => {
                let from = day
                    .checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days())
                    .unwrap_or(Date::MIN);
                self.between(from, moved(from, 7.days()))
            }
            (_, Step::Months(n)) => {
                let first = self.month(day).div_euclid(n) * n + self.offset();
                self.between(first_of_month(first), first_of_month(first + n))
            }
        }
    }

    /// Months from January to the first of the year that is cut.
    fn offset(self) -> i32 {
        if let Cut::Fiscal(month) = self.cut { month - 1 } else { 0 }
    }

    /// The month of a day, counted from the first of the year 0 that is cut.
    fn month(self, day: Date) -> i32 {
        i32::from(day.year()) * 12 + i32::from(day.month()) - 1 - self.offset()
    }

    /// The interval after another; none at the end of time.
    pub fn after(self, interval: Interval) -> Option<Interval> {
        let next = self.containing(interval.to.tomorrow().ok()?);
        (next.from > interval.from).then_some(next)
    }

    /// How many intervals hold a day of the period, without building them.
    pub fn count(self, (from, to): (Date, Date)) -> u64 {
        if from > to {
            return 0;
        }
        let number = |day: Date| match (self.cut, self.step) {
            (Cut::Window(start), _) => self.number(start, day),
            (_, Step::Day) => days_between(Date::MIN, day),
            // From any Monday on.
            (_, Step::Week) => days_between(Date::constant(1970, 1, 5), day).div_euclid(7),
            (_, Step::Months(n)) => i64::from(self.month(day).div_euclid(n)),
        };
        u64::try_from(number(to) - number(from) + 1).unwrap_or(0)
    }

    /// The intervals that hold a day of the period, in order. Ask for their count first: a long period has millions.
    pub fn over(self, (from, to): (Date, Date)) -> Vec<Interval> {
        let mut intervals = Vec::new();
        let mut next = Some(self.containing(from));
        while let Some(interval) = next.filter(|interval| interval.from <= to) {
            intervals.push(interval);
            next = self.after(interval);
        }
        intervals
    }

    /// The interval of that name, in any case of letters.
    pub fn named(self, name: &str) -> Option<Interval> {
        let interval = match self.cut {
            Cut::Window(start) => {
                let number: i64 = name.strip_prefix(['w', 'W'])?.parse().ok()?;
                if !(1..=10_000).contains(&number) {
                    return None;
                }
                self.between(self.nth_start(start, number - 1), self.nth_start(start, number))
            }
            Cut::Fiscal(month) => {
                let day =
                    day_named(name.get(..2).filter(|fy| fy.eq_ignore_ascii_case("fy")).and(name.get(2..))?)?;
                // The calendar's day of that name, moved to the fiscal year that ends in the named one.
                let moved = if month == 1 { day } else { moved(day, (month - 13).months()) };
                self.containing(moved)
            }
            Cut::Calendar => self.containing(day_named(name)?),
        };
        interval.name().eq_ignore_ascii_case(name).then_some(interval)
    }

    fn nth_start(self, start: Date, number: i64) -> Date {
        let span = match self.step {
            Step::Day => Span::new().try_days(number),
            Step::Week => Span::new().try_weeks(number),
            Step::Months(n) => Span::new().try_months(number * i64::from(n)),
        };
        let limit = if number < 0 { Date::MIN } else { Date::MAX };
        span.ok().and_then(|span| start.checked_add(span).ok()).unwrap_or(limit)
    }

    /// Which interval from the window's start holds the day, from 0.
    fn number(self, start: Date, day: Date) -> i64 {
        let days = days_between(start, day);
        match self.step {
            Step::Day => days,
            Step::Week => days.div_euclid(7),
            Step::Months(n) => {
                let months = |date: Date| i64::from(date.year()) * 12 + i64::from(date.month());
                // Right, or one too many when the day of the month is not reached yet.
                let guess = (months(day) - months(start)).div_euclid(i64::from(n));
                if self.nth_start(start, guess) > day { guess - 1 } else { guess }
            }
        }
    }

    fn between(self, from: Date, next: Date) -> Interval {
        Interval { from, to: eve(next).max(from), grid: self }
    }

    /// A third of the usual distance between occurrences, in days: closer ones are clustered.
    pub fn third(self) -> f64 {
        let per_year = match self.step {
            Step::Day => 365.0,
            Step::Week => 52.0,
            Step::Months(n) => 12.0 / f64::from(n),
        };
        365.0 / per_year / 3.0
    }
}

impl Interval {
    /// The interval of that name among those that time is cut into with this one.
    pub fn sibling(self, name: &str) -> Option<Self> {
        self.grid.named(name)
    }

    /// First and last day.
    pub fn days(self) -> (Date, Date) {
        (self.from, self.to)
    }

    /// Does it hold the day?
    pub fn holds(self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }

    /// The name a manifest or waiver uses for it.
    pub fn name(self) -> String {
        let (year, month) = (i32::from(self.from.year()), i32::from(self.from.month()));
        match (self.grid.cut, self.grid.step) {
            (Cut::Window(start), _) => {
                let number = self.grid.number(start, self.from);
                format!("w{}", number + 1)
            }
            (_, Step::Day) => self.from.to_string(),
            (_, Step::Week) => {
                let week = self.from.iso_week_date();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
            (Cut::Calendar, Step::Months(1)) => format!("{year:04}-{month:02}"),
            (Cut::Calendar, Step::Months(n)) => part(format!("{year:04}"), n, (month - 1) / n),
            (Cut::Fiscal(starts), Step::Months(n)) => {
                let since = (month - starts).rem_euclid(12);
                let ends = if month >= starts { year + 1 } else { year };
                part(format!("FY{ends:04}"), n, since / n)
            }
        }
    }
}

/// `2026-Q1` of a year cut in parts of `n` months.
fn part(year: String, n: i32, index: i32) -> String {
    match n {
        3 => format!("{year}-Q{}", index + 1),
        6 => format!("{year}-H{}", index + 1),
        _ => year,
    }
}

/// The first day of the month with that number, counted from January of year 0.
fn first_of_month(index: i32) -> Date {
    let year = i16::try_from(index.div_euclid(12)).unwrap_or(if index < 0 { i16::MIN } else { i16::MAX });
    let month = i8::try_from(index.rem_euclid(12) + 1).unwrap_or(1);
    Date::new(year, month, 1).unwrap_or(if index < 0 { Date::MIN } else { Date::MAX })
}

/// A day of the calendar interval that a name speaks of, whatever its cadence.
fn day_named(name: &str) -> Option<Date> {
    let (year, rest) = match name.split_once('-') {
        Some((year, rest)) => (year, rest),
        None => (name, ""),
    };
    if year.len() != 4 || !name.is_ascii() {
        return None;
    }
    let year: i16 = year.parse().ok()?;
    let number = |digits: &str| digits.parse::<i8>().ok().filter(|n| *n > 0 && digits.len() <= 2);
    match rest.as_bytes().first().map(u8::to_ascii_uppercase) {
        None => Date::new(year, 1, 1).ok(),
        Some(b'Q') => Date::new(year, number(&rest[1..]).filter(|n| *n <= 4)? * 3 - 2, 1).ok(),
        Some(b'H') => Date::new(year, number(&rest[1..]).filter(|n| *n <= 2)? * 6 - 5, 1).ok(),
        Some(b'W') => ISOWeekDate::new(year, number(&rest[1..])?, Weekday::Monday).ok().map(Date::from),
        _ => match rest.split_once('-') {
            Some((month, day)) => Date::new(year, number(month)?, number(day)?).ok(),
            None => Date::new(year, number(rest)?, 1).ok(),
        },
    }
}

/// The calendar or fiscal interval that a name speaks of, whatever its cadence: `2026-Q1`, `2026`, `FY2026-H2`.
pub fn any_named(name: &str, fiscal_year_starts: i8) -> Option<Interval> {
    let cadences = [
        Cadence::Annual,
        Cadence::Semiannual,
        Cadence::Quarterly,
        Cadence::Monthly,
        Cadence::Weekly,
        Cadence::Daily,
    ];
    cadences
        .into_iter()
        .flat_map(|cadence| [(cadence, Anchor::Calendar), (cadence, Anchor::Fiscal)])
        .find_map(|(cadence, anchor)| Grid::new(cadence, anchor, fiscal_year_starts, Date::MIN)?.named(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn grid(cadence: Cadence, anchor: Anchor) -> Grid {
        Grid::new(cadence, anchor, 4, date(2026, 2, 15)).unwrap()
    }

    fn named(cadence: Cadence, anchor: Anchor, day: Date) -> (String, String, String) {
        let interval = grid(cadence, anchor).containing(day);
        assert_eq!(grid(cadence, anchor).named(&interval.name().to_lowercase()), Some(interval));
        (interval.name(), interval.from.to_string(), interval.to.to_string())
    }

    #[test]
    fn intervals_have_names_and_ends() {
        use Anchor::{Calendar, Fiscal, Window};
        use Cadence::{Annual, Daily, Monthly, Quarterly, Semiannual, Weekly};
        for (cadence, anchor, day, name, from, to) in [
            (Quarterly, Calendar, date(2026, 3, 31), "2026-Q1", "2026-01-01", "2026-03-31"),
            (Quarterly, Calendar, date(2026, 4, 1), "2026-Q2", "2026-04-01", "2026-06-30"),
            (Monthly, Calendar, date(2024, 2, 29), "2024-02", "2024-02-01", "2024-02-29"),
            (Semiannual, Calendar, date(2026, 12, 31), "2026-H2", "2026-07-01", "2026-12-31"),
            (Annual, Calendar, date(2026, 5, 1), "2026", "2026-01-01", "2026-12-31"),
            (Weekly, Calendar, date(2027, 1, 1), "2026-W53", "2026-12-28", "2027-01-03"),
            (Weekly, Calendar, date(2026, 3, 1), "2026-W09", "2026-02-23", "2026-03-01"),
            (Daily, Calendar, date(2026, 3, 28), "2026-03-28", "2026-03-28", "2026-03-28"),
            (Quarterly, Fiscal, date(2026, 4, 1), "FY2027-Q1", "2026-04-01", "2026-06-30"),
            (Quarterly, Fiscal, date(2026, 3, 31), "FY2026-Q4", "2026-01-01", "2026-03-31"),
            (Annual, Fiscal, date(2026, 3, 31), "FY2026", "2025-04-01", "2026-03-31"),
            (Monthly, Fiscal, date(2026, 3, 31), "2026-03", "2026-03-01", "2026-03-31"),
            (Quarterly, Window, date(2026, 5, 14), "w1", "2026-02-15", "2026-05-14"),
            (Quarterly, Window, date(2026, 5, 15), "w2", "2026-05-15", "2026-08-14"),
            (Weekly, Window, date(2026, 2, 22), "w2", "2026-02-22", "2026-02-28"),
        ] {
            let expected = (name.to_owned(), from.to_owned(), to.to_owned());
            assert_eq!(named(cadence, anchor, day), expected);
        }
    }

    #[test]
    fn window_intervals_count_from_the_start_not_from_a_clamped_one() {
        let grid = Grid::new(Cadence::Monthly, Anchor::Window, 1, date(2026, 1, 31)).unwrap();
        let days: Vec<String> = grid
            .over((date(2026, 1, 31), date(2026, 4, 30)))
            .iter()
            .map(|i| format!("{} {}..{}", i.name(), i.from, i.to))
            .collect();
        assert_eq!(
            days,
            [
                "w1 2026-01-31..2026-02-27",
                "w2 2026-02-28..2026-03-30",
                "w3 2026-03-31..2026-04-29",
                "w4 2026-04-30..2026-05-30"
            ]
        );
    }

    #[test]
    fn names_that_mean_nothing_are_none() {
        for name in [
            "",
            "banana",
            "2026-Q5",
            "2026-Q0",
            "2026-13",
            "2026-W54",
            "26-Q1",
            "2026-02-30",
            "ü026",
            "2026-Q1x",
        ] {
            assert_eq!(any_named(name, 4), None, "{name}");
        }
        assert_eq!(any_named("fy2026-q4", 4).map(Interval::name).as_deref(), Some("FY2026-Q4"));
        assert_eq!(any_named("2026-h1", 1).map(Interval::name).as_deref(), Some("2026-H1"));
        assert_eq!(grid(Cadence::Quarterly, Anchor::Calendar).named("2026-03"), None);
    }

    #[test]
    fn the_ends_of_time_do_not_panic() {
        for cadence in [Cadence::Daily, Cadence::Weekly, Cadence::Monthly, Cadence::Annual] {
            for anchor in [Anchor::Calendar, Anchor::Fiscal, Anchor::Window] {
                for day in [Date::MIN, Date::MAX, date(0, 1, 1)] {
                    let grid = grid(cadence, anchor);
                    let interval = grid.containing(day);
                    let _ = (interval.name(), grid.after(interval));
                    assert_eq!(grid.over((day, day)).len(), 1, "{cadence:?} {anchor:?} {day}");
                }
            }
        }
    }

    #[test]
    fn a_year_is_twelve_months() {
        assert!(is_a_year((date(2026, 1, 1), date(2026, 12, 31))));
        assert!(!is_a_year((date(2026, 1, 1), date(2026, 12, 30))));
        assert!(is_a_year((date(2024, 2, 29), date(2025, 2, 27))));
        assert_eq!(length((date(2024, 2, 28), date(2024, 3, 1))), 3);
    }
}
