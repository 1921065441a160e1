//! Controls as the first-parent line changed them: wording, cadence, owner, systems, criteria; and when they came and went.

use std::collections::BTreeSet;

use super::{Change, days};
use crate::history::ControlVersion;
use crate::schedule::View;
use crate::timeline::witness;

/// Keys whose change is told, and how it is called.
const TOLD: [(&str, &str); 9] = [
    ("title", "wording of the title"),
    ("description", "wording of the description"),
    ("cadence", "frequency"),
    ("owner", "owner"),
    ("systems", "systems"),
    ("criteria", "criteria"),
    ("type", "type"),
    ("policies", "policies"),
    ("status", "claimed status"),
];

/// Changes that commits made in the window, and days on which controls came into place or were retired.
pub(super) fn changes(view: &View<'_>) -> Vec<Change> {
    let program = view.program();
    let shown: BTreeSet<usize> = view.controls().iter().map(|control| control.control).collect();
    let mut found = Vec::new();
    for (id, versions) in &program.history.controls {
        let index = program.names.controls.get(id).copied();
        // One that is gone was of some audit once; nothing tells of which.
        if index.is_some_and(|index| !shown.contains(&index)) || (index.is_none() && narrowed(view)) {
            continue;
        }
        for pair in versions.windows(2) {
            if let [new, old] = pair {
                found.extend(between(view, id, index, old, new));
            }
        }
    }
    let (from, to) = days(view);
    for index in shown {
        let Some(control) = program.controls.get(index) else { continue };
        let dated = [
            (control.effective_from.as_ref(), "came into place"),
            (control.retired_at.as_ref(), "was in place for the last day"),
        ];
        for (day, what) in dated {
            if let Some(day) = day.map(|day| day.value).filter(|day| (from..=to).contains(day)) {
                let mut change = Change::typed("control", &control.id.value.0, day, what);
                change.what = view.control_cell(index);
                found.push(change);
            }
        }
    }
    found
}

fn narrowed(view: &View<'_>) -> bool {
    view.only.controls.is_some() || view.only.criteria.is_some()
}

/// What a version changed of the one before it.
fn between(
    view: &View<'_>,
    id: &str,
    index: Option<usize>,
    old: &ControlVersion,
    new: &ControlVersion,
) -> Vec<Change> {
    let history = &view.program().history;
    let (from, to) = days(view);
    let Some(commit) = history.commit(new.commit) else { return Vec::new() };
    let on = commit.day(&view.judgement.zone());
    if !(from..=to).contains(&on) {
        return Vec::new();
    }
    let one = |what: &str, before: &str, after: &str| Change {
        before: before.to_owned(),
        after: after.to_owned(),
        by: commit.author.name.to_string(),
        commit: commit.id.to_string(),
        source: format!("its commit; {}", witness::worth(history, commit)),
        what: index.map_or_else(|| crate::table::Cell::text(id), |index| view.control_cell(index)),
        ..Change::typed("control", id, on, what)
    };
    match (old.fields.is_empty(), new.fields.is_empty()) {
        (false, true) => return vec![one("removed", value(old, "title"), "")],
        (true, false) => return vec![one("written again", "", value(new, "title"))],
        (true, true) => return Vec::new(),
        (false, false) => {}
    }
    let differs = TOLD.iter().filter(|(key, _)| value(old, key) != value(new, key));
    differs.map(|(key, name)| one(&format!("{name} changed"), value(old, key), value(new, key))).collect()
}

fn value<'v>(version: &'v ControlVersion, key: &str) -> &'v str {
    version.fields.iter().find(|(name, _)| *name == key).map_or("", |(_, value)| value)
}
