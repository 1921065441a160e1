//! Where the evidence that was chosen lies in the bundle, file by file, and which of its bytes are kept back.

use std::collections::{BTreeMap, BTreeSet};

use super::choice::{Choice, Home};
use super::names::{Names, part};
use super::{Ground, Told};
use crate::archive::{Content, Member};
use crate::model::evidence::{Artifact, Classification};
use crate::program::{EvidenceFolder, Program};
use crate::schedule::Withheld;
use crate::source::{Body, Facts, FileId, MANIFEST, hex};
use crate::text::safe;

/// The folder of all evidence.
pub(super) const FOLDER: &str = "07_evidence";
/// The readable page of a manifest.
const PAGE: &str = "about-this-evidence.html";

/// A piece of evidence in the bundle.
#[derive(Debug)]
pub(super) struct Piece {
    /// Index into the programme's evidence.
    pub(super) evidence: usize,
    pub(super) home: Home,
    /// The manifest as it is.
    pub(super) manifest: String,
    /// The page that says the same in words.
    pub(super) page: String,
    /// One for each artefact of the manifest, in its order.
    pub(super) files: Vec<Placed>,
}

/// An artefact and where its bytes are.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) file: Option<FileId>,
    /// As its manifest calls it.
    pub(super) name: String,
    /// Its path in the bundle; `None` where its bytes are kept back.
    pub(super) path: Option<String>,
    /// Why they are, as a clause.
    pub(super) kept_back: Option<String>,
}

/// Gives everything that was chosen a place.
pub(super) fn place(ground: &Ground<'_>, choice: &Choice, names: &mut Names, told: &mut Told) -> Vec<Piece> {
    let program = ground.judgement.program;
    let mut pieces = Vec::new();
    for (index, home) in &choice.evidence {
        let Some(folder) = program.evidence.get(*index) else { continue };
        let id = program.evidence_id(folder);
        let control = program.controls.get(home.control).map_or("", |of| &*of.id.value.0);
        let below = id.strip_prefix(control).map_or(id, |rest| rest.trim_start_matches('/'));
        let below = if below.is_empty() { "evidence" } else { below };
        let place = format!(
            "{FOLDER}/{}/{}/{}",
            part(control, super::names::CONTROL),
            part(&home.slot, 20),
            part(&below.replace('/', "-"), 30)
        );
        let manifest = names.take(&place, MANIFEST, &format!("{id}/{MANIFEST}"));
        let page = names.take(&place, PAGE, &format!("{id}/{PAGE}"));
        let artifacts = folder.manifest.artifacts.iter().enumerate();
        let files = artifacts
            .map(|(nth, artifact)| {
                let file = folder.files.get(nth).copied().flatten();
                placed(ground, folder, (file, artifact), &place, names, told)
            })
            .collect();
        pieces.push(Piece { evidence: *index, home: home.clone(), manifest, page, files });
    }
    unlisted(program, choice, told);
    pieces
}

fn placed(
    ground: &Ground<'_>,
    folder: &EvidenceFolder,
    (file, artifact): (Option<FileId>, &Artifact),
    place: &str,
    names: &mut Names,
    told: &mut Told,
) -> Placed {
    let program = ground.judgement.program;
    let id = program.evidence_id(folder);
    let name = artifact.path.as_ref().or(artifact.url.as_ref()).map_or("", |name| &*name.value).to_owned();
    let facts = file.and_then(|file| program.facts(file));
    let class = folder.manifest.classification.as_ref().map_or(Classification::Internal, |of| of.value);
    let why = match facts {
        _ if class == Classification::Restricted => {
            Some("restricted: shown in a session, never handed out".to_owned())
        }
        Some(Facts { lfs: Some(_), .. }) => Some("kept in Git LFS; its bytes are not here".to_owned()),
        Some(_) => None,
        None if artifact.path.is_none() => Some(format!("its bytes are elsewhere: {}", safe(&name))),
        None => Some("its bytes are not here".to_owned()),
    };
    let Some(why) = why else {
        let path = names.take(place, &name, &format!("{id}/{name}"));
        return Placed { file, name, path: Some(path), kept_back: None };
    };
    let recorded = artifact.sha256.as_ref().map(|hash| hex(&hash.value.0));
    told.withheld.push(Withheld {
        of: id.to_owned(),
        file: name.clone(),
        classification: class.word(),
        why: why.clone(),
        sha256: recorded.unwrap_or_default(),
        bytes: artifact.bytes.as_ref().map(|bytes| bytes.value),
    });
    Placed { file, name, path: None, kept_back: Some(why) }
}

/// Files beside the artefacts that no manifest lists: they prove nothing, and may be what a redaction was taken from.
fn unlisted(program: &Program, choice: &Choice, told: &mut Told) {
    let listed: BTreeSet<FileId> =
        program.evidence.iter().flat_map(|folder| folder.files.iter().copied().flatten()).collect();
    for (file, of) in program.sources.below("evidence/") {
        let Body::Artifact(facts) = &of.body else { continue };
        if listed.contains(&file) {
            continue;
        }
        let Some((index, folder)) = folder_of(program, &of.path) else { continue };
        if !choice.evidence.contains_key(&index) {
            continue;
        }
        let id = program.evidence_id(folder);
        let name =
            of.path.strip_prefix("evidence/").and_then(|path| path.strip_prefix(id)).unwrap_or(&of.path);
        told.withheld.push(Withheld {
            of: id.to_owned(),
            file: name.trim_start_matches('/').to_owned(),
            classification: "",
            why: "listed in no manifest".to_owned(),
            sha256: hex(&facts.sha256),
            bytes: Some(facts.bytes),
        });
    }
}

/// The manifest that speaks for a file.
fn folder_of<'p>(program: &'p Program, path: &str) -> Option<(usize, &'p EvidenceFolder)> {
    let ends = path.match_indices('/').map(|(at, _)| at).rev();
    ends.into_iter().find_map(|end| {
        let file = program.sources.find(&format!("{}/{MANIFEST}", path.get(..end)?))?;
        let at = program.evidence.binary_search_by_key(&file, |folder| folder.file).ok()?;
        Some((at, program.evidence.get(at)?))
    })
}

/// The manifests and the bytes that are handed over, each exactly as collected.
pub(super) fn members<'p>(program: &'p Program, pieces: &[Piece], into: &mut Vec<Member<'p>>) {
    for piece in pieces {
        let Some(folder) = program.evidence.get(piece.evidence) else { continue };
        let text = program.sources.text(folder.file);
        into.push(Member {
            path: piece.manifest.clone(),
            content: Content::Bytes(text.as_bytes().into()),
            sha256: None,
        });
        for placed in &piece.files {
            let (Some(path), Some(file)) = (&placed.path, placed.file) else { continue };
            let Some(facts) = program.facts(file) else { continue };
            into.push(Member {
                path: path.clone(),
                content: Content::Open {
                    length: facts.bytes,
                    open: Box::new(move || program.sources.open(file)),
                },
                // What was judged is what is packed: a file that changes meanwhile stops the packing.
                sha256: Some(facts.sha256),
            });
        }
    }
}

/// The path of each artefact that is in the bundle, by file.
pub(super) fn paths(pieces: &[Piece]) -> BTreeMap<FileId, String> {
    let files = pieces.iter().flat_map(|piece| &piece.files);
    files.filter_map(|placed| Some((placed.file?, placed.path.clone()?))).collect()
}
