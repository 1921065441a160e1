//! Evidence: its occurrences, its files and whether they are unchanged, its review, and what each control makes of it.

use serde::Serialize;

use super::clocks::Clocks;
use super::{JsonWaiver, Show, gaps_and_waivers, tone, waivers};
use crate::layout::{Page, Tone};
use crate::source::hex;
use crate::status::wire::{Fault, JsonGap, faults, gap};
use crate::text::safe;
use crate::timeline::{
    AuditStanding, ControlStanding, Flaw, Judgement, Occurrence, Slot, SlotState, occurrences,
};

/// Occurrences listed; a log may have thousands.
const MOST: usize = 20;

/// A file of evidence.
#[derive(Serialize)]
pub(super) struct JsonFile {
    path: Option<String>,
    url: Option<String>,
    sha256: Option<String>,
    state: &'static str,
}

#[derive(Serialize)]
pub(super) struct Json<'d> {
    id: String,
    title: String,
    kind: Option<&'static str>,
    out_of_view: bool,
    occurrences: Vec<JsonOccurrence>,
    files: Vec<JsonFile>,
    result: Option<&'static str>,
    summary: Option<String>,
    reviewed: Option<Reviewed>,
    /// The clocks of the record, each apart: what is claimed, what git recorded, who witnessed it.
    clocks: Clocks,
    flaws: Vec<Fault>,
    review_flaws: Vec<Fault>,
    controls: Vec<OfControl>,
    waivers: Vec<JsonWaiver<'d>>,
    gaps: Vec<JsonGap<'d>>,
}

#[derive(Serialize)]
struct JsonOccurrence {
    on: String,
    by: Option<String>,
    system: Option<String>,
    item: Option<String>,
    slot: Option<String>,
    outcome: Option<&'static str>,
}

#[derive(Serialize)]
struct Reviewed {
    by: Option<String>,
    on: Option<String>,
    result: Option<&'static str>,
    digest: Option<String>,
}

#[derive(Serialize)]
struct OfControl {
    control: String,
    fills: Vec<Place>,
    refused: Vec<RefusedFor>,
}

#[derive(Serialize)]
struct Place {
    slot: String,
    system: Option<String>,
    state: &'static str,
}

#[derive(Serialize)]
struct RefusedFor {
    #[serde(flatten)]
    place: Place,
    flaws: Vec<Fault>,
}

pub(super) fn json<'d>(show: &Show<'d>, index: usize) -> Json<'d> {
    let program = show.program();
    let judgement = show.judgement;
    let id = judgement.evidence_name(index);
    let manifest = program.evidence.get(index).map(|folder| &*folder.manifest);
    let standing = judgement.evidence.get(index);
    let result = manifest.and_then(|manifest| manifest.result.as_ref());
    let review = manifest.and_then(|manifest| manifest.reviewed.as_ref());
    Json {
        title: manifest
            .and_then(|manifest| manifest.title.as_ref())
            .map_or_else(String::new, |title| title.value.to_string()),
        kind: manifest.and_then(|manifest| manifest.kind.as_ref()).map(|kind| kind.value.word()),
        out_of_view: standing.is_some_and(|standing| standing.out_of_view),
        occurrences: performed(judgement, index).iter().map(json_occurrence).collect(),
        files: files(judgement, index),
        result: result.and_then(|result| result.outcome.as_ref()).map(|outcome| outcome.value.word()),
        summary: result.and_then(|result| result.summary.as_ref()).map(|text| text.value.to_string()),
        reviewed: review.map(|review| Reviewed {
            by: review.by.as_ref().map(|by| by.value.0.to_string()),
            on: review.on.as_ref().map(|on| on.value.to_string()),
            result: review.result.as_ref().map(|result| result.value.word()),
            digest: review.digest.as_ref().map(|digest| hex(&digest.value.0)),
        }),
        clocks: program
            .evidence
            .get(index)
            .map_or_else(Clocks::default, |folder| super::clocks::of_evidence(program, folder)),
        flaws: standing.map_or_else(Vec::new, |standing| faults(program, &standing.flaws)),
        review_flaws: standing.map_or_else(Vec::new, |standing| faults(program, &standing.review)),
        controls: controls(show, index).map(|control| of_control(show, control, index)).collect(),
        waivers: waivers(show, &id),
        gaps: show.gaps("evidence", &id).into_iter().map(gap).collect(),
        id,
    }
}

fn json_occurrence(one: &Occurrence<'_>) -> JsonOccurrence {
    JsonOccurrence {
        on: one.on.to_string(),
        by: one.by.map(str::to_owned),
        system: one.system.map(str::to_owned),
        item: one.item.map(str::to_owned),
        slot: one.slot.map(str::to_owned),
        outcome: one.outcome.map(|outcome| outcome.word()),
    }
}

fn performed<'p>(judgement: &Judgement<'p>, index: usize) -> Vec<Occurrence<'p>> {
    let folder = judgement.program.evidence.get(index);
    folder.map_or_else(Vec::new, |folder| occurrences(folder, &judgement.zone()))
}

/// The controls of the audit that the manifest names.
fn controls<'s>(show: &Show<'s>, index: usize) -> impl Iterator<Item = &'s ControlStanding> {
    let audit: &'s AuditStanding = show.audit;
    let program = show.program();
    let manifest = program.evidence.get(index).map(|folder| &*folder.manifest);
    let mut named: Vec<usize> = manifest
        .into_iter()
        .flat_map(|manifest| &manifest.controls)
        .filter_map(|name| program.names.controls.get(&*name.value.0).copied())
        .collect();
    named.sort_unstable();
    named.dedup();
    named.into_iter().filter_map(|control| audit.controls.get(control))
}

fn filled(control: &ControlStanding, evidence: usize) -> impl Iterator<Item = &Slot> {
    control.slots.iter().filter(move |slot| slot.filled_by.is_some_and(|filler| filler.evidence == evidence))
}

fn refused(control: &ControlStanding, evidence: usize) -> impl Iterator<Item = (&Slot, &[Flaw])> {
    let of = move |slot: &'_ Slot| slot.refused.iter().position(|one| one.evidence == evidence);
    control.slots.iter().filter_map(move |slot| Some((slot, &*slot.refused.get(of(slot)?)?.flaws)))
}

fn place(show: &Show<'_>, control: &ControlStanding, slot: &Slot) -> Place {
    let system = show.judgement.slot_system(control, slot);
    Place { slot: slot.spell.name(), system, state: slot.state.name() }
}

fn of_control(show: &Show<'_>, control: &ControlStanding, evidence: usize) -> OfControl {
    OfControl {
        control: show.judgement.control_name(control.control),
        fills: filled(control, evidence).map(|slot| place(show, control, slot)).collect(),
        refused: refused(control, evidence)
            .map(|(slot, flaws)| RefusedFor {
                place: place(show, control, slot),
                flaws: faults(show.program(), flaws),
            })
            .collect(),
    }
}

/// The files of a piece of evidence, each with what became of its bytes.
pub(super) fn files(judgement: &Judgement<'_>, evidence: usize) -> Vec<JsonFile> {
    let folder = judgement.program.evidence.get(evidence);
    let flaws = judgement.evidence.get(evidence).map_or(&[][..], |standing| &standing.flaws);
    let artifacts = folder.map_or(&[][..], |folder| &folder.manifest.artifacts);
    let file = |artifact: &crate::model::evidence::Artifact| {
        let name = artifact.path.as_ref().or(artifact.url.as_ref()).map_or("", |text| &*text.value);
        JsonFile {
            path: artifact.path.as_ref().map(|path| path.value.to_string()),
            url: artifact.url.as_ref().map(|url| url.value.to_string()),
            sha256: artifact.sha256.as_ref().map(|hash| hex(&hash.value.0)),
            state: flaws.iter().find_map(|flaw| bytes(flaw, name)).unwrap_or("unchanged"),
        }
    };
    artifacts.iter().map(file).collect()
}

/// What a flaw says of the bytes of a file.
fn bytes(flaw: &Flaw, name: &str) -> Option<&'static str> {
    let (of, state) = match flaw {
        Flaw::ArtifactMissing(of) => (of, "missing"),
        Flaw::ArtifactEmpty(of) => (of, "empty"),
        Flaw::ArtifactChanged(of) => (of, "changed"),
        Flaw::ArtifactNotHere(of) => (of, "not-here"),
        Flaw::ArtifactWithoutHash(of) => (of, "without-hash"),
        _ => return None,
    };
    (**of == *name).then_some(state)
}

/// The files, a line each.
pub(super) fn files_human(judgement: &Judgement<'_>, evidence: usize, indent: &str, page: &mut Page) {
    for file in files(judgement, evidence) {
        let name = file.path.as_deref().or(file.url.as_deref()).unwrap_or("");
        let hash = file
            .sha256
            .as_deref()
            .and_then(|hash| hash.get(..12))
            .map_or(String::new(), |hash| format!("  sha256 {hash}…"));
        let tone = if file.state == "unchanged" { Tone::Plain } else { Tone::Bad };
        let state = page.paint(tone, file.state);
        page.line(&format!("{indent}{}  {state}{hash}", safe(name)));
    }
}

pub(super) fn human(show: &Show<'_>, index: usize, page: &mut Page) {
    let judgement = show.judgement;
    let id = judgement.evidence_name(index);
    let Some(folder) = show.program().evidence.get(index) else { return };
    let manifest = &*folder.manifest;
    let title = manifest.title.as_ref().map_or_else(String::new, |title| safe(title));
    page.hang_at(&format!("evidence {id}: "), 4, Tone::Heading, &title);
    if let Some(kind) = &manifest.kind {
        page.line(&format!("  {}", kind.value.word()));
    }
    occurrences_human(judgement, index, page);
    page.heading("Files");
    files_human(judgement, index, "  ", page);
    runs(manifest, page);
    review(show, index, page);
    super::clocks::of_evidence(show.program(), folder).human(page);
    if let Some(standing) = judgement.evidence.get(index) {
        if standing.out_of_view {
            page.line("  all it shows is dated after the judged day");
        }
        if !standing.flaws.is_empty() {
            page.heading("No control can accept it");
        }
        for flaw in &standing.flaws {
            page.hang("  ", &flaw.words(show.program()));
            page.hang("    change: ", flaw.mend());
        }
    }
    page.heading("Controls");
    for control in controls(show, index) {
        of_control_human(show, control, index, page);
    }
    if manifest.controls.is_empty() {
        page.line("  it names none");
    }
    gaps_and_waivers(show, "evidence", &id, page);
}

/// How programs made the files, where they did.
fn runs(manifest: &crate::model::Evidence, page: &mut Page) {
    for artifact in &manifest.artifacts {
        let Some(run) = artifact.capture.as_deref() else { continue };
        let mut words: Vec<String> = Vec::new();
        words.extend(run.started.as_ref().map(|at| format!("run {}", at.value)));
        words.extend(run.account.as_ref().map(|account| format!("as {}", safe(account))));
        words.extend(run.version.as_ref().map(|version| safe(version)));
        page.hang("    ", &words.join(", "));
        page.hang("    $ ", &artifact.query.as_ref().map_or_else(String::new, |query| safe(query)));
    }
}

fn occurrences_human(judgement: &Judgement<'_>, index: usize, page: &mut Page) {
    let all = performed(judgement, index);
    page.heading(&format!("Occurrences: {}", all.len()));
    for one in all.iter().take(MOST) {
        let mut words = vec![one.on.to_string()];
        words.extend(one.by.map(|by| format!("by {}", safe(by))));
        words.extend(one.system.map(|system| format!("on {}", safe(system))));
        words.extend(one.item.map(|item| format!("item {}", safe(item))));
        words.extend(one.slot.map(|slot| format!("for {}", safe(slot))));
        words.extend(one.outcome.map(|outcome| outcome.word().to_owned()));
        page.hang("  ", &words.join(", "));
    }
    let left = all.len().saturating_sub(MOST);
    if left > 0 {
        page.line(&format!("  and {left} more"));
    }
}

fn review(show: &Show<'_>, index: usize, page: &mut Page) {
    let folder = show.program().evidence.get(index);
    page.heading("Review");
    match folder.and_then(|folder| folder.manifest.reviewed.as_ref()) {
        None => page.line("  nobody reviewed it"),
        Some(reviewed) => {
            let by = reviewed.by.as_ref().map_or_else(|| "nobody".to_owned(), |by| safe(by));
            let on = reviewed.on.as_ref().map_or_else(String::new, |on| format!(" on {on}"));
            let result = reviewed.result.as_ref().map_or("without result", |result| result.value.word());
            let pinned = if reviewed.digest.is_some() { ", digest pinned" } else { ", no digest pinned" };
            page.line(&format!("  {result} by {by}{on}{pinned}"));
        }
    }
    let flaws = show.judgement.evidence.get(index).map_or(&[][..], |standing| &standing.review);
    for flaw in flaws.iter().filter(|flaw| **flaw != Flaw::NoReview) {
        page.hang("  not accepted: ", &flaw.words(show.program()));
        page.hang("    change: ", flaw.mend());
    }
}

fn of_control_human(show: &Show<'_>, control: &ControlStanding, evidence: usize, page: &mut Page) {
    page.line(&format!("  {}", show.judgement.control_name(control.control)));
    let name = |slot: &Slot| {
        let name = show.judgement.slot_name(control, slot);
        if name.is_empty() { slot.spell.name() } else { name }
    };
    let mut any = false;
    for slot in filled(control, evidence) {
        any = true;
        let state = page.paint(tone(slot.state), slot.state.name());
        let word = if slot.state == SlotState::Open { "goes towards" } else { "fills" };
        page.line(&format!("    {word} {}: {state}", name(slot)));
    }
    for (slot, flaws) in refused(control, evidence) {
        any = true;
        page.line(&format!("    not accepted for {} ({}):", name(slot), slot.state.name()));
        for flaw in flaws {
            page.hang("      ", &flaw.words(show.program()));
            page.hang("        change: ", flaw.mend());
        }
    }
    if !any {
        page.hang(
            "    ",
            "fills no slot of this audit: another occurrence does, or its date lies outside the window",
        );
    }
}
