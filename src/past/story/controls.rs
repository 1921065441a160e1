//! The stories of a control and of a criterion, from the versions of controls that are remembered.

use super::{Did, Facet, State, Told, written};
use crate::history::ControlVersion;
use crate::model::Control;
use crate::program::{CriterionId, Program};
use crate::record::Kind;

/// What each commit did to a control, newest first.
pub(super) fn control(program: &Program, id: &str) -> Vec<Told> {
    let history = &program.history;
    let versions = history.controls.get(id).map_or(&[][..], Vec::as_slice);
    let index = program.names.controls.get(id);
    let file = index.and_then(|index| program.controls.get(*index)).map(|of| of.place.file);
    let path = file.map_or("", |file| program.sources.path(file));
    let states: Vec<Option<State>> = versions.iter().map(state).collect();
    let told = versions.iter().enumerate().filter_map(|(nth, version)| {
        let before = states.get(nth + 1).and_then(Option::as_ref);
        let told = Told::between(version.commit, before, states.get(nth)?.as_ref())?;
        Some(Told { written: written(history, path, version.commit), ..told })
    });
    told.collect()
}

/// The state that a version tells; `None` when it took the control out.
fn state(version: &ControlVersion) -> Option<State> {
    if version.fields.is_empty() {
        return None;
    }
    let facets = version.fields.iter().map(|(key, value)| ((*key).to_owned(), facet(key, value)));
    Some(facets.collect())
}

fn facet(key: &str, value: &str) -> Facet {
    let of = Control::SHAPE.keys.iter().find(|of| of.name == key);
    let list = of.is_some_and(|of| matches!(of.kind, Kind::List(_)));
    // Records in braces hold commas of their own.
    if list && !value.contains(['{', '"']) {
        return Facet::Many(value.split(", ").map(str::to_owned).collect());
    }
    Facet::One(value.to_owned())
}

/// Which controls came to serve a criterion, and which ceased to, newest first.
pub(super) fn criterion(program: &Program, id: CriterionId) -> Vec<Told> {
    let mut told: Vec<Told> = Vec::new();
    for (control, versions) in &program.history.controls {
        let words: Vec<Option<String>> =
            versions.iter().map(|version| serves(program, version, id)).collect();
        for (nth, version) in versions.iter().enumerate() {
            let (before, after) = (words.get(nth + 1).cloned().flatten(), words.get(nth).cloned().flatten());
            if before != after {
                let change = super::Change { what: control.to_string(), before, after };
                let (changes, written) = (vec![change], Vec::new());
                let did = Did::Changed;
                told.push(Told { commit: version.commit, did, changes, written, after_review: false });
            }
        }
    }
    // Newest first, which is the order of indices; controls of one commit stay in order of id.
    told.sort_by_key(|one| one.commit);
    told.dedup_by(|later, earlier| {
        let same = later.commit == earlier.commit;
        if same {
            earlier.changes.append(&mut later.changes);
        }
        same
    });
    told
}

/// How a version of a control serves a criterion, in words; `None` when it does not name it.
fn serves(program: &Program, version: &ControlVersion, id: CriterionId) -> Option<String> {
    let value = |key: &str| version.fields.iter().find(|(name, _)| *name == key).map(|(_, value)| &**value);
    let names = |typed: &str| {
        let found = program.criterion(typed.trim_matches('"'));
        found.is_ok_and(|found| CriterionId { point: None, ..found } == id)
    };
    value("criteria")?.split(", ").any(names).then(|| {
        let parts = [Some(value("status").unwrap_or("draft")), value("cadence")];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    })
}
