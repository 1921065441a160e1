//! When a slot that a record names is over.

use jiff::ToSpan;
use jiff::civil::{Date, ISOWeekDate, Weekday};

/// Last day of a calendar slot: `2026`, `2026-H1`, `2026-Q1`, `2026-03`, `2026-W09`, `2026-03-28`. Slots of a fiscal year
/// or of a window need more than their name.
pub(in crate::rules) fn last_day(name: &str) -> Option<Date> {
    let name = name.trim();
    let (year, part) = match name.get(4..5) {
        None => (name, None),
        Some("-") => (name.get(..4)?, Some(name.get(5..)?)),
        Some(_) => return None,
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if year.len() != 4 || !digits(year) {
        return None;
    }
    let year: i16 = year.parse().ok()?;
    let Some(part) = part else { return end_of_month(year, 12) };
    let number = |digits_expected: usize, text: &str| {
        (text.len() == digits_expected && digits(text)).then(|| text.parse::<i8>().ok()).flatten()
    };
    match part.as_bytes() {
        [b'H' | b'h', ..] => {
            number(1, part.get(1..)?).filter(|n| (1..=2).contains(n)).and_then(|n| end_of_month(year, n * 6))
        }
        [b'Q' | b'q', ..] => {
            number(1, part.get(1..)?).filter(|n| (1..=4).contains(n)).and_then(|n| end_of_month(year, n * 3))
        }
        [b'W' | b'w', ..] => {
            let week = number(2, part.get(1..)?)?;
            ISOWeekDate::new(year, week, Weekday::Sunday).ok().map(ISOWeekDate::date)
        }
        _ if part.len() == 2 => end_of_month(year, number(2, part)?),
        _ => name.parse().ok().filter(|_| name.len() == 10),
    }
}

fn end_of_month(year: i16, month: i8) -> Option<Date> {
    let first = Date::new(year, month, 1).ok()?;
    first.checked_add(1.month()).and_then(|next| next.checked_sub(1.day())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calendar_slots_end_on_their_last_day() {
        for (name, last) in [
            ("2026", "2026-12-31"),
            ("2026-H1", "2026-06-30"),
            ("2026-q3", "2026-09-30"),
            ("2024-02", "2024-02-29"),
            ("2026-W09", "2026-03-01"),
            ("2026-W53", "2027-01-03"),
            ("2026-03-28", "2026-03-28"),
        ] {
            assert_eq!(last_day(name).map(|day| day.to_string()).as_deref(), Some(last), "{name}");
        }
        for name in [
            "",
            "26",
            "2026-",
            "2026-Q5",
            "2026-H0",
            "2026-13",
            "2025-W53",
            "FY2026-Q1",
            "w1",
            "2026é",
            "202é-Q1",
            "2026-Qé",
        ] {
            assert_eq!(last_day(name), None, "{name}");
        }
    }
}
