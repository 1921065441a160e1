//! A calendar (RFC 5545): an all-day event on the last day in time of everything that has one. Nobody is invited, no time
//! is blocked, and an event keeps its UID from day to day, so that a subscribed calendar moves it instead of doubling it.

use std::fmt::Write;

use jiff::civil::Date;

use super::{Item, List, State};
use crate::output::without_commands;
use crate::source::{hex, sha256};
use crate::text::{clip, safe};

/// Octets of a line, without its end.
const LONGEST: usize = 75;

/// Characters of one field.
const MOST: usize = 1000;

/// The list as a calendar.
pub fn render(list: &List) -> String {
    let mut out = String::new();
    let (organization, system) = &list.programme;
    let name = if system.is_empty() { organization } else { system };
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//soc2//due//EN".to_owned(),
        "CALSCALE:GREGORIAN".to_owned(),
        "METHOD:PUBLISH".to_owned(),
        format!("X-WR-CALNAME:{}", text(&format!("SOC 2 due: {name}"))),
    ];
    for item in list.items.iter().filter(|item| item.state != State::Open && item.day.year() > 0) {
        lines.extend(event(list, item));
    }
    lines.push("END:VCALENDAR".to_owned());
    for line in lines {
        fold(&line, &mut out);
    }
    out
}

fn event(list: &List, item: &Item) -> [String; 8] {
    let mut description = format!("{} ({})", item.what, item.standing());
    let more = [item.title.as_ref(), item.why.as_ref(), item.todo.as_ref(), Some(&item.command)];
    for line in more.into_iter().flatten() {
        let _ = write!(description, "\n{}", clip(line, MOST));
    }
    let _ = write!(description, "\nWhose: {}", item.who);
    if !item.audits.is_empty() {
        let _ = write!(description, "\nAudit: {}", item.audits.join(", "));
    }
    [
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}", uid(&list.programme, item)),
        format!("DTSTAMP:{}T000000Z", basic(list.as_of)),
        format!("DTSTART;VALUE=DATE:{}", basic(item.day)),
        format!("SUMMARY:{}", text(&clip(&item.what, MOST))),
        format!("DESCRIPTION:{}", text(&description)),
        "TRANSP:TRANSPARENT".to_owned(),
        "END:VEVENT".to_owned(),
    ]
}

/// A name for an item that stays the same from day to day and differs between programmes.
pub(super) fn uid((organization, system): &(String, String), item: &Item) -> String {
    let mut parts = vec![organization.as_str(), system, item.kind.name()];
    parts.extend(item.key.iter().map(String::as_str));
    let hash = hex(&sha256(parts.join("\u{0}").as_bytes()));
    format!("{}@soc2", hash.get(..32).unwrap_or(&hash))
}

/// `20260331`.
fn basic(day: Date) -> String {
    format!("{:04}{:02}{:02}", day.year().max(0), day.month(), day.day())
}

/// Text as a value: its own separators escaped, line ends as `\n`, nothing that controls a terminal or a runner.
fn text(value: &str) -> String {
    let lines: Vec<String> = value.split('\n').map(safe).collect();
    without_commands(lines.join("\n"))
        .replace('\\', r"\\")
        .replace(';', r"\;")
        .replace(',', r"\,")
        .replace('\n', r"\n")
}

/// Writes a line in parts of at most 75 octets, never inside a character; each further part starts with a space.
fn fold(line: &str, out: &mut String) {
    let mut octets = 0;
    for c in line.chars() {
        if octets + c.len_utf8() > LONGEST {
            out.push_str("\r\n ");
            octets = 1;
        }
        out.push(c);
        octets += c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    #[test]
    fn values_are_escaped() {
        assert_eq!(text("a, b; c\\d\ne\r\u{7}"), r"a\, b\; c\\d\ne\\u{d}\\u{7}");
        assert_eq!(text("##[error]##vso[a]"), "## [error]##vso [a]");
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            rng_seed: RngSeed::Fixed(5545),
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn folded_lines_are_short_and_unfold_to_the_same(value in "\\PC{0,400}") {
            let line = format!("SUMMARY:{}", text(&value));
            let mut folded = String::new();
            fold(&line, &mut folded);
            for part in folded.strip_suffix("\r\n").unwrap_or("").split("\r\n") {
                prop_assert!(part.len() <= LONGEST, "{} octets: {part}", part.len());
            }
            prop_assert_eq!(folded.replace("\r\n ", ""), format!("{line}\r\n"));
        }
    }
}
