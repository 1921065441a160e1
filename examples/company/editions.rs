//! Texts that change over time. A mark `#@ 2026-03-26..` alone on a line opens a block that is there from that day on, up
//! to the next mark or `#@ end`; at the end of a line it is about that line. `#@ 2026-01-05..2026-03-25` names a last
//! day as well.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::calendar::{day, later};

const MARK: &str = "#@ ";

/// The days between which a part of a text is there.
type Life = (Option<Date>, Option<Date>);

fn life(mark: &str) -> Life {
    let (from, to) = mark.trim().split_once("..").unwrap_or_else(|| panic!("`{mark}` is no mark"));
    let date = |text: &str| (!text.is_empty()).then(|| day(text));
    (date(from), date(to))
}

/// Every line with the lives it depends on.
fn lines(text: &str) -> impl Iterator<Item = (&str, [Option<Life>; 2])> {
    let mut block = None;
    text.lines().filter_map(move |line| {
        let (content, mark) = match line.split_once(MARK) {
            Some((content, mark)) => (content.trim_end(), Some(mark)),
            None => (line, None),
        };
        if let (true, Some(mark)) = (content.is_empty(), mark) {
            block = (mark.trim() != "end").then(|| life(mark));
            return None;
        }
        Some((content, [block, mark.map(life)]))
    })
}

/// The text as it stood on a day.
pub fn edition(text: &str, on: Date) -> String {
    let there = |life: &Option<Life>| {
        life.is_none_or(|(from, to)| from.is_none_or(|from| from <= on) && to.is_none_or(|to| on <= to))
    };
    let mut out = String::with_capacity(text.len());
    for (line, lives) in lines(text) {
        if lives.iter().all(there) {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// The days on which a text changes.
pub fn changes(text: &str) -> BTreeSet<Date> {
    let lives = lines(text).flat_map(|(_, lives)| lives).flatten();
    lives.flat_map(|(from, to)| [from, to.map(|to| later(to, 1))]).flatten().collect()
}
