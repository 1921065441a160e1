//! What stands around a document's text: the cover, the contents, versions and approval at the end.

use std::fmt::Write;

use super::body::mark_of;
use super::literal::{literal, pairs};
use super::table::Table;
use crate::document::{Document, Kind, Library, Revision};
use crate::text::{capitalized, clip};
use pulldown_cmark::Alignment;

/// Contents of more lines than this have a page of their own.
const FEW_LINES: usize = 14;
/// Letters of a title above a page.
const HEAD: usize = 80;

const DRAFT: &str = "Nobody has approved this text; it orders nothing.";

/// A document's pages: cover, contents, text, versions.
pub(super) fn pages(library: &Library, nth: usize, document: &Document, body: &str, whole: bool) -> String {
    let mut out = String::from("pages(");
    let head = format!("{} · {}", library.organization, clip(&document.title, HEAD));
    let read = document.commit.as_ref().map_or_else(String::new, |id| format!("commit {id}"));
    let below = match document.commit.as_ref() {
        Some(id) => format!("The text as of commit {id}."),
        None => "The text is not committed.".to_owned(),
    };
    let version = if document.draft { "Draft".to_owned() } else { version(document) };
    let foot = [version, capitalized(document.classification), read];
    let foot: Vec<String> = foot.into_iter().filter(|part| !part.is_empty()).collect();
    let (head, foot) = (literal(&head), literal(&foot.join(" · ")));
    let _ = write!(out, "head:{head},foot:{foot},draft:{},{{", document.draft);
    let _ = write!(
        out,
        "cover(organization:{},kind:{},title:{},mark:\"{}\",listed:{whole},draft:{},rows:{},below:{});}},{{",
        literal(&library.organization),
        literal(document.kind.name()),
        literal(&document.title),
        mark_of(nth),
        if document.draft { literal(DRAFT) } else { "none".to_owned() },
        pairs(document.facts.iter().map(|(name, value)| (*name, value.as_str()))),
        literal(&below),
    );
    if !whole {
        let policy = usize::from(document.kind == Kind::Policy);
        let lines = document.sections.iter().filter(|section| section.level <= 3).count() + policy;
        if lines > 2 {
            let _ = write!(out, "contents(3,{});", lines > FEW_LINES);
        }
    }
    out.push_str(body);
    if document.kind == Kind::Policy {
        out.push_str(&approval(nth, document));
    }
    out.push_str("});");
    out
}

/// The pages before the documents, where all are set together.
pub(super) fn title_page(library: &Library) -> String {
    let mut rows: Vec<(&str, String)> = Vec::new();
    let of_kind = |kind: Kind| library.documents.iter().filter(move |document| document.kind == kind);
    for kind in Kind::ALL {
        let number = of_kind(kind).count();
        if number > 0 {
            rows.push((kind.plural(), number.to_string()));
        }
    }
    if !library.system.is_empty() {
        rows.push(("System", library.system.clone()));
    }
    let drafts: Vec<&str> =
        library.documents.iter().filter(|document| document.draft).map(|document| &*document.title).collect();
    let draft = match drafts.as_slice() {
        [] => "none".to_owned(),
        drafts => {
            literal(&format!("Nobody has approved these texts; they order nothing: {}.", drafts.join(", ")))
        }
    };
    format!(
        "pages(head:{0},foot:{1},draft:false,{{cover(organization:{0},kind:\"\",title:{2},mark:\"top\",draft:{draft},rows:{3});}},\
         {{contents(1,true);}});",
        literal(&library.organization),
        literal(title(library)),
        literal(title(library)),
        pairs(rows.iter().map(|(name, value)| (*name, value.as_str()))),
    )
}

/// What all documents together are called.
pub(super) fn title(library: &Library) -> &'static str {
    let only = library.documents.iter().all(|document| document.kind == Kind::Policy);
    if only { "Policies" } else { "Policies and procedures" }
}

fn version(document: &Document) -> String {
    document.revision().map_or_else(String::new, |revision| format!("Version {}", revision.version))
}

/// The versions, and who approved this one; for a draft a place to sign.
fn approval(nth: usize, document: &Document) -> String {
    let mut out = format!("section(2,\"\",\"d{nth}v\",\"Versions and approval\");");
    if !document.revisions.is_empty() {
        out.push_str(&versions(&document.revisions));
    }
    if document.draft {
        out.push_str("signature(\"This text is a draft. It is in force once it is approved.\");");
        return out;
    }
    let since = document.facts.iter().find(|(name, _)| *name == "In force since");
    let mut rows: Vec<(&str, String)> = document.revision().map_or_else(Vec::new, |one| one.cells().into());
    // From its first approval on, where the same text was approved again.
    for (name, value) in rows.iter_mut().filter(|(name, _)| *name == "In force from") {
        (*name, *value) = ("In force since", since.map_or_else(String::new, |(_, day)| day.clone()));
    }
    rows.extend(document.sha256.clone().map(|hash| ("SHA-256 of the text", hash)));
    rows.retain(|(_, value)| !value.is_empty());
    let _ = write!(out, "approval({});", pairs(rows.iter().map(|(name, value)| (*name, value.as_str()))));
    out
}

/// The versions as a table without the columns in which nothing stands.
fn versions(revisions: &[Revision]) -> String {
    let rows: Vec<[(&str, String); 6]> = revisions.iter().map(Revision::cells).collect();
    let used: Vec<usize> =
        (0..6).filter(|column| rows.iter().any(|row| !row[*column].1.is_empty())).collect();
    let mut table = Table::new(&vec![Alignment::Left; used.len()]);
    for column in rows.first().map_or(&[][..], |_| &used) {
        table.plain(rows[0][*column].0);
    }
    table.end_of_header();
    for row in &rows {
        for column in &used {
            table.plain(&row[*column].1);
        }
    }
    table.code()
}

/// `Controls: iam-access-review (CC6.2, CC6.3), iam-transfer (CC6.3)`.
pub(super) fn carried(library: &Library, controls: &[usize]) -> String {
    let name = |criterion: &usize| library.criteria.get(*criterion).map(|criterion| criterion.id.as_str());
    let one = |control: &usize| {
        let control = library.controls.get(*control)?;
        let criteria: Vec<&str> = control.criteria.iter().filter_map(name).collect();
        Some(if criteria.is_empty() {
            control.id.to_string()
        } else {
            format!("{} ({})", control.id, criteria.join(", "))
        })
    };
    let named: Vec<String> = controls.iter().filter_map(one).collect();
    format!("{}: {}", if named.len() == 1 { "Control" } else { "Controls" }, named.join(", "))
}
