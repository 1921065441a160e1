//! The page of one document.

use jiff::civil::Date;
use minijinja::value::Serde;
use minijinja::{Environment, Error, context};
use serde::Serialize;

use super::{Frame, Site, body, level, links, place, shell};
use crate::document::Document;

/// Sections below this depth are not in the contents.
const CONTENTS: usize = 4;

#[derive(Serialize)]
struct Entry {
    level: usize,
    number: String,
    title: String,
    id: String,
}

#[derive(Serialize)]
struct Version {
    version: String,
    effective: String,
    approved_by: String,
    approved_on: String,
    proof: String,
    recorded: String,
}

/// A document's page.
pub(super) fn page(site: &Site<'_>, shell: &Environment<'_>, nth: usize) -> Result<String, Error> {
    let Some(document) = site.library.documents.get(nth) else { return Ok(String::new()) };
    let whole = site.whole.get(nth).map_or(&[][..], Vec::as_slice);
    let main = shell.get_template("document")?.render(context! {
        kind => document.kind.name(),
        title => &*document.title,
        draft => document.draft,
        facts => Serde(&document.facts),
        contents => Serde(contents(document)),
        body => shell::written(body::html(site, nth)),
        whole => shell::written(links::controls(site, whole)),
        versions => Serde(versions(document)),
        path => &*document.path,
        commit => document.commit.as_deref().unwrap_or(""),
        hash => document.sha256.as_deref().unwrap_or(""),
    })?;
    let here = document.kind.folder();
    site.framed(shell, Frame { title: &document.title, root: "../", here, draft: document.draft }, main)
}

fn contents(document: &Document) -> Vec<Entry> {
    let entries = document.sections.iter().map(|section| Entry {
        level: level(section),
        number: section.number.clone(),
        title: section.title.clone(),
        id: place::id(&section.anchor),
    });
    entries.filter(|entry| entry.level <= CONTENTS).collect()
}

fn versions(document: &Document) -> Vec<Version> {
    let day = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
    let version = |one: &crate::document::Revision| Version {
        version: one.version.clone(),
        effective: day(one.effective),
        approved_by: one.approved_by.clone(),
        approved_on: day(one.approved_on),
        proof: one.proof.clone().unwrap_or_default(),
        recorded: one.recorded.clone().unwrap_or_default(),
    };
    document.revisions.iter().map(version).collect()
}
