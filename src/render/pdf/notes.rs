//! What stands in footnotes.

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::render::reading;

/// Does a section stand in a footnote, so that no link can lead to it?
pub(super) fn in_a_note(text: &str, section: usize) -> bool {
    if !text.contains("[^") {
        return false;
    }
    let (mut inside, mut headings) = (0_usize, 0_usize);
    for event in reading::events(text) {
        match event {
            Event::Start(Tag::FootnoteDefinition(_)) => inside += 1,
            Event::End(TagEnd::FootnoteDefinition) => inside = inside.saturating_sub(1),
            Event::Start(Tag::Heading { .. }) => {
                if headings == section {
                    return inside > 0;
                }
                headings += 1;
            }
            _ => {}
        }
    }
    false
}
