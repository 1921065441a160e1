//! A schedule of six fields, seconds first, as a cadence.

use crate::model::control::Cadence;

/// How often a schedule runs, as the cadence that it keeps at least; true when the two are the same.
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
    let fields: Vec<&str> = schedule.split_whitespace().collect();
    if !(5..=6).contains(&fields.len()) {
        return None;
    }
    let field = |nth: usize, low: u32, high: u32| match fields.get(nth) {
        Some(text) => values(text, low, high),
        None => Some(None),
    };
    let times = [field(0, 0, 59)?, field(1, 0, 59)?, field(2, 0, 23)?];
    let (days, months, weekdays) = (field(3, 1, 31)?, field(4, 1, 12)?, field(5, 0, 7)?);
    let months = months.unwrap_or_else(|| (1..=12).collect());
    let per_day_once = times.iter().all(|set| set.as_ref().is_some_and(|set| set.len() == 1));
    let days = days.filter(|set| set.len() < 31);
    let weekdays = weekdays.filter(|set| set.len() < 7);
    // With both restricted a day has to fit one of them.
    let runs = match (&days, &weekdays) {
        (None, None) => 365 * months.len() / 12,
        (Some(days), None) => days.len() * months.len(),
        (None, Some(weekdays)) => 52 * weekdays.len() * months.len() / 12,
        (Some(days), Some(weekdays)) => days.len() * months.len() + 52 * weekdays.len() * months.len() / 12,
    };
    let (cadence, exactly) = match runs {
        0 => return None,
        1 => (Cadence::Annual, true),
        2 | 3 => (Cadence::Semiannual, runs == 2 && spaced(&months)),
        4..=11 => (Cadence::Quarterly, runs == 4 && spaced(&months)),
        12..=51 => (Cadence::Monthly, runs == 12 && months.len() == 12),
        52..=364 => (Cadence::Weekly, runs == 52),
        _ => (Cadence::Daily, true),
    };
    let uneven = matches!(cadence, Cadence::Semiannual | Cadence::Quarterly) && !spaced(&months);
    if uneven {
        return Some((Cadence::Annual, false));
    }
    Some((cadence, exactly && per_day_once))
}

/// Months that follow one another at one distance, the year round.
fn spaced(months: &[u32]) -> bool {
    let n = u32::try_from(months.len()).unwrap_or(0);
    n > 0 && 12 % n == 0 && months.windows(2).all(|pair| matches!(pair, [a, b] if b - a == 12 / n))
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
        ] {
            assert_eq!(cadence(schedule), Some((word, same)), "{schedule}");
        }
        for schedule in
            ["", "@every 1h", "0 0", "0 0 0 32 * *", "0 0 0 x * *", "0 0 0 1/0 * *", "0 0 0 5-1 * *"]
        {
            assert_eq!(cadence(schedule), None, "{schedule}");
        }
    }
}
