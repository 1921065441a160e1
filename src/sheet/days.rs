//! Days as people type them into a list. A day that could be another one, `3/4/2026`, is read only where its column or the
//! user says which comes first.

use jiff::civil::Date;

/// What comes first in `3/4/2026`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    MonthFirst,
    DayFirst,
}

/// What a text of a day says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Read {
    Day(Date),
    /// Either of two days: month first, day first.
    Either(Date, Date),
}

impl Read {
    /// The day, where an order settles it or none is needed.
    pub(crate) fn day(self, order: Option<Order>) -> Option<Date> {
        match (self, order) {
            (Self::Day(day), _) => Some(day),
            (Self::Either(day, _), Some(Order::MonthFirst))
            | (Self::Either(_, day), Some(Order::DayFirst)) => Some(day),
            (Self::Either(..), None) => None,
        }
    }
}

/// Reads a day: `2026-01-31`, `1/31/2026`, `31.01.2026`, `Jan 31, 2026`, `31 January 2026`; a time behind it is left out.
pub(crate) fn read(text: &str) -> Option<Read> {
    let text = text.trim();
    if text.len() > 60 || text.is_empty() {
        return None;
    }
    if let Some(day) = text.get(..10).and_then(|day| day.parse::<Date>().ok()) {
        return Some(Read::Day(day));
    }
    let words: Vec<&str> = text
        .split([' ', ',', '/', '.', '-', '\u{a0}'])
        .filter(|word| !word.is_empty() && !is_weekday(word))
        .collect();
    let [a, b, c, rest @ ..] = words.as_slice() else { return None };
    if !rest.iter().all(|word| {
        word.starts_with(|c: char| c.is_ascii_digit()) || matches!(*word, "AM" | "PM" | "am" | "pm")
    }) {
        return None;
    }
    let number = |word: &str| -> Option<i16> {
        let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let ending = word.get(digits.len()..).unwrap_or("");
        let plain = matches!(ending, "" | "st" | "nd" | "rd" | "th") && digits.len() <= 4;
        if plain { digits.parse().ok() } else { None }
    };
    let day = |year: i16, month: i16, day: i16| {
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    };
    if let Some(month) = month(a) {
        return Some(Read::Day(day(year(c)?, month, number(b)?)?));
    }
    if let Some(month) = month(b) {
        // `2026 Jan 31` and `31 Jan 2026`.
        let (first, last) = if a.len() == 4 { (c, a) } else { (a, c) };
        return Some(Read::Day(day(year(last)?, month, number(first)?)?));
    }
    if a.len() == 4 {
        return Some(Read::Day(day(year(a)?, number(b)?, number(c)?)?));
    }
    let (a, b, year) = (number(a)?, number(b)?, year(c)?);
    match (day(year, a, b), day(year, b, a)) {
        (Some(one), Some(other)) if one != other => Some(Read::Either(one, other)),
        (one, other) => one.or(other).map(Read::Day),
    }
}

/// The order that days of a column settle between them; none where they settle nothing or both. Dots stand between days of
/// countries that put the day first: `3/14/2026` does not settle `3.4.2026`.
pub(crate) fn order<'t>(texts: impl Iterator<Item = &'t str>) -> Option<Order> {
    let (mut month_first, mut day_first, mut dotted) = (false, false, false);
    for text in texts {
        let mut parts = text.trim().split(['/', '.', '-']);
        let (Some(first), Some(b), Some(_)) = (parts.next(), parts.next(), parts.next()) else { continue };
        let (Ok(a), Ok(b)) = (first.parse::<u8>(), b.parse::<u8>()) else { continue };
        day_first |= (13..=31).contains(&a);
        month_first |= (13..=31).contains(&b);
        dotted |=
            a <= 12 && b <= 12 && text.trim().get(first.len()..).is_some_and(|rest| rest.starts_with('.'));
    }
    match (month_first, day_first) {
        (true, false) if !dotted => Some(Order::MonthFirst),
        (false, true) => Some(Order::DayFirst),
        _ => None,
    }
}

/// First and last day of a period: `1/1/2026 - 12/31/2026`, `2026-01-01 to 2026-12-31`.
pub(crate) fn period(text: &str, asked: Option<Order>) -> Option<(Date, Date)> {
    let ways = [" to ", " - ", " – ", " — ", " through ", " until ", "–", " thru "];
    let (from, to) = ways.iter().find_map(|way| text.split_once(way))?;
    let asked = asked.or_else(|| order([from, to].into_iter()));
    let (from, to) = (read(from)?.day(asked)?, read(to)?.day(asked)?);
    (from <= to).then_some((from, to))
}

/// A year of four digits, or of two in this century.
fn year(word: &str) -> Option<i16> {
    let number: i16 = word.parse().ok()?;
    match word.len() {
        4 => Some(number),
        2 => Some(2000 + number),
        _ => None,
    }
}

fn month(word: &str) -> Option<i16> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.to_ascii_lowercase();
    let found = MONTHS.iter().position(|month| {
        *month == word || (month.get(..3) == Some(&word)) || (*month == "september" && word == "sept")
    });
    found.and_then(|index| i16::try_from(index + 1).ok())
}

fn is_weekday(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].iter().any(|day| word.starts_with(day))
        && (word.len() == 3 || word.ends_with("day"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_are_read_as_they_are_typed() {
        for text in [
            "2026-01-31",
            "2026-01-31T10:00:00Z",
            "1/31/2026",
            "31.01.2026",
            "31/1/26",
            "Jan 31, 2026",
            "January 31st, 2026",
            "31 Jan 2026",
            "31-Jan-26",
            "Sat, Jan 31, 2026",
            "2026/1/31",
            "1/31/2026 5:00 PM",
        ] {
            assert_eq!(read(text), Some(Read::Day(date(2026, 1, 31))), "{text}");
        }
        assert_eq!(read("3/4/2026"), Some(Read::Either(date(2026, 3, 4), date(2026, 4, 3))));
        assert_eq!(read("3/3/2026"), Some(Read::Day(date(2026, 3, 3))));
        for text in [
            "",
            "soon",
            "TBD",
            "1/2",
            "2026-02-30",
            "13/13/2026",
            "Q1 2026",
            "one two three",
            "Jan 31, 20266",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_column_settles_what_one_day_does_not() {
        assert_eq!(order(["3/4/2026", "3/14/2026"].into_iter()), Some(Order::MonthFirst));
        assert_eq!(order(["3/4/2026", "14.3.2026"].into_iter()), Some(Order::DayFirst));
        assert_eq!(order(["3.4.2026", "3/14/2026"].into_iter()), None);
        assert_eq!(order(["3.4.2026", "14/3/2026"].into_iter()), Some(Order::DayFirst));
        assert_eq!(order(["3/4/2026", "soon"].into_iter()), None);
        assert_eq!(order(["14/4/2026", "4/14/2026"].into_iter()), None);
    }

    #[test]
    fn periods_have_two_days() {
        let year = Some((date(2026, 1, 1), date(2026, 12, 31)));
        for text in
            ["1/1/2026 - 12/31/2026", "2026-01-01 to 2026-12-31", "Jan 1, 2026 through December 31, 2026"]
        {
            assert_eq!(period(text, None), year, "{text}");
        }
        assert_eq!(
            [period("2026", None), period("as of 12/31/2026", None), period("3/4/2026 - 5/6/2026", None)],
            [None; 3]
        );
    }
}
