//! Names of pages and of the places on them. A text of the programme cannot take a place that the site uses itself: those
//! begin with `_`, which no name that is written here does.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::document::Document;
use crate::text::{clip, is_hostile, is_slug, slug};

/// The longest name of a page.
const NAME: usize = 100;

/// An anchor or id as the id of an element. Different names stay different; plain ones stay as they are.
pub(super) fn id(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for (nth, c) in name.chars().enumerate() {
        let plain = c.is_alphanumeric() && !is_hostile(c) || matches!(c, '-' | '.' | ':');
        if plain || c == '_' && nth > 0 {
            out.push(c);
        } else {
            let _ = write!(out, "~{:x}~", u32::from(c));
        }
    }
    if out.is_empty() { "~~".to_owned() } else { out }
}

/// An address on the web, with what has no place in one written in percent.
pub(super) fn web(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for c in address.chars() {
        if c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}') {
            out.push(c);
        } else {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// The way to a file beside a page; `None` for what leaves the folder's tree or names another place.
pub(super) fn beside(way: &str) -> Option<String> {
    let plain = !way.starts_with('/') && !way.contains([':', '\\', '?']) && !way.is_empty();
    let (path, anchor) = way.split_once('#').map_or((way, None), |(path, anchor)| (path, Some(anchor)));
    let anchor = anchor.map_or_else(String::new, |anchor| format!("#{}", id(anchor)));
    plain.then(|| web(path) + &anchor)
}

/// The page of each document: `policies/access-control.html`, each its own on disks that do not tell `A` from `a` too.
pub(super) fn pages(documents: &[Document]) -> Vec<String> {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let page = |document: &Document| {
        let plain = if is_slug(&document.id) { document.id.to_string() } else { ascii(&document.id) };
        let stem = format!("{}/{}", document.kind.folder(), clip(&plain, NAME).trim_end_matches('…'));
        let mut page = format!("{stem}.html");
        let mut times = 1;
        while !taken.insert(page.clone()) {
            times += 1;
            page = format!("{stem}-{times}.html");
        }
        page
    };
    documents.iter().map(page).collect()
}

/// A name for a file out of anything.
fn ascii(id: &str) -> String {
    let plain: String = slug(id).chars().filter(char::is_ascii).collect();
    let plain = plain.trim_matches('-');
    if plain.is_empty() { "document".to_owned() } else { plain.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_plain_and_stay_apart() {
        assert_eq!(
            ["access-reviews", "CC6.1", "a_b", "zugänge"].map(id),
            ["access-reviews", "CC6.1", "a_b", "zugänge"]
        );
        assert_eq!(id("_main"), "~5f~main");
        assert_eq!(id("a\" onclick=\"x"), "a~22~~20~onclick~3d~~22~x");
        assert_eq!(id("~5f~main"), "~7e~5f~7e~main");
        assert_eq!(id("a\u{3164}"), "a~3164~");
        assert_eq!(id(""), "~~");
    }

    #[test]
    fn addresses_hold_nothing_that_ends_them() {
        assert_eq!(web("https://a.example/?q=1&r#s"), "https://a.example/?q=1&r#s");
        assert_eq!(web("https://a/\"><b>é\u{202e}"), "https://a/%22%3E%3Cb%3E%C3%A9%E2%80%AE");
    }
}
