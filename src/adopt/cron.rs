//! A schedule of six fields, seconds first, as a cadence.

use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::model::control::Cadence;

/// The tightest cadence that a schedule keeps in every interval; true where it runs once in each. None where it is no schedule of
/// five or six fields, or where a year can pass without it.
pub(super) fn cadence(schedule: &str) -> Option<(Cadence, bool)> {
    let named = match schedule.trim() {
        "@yearly" | "@annually" => Some(Cadence::Annual),
        "@monthly" => Some(Cadence::Monthly),
        "@weekly" => Some(Cadence::Weekly),
        "@daily" | "@midnight" => Some(Cadence::Daily),
        "@hourly" => return Some((Cadence::Daily, false)),
        _ => None,
    };
    if let Some(cadence) = named {
        return Some((cadence, true));
    }
    let schedule = Schedule::read(schedule)?;
    let runs = schedule.runs();
    let (cadence, once) = kept(&runs)?;
    Some((cadence, once && schedule.once_a_day))
}

/// On which days something runs; an open field holds every day.
struct Schedule {
    days: Option<Vec<u32>>,
    months: Option<Vec<u32>>,
    weekdays: Option<Vec<u32>>,
    once_a_day: bool,
}

impl Schedule {
    fn read(schedule: &str) -> Option<Self> {
        let fields: Vec<&str> = schedule.split_whitespace().collect();
        if !(5..=6).contains(&fields.len()) {
            return None;
        }
        let field = |nth: usize, low: u32, high: u32| match fields.get(nth) {
            Some(text) => values(text, low, high),
            None => Some(None),
        };
        let times = [field(0, 0, 59)?, field(1, 0, 59)?, field(2, 0, 23)?];
        Some(Self {
            days: field(3, 1, 31)?.filter(|set| set.len() < 31),
            months: field(4, 1, 12)?,
            weekdays: field(5, 0, 7)?.filter(|set| set.len() < 7),
            once_a_day: times.iter().all(|set| set.as_ref().is_some_and(|set| set.len() == 1)),
        })
    }

    fn holds(&self, date: Date) -> bool {
        let within = |set: &Option<Vec<u32>>, value: i8| {
            set.as_ref().is_none_or(|set| set.iter().any(|one| i64::from(*one) == i64::from(value)))
        };
        let (day, weekday) = (date.day(), date.weekday().to_sunday_zero_offset());
        let on = match (&self.days, &self.weekdays) {
            // With both restricted a day has to fit one of them.
            (Some(_), Some(_)) => within(&self.days, day) || within(&self.weekdays, weekday),
            _ => within(&self.days, day) && within(&self.weekdays, weekday),
        };
        on && within(&self.months, date.month())
    }

    /// The days of four years, a leap year first, and whether it runs on each.
    fn runs(&self) -> Vec<(Date, bool)> {
        let days = date(2024, 1, 1).series(1.day()).take_while(|day| day.year() < 2028);
        days.map(|day| (day, self.holds(day))).collect()
    }
}

/// An interval by its first day.
type Interval = fn(Date) -> (i16, i16);

const INTERVALS: [(Cadence, Interval); 6] = [
    (Cadence::Daily, |day| (day.year(), day.day_of_year())),
    (Cadence::Weekly, |day| {
        let week = day.iso_week_date();
        (week.year(), week.week().into())
    }),
    (Cadence::Monthly, |day| (day.year(), day.month().into())),
    (Cadence::Quarterly, |day| (day.year(), ((day.month() - 1) / 3).into())),
    (Cadence::Semiannual, |day| (day.year(), ((day.month() - 1) / 6).into())),
    (Cadence::Annual, |day| (day.year(), 0)),
];

/// The tightest cadence of which no interval is without a run, and whether none has several.
fn kept(runs: &[(Date, bool)]) -> Option<(Cadence, bool)> {
    INTERVALS.iter().find_map(|(cadence, interval)| {
        let intervals = runs.chunk_by(|(one, _), (next, _)| interval(*one) == interval(*next));
        let mut counts: Vec<usize> =
            intervals.map(|days| days.iter().filter(|(_, runs)| *runs).count()).collect();
        if *cadence == Cadence::Weekly {
            // Four years do not end with a week.
            counts.pop();
        }
        counts.iter().all(|count| *count > 0).then(|| (*cadence, counts.iter().all(|count| *count == 1)))
    })
}

const NAMES: [&str; 19] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "sun", "mon", "tue",
    "wed", "thu", "fri", "sat",
];

/// The values of a field, in order; none where it is open. `None` when it is no field.
fn values(text: &str, low: u32, high: u32) -> Option<Option<Vec<u32>>> {
    if matches!(text, "*" | "?") {
        return Some(None);
    }
    let value = |word: &str| -> Option<u32> {
        let named = NAMES.iter().position(|name| name.eq_ignore_ascii_case(word));
        let named =
            named.and_then(|at| u32::try_from(at).ok()).map(|at| if at < 12 { at + 1 } else { at - 12 });
        named.or_else(|| word.parse().ok()).filter(|value| (low..=high).contains(value))
    };
    let mut set = Vec::new();
    for part in text.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, step.parse::<usize>().ok().filter(|step| *step > 0)?),
            None => (part, 1),
        };
        let (from, to) = match range.split_once('-') {
            Some((from, to)) => (value(from)?, value(to)?),
            None if matches!(range, "*" | "?") => (low, high),
            None if part.contains('/') => (value(range)?, high),
            None => (value(range)?, value(range)?),
        };
        set.extend((from..=to).step_by(step));
    }
    // Sunday is 0 and 7.
    if high == 7 {
        set.iter_mut().filter(|day| **day == 7).for_each(|day| *day = 0);
    }
    set.sort_unstable();
    set.dedup();
    (!set.is_empty()).then_some(Some(set))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_become_cadences() {
        for (schedule, word, same) in [
            ("0 0 0 15 * *", Cadence::Monthly, true),
            ("0 0 0 15 4 *", Cadence::Annual, true),
            ("0 0 0 1 */3 *", Cadence::Quarterly, true),
            ("0 0 0 1 1,4,7,10 *", Cadence::Quarterly, true),
            ("0 0 0 1 1,2,3,4 *", Cadence::Annual, false),
            ("0 0 0 1 JAN,JUL ?", Cadence::Semiannual, true),
            ("0 0 9 * * MON", Cadence::Weekly, true),
            ("0 0 9 * * 1-5", Cadence::Weekly, false),
            ("0 0 0 * * *", Cadence::Daily, true),
            ("0 0 * * * *", Cadence::Daily, false),
            ("0 0 0 1,15 * *", Cadence::Monthly, false),
            ("0 0 0 1 */2 *", Cadence::Quarterly, false),
            ("@weekly", Cadence::Weekly, true),
            ("0 0 0 1-5 * *", Cadence::Monthly, false),
            ("0 0 0 * 1 *", Cadence::Annual, false),
            ("0 0 9 * 1-6 MON", Cadence::Annual, false),
            ("0 0 0 1,8,15,22,29 * *", Cadence::Weekly, false),
            ("0 0 0 1 1,2,7,8 *", Cadence::Semiannual, false),
            ("0 0 0 1 2,4,8,12 *", Cadence::Quarterly, true),
            ("0 0 0 31 * *", Cadence::Quarterly, false),
            ("0 0 0 1 * MON", Cadence::Weekly, false),
            ("0 0 15 * *", Cadence::Daily, true),
        ] {
            assert_eq!(cadence(schedule), Some((word, same)), "{schedule}");
        }
        for schedule in [
            "",
            "@every 1h",
            "0 0",
            "0 0 0 32 * *",
            "0 0 0 x * *",
            "0 0 0 1/0 * *",
            "0 0 0 5-1 * *",
            "0 0 0 29 2 *",
        ] {
            assert_eq!(cadence(schedule), None, "{schedule}");
        }
    }
}
