//! What a cell says, in the one form in which a record keeps it. Reading what was read gives the same again, which is what makes
//! an export come back unchanged.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

use super::fields::Form;
use super::headings::words;
use super::words::{SCALE, has_any, meant, stands_in};
use crate::sheet::days;
use crate::sheet::{Cell, Order};
use crate::text::is_hostile;

/// Between the parts of a list in a cell.
pub(super) const BETWEEN: &str = "; ";
/// Parts of a list in a cell above this are left out.
const PARTS_CAP: usize = 500;

/// Why a cell says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    NoDay,
    NoPeriod,
    /// Either of two days.
    EitherDay,
    NoWord,
    NoNumber,
    NoScore,
    NoYes,
    NoCriterion,
    /// Letters that make no id.
    NoName,
    NoEmail,
}

impl Fault {
    /// In words, of several cells.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::NoDay => "no day that can be read",
            Self::NoPeriod => "no days from and to, such as `2020-01-01 to 2021-06-30`",
            Self::EitherDay => "either of two days",
            Self::NoWord => "no word that is known here",
            Self::NoNumber => "no whole number",
            Self::NoScore => "no score of 1 to 5",
            Self::NoYes => "neither yes nor no",
            Self::NoCriterion => "no criterion's id",
            Self::NoName => "nothing that an id can be made of",
            Self::NoEmail => "no e-mail address",
        }
    }
}

/// How days are read.
#[derive(Clone, Debug)]
pub(super) struct Days {
    pub(super) order: Option<Order>,
    pub(super) zone: TimeZone,
}

/// Text on one line, without characters that hide or move others.
pub(super) fn line(text: &str) -> String {
    let plain = |c: char| if is_hostile(c) { ' ' } else { c };
    let text: String = text.chars().filter(|c| !is_hostile(*c) || c.is_control()).map(plain).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Text of several lines: line ends of one kind, no blanks at their ends, nothing that hides or moves others.
pub(super) fn tidy(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept = text.chars().filter(|c| *c == '\n' || *c == '\t' || !is_hostile(*c));
    let text: String = kept.map(|c| if c == '\t' { ' ' } else { c }).collect();
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// The parts of a list, each once: between semicolons and lines; where there is only one such, between commas.
pub(super) fn parts(text: &str) -> Vec<String> {
    let split =
        |by: &[char]| -> Vec<String> { text.split(by).map(line).filter(|part| !part.is_empty()).collect() };
    let mut parts = split(&[';', '\n', '\r']);
    if parts.len() == 1 {
        parts = split(&[';', '\n', '\r', ',']);
    }
    let mut seen = BTreeSet::new();
    parts.retain(|part| seen.insert(part.clone()));
    parts.truncate(PARTS_CAP);
    parts
}

/// What a cell says in a form that names nothing elsewhere; nothing where it is blank.
pub(super) fn read(form: Form, cell: &Cell, days: &Days) -> Result<String, Fault> {
    let text = line(&cell.text);
    if text.is_empty() {
        return Ok(String::new());
    }
    match form {
        Form::Id | Form::Line | Form::One(_) => Ok(text),
        Form::Text => Ok(tidy(&cell.text)),
        Form::Lines | Form::Many(_) | Form::Criteria => Ok(parts(&cell.text).join(BETWEEN)),
        Form::Emails => emails(&cell.text),
        Form::Day => day(cell, days).map(|day| day.to_string()),
        Form::Periods => periods(&cell.text),
        Form::Word(list) => meant(list, &text).map(str::to_owned).ok_or(Fault::NoWord),
        Form::YesNo => yes(&text),
        Form::Number => number(&text).ok_or(Fault::NoNumber),
        Form::Score => score(&text),
    }
}

fn emails(text: &str) -> Result<String, Fault> {
    let named = parts(text).into_iter().filter_map(|part| address(&part)).collect::<Vec<_>>();
    if named.is_empty() { Err(Fault::NoEmail) } else { Ok(named.join(BETWEEN)) }
}

/// The e-mail address in a text, in lower case: `Ann Lee <Ann@acme.com>` has `ann@acme.com`.
pub(super) fn address(text: &str) -> Option<String> {
    let part = text.split([' ', '<', '>', '(', ')', '[', ']', ',']).find(|part| {
        let ends = part.split_once('@');
        ends.is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.') && !domain.contains('@'))
    })?;
    let part = part.trim_start_matches("mailto:").trim_matches(['.', ';', ':', '"', '\'']);
    Some(part.to_lowercase())
}

/// The day of a cell: as a spreadsheet keeps it, as it is typed, or the moment's day where the company is.
pub(super) fn day(cell: &Cell, days: &Days) -> Result<Date, Fault> {
    if let Some(day) = cell.day {
        return Ok(day);
    }
    let text = cell.text.trim();
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(days.zone.to_datetime(moment).date());
    }
    if let Some(day) = serial(text) {
        return Ok(day);
    }
    let read = days::read(text).ok_or(Fault::NoDay)?;
    read.day(days.order).ok_or(Fault::EitherDay)
}

/// The number that spreadsheets keep a day as, where a list was saved without the look of its cells: 1954 to 2064.
fn serial(text: &str) -> Option<Date> {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    let number: i64 =
        if whole.len() == 5 { text.parse::<f64>().ok().and(whole.parse().ok())? } else { return None };
    if !(20_000..60_000).contains(&number) {
        return None;
    }
    date(1899, 12, 30).checked_add(number.days()).ok()
}

fn periods(text: &str) -> Result<String, Fault> {
    let read: Option<Vec<String>> =
        parts(text).iter().map(|part| period(part).map(|(from, to)| period_words(&from, &to))).collect();
    read.map(|periods| periods.join(BETWEEN)).ok_or(Fault::NoPeriod)
}

/// First and last day of `2020-01-01 to 2021-06-30`; either may be missing.
pub(super) fn period(text: &str) -> Option<(String, String)> {
    let (from, to) = text.split_once("to").unwrap_or((text, ""));
    let day = |text: &str| -> Option<String> {
        let text = text.trim();
        if text.is_empty() {
            Some(String::new())
        } else {
            text.parse::<Date>().ok().map(|day| day.to_string())
        }
    };
    let (from, to) = (day(from)?, day(to)?);
    let turned = !from.is_empty() && !to.is_empty() && to < from;
    ((!from.is_empty() || !to.is_empty()) && !turned).then_some((from, to))
}

/// Such a period in words.
pub(super) fn period_words(from: &str, to: &str) -> String {
    format!("{from} to {to}").trim().to_owned()
}

fn yes(text: &str) -> Result<String, Fault> {
    let text = words(text);
    let is = |any: &[&str]| any.contains(&&*text);
    if is(&["yes", "y", "true", "1", "x"]) {
        Ok("yes".to_owned())
    } else if is(&["no", "n", "false", "0"]) {
        Ok("no".to_owned())
    } else {
        Err(Fault::NoYes)
    }
}

/// A whole number, also as `3.0`, without zeros in front.
fn number(text: &str) -> Option<String> {
    let whole = text
        .split_once('.')
        .map_or(Some(text), |(whole, rest)| rest.bytes().all(|b| b == b'0').then_some(whole))?;
    let digits = !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit());
    if digits { whole.parse::<u64>().ok().map(|number| number.to_string()) } else { None }
}

/// A score by its number, `3` or `3 - Possible`, or by the words of the usual scale.
fn score(text: &str) -> Result<String, Fault> {
    let first = text.split([' ', '-', ':', '(']).next().unwrap_or("");
    if let Some(number) = number(first) {
        return if matches!(&*number, "1" | "2" | "3" | "4" | "5") {
            Ok(number)
        } else {
            Err(Fault::NoScore)
        };
    }
    let words = words(text);
    if has_any(&words, &["not"]) {
        return Err(Fault::NoScore);
    }
    let found = SCALE.iter().find(|(word, _)| stands_in(&words, word));
    found.map(|(_, number)| (*number).to_owned()).ok_or(Fault::NoScore)
}

#[cfg(test)]
mod tests {
    use super::super::words::TIER;
    use super::*;

    fn said(form: Form, text: &str) -> Result<String, Fault> {
        let cell = Cell { text: text.to_owned(), ..Cell::default() };
        read(form, &cell, &Days { order: None, zone: TimeZone::UTC })
    }

    #[test]
    fn cells_are_read_in_one_form() {
        for (form, text, expected) in [
            (Form::Line, "  a\t b\u{202e}c\nd ", "a bc d"),
            (Form::Text, "a \r\n\r\nb\u{200b}\tc  ", "a\n\nb c"),
            (Form::Lines, "a, b", "a; b"),
            (Form::Lines, "a, b; c; a, b", "a, b; c"),
            (Form::Lines, "a, b;", "a; b"),
            (Form::Emails, "Ann Lee <Ann@Acme.com>, b@x.org", "ann@acme.com; b@x.org"),
            (Form::Day, "1/31/2026", "2026-01-31"),
            (Form::Day, "46053", "2026-01-31"),
            (Form::Day, "46053.75", "2026-01-31"),
            (Form::Day, "2026-01-31T23:30:00-08:00", "2026-02-01"),
            (
                Form::Periods,
                "2020-01-01 to 2021-06-30; 2022-01-01 to",
                "2020-01-01 to 2021-06-30; 2022-01-01 to",
            ),
            (Form::Word(&TIER), "High risk", "high"),
            (Form::YesNo, "TRUE", "yes"),
            (Form::Number, "007.0", "7"),
            (Form::Score, "4 - Likely", "4"),
            (Form::Score, "Very low", "1"),
            (Form::Score, "5.0", "5"),
        ] {
            assert_eq!(said(form, text).as_deref(), Ok(expected), "{text}");
            assert_eq!(said(form, expected).as_deref(), Ok(expected), "read again: {text}");
        }
    }

    #[test]
    fn what_says_nothing_is_told() {
        for (form, text, fault) in [
            (Form::Day, "soon", Fault::NoDay),
            (Form::Day, "3/4/2026", Fault::EitherDay),
            (Form::Day, "99999", Fault::NoDay),
            (Form::Score, "9", Fault::NoScore),
            (Form::Score, "not scored", Fault::NoScore),
            (Form::YesNo, "maybe", Fault::NoYes),
            (Form::Word(&TIER), "unknown", Fault::NoWord),
            (Form::Emails, "n/a", Fault::NoEmail),
            (Form::Periods, "last year", Fault::NoPeriod),
            (Form::Periods, "2021-01-01 to 2020-01-01", Fault::NoPeriod),
            (Form::Number, "-1", Fault::NoNumber),
        ] {
            assert_eq!(said(form, text), Err(fault), "{text}");
        }
        assert_eq!(said(Form::Day, "  "), Ok(String::new()));
    }
}
