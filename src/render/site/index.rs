//! The first page: every document by its kind, with what narrows the list.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::value::Serde;
use minijinja::{Environment, Error, context};
use serde::Serialize;

use super::{Frame, Site, place, words};
use crate::document::{Document, Kind};
use crate::text::{count, slug};

/// The fact that says who has to read a document.
const AUDIENCE: &str = "Read and acknowledged by";
/// Facts that the list shows.
const SHOWN: [&str; 4] = ["Version", "Owner", "In force since", "Next review by"];

#[derive(Serialize)]
struct Group {
    title: &'static str,
    id: &'static str,
    documents: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    href: String,
    title: String,
    draft: bool,
    facts: Vec<(&'static str, String)>,
    audience: String,
    /// What the filters compare.
    audience_words: String,
    series_words: String,
}

/// A word to choose, and what it says.
#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Choice {
    pub(super) says: String,
    pub(super) word: String,
}

/// The first page.
pub(super) fn page(site: &Site<'_>, shell: &Environment<'_>) -> Result<String, Error> {
    let library = site.library;
    let groups: Vec<Group> =
        [(Kind::Policy, "Policies"), (Kind::Procedure, "Procedures"), (Kind::Narrative, "Narratives")]
            .into_iter()
            .map(|(kind, title)| group(site, kind, title))
            .filter(|group| !group.documents.is_empty())
            .collect();
    let left_out: Vec<_> = library.left_out.iter().map(|one| (one.id.to_string(), one.why.clone())).collect();
    let main = shell.get_template("index")?.render(context! {
        groups => Serde(groups),
        total => count(library.documents.len(), "document"),
        audiences => Serde(audiences(site)),
        series => Serde(series(site)),
        left_out,
        system => &*library.system,
    })?;
    site.framed(
        shell,
        Frame { title: "Policies and procedures", root: "", here: "documents", draft: false },
        main,
    )
}

fn group(site: &Site<'_>, kind: Kind, title: &'static str) -> Group {
    let of_kind = site.library.documents.iter().enumerate().filter(|(_, document)| document.kind == kind);
    let documents = of_kind.map(|(nth, document)| Line {
        href: site.pages.get(nth).cloned().unwrap_or_default(),
        title: document.title.clone(),
        draft: document.draft,
        facts: document.facts.iter().filter(|(name, _)| SHOWN.contains(name)).cloned().collect(),
        audience: audience(document).unwrap_or_default().to_owned(),
        audience_words: words(audience(document).map(word)),
        series_words: words(site.series.get(nth).into_iter().flatten().map(|one| place::id(one))),
    });
    Group { title, id: kind.folder(), documents: documents.collect() }
}

fn audience(document: &Document) -> Option<&str> {
    document.facts.iter().find(|(name, _)| *name == AUDIENCE).map(|(_, value)| value.as_str())
}

fn word(audience: &str) -> String {
    place::id(&slug(audience))
}

/// Who reads documents: `everyone` first.
fn audiences(site: &Site<'_>) -> Vec<Choice> {
    let all = site.library.documents.iter().filter_map(audience);
    let by_word: BTreeMap<String, &str> = all.map(|audience| (word(audience), audience)).collect();
    let mut choices: Vec<Choice> =
        by_word.into_iter().map(|(word, says)| Choice { says: says.to_owned(), word }).collect();
    choices.sort_by_key(|choice| choice.word != "everyone");
    choices
}

/// The series that documents serve, in the framework's order.
fn series(site: &Site<'_>) -> Vec<Choice> {
    let mut seen = BTreeSet::new();
    let served = |one: &str| site.series.iter().any(|series| series.contains(one));
    let all = site.library.criteria.iter().map(|criterion| super::series_of(&criterion.id));
    let all = all.filter(|one| seen.insert(*one)).filter(|one| served(one));
    all.map(|one| Choice { says: one.to_owned(), word: place::id(one) }).collect()
}
