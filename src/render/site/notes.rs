//! Footnotes: numbered by their first mention, written below the text.

use std::collections::BTreeMap;

use pulldown_cmark::{Event, Tag};

use crate::render::reading;

/// The footnotes of a document while it is read.
#[derive(Default)]
pub(super) struct Notes {
    /// By label.
    known: BTreeMap<String, Note>,
    /// Labels in the order of their numbers.
    order: Vec<String>,
}

#[derive(Default)]
struct Note {
    /// From 1; 0 while nothing has mentioned it.
    number: usize,
    html: String,
}

impl Notes {
    /// The footnotes that a text defines.
    pub(super) fn of(text: &str) -> Self {
        let mut notes = Self::default();
        if !text.contains("[^") {
            return notes;
        }
        for event in reading::events(text) {
            if let Event::Start(Tag::FootnoteDefinition(label)) = event {
                notes.known.entry(label.to_lowercase()).or_default();
            }
        }
        notes
    }

    /// A mention of a footnote.
    pub(super) fn refer(&mut self, label: &str) -> String {
        let label = label.to_lowercase();
        let Some(note) = self.known.get_mut(&label) else { return String::new() };
        let first = note.number == 0;
        if first {
            self.order.push(label);
            note.number = self.order.len();
        }
        let n = note.number;
        let id = if first { format!(" id=\"_ref-{n}\"") } else { String::new() };
        format!("<sup><a{id} href=\"#_note-{n}\" aria-label=\"Footnote {n}\">{n}</a></sup>")
    }

    /// The text of a footnote.
    pub(super) fn define(&mut self, label: &str, html: &str) {
        self.known.entry(label.to_lowercase()).or_default().html.push_str(html);
    }

    /// All of them; those that nothing mentions come last.
    pub(super) fn write(&self, out: &mut String) {
        if self.known.is_empty() {
            return;
        }
        out.push_str("<section class=\"notes\" aria-label=\"Footnotes\">\n<ol>\n");
        for (nth, label) in self.order.iter().enumerate() {
            let n = nth + 1;
            let html = self.known.get(label).map_or("", |note| &note.html);
            out.push_str(&format!(
                "<li id=\"_note-{n}\">{html}<a class=\"back\" href=\"#_ref-{n}\" aria-label=\"Back to mention {n}\">↩</a></li>\n"
            ));
        }
        for note in self.known.values().filter(|note| note.number == 0) {
            out.push_str("<li>");
            out.push_str(&note.html);
            out.push_str("</li>\n");
        }
        out.push_str("</ol>\n</section>\n");
    }
}
