//! A document's Markdown as harmless events: raw HTML becomes text, and a link leads to the web over https, to a mail
//! address, to another published document or nowhere.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::document::{Library, figure_path};
use crate::syntax::markdown;

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// An address that starts with `https:`, `http:` or `mailto:`.
    Web(String),
    /// A published document, by index, and a section of it, by index.
    Document(usize, Option<usize>),
    /// Not published, or nothing a reader may be led to: the words stay, the link goes.
    Nowhere,
}

/// Resolves a link of a document.
pub(super) fn target(library: &Library, document: usize, named: &str) -> Target {
    let lower = named.trim().to_ascii_lowercase();
    if ["https://", "http://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme)) {
        let plain = !named.chars().any(|c| c.is_control() || c.is_whitespace());
        return if plain { Target::Web(named.trim().to_owned()) } else { Target::Nowhere };
    }
    let (path, anchor) = named.split_once('#').map_or((named, None), |(path, anchor)| (path, Some(anchor)));
    let Some(from) = library.documents.get(document) else { return Target::Nowhere };
    let found = match path {
        "" => Some(document),
        path => figure_path(&from.path, path)
            .and_then(|path| library.documents.iter().position(|one| *one.path == *path)),
    };
    let Some(found) = found else { return Target::Nowhere };
    let section = anchor.and_then(|anchor| {
        library.documents.get(found)?.sections.iter().position(|section| section.anchor == anchor)
    });
    Target::Document(found, section)
}

/// The events of a text, with raw HTML turned into the text that it is.
pub(super) fn events(text: &str) -> impl Iterator<Item = Event<'_>> {
    Parser::new_ext(text, markdown::options()).map(|event| match event {
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        other => other,
    })
}
