//! Every control: its wording, whose it is, and the sections that order it.

use std::collections::BTreeSet;

use minijinja::value::Serde;
use minijinja::{Environment, Error, context};
use serde::Serialize;

use super::index::Choice;
use super::{Frame, Site, links, place, series_of, words};
use crate::document::Control;
use crate::text::count;

#[derive(Serialize)]
struct One<'a> {
    id: &'a str,
    place: String,
    title: &'a str,
    description: &'a str,
    owner: &'a str,
    cadence: &'a str,
    status: &'a str,
    criteria: Vec<Link>,
    ordered_by: Vec<Link>,
    /// What the filters compare.
    series_words: String,
}

/// A link and its words.
#[derive(Serialize)]
pub(super) struct Link {
    pub(super) href: String,
    pub(super) says: String,
    /// What stands beside it.
    pub(super) note: String,
}

/// The page of all controls.
pub(super) fn page(site: &Site<'_>, shell: &Environment<'_>) -> Result<String, Error> {
    let library = site.library;
    let controls: Vec<One<'_>> = library.controls.iter().map(|control| one(site, control)).collect();
    let statuses: BTreeSet<&str> = library.controls.iter().map(|control| control.status).collect();
    let statuses: Vec<_> =
        ["implemented", "planned", "draft"].into_iter().filter(|status| statuses.contains(status)).collect();
    let main = shell.get_template("controls")?.render(context! {
        total => count(library.controls.len(), "control"),
        controls => Serde(controls),
        series => Serde(series(site)),
        statuses,
    })?;
    site.framed(shell, Frame { title: "Controls", root: "", here: "controls", draft: false }, main)
}

fn one<'a>(site: &'a Site<'_>, control: &'a Control) -> One<'a> {
    let criteria: Vec<_> =
        control.criteria.iter().filter_map(|nth| site.library.criteria.get(*nth)).collect();
    let series: BTreeSet<String> =
        criteria.iter().map(|criterion| place::id(series_of(&criterion.id))).collect();
    let mut seen = BTreeSet::new();
    let ordered_by = control.ordered_by.iter().filter(|place| seen.insert(**place));
    One {
        id: &control.id,
        place: place::id(&control.id),
        title: &control.title,
        description: &control.description,
        owner: &control.owner,
        cadence: &control.cadence,
        status: control.status,
        criteria: criteria
            .iter()
            .map(|criterion| Link {
                href: links::criterion("", &criterion.id),
                says: criterion.id.clone(),
                note: criterion.text.clone(),
            })
            .collect(),
        ordered_by: ordered_by.filter_map(|(found, section)| section_link(site, *found, *section)).collect(),
        series_words: words(series),
    }
}

/// `Access Control Policy › 3 Access reviews`.
fn section_link(site: &Site<'_>, found: usize, section: Option<usize>) -> Option<Link> {
    let document = site.library.documents.get(found)?;
    let section_of = section.and_then(|nth| document.sections.get(nth));
    let says = match section_of {
        Some(section) => format!("{} › {} {}", document.title, section.number, section.title),
        None => document.title.clone(),
    };
    let note = if document.draft { "draft" } else { "" };
    Some(Link { href: links::document(site, "", found, section), says, note: note.to_owned() })
}

/// The series of criteria, in the framework's order.
fn series(site: &Site<'_>) -> Vec<Choice> {
    let mut seen = BTreeSet::new();
    let all = site.library.criteria.iter().map(|criterion| series_of(&criterion.id));
    let all = all.filter(|one| seen.insert(*one));
    all.map(|one| Choice { says: one.to_owned(), word: place::id(one) }).collect()
}
