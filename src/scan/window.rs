//! A stream, a window at a time: every place is looked at once, with enough on both sides of it to judge.

use std::io::{self, Read};

use super::number::{self, Cards};
use super::rules::{BEFORE, REACH, RULES};

/// Bytes that are looked at in one go.
const STEP: usize = 128 << 10;
/// What has to stand after a place before it is looked at.
const AHEAD: usize = REACH;
/// What is kept before it.
const BEHIND: usize = 2 * BEFORE;
/// Finds in one stream above this are not told.
pub(super) const MOST: usize = 100;

/// A value, by its place in the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) rule: &'static str,
    pub(super) what: &'static str,
    /// Gives way to another hit at the same place.
    pub(super) weak: bool,
}

/// A value, by its place in the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Placed {
    pub(super) line: u64,
    pub(super) column: u64,
    pub(super) rule: &'static str,
    pub(super) what: &'static str,
}

/// The window as a rule sees it, and what is known of the stream so far.
pub(super) struct Around<'w> {
    pub(super) text: &'w [u8],
    /// In the first line of the stream.
    pub(super) first_line: usize,
    pub(super) hits: Vec<Hit>,
    /// Bare numbers like those of cards.
    pub(super) cards: &'w mut Cards,
    /// The first line names a column of social security numbers.
    pub(super) ssn_column: &'w mut bool,
}

/// Where a window begins.
#[derive(Clone, Copy)]
struct Base {
    line: u64,
    column: u64,
}

impl Base {
    /// Where `at` stands, from 1.
    fn place(self, text: &[u8], at: usize) -> Self {
        let before = text.get(..at).unwrap_or(text);
        let lines = memchr::memchr_iter(b'\n', before).count() as u64;
        let characters = |bytes: &[u8]| bytes.iter().filter(|byte| (**byte & 0xc0) != 0x80).count() as u64;
        match memchr::memrchr(b'\n', before) {
            Some(end) => {
                Self { line: self.line + lines, column: 1 + characters(before.get(end + 1..).unwrap_or(&[])) }
            }
            None => Self { line: self.line, column: self.column + characters(before) },
        }
    }
}

/// All that was found in a stream, by place.
pub(super) fn scan(reader: &mut dyn Read) -> io::Result<Vec<Placed>> {
    let mut text: Vec<u8> = Vec::with_capacity(STEP + AHEAD + BEHIND);
    let mut base = Base { line: 1, column: 1 };
    let (mut from, mut ended) = (0, false);
    let (mut cards, mut ssn_column) = (Cards::default(), false);
    let mut found: Vec<Placed> = Vec::new();
    let mut first = true;
    while !ended && found.len() < MOST {
        let wanted = from + STEP + AHEAD;
        ended = fill(reader, &mut text, wanted)?;
        let to = if ended { text.len() } else { text.len().saturating_sub(AHEAD) };
        let first_line = if first { memchr::memchr(b'\n', &text).unwrap_or(text.len()) } else { 0 };
        first = false;
        let mut around = Around {
            text: &text,
            first_line,
            hits: Vec::new(),
            cards: &mut cards,
            ssn_column: &mut ssn_column,
        };
        RULES.find(&mut around, from, to);
        number::find(&mut around, from, to);
        let hits = without_doubles(around.hits);
        for hit in hits.into_iter().take(MOST) {
            let place = base.place(&text, hit.start);
            found.push(Placed { line: place.line, column: place.column, rule: hit.rule, what: hit.what });
        }
        for candidate in cards.new_ones() {
            let place = base.place(&text, candidate);
            cards.keep(place.line, place.column);
        }
        let dropped = to.saturating_sub(BEHIND);
        base = base.place(&text, dropped);
        text.drain(..dropped);
        from = to - dropped;
    }
    found.extend(cards.finds());
    found.sort_unstable();
    found.dedup();
    found.truncate(MOST);
    Ok(found)
}

/// Reads until the window holds that much; true at the end of the stream.
fn fill(reader: &mut dyn Read, text: &mut Vec<u8>, wanted: usize) -> io::Result<bool> {
    let missing = wanted.saturating_sub(text.len());
    let mut rest = Read::take(reader, u64::try_from(missing).unwrap_or(u64::MAX));
    let read = rest.read_to_end(text)?;
    Ok(read < missing)
}

/// The hits in order; where two share a place, the stronger or the first.
fn without_doubles(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by_key(|hit| (hit.start, hit.weak));
    let mut kept: Vec<Hit> = Vec::new();
    for hit in hits {
        match kept.last_mut() {
            Some(last) if hit.start < last.end => {
                if last.weak && !hit.weak {
                    *last = hit;
                }
            }
            _ => kept.push(hit),
        }
    }
    kept
}
