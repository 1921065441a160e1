//! Every criterion in scope, with the controls that name it and the documents behind them.

use std::collections::BTreeSet;

use minijinja::value::Serde;
use minijinja::{Environment, Error, context};
use serde::Serialize;

use super::controls::Link;
use super::{Frame, Site, links, place, series_of};
use crate::document::Criterion;
use crate::text::count;

#[derive(Serialize)]
struct Series<'a> {
    name: &'a str,
    criteria: Vec<One<'a>>,
}

#[derive(Serialize)]
struct One<'a> {
    id: &'a str,
    place: String,
    text: &'a str,
    controls: Vec<Link>,
    documents: Vec<Link>,
}

/// The page of all criteria.
pub(super) fn page(site: &Site<'_>, shell: &Environment<'_>) -> Result<String, Error> {
    let mut all: Vec<Series<'_>> = Vec::new();
    for criterion in &site.library.criteria {
        let name = series_of(&criterion.id);
        if all.last().is_none_or(|series| series.name != name) {
            all.push(Series { name, criteria: Vec::new() });
        }
        if let Some(series) = all.last_mut() {
            series.criteria.push(one(site, criterion));
        }
    }
    let main = shell.get_template("criteria")?.render(context! {
        total => count(site.library.criteria.len(), "criterion"),
        series => Serde(all),
    })?;
    site.framed(shell, Frame { title: "Criteria", root: "", here: "criteria", draft: false }, main)
}

fn one<'a>(site: &'a Site<'_>, criterion: &'a Criterion) -> One<'a> {
    let controls: Vec<_> =
        criterion.controls.iter().filter_map(|nth| site.library.controls.get(*nth)).collect();
    let documents: BTreeSet<usize> =
        controls.iter().flat_map(|control| control.ordered_by.iter().map(|(found, _)| *found)).collect();
    One {
        id: &criterion.id,
        place: place::id(&criterion.id),
        text: &criterion.text,
        controls: controls
            .iter()
            .map(|control| Link {
                href: links::control("", &control.id),
                says: control.id.to_string(),
                note: control.title.clone(),
            })
            .collect(),
        documents: documents
            .into_iter()
            .filter_map(|found| {
                let document = site.library.documents.get(found)?;
                let note = if document.draft { "draft" } else { "" };
                Some(Link {
                    href: links::document(site, "", found, None),
                    says: document.title.clone(),
                    note: note.to_owned(),
                })
            })
            .collect(),
    }
}
