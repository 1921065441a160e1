//! What was handed over for an audit: the archives on record, and the commit each was made from.

use serde::Serialize;

use super::Show;
use crate::layout::Page;
use crate::model::bundle::Bundle;
use crate::source::hex;
use crate::text::safe;

#[derive(Serialize)]
pub(super) struct Json {
    on: Option<String>,
    as_of: Option<String>,
    file: Option<String>,
    commit: Option<String>,
    sha256: Option<String>,
}

/// The archives of the audit, as far as the day knows of them, in the order of the record.
fn of<'s>(show: &Show<'s>) -> impl Iterator<Item = &'s Bundle> {
    let (program, as_of) = (show.program(), show.judgement.as_of);
    let own = show.audit.id.as_deref().map(|id| format!("audits/{id}/bundles.yaml"));
    program.bundles.iter().filter(move |bundle| {
        let path = bundle.commit.as_ref().map(|commit| program.sources.path(commit.at.file));
        let known = bundle.on.as_ref().is_none_or(|on| on.value <= as_of);
        known && path.is_some() && path == own.as_deref()
    })
}

pub(super) fn json(show: &Show<'_>) -> Vec<Json> {
    let all = of(show).map(|bundle| Json {
        on: bundle.on.as_ref().map(|on| on.value.to_string()),
        as_of: bundle.as_of.as_ref().map(|day| day.value.to_string()),
        file: bundle.file.as_ref().map(|file| file.value.to_string()),
        commit: bundle.commit.as_ref().map(|commit| commit.value.0.to_string()),
        sha256: bundle.sha256.as_ref().map(|hash| hex(&hash.value.0)),
    });
    all.collect()
}

pub(super) fn human(show: &Show<'_>, page: &mut Page) {
    let all: Vec<&Bundle> = of(show).collect();
    if all.is_empty() {
        return;
    }
    page.heading("Handed over");
    for bundle in all {
        let on = bundle.on.as_ref().map_or_else(|| "?".to_owned(), |on| on.value.to_string());
        let file = bundle.file.as_ref().map_or_else(|| "an archive".to_owned(), |file| safe(file));
        let commit = bundle.commit.as_ref().and_then(|commit| commit.value.0.get(..7)).unwrap_or("?");
        let as_of = bundle.as_of.as_ref().map_or_else(String::new, |day| format!(", as of {day}"));
        page.hang(&format!("  {on}  "), &format!("{file}, from commit {commit}{as_of}"));
        if let Some(hash) = &bundle.sha256 {
            page.line(&format!("      sha256 {}", hex(&hash.value.0)));
        }
    }
}
