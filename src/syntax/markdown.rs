//! Markdown documents: front matter, and headings with the anchors that controls point at.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::source::Span;
use crate::text::slug;

/// A document cut into its front matter and its body, as byte spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// The YAML between the fences, without them.
    pub front_matter: Span,
    /// Everything after the closing fence.
    pub body: Span,
}

/// Cuts a document that starts with a `---` fence; `None` when it does not, or the fence is never closed.
pub fn parts(text: &str) -> Option<Parts> {
    let rest = text.strip_prefix("---\n").or_else(|| text.strip_prefix("---\r\n"))?;
    let start = text.len() - rest.len();
    let mut at = start;
    for line in rest.split_inclusive('\n') {
        if line.trim_end_matches(['\n', '\r']) == "---" {
            let body = Span::new(at + line.len(), text.len());
            return Some(Parts { front_matter: Span::new(start, at), body });
        }
        at += line.len();
    }
    None
}

/// A heading and the anchor it can be reached by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    pub title: String,
    /// `{#explicit}`, else the title's slug.
    pub anchor: String,
    pub explicit: bool,
    /// Bytes of the heading in the text that was given.
    pub span: Span,
}

/// All headings, in order.
pub fn headings(text: &str) -> Vec<Heading> {
    let mut out = Vec::new();
    let mut open: Option<Heading> = None;
    for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { level, id, .. }) => {
                let anchor = id.map(|id| id.to_string());
                open = Some(Heading {
                    level: level as u8,
                    title: String::new(),
                    explicit: anchor.is_some(),
                    anchor: anchor.unwrap_or_default(),
                    span: Span::new(range.start, range.start + text[range].trim_end().len()),
                });
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut open {
                    heading.title.push_str(&text);
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some(mut heading) = open.take() {
                    if !heading.explicit {
                        heading.anchor = slug(&heading.title);
                    }
                    out.push(heading);
                }
            }
            _ => {}
        }
    }
    out
}

/// The Markdown that policies are written in; lint and rendering share it, so both see one document.
pub fn options() -> Options {
    Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_TABLES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_is_cut_at_its_own_fence() {
        let text = "---\nid: a\n---\n# Title\n\n---\n";
        let parts = parts(text).unwrap();
        assert_eq!(&text[parts.front_matter.range()], "id: a\n");
        assert_eq!(&text[parts.body.range()], "# Title\n\n---\n");
        assert_eq!(super::parts("id: a\n---\n"), None);
    }

    #[test]
    fn anchors_are_explicit_or_slugs() {
        let headings =
            headings("# Access control\n\n## Who `reviews` {#access-reviews}\n\n```\n# no heading\n```\n");
        let anchors: Vec<_> = headings.iter().map(|h| (h.anchor.as_str(), h.title.as_str())).collect();
        assert_eq!(anchors, [("access-control", "Access control"), ("access-reviews", "Who reviews")]);
    }
}
