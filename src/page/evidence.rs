//! The evidence of a control: what it shows, who performed and reviewed it, its files, and why it counts or does not.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::lookup::Lookup;
use super::performed;
use crate::model::evidence::Artifact;
use crate::program::EvidenceFolder;
use crate::source::hex;
use crate::text::count;
use crate::timeline::{
    ControlStanding, Flaw, Occurrence, Slot, SlotState, needs_review, occurrences, witness,
};

/// Slots above this are counted, not listed.
const LISTED: usize = 12;

/// What is known of the evidence of one control.
pub(super) struct Pieces<'v> {
    control: usize,
    /// Does evidence count only once another person has accepted it?
    reviewed: bool,
    /// Items that an exception of the control names, and that exception.
    exceptions: BTreeMap<&'v str, &'v str>,
    /// By index of the evidence.
    pieces: BTreeMap<usize, Piece<'v>>,
}

#[derive(Default)]
struct Piece<'v> {
    performers: BTreeMap<Date, &'v str>,
    occurrences: Vec<Occurrence<'v>>,
    /// Slots it counts for.
    fills: Vec<String>,
    /// Slots for which it was not accepted.
    refused: Vec<String>,
    flaws: Vec<Flaw>,
    /// Why it does nothing here, where nothing is wrong with it.
    idle: String,
}

/// A piece of evidence to show.
#[derive(Serialize)]
pub(super) struct Evidence {
    anchor: String,
    id: String,
    title: String,
    kind: &'static str,
    /// `accepted`, `not accepted`, `not counted`.
    standing: &'static str,
    tone: &'static str,
    /// What it does for the control.
    part: String,
    /// The manifest's path below the programme's root.
    manifest: String,
    performed: Vec<String>,
    more: String,
    result: String,
    collected: String,
    reviewed: String,
    /// When the manifest first came into git, and what that is worth.
    recorded: String,
    notes: String,
    files: Vec<File>,
    flaws: Vec<Fault>,
}

#[derive(Serialize)]
struct Fault {
    words: String,
    change: &'static str,
    rule: &'static str,
}

#[derive(Serialize)]
struct File {
    /// Below the programme's root, or where the bytes are.
    place: String,
    state: &'static str,
    tone: &'static str,
    sha256: String,
    /// Length, system, query, days: what the manifest says of it.
    about: String,
}

impl<'v> Pieces<'v> {
    /// Everything that names the control, fills one of its slots or was refused for one.
    pub(super) fn new(lookup: &Lookup<'v>, standing: &ControlStanding) -> Self {
        let mut pieces: BTreeMap<usize, Piece<'v>> = BTreeMap::new();
        let own = lookup.judgement.evidence_of.get(standing.control).into_iter().flatten();
        for index in own.map(|index| *index as usize) {
            pieces.entry(index).or_default();
        }
        for slot in &standing.slots {
            let name = || match lookup.judgement.slot_name(standing, slot) {
                name if name.is_empty() => "the window".to_owned(),
                name => name,
            };
            for evidence in counting(slot) {
                let piece = pieces.entry(evidence).or_default();
                if piece.fills.last() != Some(&name()) {
                    piece.fills.push(name());
                }
            }
            for refused in &slot.refused {
                let piece = pieces.entry(refused.evidence).or_default();
                if piece.refused.last() != Some(&name()) {
                    piece.refused.push(name());
                }
                piece.flaws.extend(refused.flaws.iter().cloned());
            }
        }
        let reviewed = lookup.control(standing).is_some_and(needs_review);
        for (index, piece) in &mut pieces {
            let Some(folder) = lookup.program.evidence.get(*index) else { continue };
            piece.occurrences = occurrences(folder, &lookup.zone);
            let named = piece.occurrences.iter().filter_map(|one| Some((one.on, one.by?)));
            piece.performers = named.collect();
            if piece.fills.is_empty() && piece.refused.is_empty() {
                let known = lookup.judgement.evidence.get(*index);
                piece.flaws.extend(known.into_iter().flat_map(|known| known.flaws.iter().cloned()));
                let review = known.into_iter().filter(|known| reviewed && known.compensating.is_none());
                piece.flaws.extend(review.flat_map(|known| known.review.iter().cloned()));
                piece.idle = idle(lookup, standing, &piece.occurrences);
            }
            piece.flaws.sort();
            piece.flaws.dedup();
        }
        Self { control: standing.control, reviewed, exceptions: exceptions(lookup, standing), pieces }
    }

    /// The kinds of accepted evidence that counts for a slot: of the manifest and of its files.
    pub(super) fn kinds(&self, lookup: &Lookup<'v>) -> BTreeMap<&'static str, usize> {
        let mut kinds = BTreeMap::new();
        for (index, _) in self.pieces.iter().filter(|(_, piece)| !piece.fills.is_empty()) {
            let Some(folder) = lookup.program.evidence.get(*index) else { continue };
            let own = folder.manifest.kind.iter();
            let files = folder.manifest.artifacts.iter().filter_map(|artifact| artifact.kind.as_ref());
            let words: std::collections::BTreeSet<&str> =
                own.chain(files).map(|kind| kind.value.word()).collect();
            for word in words {
                *kinds.entry(word).or_default() += 1;
            }
        }
        kinds
    }

    /// Who performed the control on that day, as typed.
    pub(super) fn performer(&self, evidence: usize, on: Date) -> Option<&'v str> {
        self.pieces.get(&evidence)?.performers.get(&on).copied()
    }

    /// The name of its place in the page.
    pub(super) fn anchor(&self, evidence: usize) -> String {
        format!("e-{}-{evidence}", self.control)
    }

    /// Each piece, in the order of their paths.
    pub(super) fn view(&self, lookup: &Lookup<'v>) -> Vec<Evidence> {
        self.pieces
            .iter()
            .filter_map(|(index, piece)| {
                Some(evidence(lookup, self, *index, lookup.program.evidence.get(*index)?, piece))
            })
            .collect()
    }
}

/// The evidence that a slot's verdict rests on, by index: its filler first, each once.
pub(super) fn counting(slot: &Slot) -> Vec<usize> {
    let mut all: Vec<usize> = slot.filled_by.iter().map(|filler| filler.evidence).collect();
    let mut also = slot.also.clone();
    also.sort_unstable();
    also.dedup();
    also.retain(|one| !all.contains(one));
    all.extend(also);
    all
}

/// Items that an exception of the control names, each with the exception's id.
fn exceptions<'v>(lookup: &Lookup<'v>, standing: &ControlStanding) -> BTreeMap<&'v str, &'v str> {
    let Some(control) = lookup.control(standing) else { return BTreeMap::new() };
    let named = lookup.exceptions(control);
    named.filter_map(|row| Some((&*row.item.as_ref()?.value, &*row.id.value.0))).collect()
}

/// Why evidence that counts for no slot, and was refused for none, does nothing here.
fn idle(lookup: &Lookup<'_>, standing: &ControlStanding, found: &[Occurrence<'_>]) -> String {
    let Some((first, last)) = found.iter().map(|one| one.on).min().zip(found.iter().map(|one| one.on).max())
    else {
        return "it names no day".to_owned();
    };
    let window = lookup.audit.window;
    if last < window.0 || window.1 < first {
        return "outside the window".to_owned();
    }
    if standing.slots.is_empty() {
        return "the control has no slot in the window".to_owned();
    }
    let near = |slot: &&Slot| {
        let (from, to) = slot.spell.days();
        [first, last].iter().any(|day| from <= *day && *day <= slot.due.max(to))
    };
    let slots: Vec<&Slot> = standing.slots.iter().filter(near).collect();
    if slots.iter().any(|slot| slot.filled_by.is_some()) {
        return "another occurrence fills the slot".to_owned();
    }
    match slots.first() {
        Some(slot) if slot.state == SlotState::Open => "its slot is open".to_owned(),
        Some(slot) => format!("its slot is {}", slot.state.name()),
        None => "its date lies in no slot of the control".to_owned(),
    }
}

fn evidence(
    lookup: &Lookup<'_>,
    of: &Pieces<'_>,
    index: usize,
    folder: &EvidenceFolder,
    piece: &Piece<'_>,
) -> Evidence {
    let manifest = &*folder.manifest;
    let known = lookup.judgement.evidence.get(index);
    let (standing, tone, part) = match piece {
        _ if known.is_some_and(|known| known.out_of_view) => {
            ("not counted", "none", format!("dated after {}", lookup.judgement.as_of))
        }
        Piece { fills, .. } if !fills.is_empty() => {
            ("accepted", "good", format!("counts for {}", slots(fills)))
        }
        Piece { refused, .. } if !refused.is_empty() => {
            ("not accepted", "weak", format!("for {}", slots(refused)))
        }
        Piece { flaws, .. } if !flaws.is_empty() => ("not accepted", "weak", "for any slot".to_owned()),
        Piece { idle, .. } => ("not counted", "none", idle.clone()),
    };
    let flaws = piece.flaws.iter().map(|flaw| Fault {
        words: flaw.words(lookup.program),
        change: flaw.mend(),
        rule: flaw.rule().unwrap_or_default(),
    });
    let all = known.map_or(&[][..], |known| &known.flaws);
    let (lines, more) = performed::lines(lookup, manifest, &piece.occurrences, &of.exceptions);
    Evidence {
        anchor: of.anchor(index),
        id: lookup.judgement.evidence_name(index),
        title: manifest.title.as_ref().map_or_else(String::new, |title| title.value.to_string()),
        kind: manifest.kind.as_ref().map_or("no kind", |kind| kind.value.word()),
        standing,
        tone,
        part,
        manifest: lookup.program.sources.path(folder.file).to_owned(),
        performed: lines,
        more,
        result: performed::result(manifest, piece.occurrences.len()),
        collected: collected(lookup, folder),
        reviewed: reviewed(lookup, folder, of.reviewed),
        recorded: witness::first_words(lookup.program, lookup.program.sources.path(folder.file)),
        notes: manifest.notes.as_ref().map_or_else(String::new, |notes| notes.value.to_string()),
        files: manifest
            .artifacts
            .iter()
            .enumerate()
            .map(|(nth, artifact)| file(lookup, folder, nth, artifact, all))
            .collect(),
        flaws: flaws.collect(),
    }
}

/// Names of slots; of many only the first and the last.
fn slots(names: &[String]) -> String {
    match names {
        [first, .., last] if names.len() > LISTED => {
            format!("{}, {first} to {last}", count(names.len(), "slot"))
        }
        _ => names.join(", "),
    }
}

fn collected(lookup: &Lookup<'_>, folder: &EvidenceFolder) -> String {
    let Some(collected) = &folder.manifest.collected else { return String::new() };
    let at = collected.at.as_ref().map(|at| at.value.to_string());
    let when = at.or_else(|| collected.on.as_ref().map(|on| on.value.to_string())).unwrap_or_default();
    match &collected.by {
        Some(by) => format!("{when} by {}", lookup.who(&by.value.0)),
        None => when,
    }
}

fn reviewed(lookup: &Lookup<'_>, folder: &EvidenceFolder, needed: bool) -> String {
    let Some(reviewed) = &folder.manifest.reviewed else {
        return if needed { "by nobody yet" } else { "no review needed" }.to_owned();
    };
    let on = reviewed.on.as_ref().map_or_else(|| "no date".to_owned(), |on| on.value.to_string());
    let by = reviewed.by.as_ref().map_or_else(|| "nobody named".to_owned(), |by| lookup.who(&by.value.0));
    let result = match &reviewed.result {
        Some(_) => lookup.judgement.review_words(reviewed),
        None => "no result".to_owned(),
    };
    let notes = reviewed.notes.as_ref().map(|notes| format!("; {}", notes.value)).unwrap_or_default();
    let pinned = if reviewed.digest.is_some() { "; the review pins the manifest's text" } else { "" };
    format!("{on} by {by}: {result}{notes}{pinned}")
}

fn file(
    lookup: &Lookup<'_>,
    folder: &EvidenceFolder,
    nth: usize,
    artifact: &Artifact,
    flaws: &[Flaw],
) -> File {
    let name = artifact.path.as_ref().or(artifact.url.as_ref()).map_or("", |text| &*text.value);
    let (state, tone) = state(flaws, name);
    let found = folder.files.get(nth).copied().flatten();
    let place = match (found, &artifact.path) {
        (Some(file), _) => lookup.program.sources.path(file).to_owned(),
        (None, Some(path)) => {
            let manifest = lookup.program.sources.path(folder.file);
            format!("{}{}", manifest.strip_suffix(crate::source::MANIFEST).unwrap_or(manifest), path.value)
        }
        (None, None) => name.to_owned(),
    };
    File {
        place,
        state,
        tone,
        sha256: artifact.sha256.as_ref().map_or_else(String::new, |hash| hex(&hash.value.0)),
        about: about(artifact),
    }
}

/// What is known of a file's bytes.
fn state(flaws: &[Flaw], name: &str) -> (&'static str, &'static str) {
    let found = flaws.iter().find_map(|flaw| match flaw {
        Flaw::ArtifactMissing(of) if **of == *name => Some(("missing", "bad")),
        Flaw::ArtifactEmpty(of) if **of == *name => Some(("empty", "bad")),
        Flaw::ArtifactChanged(of) if **of == *name => Some(("changed", "bad")),
        Flaw::ArtifactNotHere(of) if **of == *name => Some(("not here", "unknown")),
        Flaw::ArtifactWithoutHash(of) if **of == *name => Some(("no hash recorded", "weak")),
        _ => None,
    });
    found.unwrap_or(("unchanged", "good"))
}

fn about(artifact: &Artifact) -> String {
    let mut parts = Vec::new();
    parts.extend(artifact.bytes.as_ref().map(|n| format!("{} bytes", n.value)));
    parts.extend(artifact.system.as_ref().map(|id| format!("system {}", id.value.0)));
    parts.extend(artifact.environment.as_ref().map(|text| text.value.to_string()));
    let covers = artifact.covers.as_ref();
    let covers = covers.and_then(|days| Some((days.from.as_ref()?.value, days.to.as_ref()?.value)));
    parts.extend(covers.map(|(from, to)| format!("covers {from} to {to}")));
    if let Some(population) = &artifact.population {
        let name = population.name.as_ref().map_or("population", |name| &*name.value);
        let items = population.count.as_ref().map(|n| usize::try_from(n.value).unwrap_or(usize::MAX));
        parts.push(match items {
            Some(items) => format!("{name}: {}", count(items, "item")),
            None => format!("{name}: number of items not recorded"),
        });
        parts.extend(population.completeness.as_ref().map(|text| format!("completeness: {}", text.value)));
    }
    parts.extend(artifact.query.as_ref().map(|query| format!("query: {}", query.value)));
    parts.join(" · ")
}
