//! What stands against evidence as it was given, and what would make it count for more. Nobody is kept from writing it.

use jiff::civil::Date;

use super::super::incoming::Incoming;
use super::super::performed::{days, listed};
use super::super::{Ground, slot};
use super::log::Log;
use super::said::Said;
use super::{Args, log};
use crate::manifest::When;
use crate::model::{Control, EvidenceKind, Status};
use crate::program::EvidenceFolder;
use crate::text::{list, safe};
use crate::timeline::systems;

/// What stands against it.
pub(super) fn doubts(ground: &Ground<'_>, said: &Said, log: Option<&Log>, files: &[Incoming]) -> Vec<String> {
    let mut doubts: Vec<String> = another_total(said, files).into_iter().chain(incomplete(said)).collect();
    let Some(control) = ground.program.controls.get(said.control) else { return doubts };
    doubts.extend(files.iter().filter_map(|file| filed_already(ground, said, file)));
    let last = said.performed.day(&ground.zone);
    let first = log.map_or(last, |log| log.first);
    doubts.extend(outside_its_life(control, first, last));
    let contradiction =
        said.slot.as_deref().and_then(|name| slot::contradiction(ground, control, name, last));
    doubts.extend(contradiction);
    if let Some(system) = said.system.map(|system| ground.system_id(system))
        && !control.systems.is_empty()
        && !control.systems.iter().any(|named| &*named.value.0 == system)
    {
        let id = &control.id.value;
        doubts.push(format!("`{id}` does not cover `{system}`; add it under `systems` of the control"));
    }
    doubts
}

/// The file holds another number of items than its source shows.
fn another_total(said: &Said, files: &[Incoming]) -> Option<String> {
    let total = said.population.as_ref()?.count?;
    let [Incoming { name, rows: Some(rows), .. }] = files else { return None };
    let differs = if rows.count < total {
        format!("{} missing", total - rows.count)
    } else {
        format!("{} too many", rows.count - total)
    };
    (rows.count != total).then(|| {
        format!(
            "`{}` has {} rows, the source shows {total}: {differs}; an auditor will not accept it as the whole list",
            safe(name),
            rows.count
        )
    })
}

/// A list is complete only where somebody says how it was made, for which days, and why nothing is missing.
fn incomplete(said: &Said) -> Option<String> {
    let population = said.population.as_ref()?;
    let open = [
        ("--query", said.query.is_none()),
        ("--total", population.count.is_none()),
        ("--completeness", population.completeness.is_none()),
        ("--covers", said.covers.is_none()),
    ];
    let open: Vec<&str> = open.iter().filter(|(_, open)| *open).map(|(flag, _)| *flag).collect();
    let what = list(&open, "and");
    (!open.is_empty()).then(|| format!("as a complete list (a population) it lacks {what}"))
}

/// The bytes are recorded for this control; those of another system, or of another item, are another matter.
fn filed_already(ground: &Ground<'_>, said: &Said, file: &Incoming) -> Option<String> {
    let other = ground.program.evidence.iter().find(|folder| records(ground, said, file, folder))?;
    Some(format!(
        "the bytes of `{}` are recorded already in `{}`; one file shows one interval of a control only",
        safe(&file.name),
        safe(ground.program.evidence_id(other))
    ))
}

fn records(ground: &Ground<'_>, said: &Said, file: &Incoming, folder: &EvidenceFolder) -> bool {
    let manifest = &*folder.manifest;
    let control = ground.control_id(said.control);
    let same_bytes = || {
        let mut hashes = manifest.artifacts.iter().filter_map(|artifact| artifact.sha256.as_ref());
        hashes.any(|hash| hash.value.0 == file.facts.sha256)
    };
    if !manifest.controls.iter().any(|named| &*named.value.0 == control) || !same_bytes() {
        return false;
    }
    let (own, theirs) = (said.system.map(|system| ground.system_id(system)), systems(manifest));
    let same_system = own.is_none_or(|own| theirs.is_empty() || theirs.contains(&own));
    let same_item = said.item.as_deref().is_none_or(|item| {
        listed(manifest).iter().any(|one| one.item.as_ref().is_none_or(|other| &*other.value == item))
    });
    // A file may show two systems on one day; in another interval it is the old one again.
    same_item && (same_system || interval(ground, said, None) != interval(ground, said, Some(folder)))
}

/// The interval that the new evidence speaks of, or that of evidence which is there.
fn interval(ground: &Ground<'_>, said: &Said, folder: Option<&EvidenceFolder>) -> Option<String> {
    let (slot, day) = match folder {
        None => (said.slot.clone(), said.performed.day(&ground.zone)),
        Some(folder) => {
            let slot = folder.manifest.slot.as_ref().map(|slot| crate::manifest::slot_name(&slot.value));
            (slot, days(ground, &folder.manifest)?.1)
        }
    };
    slot.or_else(|| slot::proposed(ground, said.control, day))
}

/// What was done before the control was in place, or after it was retired.
fn outside_its_life(control: &Control, first: Date, last: Date) -> Vec<String> {
    let id = &control.id.value;
    let early =
        control.effective_from.as_ref().filter(|from| first < from.value).map(|from| {
            format!("`{id}` is in place from {from}; what was done on {first} counts for nothing")
        });
    let late = control
        .retired_at
        .as_ref()
        .filter(|end| last > end.value)
        .map(|end| format!("`{id}` was retired on {end}; what was done on {last} counts for nothing"));
    early.into_iter().chain(late).collect()
}

/// What would make it count for more, and what keeps it from counting at all.
pub(super) fn hints(
    args: &Args,
    ground: &Ground<'_>,
    said: Option<&Said>,
    files: &[Incoming],
) -> Vec<String> {
    let typed = || args.control.as_ref().and_then(|id| ground.program.names.controls.get(&**id).copied());
    let control = said.map(|said| said.control).or_else(typed);
    let Some(control) = control.and_then(|control| ground.program.controls.get(control)) else {
        return Vec::new();
    };
    let mut hints: Vec<String> = log::hint(args, control, files).into_iter().collect();
    hints.extend(said.filter(|said| control.is_event() && lacks_item(said)).map(|_| {
        format!(
            "`{}` is performed each time something happens: say what it was done for with `--item ID`, or file the list of \
             all that happened with --query, --total, --completeness and --covers",
            control.id.value
        )
    }));
    if said.is_some_and(|said| said.kind == EvidenceKind::Screenshot && !taken_at(said)) {
        hints.push(
            "a screenshot shows one moment: add the one it was taken at, with `--collected 2026-03-28T15:04:05Z`".to_owned(),
        );
    }
    let status = not_in_place(control);
    hints.into_iter().map(|hint| format!("hint: {hint}")).chain(status).collect()
}

/// Why nothing counts for the control yet.
pub(in crate::commands::evidence) fn not_in_place(control: &Control) -> Option<String> {
    let why = match control.status.as_ref().map(|status| status.value) {
        Some(Status::Draft) => "is a draft: drafts count for nothing",
        Some(Status::Planned) => "is planned: what is not in place counts for nothing",
        _ => return None,
    };
    Some(format!("warning: `{}` {why}", control.id.value))
}

/// Is the moment known at which the bytes were taken?
fn taken_at(said: &Said) -> bool {
    matches!(said.collected, Some(When::At(..)))
}

/// Does it speak neither of an item nor of all of them?
fn lacks_item(said: &Said) -> bool {
    said.item.is_none() && said.population.is_none() && said.kind != EvidenceKind::NilStatement
}
