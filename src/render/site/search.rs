//! What the search looks through, as a script that sets one value: a page opened from a disk may load a script, but not
//! read a file.

use pulldown_cmark::{Event, Tag, TagEnd};
use serde::Serialize;

use super::shell::plain;
use super::{Site, links, place};
use crate::document::Document;
use crate::render::reading;
use crate::text::safe;

#[derive(Default, Serialize)]
struct Index {
    /// Title and address.
    pages: Vec<(String, String)>,
    /// Page, title, place on it, text.
    sections: Vec<(usize, String, String, String)>,
}

/// The script.
pub(super) fn script(site: &Site<'_>) -> String {
    let mut index = Index::default();
    for (nth, document) in site.library.documents.iter().enumerate() {
        index.pages.push((safe(&document.title), links::document(site, "", nth, None)));
        let mut texts = texts(document).into_iter();
        let before = texts.next().unwrap_or_default();
        index.sections.push((nth, safe(&document.title), String::new(), before));
        for (section, text) in document.sections.iter().zip(texts) {
            let title = safe(&format!("{} {}", section.number, section.title));
            index.sections.push((nth, title, place::id(&section.anchor), text));
        }
    }
    let page = index.pages.len();
    index.pages.push(("Controls".to_owned(), "controls.html".to_owned()));
    for control in &site.library.controls {
        let title = safe(&format!("{} {}", control.id, control.title));
        index.sections.push((page, title, place::id(&control.id), safe(&control.description)));
    }
    index.pages.push(("Criteria".to_owned(), "criteria.html".to_owned()));
    for criterion in &site.library.criteria {
        index.sections.push((page + 1, safe(&criterion.id), place::id(&criterion.id), safe(&criterion.text)));
    }
    let json = serde_json::to_string(&index).unwrap_or_default();
    format!("window.searchIndex = {};\n", json.replace('<', "\\u003c"))
}

/// The words before the first heading, then those of each section, each on one line.
fn texts(document: &Document) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut heading = false;
    let push = |text: &str, out: &mut Vec<String>| {
        if let Some(last) = out.last_mut() {
            last.push_str(text);
        }
    };
    for event in reading::events(&document.text) {
        match event {
            Event::Start(Tag::Heading { .. }) => {
                heading = true;
                out.push(String::new());
            }
            Event::End(TagEnd::Heading(_)) => heading = false,
            _ if heading => {}
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => {
                push(&plain(&text).replace(['\n', '\t'], " "), &mut out);
            }
            Event::SoftBreak | Event::HardBreak => push(" ", &mut out),
            Event::End(end) if !is_inline(end) => push(" ", &mut out),
            _ => {}
        }
    }
    out.iter().map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

fn is_inline(end: TagEnd) -> bool {
    matches!(end, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image)
}
