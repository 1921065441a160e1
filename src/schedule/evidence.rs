//! Evidence: each slot of a control with what fills it, and each file with its clocks, people, hash and place.

use std::collections::{BTreeMap, BTreeSet};

use super::View;
use super::index::Index;
use super::words::{listed, person, plain, typed};
use crate::model::Evidence;
use crate::model::evidence::Artifact;
use crate::source::hex;
use crate::table::{Cell, Column, Table};
use crate::text::some;
use crate::timeline::{ControlStanding, Flaw, Remark, Slot, occurrences, witness};

/// Slots, people and days named in one cell; a log may have thousands.
const MOST: usize = 12;

const SLOTS: [Column; 15] = [
    Column::new("Control", 26),
    Column::new("Title", 32),
    Column::new("Criteria", 14),
    Column::new("Slot", 11),
    Column::new("System", 14),
    Column::new("From", 11),
    Column::new("To", 11),
    Column::new("Grace ends", 11),
    Column::new("State", 18),
    Column::new("Performed on", 11),
    Column::new("Evidence", 36),
    Column::new("Other evidence", 36),
    Column::new("Why", 50),
    Column::new("What would change it", 44),
    Column::new("Exception", 18),
];

const EVIDENCE: [Column; 32] = [
    Column::new("Evidence", 38),
    Column::new("Title", 34),
    Column::new("Controls", 30),
    Column::new("Slots it fills", 26),
    Column::new("Kind", 15),
    Column::new("Performed on (claimed)", 12),
    Column::new("Performed by", 20),
    Column::new("Collected on", 12),
    Column::new("Collected by", 20),
    Column::new("First recorded on", 12),
    Column::new("Recorded in", 42),
    Column::new("Witness", 34),
    Column::new("Reviewed on", 11),
    Column::new("Reviewed by", 20),
    Column::new("Review", 10),
    Column::new("Result", 16),
    Column::new("Summary", 40),
    Column::new("File", 34),
    Column::new("Path", 48),
    Column::new("SHA-256", 66),
    Column::new("Bytes", 12),
    Column::new("Bytes as recorded", 13),
    Column::new("System", 14),
    Column::new("Environment", 13),
    Column::new("Query", 40),
    Column::new("Covers from", 11),
    Column::new("Covers to", 11),
    Column::new("Not accepted because", 44),
    Column::new("Follows up", 30),
    Column::new("Redactions", 34),
    Column::new("Classification", 14),
    Column::new("Requests", 12),
];

/// Every slot of the controls that are shown.
pub fn slots(view: &View<'_>) -> Table {
    let mut table = view.judged("slots", "Slots and their evidence", SLOTS.to_vec());
    let index = Index::new(view);
    for control in view.controls() {
        for slot in &control.slots {
            table.rows.push(slot_row(view, &index, control, slot));
        }
    }
    table
}

fn slot_row(view: &View<'_>, index: &Index<'_>, control: &ControlStanding, slot: &Slot) -> Vec<Cell> {
    let judgement = view.judgement;
    let why = judgement.why_slot(view.audit, control, slot);
    let (from, to) = slot.spell.days();
    let filled = slot.filled_by.map(|filler| filler.evidence);
    let others = why.evidence.iter().filter(|evidence| Some(**evidence) != filled);
    let others: Vec<String> = others.map(|evidence| judgement.evidence_name(*evidence)).collect();
    let exception = slot.exception.and_then(|nth| view.program().registers.exceptions.get(nth));
    vec![
        view.control_cell(control.control),
        Cell::text(view.program().title(control.control)),
        Cell::text(index.criteria(&[control.control]).join(", ")),
        Cell::text(slot.spell.name()),
        Cell::text(judgement.slot_system(control, slot).unwrap_or_default()),
        Cell::Day(from),
        Cell::Day(to),
        Cell::Day(slot.due),
        Cell::text(slot.state.name()),
        Cell::day(slot.filled_by.map(|filler| filler.on)),
        filled.map_or(Cell::Blank, |evidence| evidence_cell(view, evidence)),
        Cell::text(some(&others, MOST)),
        Cell::text(plain(&why.because)),
        Cell::text(plain(&why.change.unwrap_or_default())),
        Cell::text(exception.map_or_else(String::new, |row| row.id.to_string())),
    ]
}

/// The id of a piece of evidence, leading to its place.
pub(super) fn evidence_cell(view: &View<'_>, evidence: usize) -> Cell {
    let to = view.places.evidence.get(&evidence).map(String::as_str);
    Cell::link(view.judgement.evidence_name(evidence), to)
}

/// The evidence that belongs to the audit, by index: what a verdict on a control that is shown rests on or refuses, what
/// follows that up, and what was performed in the window.
pub fn belonging(view: &View<'_>) -> Vec<usize> {
    let mut found: BTreeSet<usize> = BTreeSet::new();
    for control in view.controls() {
        for slot in &control.slots {
            found.extend(slot.filled_by.map(|filler| filler.evidence));
            found.extend(slot.also.iter().copied());
            found.extend(slot.refused.iter().map(|one| one.evidence));
        }
        for remark in &control.remarks {
            if let Remark::ResultOpen { evidence, .. } = remark {
                found.insert(*evidence);
            }
        }
        let of = view.judgement.evidence_of.get(control.control).into_iter().flatten();
        found.extend(of.map(|index| *index as usize).filter(|index| in_window(view, *index)));
    }
    followed(view, &mut found);
    found.into_iter().collect()
}

/// Was some of it performed in the window, up to the judged day?
fn in_window(view: &View<'_>, evidence: usize) -> bool {
    let (from, to) = view.window();
    let Some(folder) = view.program().evidence.get(evidence) else { return false };
    let all = occurrences(folder, &view.judgement.zone());
    all.iter().any(|one| (from..=to.min(view.judgement.as_of)).contains(&one.on))
}

/// Adds what follows up on evidence that belongs, as far as it is not dated after the judged day.
fn followed(view: &View<'_>, found: &mut BTreeSet<usize>) {
    let program = view.program();
    let by_id: BTreeMap<&str, usize> = program
        .evidence
        .iter()
        .enumerate()
        .map(|(index, folder)| (program.evidence_id(folder), index))
        .collect();
    for (index, folder) in program.evidence.iter().enumerate() {
        let follows = folder.manifest.follows_up.iter().filter_map(|name| by_id.get(&*name.value.0));
        let out_of_view = view.judgement.evidence.get(index).is_some_and(|one| one.out_of_view);
        if !out_of_view && follows.into_iter().any(|of| found.contains(of)) {
            found.insert(index);
        }
    }
}

/// Some evidence, by index: one row a file; what has no file has one row.
pub fn evidence(view: &View<'_>, which: &[usize]) -> Table {
    let mut table = view.judged("evidence", "Evidence", EVIDENCE.to_vec());
    table.notes.push(
        "Performed, collected and reviewed are what a manifest claims; recorded is the commit that brought it in, which is witnessed only by another's key."
            .to_owned(),
    );
    let fills = fills(view);
    for index in which {
        let Some(folder) = view.program().evidence.get(*index) else { continue };
        let manifest = &*folder.manifest;
        let start = start(view, *index, manifest, fills.get(index));
        let end = end(view, *index, manifest);
        if manifest.artifacts.is_empty() {
            table.rows.push(row(&start, vec![Cell::Blank; FILE], &end));
        }
        for (nth, artifact) in manifest.artifacts.iter().enumerate() {
            table.rows.push(row(&start, file(view, *index, nth, artifact), &end));
        }
    }
    table
}

fn row(start: &[Cell], file: Vec<Cell>, end: &[Cell]) -> Vec<Cell> {
    start.iter().cloned().chain(file).chain(end.iter().cloned()).collect()
}

/// For each piece of evidence, the slots it fills: `iam-access-review 2026-Q1 github`.
fn fills(view: &View<'_>) -> BTreeMap<usize, Vec<String>> {
    let mut fills: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for control in view.controls() {
        for slot in &control.slots {
            let Some(filler) = slot.filled_by else { continue };
            let name = view.judgement.slot_name(control, slot);
            let control = view.judgement.control_name(control.control);
            fills.entry(filler.evidence).or_default().push(format!("{control} {name}").trim().to_owned());
        }
    }
    fills
}

/// What is told of a piece of evidence before its file.
fn start(view: &View<'_>, index: usize, manifest: &Evidence, fills: Option<&Vec<String>>) -> Vec<Cell> {
    let program = view.program();
    let zone = view.judgement.zone();
    let folder = program.evidence.get(index);
    let performed = folder.map_or_else(Vec::new, |folder| occurrences(folder, &zone));
    let mut people: Vec<String> = Vec::new();
    for name in performed.iter().filter_map(|one| one.by) {
        let name = person(program, name);
        if !people.contains(&name) && people.len() <= MOST {
            people.push(name);
        }
    }
    let first = performed.iter().map(|one| one.on).min();
    let last = performed.iter().map(|one| one.on).max();
    let on = match (first, last) {
        (Some(first), Some(last)) if first != last => Cell::text(format!("{first} to {last}")),
        (first, _) => Cell::day(first),
    };
    let collected = manifest.collected.as_ref();
    let reviewed = manifest.reviewed.as_ref();
    let result = manifest.result.as_ref();
    let outcome = result.and_then(|result| result.outcome.as_ref());
    let who = |by: Option<&crate::model::scalar::PersonRef>| {
        Cell::text(by.map_or_else(String::new, |by| person(program, &by.value.0)))
    };
    let mut cells = vec![
        evidence_cell(view, index),
        Cell::text(typed(manifest.title.as_ref())),
        Cell::text(listed(manifest.controls.iter().map(|control| &*control.value.0))),
        Cell::text(fills.map_or_else(String::new, |slots| some(slots, MOST))),
        Cell::text(manifest.kind.as_ref().map_or("", |kind| kind.value.word())),
        on,
        Cell::text(some(&people, MOST)),
        Cell::day(collected.and_then(|collected| collected.day(&zone))),
        who(collected.and_then(|collected| collected.by.as_ref())),
    ];
    cells.extend(first_recorded(view, index));
    cells.extend([
        Cell::day(reviewed.and_then(|reviewed| reviewed.on.as_ref()).map(|on| on.value)),
        who(reviewed.and_then(|reviewed| reviewed.by.as_ref())),
        Cell::text(reviewed.map_or_else(String::new, |reviewed| view.judgement.review_words(reviewed))),
        Cell::text(outcome.map_or("", |outcome| outcome.value.word())),
        Cell::text(result.map_or_else(String::new, |result| typed(result.summary.as_ref()))),
    ]);
    cells
}

/// When its manifest first came into git, in which commit, and what that is worth.
fn first_recorded(view: &View<'_>, index: usize) -> [Cell; 3] {
    let program = view.program();
    let Some(folder) = program.evidence.get(index) else { return [Cell::Blank, Cell::Blank, Cell::Blank] };
    let path = program.sources.path(folder.file);
    match program.history.first(path) {
        Some(commit) => [
            Cell::Day(commit.day(&view.judgement.zone())),
            Cell::text(commit.id.to_string()),
            Cell::text(witness::worth(&program.history, commit)),
        ],
        None => [Cell::Blank, Cell::Blank, Cell::text(witness::unrecorded(program, path))],
    }
}

/// Cells that tell of a file.
const FILE: usize = 10;

fn file(view: &View<'_>, index: usize, nth: usize, artifact: &Artifact) -> Vec<Cell> {
    let name = artifact.path.as_ref().or(artifact.url.as_ref()).map_or("", |text| &*text.value);
    let to = view.places.artifacts.get(&(index, nth)).map(String::as_str);
    let flaws = view.judgement.evidence.get(index).map_or(&[][..], |standing| &standing.flaws);
    let state = flaws.iter().find_map(|flaw| bytes(flaw, name)).unwrap_or("unchanged");
    let covers = artifact.covers.as_ref();
    vec![
        Cell::link(name, to),
        Cell::text(path(view, index, nth, artifact)),
        Cell::text(artifact.sha256.as_ref().map_or_else(String::new, |hash| hex(&hash.value.0))),
        artifact.bytes.as_ref().map_or(Cell::Blank, |bytes| Cell::Count(bytes.value)),
        Cell::text(state),
        Cell::text(artifact.system.as_ref().map_or("", |system| &*system.value.0)),
        Cell::text(typed(artifact.environment.as_ref())),
        Cell::text(typed(artifact.query.as_ref())),
        Cell::day(covers.and_then(|covers| covers.from.as_ref()).map(|day| day.value)),
        Cell::day(covers.and_then(|covers| covers.to.as_ref()).map(|day| day.value)),
    ]
}

/// Where a file lies: in the bundle, or in the programme where there is no bundle.
pub(super) fn path(view: &View<'_>, index: usize, nth: usize, artifact: &Artifact) -> String {
    let is_bundle = !view.places.evidence.is_empty();
    match (view.places.artifacts.get(&(index, nth)), &artifact.path) {
        (Some(placed), _) => placed.clone(),
        (None, _) if is_bundle => "not in this bundle".to_owned(),
        (None, Some(path)) => format!("evidence/{}/{}", view.judgement.evidence_name(index), path.value),
        (None, None) => typed(artifact.url.as_ref()),
    }
}

/// What a flaw says of the bytes of a file.
fn bytes(flaw: &Flaw, name: &str) -> Option<&'static str> {
    let (of, state) = match flaw {
        Flaw::ArtifactMissing(of) => (of, "missing"),
        Flaw::ArtifactEmpty(of) => (of, "empty"),
        Flaw::ArtifactChanged(of) => (of, "changed"),
        Flaw::ArtifactNotHere(of) => (of, "not here"),
        Flaw::ArtifactWithoutHash(of) => (of, "without hash"),
        _ => return None,
    };
    (**of == *name).then_some(state)
}

/// What is told of a piece of evidence after its file.
fn end(view: &View<'_>, index: usize, manifest: &Evidence) -> Vec<Cell> {
    let program = view.program();
    let flaws = view.judgement.evidence.get(index).map_or(&[][..], |standing| &standing.flaws);
    let flaws: Vec<String> = flaws.iter().map(|flaw| plain(&flaw.words(program))).collect();
    let redactions = manifest.redactions.iter().map(|one| {
        let by =
            one.by.as_ref().map_or_else(String::new, |by| format!(", by {}", person(program, &by.value.0)));
        format!("{}: {}{by}", typed(one.what.as_ref()), typed(one.why.as_ref()))
    });
    vec![
        Cell::text(flaws.join("; ")),
        Cell::text(listed(manifest.follows_up.iter().map(|name| &*name.value.0))),
        Cell::text(redactions.collect::<Vec<_>>().join("\n")),
        Cell::text(manifest.classification.as_ref().map_or("internal", |class| class.value.word())),
        Cell::text(listed(manifest.request.iter().map(|name| name.value.trim()))),
    ]
}
