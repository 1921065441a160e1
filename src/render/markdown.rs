//! Markdown for a wiki: the text as approved, under a table of what a cover tells, with the versions below. Anchors become
//! HTML ids, which every wiki knows.

use std::fmt::Write;
use std::ops::Range;

use super::Published;
use super::reading::{Target, target};
use crate::document::{Document, Kind, Library, figure_path};
use crate::syntax::markdown;
use pulldown_cmark::{Event, LinkType, Parser, Tag};

/// Every file.
pub(super) fn files(library: &Library) -> Vec<Published> {
    let mut files = vec![Published { path: "README.md".to_owned(), bytes: index(library).into_bytes() }];
    for (nth, document) in library.documents.iter().enumerate() {
        files.push(Published { path: path(document), bytes: page(library, nth, document).into_bytes() });
    }
    for (path, figure) in &library.figures {
        files.push(Published { path: path.to_string(), bytes: figure.bytes.clone() });
    }
    files
}

fn path(document: &Document) -> String {
    format!("{}.md", super::stem(document))
}

fn index(library: &Library) -> String {
    let mut out = format!("# Policies of {}\n", escaped(&library.organization));
    for kind in Kind::ALL {
        let of_kind = || library.documents.iter().filter(|document| document.kind == kind);
        if of_kind().next().is_none() {
            continue;
        }
        let title = kind.plural();
        let _ = write!(out, "\n## {title}\n\n");
        for document in of_kind() {
            let draft = if document.draft { " (DRAFT)" } else { "" };
            let _ = writeln!(out, "- [{}]({}){draft}", escaped(&document.title), path(document));
        }
    }
    out
}

fn page(library: &Library, nth: usize, document: &Document) -> String {
    let mut out = format!("# {}\n\n", escaped(&document.title));
    if document.draft {
        out.push_str("> **DRAFT.** Nobody has approved this text; it orders nothing.\n\n");
    }
    if !document.facts.is_empty() {
        out.push_str("| | |\n| --- | --- |\n");
        for (name, value) in &document.facts {
            let _ = writeln!(out, "| {name} | {} |", escaped(value));
        }
        out.push('\n');
    }
    out.push_str(&body(library, nth, document));
    if !document.revisions.is_empty() {
        out.push_str("\n## Versions\n\n");
        for (nth, one) in document.revisions.iter().enumerate() {
            let cells = one.cells();
            if nth == 0 {
                let names: Vec<&str> = cells.iter().map(|(name, _)| *name).collect();
                let _ = writeln!(out, "| {} |\n|{}", names.join(" | "), " --- |".repeat(names.len()));
            }
            let cells: Vec<String> = cells.iter().map(|(_, cell)| escaped(cell)).collect();
            let _ = writeln!(out, "| {} |", cells.join(" | "));
        }
    }
    out
}

/// The text with links that lead to the published files, and anchors as HTML ids before their headings.
fn body(library: &Library, nth: usize, document: &Document) -> String {
    let text = &*document.text;
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let mut sections = document.sections.iter();
    for (event, range) in Parser::new_ext(text, markdown::options()).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { id, .. }) => {
                let Some(section) = sections.next() else { continue };
                edits.push((range.start..range.start, format!("<a id=\"{}\"></a>\n\n", section.anchor)));
                let typed = text.get(range.clone()).unwrap_or("");
                if let Some(at) = id.and_then(|_| typed.rfind("{#")) {
                    let start = range.start + typed.get(..at).map_or(0, |head| head.trim_end().len());
                    edits.push((start..range.start + typed.trim_end().len(), String::new()));
                }
            }
            Event::Start(Tag::Link { dest_url, link_type: LinkType::Inline, .. }) => {
                let Target::Document(found, section) = target(library, nth, &dest_url) else { continue };
                let Some(to) = library.documents.get(found) else { continue };
                let anchor = section.and_then(|section| to.sections.get(section));
                let anchor = anchor.map_or_else(String::new, |section| format!("#{}", section.anchor));
                let href = if found == nth { anchor } else { format!("../{}{anchor}", path(to)) };
                edits.extend(destination(text, &range, &dest_url).map(|at| (at, href)));
            }
            Event::Start(Tag::Image { dest_url, link_type: LinkType::Inline, .. }) => {
                let Some(figure) = figure_path(&document.path, &dest_url) else { continue };
                let href = format!("../{}", markdown::escaped(&figure));
                edits.extend(destination(text, &range, &dest_url).map(|at| (at, href)));
            }
            _ => {}
        }
    }
    let mut out = String::with_capacity(text.len());
    let mut kept = 0;
    for (range, with) in edits {
        if range.start < kept {
            continue;
        }
        out.push_str(text.get(kept..range.start).unwrap_or(""));
        out.push_str(&with);
        kept = range.end;
    }
    out.push_str(text.get(kept..).unwrap_or(""));
    out
}

/// Where the destination of a link stands in the text, as typed.
fn destination(text: &str, link: &Range<usize>, named: &str) -> Option<Range<usize>> {
    let typed = text.get(link.clone())?;
    let at = typed.rfind(named)?;
    Some(link.start + at..link.start + at + named.len())
}

/// Text that Markdown leaves as it is.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|') {
            out.push('\\');
        }
        out.push(if c.is_control() { ' ' } else { c });
    }
    out
}
