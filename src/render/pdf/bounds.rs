//! What is too much for pages: a text that would fill the memory is refused before it is set.

use pulldown_cmark::{Event, Tag};
use unicode_segmentation::UnicodeSegmentation;

use crate::document::{Document, Figure, Library};
use crate::render::{Failure, reading};

/// Bytes of one text.
const TEXT: usize = 256 << 10;
/// Pieces of one text: words in a row, marks, starts and ends.
const PIECES: usize = 30_000;
/// Characters of one letter with its marks; setting them takes time by the square of their number.
const MARKS: usize = 64;
/// Columns of a table.
const COLUMNS: usize = 30;
/// Pixels of all figures in a file, each once.
const PIXELS: u64 = 24_000_000;
/// Elements of all drawings in a file, as often as they are shown.
pub(super) const ELEMENTS: u64 = 300_000;
/// Bytes of all texts that are set together.
const ALL_TEXT: usize = 1 << 20;

/// Refuses a document that is too much.
pub(super) fn check(document: &Document) -> Result<(), Failure> {
    let refuse = |why: String| Err(Failure { path: document.path.to_string(), why });
    if document.text.len() > TEXT {
        return refuse(format!("is a text of more than {} KiB, too long for a PDF", TEXT >> 10));
    }
    let facts = document.facts.iter().map(|(_, value)| value.as_str());
    if [&*document.text, &document.title].into_iter().chain(facts).any(is_heaped) {
        return refuse(format!("has a letter with more than {MARKS} marks on it, too many for a PDF"));
    }
    let mut pieces = 0;
    for event in reading::events(&document.text) {
        pieces += weight(&event);
        if pieces > PIECES {
            return refuse(format!("has more than {PIECES} pieces of text, too many for a PDF"));
        }
        if let Event::Start(Tag::Table(aligns)) = event
            && aligns.len() > COLUMNS
        {
            let columns = aligns.len();
            return refuse(format!("has a table of {columns} columns; at most {COLUMNS} fit on a page"));
        }
    }
    Ok(())
}

/// As how many pieces an event counts, by the work and the paper that it costs.
fn weight(event: &Event<'_>) -> usize {
    match event {
        Event::Start(Tag::Image { .. }) => 150,
        Event::Start(Tag::Heading { .. }) | Event::FootnoteReference(_) => 25,
        Event::Rule => 8,
        Event::Text(text) => 1 + text.bytes().filter(|byte| *byte == b'\n').count(),
        _ => 1,
    }
}

/// Is there a letter under a heap of marks?
fn is_heaped(text: &str) -> bool {
    text.graphemes(true).any(|letter| letter.chars().nth(MARKS).is_some())
}

/// Refuses figures that would fill the memory once they are unpacked.
pub(super) fn check_figures(figures: &[&Figure]) -> Result<(), String> {
    let pixels: u64 = figures.iter().filter_map(|figure| figure.pixels()).sum();
    if pixels > PIXELS {
        let millions = PIXELS / 1_000_000;
        return Err(format!(
            "has figures of more than {millions} million pixels together, too many for a PDF"
        ));
    }
    Ok(())
}

/// Refuses what cannot be set together.
pub(super) fn check_all(library: &Library) -> Result<(), Failure> {
    let total: usize = library.documents.iter().map(|document| document.text.len()).sum();
    if total > ALL_TEXT {
        let why = format!("are more than {} MiB of text, too long for one PDF", ALL_TEXT >> 20);
        return Err(Failure { path: "all documents".to_owned(), why });
    }
    library.documents.iter().try_for_each(check)
}
