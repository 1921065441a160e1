//! Policies that are kept as files: Markdown, with or without front matter, and pages of HTML.

use super::braces::{escaped, opening};
use super::document::{Document, Kind, entries, fenced, levelled, one_line, title, yaml};
use super::foreign::Lines;
use super::ids::{Taken, id_of, stem};
use super::{Fate, Foreign, NewFile, Origin, Taking, Text, Want, html, links};
use crate::source::{is_figure, is_skipped, unportable};
use crate::syntax::{Node, markdown};
use crate::text::{clip, safe};

const TOOL: &str = "files";

/// What is read of a folder.
pub fn wants(path: &str, folder: bool) -> Want {
    let name = path.rsplit('/').next().unwrap_or(path);
    let end = name.rsplit_once('.').map_or("", |(_, end)| end).to_ascii_lowercase();
    match end.as_str() {
        _ if name.starts_with('.') || name == "node_modules" || name.eq_ignore_ascii_case("readme.md") => {
            Want::Pass
        }
        _ if folder => Want::Enter,
        "md" | "markdown" | "html" | "htm" => Want::Text,
        "docx" | "doc" | "odt" | "rtf" | "pdf" | "pages" => {
            Want::Leave("is not read: save it as HTML (a word processor can), then import that")
        }
        _ if is_figure(name) => Want::Figure,
        _ => Want::Leave("is neither Markdown nor HTML"),
    }
}

/// What the files become. `owner` is the role that answers for them until somebody says otherwise.
pub fn adopt(foreign: &Foreign, owner: &str) -> Taking {
    let mut taking = Taking { faults: foreign.refused.clone(), ..Taking::default() };
    taking.adopted.remarks.clone_from(&foreign.told);
    let mut ids = Taken::default();
    for text in &foreign.texts {
        policy(text, owner, &mut ids, &mut taking);
    }
    if foreign.texts.is_empty() && taking.faults.is_empty() {
        taking.fault(Origin::file("."), "holds no Markdown and no HTML");
    }
    let places = links::places(&taking.adopted);
    links::relink(&mut taking.adopted, &places);
    figures(foreign, "policies/", &mut taking);
    taking.finish()
}

/// Takes pictures over beside the documents; `below` stands before their paths.
pub(super) fn figures(foreign: &Foreign, below: &str, taking: &mut Taking) {
    for figure in &foreign.figures {
        let from = Origin::file(&figure.path);
        let path = format!("{below}{}", figure.path);
        if unportable(&path).is_some() || is_skipped(&path) {
            taking.adopted.tell(Fate::Left, from, "its name cannot be kept everywhere: give it a plain one");
            continue;
        }
        taking.adopted.tell(Fate::Taken, from.clone(), format!("becomes `{}`", safe(&path)));
        taking.adopted.files.push(NewFile { path, bytes: figure.bytes.clone(), from });
    }
}

/// The folders above a file, as they are where every system can hold their names.
fn folder_of(path: &str) -> String {
    let Some((folders, _)) = path.rsplit_once('/') else { return String::new() };
    let mut out = String::new();
    for folder in folders.split('/') {
        let plain = unportable(folder).is_none() && !folder.contains(['#', '%']);
        out.push_str(&if plain { folder.to_owned() } else { id_of(folder) });
        out.push('/');
    }
    out
}

/// A text before it is a document.
struct Draft {
    title: Option<String>,
    id: Option<String>,
    notes: Vec<String>,
    body: String,
}

fn policy(text: &Text, owner: &str, ids: &mut Taken, taking: &mut Taking) {
    let name = text.path.rsplit('/').next().unwrap_or(&text.path).to_ascii_lowercase();
    let draft = if name.ends_with(".html") || name.ends_with(".htm") {
        page(text, taking)
    } else {
        match written(text, taking) {
            Some(draft) => draft,
            None => return,
        }
    };
    let whole = Origin::file(&text.path);
    let id = id_of(draft.id.as_deref().unwrap_or_else(|| stem(&text.path)));
    if let Err(before) = ids.take(&id, &whole) {
        let told = format!("would be the policy `{id}`, which `{}` is already", safe(&before.file));
        return taking.fault(whole, told);
    }
    let first = markdown::headings(&draft.body).into_iter().next().map(|heading| heading.title);
    let title = title(draft.title.as_deref().or(first.as_deref()), stem(&text.path));
    let (body, shift) = levelled(&draft.body, &title);
    if shift != 0 {
        let told =
            "headings are set at another level: the title stands in the front matter, sections one below it";
        taking.adopted.tell(Fate::Changed, whole.clone(), told);
    }
    if body.trim().is_empty() {
        taking.adopted.tell(Fate::Changed, whole.clone(), "holds no text");
    }
    let folder = folder_of(&text.path);
    let document = Document {
        kind: Kind::Policy,
        id: &id,
        title: &title,
        owner,
        tool: TOOL,
        folder: &folder,
        from: whole.clone(),
        notes: draft.notes,
        body: &body,
    };
    let file = document.file();
    taking.adopted.tell(Fate::Taken, whole, format!("becomes `{}`, a draft", safe(&file.path)));
    taking.adopted.files.push(file);
}

/// A page of HTML.
fn page(text: &Text, taking: &mut Taking) -> Draft {
    let page = html::markdown(&text.text);
    for (what, line) in page.left {
        let from = Origin { file: text.path.clone(), line: Some(line) };
        taking.adopted.tell(Fate::Left, from, format!("{what} is left out"));
    }
    taking.adopted.tell(Fate::Changed, Origin::file(&text.path), "is written as Markdown; it was HTML");
    let first = markdown::headings(&page.markdown).into_iter().next().map(|heading| heading.title);
    let title = first.or(page.title).map(|title| one_line(&title));
    let body = unbraced(text, None, &page.markdown, taking);
    Draft { title, id: None, notes: Vec::new(), body }
}

/// Markdown, with its front matter if it has any.
fn written(text: &Text, taking: &mut Taking) -> Option<Draft> {
    let mut draft = Draft { title: None, id: None, notes: Vec::new(), body: String::new() };
    let mut start = 0;
    // comply's documents have no first fence.
    let headed = ["---\n", "name:", "title:"].iter().any(|begins| text.text.starts_with(begins));
    if headed && let Some((front, body)) = fenced(&text.text) {
        let node = match yaml(text, front) {
            Ok(node) => node,
            Err(fault) => {
                taking.faults.push(fault);
                return None;
            }
        };
        keys(text, &node, &mut draft, taking);
        start = body;
    } else if text.text.starts_with("+++\n")
        && let Some(end) = text.text.get(4..).and_then(|rest| rest.find("\n+++\n"))
    {
        let from = Origin { file: text.path.clone(), line: Some(1) };
        taking.adopted.tell(
            Fate::Left,
            from,
            "front matter in TOML is left out: write its title and id in the new one",
        );
        start = end + 9;
    }
    let body = text.text.get(start..).unwrap_or("");
    draft.body = unbraced(text, Some(start), body, taking);
    Some(draft)
}

/// What the front matter says; approvals of another system are told and never taken over.
fn keys(text: &Text, node: &Node<'_>, draft: &mut Draft, taking: &mut Taking) {
    let lines = Lines::of(text);
    for entry in entries(node) {
        let from = lines.at(entry.key.at.span.start as usize);
        let value = entry.value.scalar().map(one_line).filter(|value| !value.is_empty());
        let key = clip(&safe(&entry.key.value), 40);
        match (&*entry.key.value, value) {
            ("title" | "name", Some(value)) if draft.title.is_none() => draft.title = Some(value),
            ("id", Some(value)) => draft.id = Some(value),
            ("approvals" | "approved" | "approved_by" | "approver" | "reviews", _) => {
                let told = format!(
                    "`{key}` is left: approvals are recorded with soc2 policy approve, by the person who gives them"
                );
                taking.adopted.tell(Fate::Left, from, told);
            }
            (_, Some(value)) => {
                draft.notes.push(format!("{key} there: {}", clip(&value, 200)));
                taking.adopted.tell(Fate::Changed, from, format!("`{key}` is kept as a comment"));
            }
            (_, None) => taking.adopted.tell(Fate::Left, from, format!("`{key}` has no counterpart")),
        }
    }
}

/// The text with braces that stay braces; where they stood is told, if the text stands in the file from `start` on.
fn unbraced(text: &Text, start: Option<usize>, body: &str, taking: &mut Taking) -> String {
    let Some(first) = opening(body) else { return body.to_owned() };
    let from = match start {
        Some(start) => Lines::of(text).at(start + first),
        None => Origin::file(&text.path),
    };
    let told = "braces that soc2 would read as a variable are written so that they stay braces";
    taking.adopted.tell(Fate::Changed, from, told);
    escaped(body)
}

#[cfg(test)]
mod tests;
