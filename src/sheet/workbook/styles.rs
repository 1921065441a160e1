//! Which cells show days: a number becomes a date by the format of its style.

use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::Refused;
use super::xml::{Piece, Xml};

const STYLES_CAP: usize = 65_000;
/// Formats of its own; each style looks its own up among them.
const FORMATS_CAP: usize = 1_000;

/// How the numbers of each style are shown.
#[derive(Debug, Default)]
pub(super) struct Styles {
    shown: Vec<Shown>,
    /// Days count from 1904, as old workbooks of a Mac do.
    pub(super) date1904: bool,
}

/// How a number is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Number,
    /// With that many digits after the point.
    Decimals(usize),
    Day,
}

impl Styles {
    pub(super) fn read(text: &str) -> Result<Self, Refused> {
        let mut xml = Xml::new(text);
        let mut own: Vec<(String, Shown)> = Vec::new();
        let (mut shown, mut of_cells) = (Vec::new(), false);
        loop {
            let tag = match xml.piece()? {
                Piece::Tag(tag) => tag,
                Piece::End(name, _) => {
                    of_cells &= name != "cellXfs";
                    continue;
                }
                Piece::Text(_) => continue,
                Piece::Done => break,
            };
            match tag.name {
                "numFmt" if own.len() < FORMATS_CAP => {
                    if let (Some(id), Some(code)) = (tag.get("numFmtId"), tag.get("formatCode")) {
                        own.push((id, of_code(&code)));
                    }
                }
                "cellXfs" => of_cells = !tag.empty,
                "xf" if of_cells && shown.len() < STYLES_CAP => {
                    let id = tag.get("numFmtId").unwrap_or_default();
                    let named = own.iter().rev().find(|(own, _)| *own == id).map(|(_, shown)| *shown);
                    shown.push(named.unwrap_or_else(|| built_in(&id)));
                }
                _ => {}
            }
        }
        Ok(Self { shown, date1904: false })
    }

    /// A number as a cell of a style shows it, and the day it stands for.
    pub(super) fn number(&self, typed: &str, style: Option<u32>) -> (String, Option<Date>) {
        let Ok(number) = typed.trim().parse::<f64>() else { return (typed.trim().to_owned(), None) };
        let shown = style.and_then(|style| self.shown.get(usize::try_from(style).ok()?)).copied();
        match shown.unwrap_or(Shown::Number) {
            Shown::Day => match self.day(number) {
                Some(day) => (day.to_string(), Some(day)),
                None => (plain(number), None),
            },
            Shown::Decimals(digits) => (format!("{number:.digits$}"), None),
            Shown::Number => (plain(number), None),
        }
    }

    /// The day a number stands for; the year 1900 had a day too many once, and all have kept it.
    fn day(&self, number: f64) -> Option<Date> {
        if !(0.0..3_000_000.0).contains(&number) {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "the whole days, within bounds")]
        let days = number.trunc() as i64;
        let start = match days {
            _ if self.date1904 => date(1904, 1, 1),
            61.. => date(1899, 12, 30),
            1..=59 => date(1899, 12, 31),
            _ => return None,
        };
        start.checked_add(days.days()).ok()
    }
}

/// The shortest digits that stand for a number.
fn plain(number: f64) -> String {
    if number.abs() < 1e15 { number.to_string() } else { format!("{number:e}") }
}

/// Formats that every program knows by number.
fn built_in(id: &str) -> Shown {
    match id.parse::<u32>() {
        Ok(2 | 4) => Shown::Decimals(2),
        Ok(14..=17 | 22 | 27..=31 | 34..=36 | 50..=58) => Shown::Day,
        _ => Shown::Number,
    }
}

/// What a format's code shows, leaving out what it quotes.
fn of_code(code: &str) -> Shown {
    let first = code.split(';').next().unwrap_or(code);
    if let Some(zeros) = first.strip_prefix("0.")
        && zeros.len() <= 15
        && zeros.bytes().all(|b| b == b'0')
    {
        return Shown::Decimals(zeros.len());
    }
    let (mut quoted, mut bracket, mut escaped) = (false, false, false);
    for c in first.chars() {
        match c {
            _ if escaped => escaped = false,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '\\' | '_' | '*' => escaped = true,
            '[' => bracket = true,
            ']' => bracket = false,
            'd' | 'D' | 'y' | 'Y' if !bracket => return Shown::Day,
            _ => {}
        }
    }
    Shown::Number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_say_what_they_show() {
        for code in
            ["yyyy-mm-dd", "m/d/yy h:mm", "[$-409]d\\-mmm\\-yyyy;@", "dddd, mmmm dd, yyyy", "[Red]dd/mm"]
        {
            assert_eq!(of_code(code), Shown::Day, "{code}");
        }
        for code in ["General", "0%", "#,##0", "\"day\" 0", "[Red]0", "h:mm:ss", "@", "\\d0"] {
            assert_eq!(of_code(code), Shown::Number, "{code}");
        }
        assert_eq!(of_code("0.00"), Shown::Decimals(2));
    }

    #[test]
    fn numbers_become_days_and_references() {
        let styles = Styles { shown: vec![Shown::Number, Shown::Day, Shown::Decimals(2)], date1904: false };
        let text = |typed, style| styles.number(typed, Some(style)).0;
        assert_eq!(text("46037", 1), "2026-01-15");
        assert_eq!(text("46037.75", 1), "2026-01-15");
        assert_eq!([text("1", 1), text("59", 1), text("61", 1)], ["1900-01-01", "1900-02-28", "1900-03-01"]);
        assert_eq!([text("60", 1), text("-1", 1), text("1e300", 1)], ["60", "-1", "1e300"]);
        assert_eq!([text("1.1", 2), text("1.1", 0), text("7", 0)], ["1.10", "1.1", "7"]);
        assert_eq!(text("1.1000000000000001", 0), "1.1");
        assert_eq!([text("soon", 0), text("NaN", 1), text("inf", 0)], ["soon", "NaN", "inf"]);
        let old = Styles { shown: vec![Shown::Day], date1904: true };
        assert_eq!(old.number("44575", Some(0)).0, "2026-01-15");
    }
}
