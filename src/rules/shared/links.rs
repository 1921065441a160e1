//! What the links and figures of a document lead to.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag};

use crate::program::Program;
use crate::source::{FOLDERS, FileId, is_skipped, resolved};
use crate::syntax::markdown;

/// What a document names to be followed or shown.
pub(in crate::rules) struct Named {
    /// A figure, else a link.
    pub(in crate::rules) figure: bool,
    pub(in crate::rules) to: String,
    /// Bytes of the whole link in the text.
    pub(in crate::rules) range: Range<usize>,
}

/// Every link and figure of a text.
pub(in crate::rules) fn named(text: &str) -> Vec<Named> {
    let events = Parser::new_ext(text, markdown::options()).into_offset_iter();
    let named = events.filter_map(|(event, range)| match event {
        Event::Start(Tag::Link { dest_url, .. }) => {
            Some(Named { figure: false, to: dest_url.into_string(), range })
        }
        Event::Start(Tag::Image { dest_url, .. }) => {
            Some(Named { figure: true, to: dest_url.into_string(), range })
        }
        _ => None,
    });
    named.collect()
}

/// Where a name leads that stands in the file `from`.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::rules) enum Leads {
    /// To the web, to a mail address, or where this programme does not look.
    Away,
    /// To the document itself.
    Here,
    /// To a file of the programme.
    File(FileId),
    /// To a folder of it.
    Folder,
    /// To this path, where nothing is.
    Nowhere(String),
}

/// Resolves a name, without what follows `#` and `?`.
pub(in crate::rules) fn leads(program: &Program, from: FileId, to: &str) -> Leads {
    let to = to.split(['#', '?']).next().unwrap_or("");
    if to.is_empty() {
        return Leads::Here;
    }
    if to.contains(':') || to.starts_with(['/', '\\']) {
        return Leads::Away;
    }
    let folder = program.sources.path(from).rsplit_once('/').map_or("", |(folder, _)| folder);
    let Some(path) = resolved(folder, &markdown::unescaped(to)) else { return Leads::Away };
    if let Some(file) = program.sources.find(&path) {
        return Leads::File(file);
    }
    let folder = path.split('/').next().unwrap_or("");
    let below = if path.ends_with('/') { path.clone() } else { format!("{path}/") };
    if program.sources.below(&below).next().is_some() {
        return Leads::Folder;
    }
    let known = FOLDERS.contains(&folder) && folder != path;
    let hidden = !path.contains('.') || is_skipped(&path) || program.may_be_defined_in_unread(&path);
    if known && !hidden { Leads::Nowhere(path) } else { Leads::Away }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined_below_the_root() {
        for (from, to, path) in [
            ("policies", "b.md", Some("policies/b.md")),
            ("policies", "./../narratives/b.md", Some("narratives/b.md")),
            ("policies/x", "../b.md", Some("policies/b.md")),
            ("policies", "../../b.md", None),
        ] {
            assert_eq!(resolved(from, to).as_deref(), path);
        }
    }
}
