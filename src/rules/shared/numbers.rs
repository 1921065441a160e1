//! Numbers in sentences with what they count, as the least and the most that they can mean.

use std::ops::Range;

/// What a number may count.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::rules) enum Unit {
    Time,
    Characters,
    Attempts,
    Percent,
    Version,
}

/// The least and the most that a number can mean: hours, pieces, thousandths of a percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) struct Amount {
    pub(in crate::rules) least: u64,
    pub(in crate::rules) most: u64,
}

impl Amount {
    /// Can both be the same?
    pub(in crate::rules) fn may_equal(self, other: Self) -> bool {
        self.least <= other.most && other.least <= self.most
    }
}

/// A word of a sentence.
pub(in crate::rules) struct Word<'t> {
    pub(in crate::rules) lower: String,
    pub(in crate::rules) range: Range<usize>,
    /// The sentence.
    pub(in crate::rules) text: &'t str,
}

/// A number and what it counts.
pub(in crate::rules) struct Number {
    pub(in crate::rules) unit: Unit,
    pub(in crate::rules) amount: Amount,
    /// Which word it is.
    pub(in crate::rules) at: usize,
    pub(in crate::rules) range: Range<usize>,
}

/// Numbers that are written out.
pub(in crate::rules) const NUMBERS: &[(&str, u64)] = &[
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("twelve", 12),
    ("fourteen", 14),
    ("fifteen", 15),
    ("thirty", 30),
    ("sixty", 60),
    ("ninety", 90),
];

/// Before a number, these make it a rhythm or a count and no limit.
const RHYTHM: &[&str] = &["every", "each", "last", "past", "per", "first", "previous"];

/// Every number of a sentence that counts something.
pub(in crate::rules) fn numbers(sentence: &str, words: &[Word<'_>]) -> Vec<Number> {
    let mut out = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let lower = |nth: usize| words.get(nth).map_or("", |word| word.lower.as_str());
        let before = at.checked_sub(1).map_or("", lower);
        if RHYTHM.contains(&before) {
            continue;
        }
        if let Some(found) = fraction(sentence, words, at, before) {
            out.push(found);
            continue;
        }
        let Some(number) = whole(&word.lower) else { continue };
        // `12.5`, `3,000` and `2026-01-01` are read nowhere.
        let apart = |nth: usize| {
            let (Some(a), Some(b)) = (words.get(nth), words.get(nth + 1)) else { return "" };
            a.text.get(a.range.end..b.range.start).unwrap_or("")
        };
        if at > 0 && matches!(apart(at - 1), "." | "," | ":" | "/") && whole(before).is_some() {
            continue;
        }
        let business = matches!(lower(at + 1), "business" | "working");
        let unit_at = at + 1 + usize::from(business || lower(at + 1) == "calendar");
        // `thirty (30) days` is read at the 30.
        if !(at + 1..=unit_at).all(|nth| matches!(apart(nth - 1).trim(), "" | "-" | ")")) {
            continue;
        }
        let Some((unit, amount)) = amount(number, lower(unit_at), lower(unit_at + 1), business) else {
            continue;
        };
        let end = words.get(unit_at).map_or(word.range.end, |word| word.range.end);
        out.push(Number { unit, amount, at, range: word.range.start..end });
    }
    out
}

fn whole(word: &str) -> Option<u64> {
    let spelled = NUMBERS.iter().find(|(name, _)| *name == word).map(|(_, number)| *number);
    spelled.or_else(|| word.parse().ok().filter(|number| *number < 1_000_000))
}

fn amount(number: u64, unit: &str, next: &str, business: bool) -> Option<(Unit, Amount)> {
    let exactly = |n: u64| Amount { least: n, most: n };
    let minutes = |n: u64| (Unit::Time, exactly(number * n));
    let days = |least: u64, most: u64| (Unit::Time, Amount { least: least * DAY, most: most * DAY });
    Some(match unit {
        "minute" | "minutes" => minutes(1),
        "hour" | "hours" => minutes(60),
        // Two days of every week do not count, and the first one may be a Friday.
        "day" | "days" if business => days(number, number + 2 * number.div_ceil(5)),
        "day" | "days" => days(number, number),
        "week" | "weeks" => days(7 * number, 7 * number),
        "month" | "months" => days((30 * number).saturating_sub(2), 31 * number),
        "year" | "years" => days(365 * number, 366 * number),
        "character" | "characters" => (Unit::Characters, exactly(number)),
        "attempt" | "attempts" | "tries" | "logins" => (Unit::Attempts, exactly(number)),
        "sign" if next == "ins" => (Unit::Attempts, exactly(number)),
        "failed" | "unsuccessful" | "wrong"
            if matches!(next, "attempts" | "sign" | "logins" | "passwords") =>
        {
            (Unit::Attempts, exactly(number))
        }
        _ => return None,
    })
}

/// Minutes of a day.
const DAY: u64 = 24 * 60;

/// `99.9 %` and `TLS 1.2`.
fn fraction(sentence: &str, words: &[Word<'_>], at: usize, before: &str) -> Option<Number> {
    let word = words.get(at)?;
    if at > 0 && sentence.get(..word.range.start)?.ends_with(['.', ',']) {
        return None;
    }
    let part = words.get(at + 1).filter(|next| sentence.get(word.range.end..next.range.start) == Some("."));
    let part = part.filter(|next| next.lower.bytes().all(|b| b.is_ascii_digit()));
    let end = part.map_or(word.range.end, |part| part.range.end);
    let major: u64 = word.lower.parse().ok().filter(|number| *number < 1_000)?;
    let exactly = |n: u64| Amount { least: n, most: n };
    if before == "tls" || before == "version" && at > 1 && words.get(at - 2)?.lower == "tls" {
        let minor: u64 = part?.lower.parse().ok().filter(|number| *number < 100)?;
        let range = word.range.start..end;
        return Some(Number { unit: Unit::Version, amount: exactly(major * 100 + minor), at, range });
    }
    let rest = sentence.get(end..)?;
    let length = rest.find('%').filter(|at| rest[..*at].trim().is_empty()).map(|at| at + 1)?;
    let digits: String = part.map_or("", |part| &*part.lower).chars().chain("000".chars()).take(3).collect();
    let amount = exactly(major * 1_000 + digits.parse::<u64>().ok()?);
    Some(Number { unit: Unit::Percent, amount, at, range: word.range.start..end + length })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_compared_as_what_they_can_mean() {
        let time = |number, unit, business| amount(number, unit, "", business).unwrap().1;
        for (a, b) in [
            (time(24, "hours", false), time(1, "day", false)),
            (time(12, "months", false), time(1, "year", false)),
            (time(90, "days", false), time(3, "months", false)),
            (time(24, "hours", false), time(1, "day", true)),
        ] {
            assert!(a.may_equal(b) && b.may_equal(a), "{a:?} {b:?}");
        }
        for (a, b) in [
            (time(24, "hours", false), time(5, "days", true)),
            (time(12, "months", false), time(13, "months", false)),
            (time(72, "hours", false), time(2, "days", false)),
        ] {
            assert!(!a.may_equal(b) && !b.may_equal(a), "{a:?} {b:?}");
        }
    }
}
