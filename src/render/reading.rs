//! A document's Markdown as harmless events: raw HTML becomes text, and a link leads to the web over https, to a mail
//! address, to another published document or nowhere. Lists of letters say so.

use std::collections::BTreeMap;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::document::{Library, figure_path};
use crate::syntax::lettering::Lettering;
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

/// The first number of a list of letters is this and what [`Lettering::place`] says; no typed number has more than nine
/// digits.
const LETTERED: u64 = 10_000_000_000;

/// How the items of a numbered list are marked, if not with numbers.
pub(super) fn lettering(first: u64) -> Option<Lettering> {
    first.checked_sub(LETTERED).and_then(Lettering::at)
}

/// The events of a text, with raw HTML turned into the text that it is. A list of bullets whose items begin with `a.`, `b.`
/// and so on is a numbered one, see [`lettering`], and its items begin after that.
pub(super) fn events(text: &str) -> impl Iterator<Item = Event<'_>> {
    let lettered = lettered(text);
    let mut open: Vec<Option<(Lettering, u64)>> = Vec::new();
    let (mut lists, mut begun) = (0_usize, None);
    Parser::new_ext(text, markdown::options()).map(move |event| match event {
        Event::Start(Tag::List(first)) => {
            let letters = lettered.get(&lists).copied();
            lists += 1;
            open.push(letters.map(|letters| (letters, 0)));
            Event::Start(Tag::List(letters.map_or(first, |letters| Some(LETTERED + letters.place()))))
        }
        Event::End(TagEnd::List(numbered)) => {
            let letters = open.pop().flatten();
            Event::End(TagEnd::List(numbered || letters.is_some()))
        }
        Event::Start(Tag::Item) => {
            begun = open.last_mut().and_then(Option::as_mut).map(|(letters, items)| {
                *items += 1;
                (*letters, *items)
            });
            event
        }
        Event::Text(text) => Event::Text(match begun.take() {
            Some((letters, nth)) => match letters.next(nth - 1, &text, false) {
                Some(rest) => rest.to_owned().into(),
                None => text,
            },
            None => text,
        }),
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        other => other,
    })
}

/// The lists, by their place among all, whose every item begins with the next letter.
fn lettered(text: &str) -> BTreeMap<usize, Lettering> {
    struct List {
        nth: usize,
        items: u64,
        letters: Option<Lettering>,
        kept: bool,
        /// An item has begun and no text was seen.
        begun: bool,
    }
    let mut found = BTreeMap::new();
    let marked = |line: &str| {
        let line = line.trim_start_matches([' ', '\t', '>']);
        line.strip_prefix(['-', '*', '+']).is_some_and(|rest| Lettering::first(rest.trim_start()).is_some())
    };
    if !text.lines().any(marked) {
        return found;
    }
    let mut open: Vec<List> = Vec::new();
    let mut lists = 0;
    for event in Parser::new_ext(text, markdown::options()) {
        match event {
            Event::Start(Tag::List(first)) => {
                if let Some(around) = open.last_mut() {
                    around.kept &= !around.begun;
                }
                open.push(List { nth: lists, items: 0, letters: None, kept: first.is_none(), begun: false });
                lists += 1;
            }
            Event::End(TagEnd::List(_)) => {
                let Some(list) = open.pop().filter(|list| list.kept) else { continue };
                found.extend(list.letters.map(|letters| (list.nth, letters)));
            }
            Event::Start(Tag::Item) => {
                if let Some(list) = open.last_mut() {
                    list.begun = true;
                }
            }
            Event::End(TagEnd::Item) => {
                if let Some(list) = open.last_mut() {
                    list.kept &= !list.begun;
                }
            }
            Event::Start(Tag::Paragraph) => {}
            Event::Text(text) => {
                let Some(list) = open.last_mut().filter(|list| list.begun && list.kept) else { continue };
                list.begun = false;
                let letters = list.letters.or_else(|| Lettering::first(&text).map(|(letters, _)| letters));
                let next = letters.and_then(|letters| letters.next(list.items, &text, false));
                list.kept = next.is_some();
                list.letters = letters;
                list.items += 1;
            }
            _ => {
                if let Some(list) = open.last_mut() {
                    list.kept &= !list.begun;
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let mut out = String::new();
        for event in events(text) {
            match event {
                Event::Start(Tag::List(Some(first))) => match lettering(first) {
                    Some(letters) => out.push_str(&format!("<{}", letters.mark(2))),
                    None => out.push_str(&format!("<{first}")),
                },
                Event::Start(Tag::List(None)) => out.push_str("<-"),
                Event::Start(Tag::Item) => out.push('|'),
                Event::End(TagEnd::List(_)) => out.push('>'),
                Event::Text(text) => out.push_str(&text),
                _ => {}
            }
        }
        out
    }

    #[test]
    fn a_list_of_bullets_and_letters_is_a_list_of_letters() {
        assert_eq!(shown("- a. *x*\n- b. y\n"), "<b.|x|y>");
        assert_eq!(shown("- a. x\n\n  - (I) y\n\n  - (II) z\n\n- b. w\n"), "<b.|x<(II)|y|z>|w>");
        assert_eq!(shown("1. a. x\n2. b. y\n"), "<1|a. x|b. y>");
        for other in
            ["- a. x\n- y\n", "- a. x\n- c. y\n", "- a. x\n-\n", "- a. x\n- `b.` y\n", "- a. x\n- > b. y\n"]
        {
            assert!(shown(other).starts_with("<-|a. x"), "{other}: {}", shown(other));
        }
    }
}
