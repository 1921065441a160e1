//! The evidence of a control: what it shows, who performed and reviewed it, its files, and why it counts or does not.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::lookup::Lookup;
use crate::model::evidence::Artifact;
use crate::program::EvidenceFolder;
use crate::source::hex;
use crate::text::count;
use crate::timeline::{ControlStanding, Flaw, Occurrence, occurrences};

/// Occurrences above this are counted, not listed.
const LISTED: usize = 12;

/// What is known of the evidence of one control.
pub(super) struct Pieces<'v> {
    control: usize,
    /// By index of the evidence.
    pieces: BTreeMap<usize, Piece<'v>>,
}

#[derive(Default)]
struct Piece<'v> {
    performers: BTreeMap<Date, &'v str>,
    occurrences: Vec<Occurrence<'v>>,
    /// Slots it fills.
    fills: Vec<String>,
    /// Slots for which it was not accepted.
    refused: Vec<String>,
    flaws: Vec<Flaw>,
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
    performed: Vec<String>,
    more: usize,
    result: String,
    collected: String,
    reviewed: String,
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
            if let Some(filler) = slot.filled_by {
                pieces.entry(filler.evidence).or_default().fills.push(name());
            }
            for refused in &slot.refused {
                let piece = pieces.entry(refused.evidence).or_default();
                if piece.refused.last() != Some(&name()) {
                    piece.refused.push(name());
                }
                piece.flaws.extend(refused.flaws.iter().cloned());
            }
        }
        for (index, piece) in &mut pieces {
            let Some(folder) = lookup.program.evidence.get(*index) else { continue };
            piece.occurrences = occurrences(folder, &lookup.zone);
            let named = piece.occurrences.iter().filter_map(|one| Some((one.on, one.by?)));
            piece.performers = named.collect();
            if piece.fills.is_empty() && piece.refused.is_empty() {
                let known = lookup.judgement.evidence.get(*index);
                piece.flaws.extend(known.into_iter().flat_map(|known| known.flaws.iter().cloned()));
            }
            piece.flaws.sort();
            piece.flaws.dedup();
        }
        Self { control: standing.control, pieces }
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
                Some(evidence(
                    lookup,
                    self.anchor(*index),
                    *index,
                    lookup.program.evidence.get(*index)?,
                    piece,
                ))
            })
            .collect()
    }
}

fn evidence(
    lookup: &Lookup<'_>,
    anchor: String,
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
        Piece { fills, .. } if !fills.is_empty() => ("accepted", "good", format!("fills {}", slots(fills))),
        Piece { refused, .. } if !refused.is_empty() => {
            ("not accepted", "weak", format!("for {}", slots(refused)))
        }
        Piece { flaws, .. } if !flaws.is_empty() => ("not accepted", "weak", "for any slot".to_owned()),
        _ => (
            "not counted",
            "none",
            "it fills no slot here: its date lies outside the window, or another occurrence fills the slot"
                .to_owned(),
        ),
    };
    let flaws = piece.flaws.iter().map(|flaw| Fault {
        words: flaw.words(lookup.program),
        change: flaw.mend(),
        rule: flaw.rule().unwrap_or_default(),
    });
    let all = known.map_or(&[][..], |known| &known.flaws);
    Evidence {
        anchor,
        id: lookup.judgement.evidence_name(index),
        title: manifest.title.as_ref().map_or_else(String::new, |title| title.value.to_string()),
        kind: manifest.kind.as_ref().map_or("no kind", |kind| kind.value.word()),
        standing,
        tone,
        part,
        performed: piece.occurrences.iter().take(LISTED).map(|one| performed(lookup, one)).collect(),
        more: piece.occurrences.len().saturating_sub(LISTED),
        result: result(folder),
        collected: collected(lookup, folder),
        reviewed: reviewed(lookup, folder),
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

/// `2026-03-28 by Alice Adams (alice), item 17, system github: failed`.
fn performed(lookup: &Lookup<'_>, one: &Occurrence<'_>) -> String {
    let mut out = one.on.to_string();
    match one.by {
        Some(by) => out.push_str(&format!(" by {}", lookup.who(by))),
        None => out.push_str(", by whom is not said"),
    }
    let parts = [("slot", one.slot), ("item", one.item), ("system", one.system)];
    for (name, value) in parts.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        out.push_str(&format!(", {name} {value}"));
    }
    if let Some(outcome) = one.outcome {
        out.push_str(&format!(": {}", outcome.word()));
    }
    out
}

fn result(folder: &EvidenceFolder) -> String {
    let Some(result) = &folder.manifest.result else { return String::new() };
    let outcome = result.outcome.as_ref().map_or("no outcome", |outcome| outcome.value.word());
    let summary = result.summary.as_ref().map(|text| format!(": {}", text.value)).unwrap_or_default();
    let follow_up: Vec<&str> = result.follow_up.iter().map(|text| &*text.value).collect();
    let follow_up = match follow_up.is_empty() {
        true => String::new(),
        false => format!("; follow-up: {}", crate::text::some(&follow_up, 8)),
    };
    format!("{outcome}{summary}{follow_up}")
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

fn reviewed(lookup: &Lookup<'_>, folder: &EvidenceFolder) -> String {
    let Some(reviewed) = &folder.manifest.reviewed else { return String::new() };
    let on = reviewed.on.as_ref().map_or_else(|| "no date".to_owned(), |on| on.value.to_string());
    let by = reviewed.by.as_ref().map_or_else(|| "nobody named".to_owned(), |by| lookup.who(&by.value.0));
    let result = reviewed.result.as_ref().map_or("no result", |result| result.value.word());
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
