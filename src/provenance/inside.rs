//! The programme again, from the files of a bundle: texts and bytes where they are inside, else what was recorded of them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::sync::Arc;

use super::artifacts::{Artifacts, Table, unhex};
use super::{Bundle, SOURCES, json};
use crate::program::Program;
use crate::source::{
    Body, FileId, Packed, PackedFile, PackedState, Sources, TableFacts, TableWanted, is_skipped, sha256,
};
use crate::text::{safe, some};

/// Where the bytes of the programme's files are in a bundle, and what was recorded of the others.
#[derive(Debug)]
struct Places {
    bundle: Arc<dyn Bundle>,
    /// Path in the bundle, by path in the programme.
    inside: BTreeMap<String, String>,
    /// Rows of artefacts that are not inside, by path in the programme.
    tables: BTreeMap<String, Vec<Table>>,
}

impl Packed for Places {
    fn open(&self, path: &str) -> io::Result<Box<dyn Read + '_>> {
        let inside = self.inside.get(path).ok_or(io::ErrorKind::NotFound)?;
        self.bundle.open(inside)
    }

    fn table(&self, path: &str, wanted: &TableWanted<'_>) -> Option<TableFacts> {
        let is_wanted = |table: &&Table| {
            let same = |recorded: &Option<String>, name: Option<&str>| recorded.as_deref() == name;
            same(&table.key, wanted.key)
                && same(&table.date, wanted.date)
                && table.rows_kept == wanted.keep_rows
        };
        self.tables.get(path)?.iter().find(is_wanted).map(Table::facts)
    }
}

/// A programme out of a bundle.
pub(super) struct Inside {
    pub(super) program: Program,
    /// Artefacts of which only what was recorded is known.
    recorded: BTreeSet<FileId>,
    /// Where the bundle contradicts what it says of itself.
    pub(super) faults: Vec<String>,
}

impl Inside {
    /// Reads the texts below `sources/`, and every artefact whose bytes came along.
    pub(super) fn read(bundle: &Arc<dyn Bundle>, artifacts: Artifacts) -> Self {
        let lengths: BTreeMap<String, u64> = bundle.files().into_iter().collect();
        let mut places =
            Places { bundle: Arc::clone(bundle), inside: BTreeMap::new(), tables: BTreeMap::new() };
        let mut files = Vec::new();
        let mut faults = Vec::new();
        let listed: BTreeMap<&str, &str> =
            artifacts.texts.iter().map(|(path, hash)| (&**path, &**hash)).collect();
        let assets: BTreeSet<&str> = artifacts.assets.iter().map(String::as_str).collect();
        let refused: BTreeSet<&str> = artifacts.refused.iter().map(|one| &*one.path).collect();
        let mut unlisted = Vec::new();
        for (path, length) in
            lengths.iter().filter_map(|(path, length)| Some((path.strip_prefix(SOURCES)?, length)))
        {
            if assets.contains(path) || refused.contains(path) || is_skipped(path) {
                continue;
            }
            if !listed.contains_key(path) {
                unlisted.push(format!("{SOURCES}{path}"));
            }
            places.inside.insert(path.to_owned(), format!("{SOURCES}{path}"));
            files.push(PackedFile { path: path.to_owned(), state: PackedState::Bytes(*length) });
        }
        let missing = listed.keys().filter(|path| !places.inside.contains_key(**path));
        let missing: Vec<String> = missing.map(|path| format!("{SOURCES}{path}")).collect();
        tell(
            &mut faults,
            &missing,
            "is missing; the verdicts were reached with it",
            "are missing; the verdicts were reached with them",
        );
        tell(&mut faults, &unlisted, "is no text that was judged", "are no texts that were judged");
        for asset in &artifacts.assets {
            files.push(PackedFile { path: asset.clone(), state: PackedState::Bytes(0) });
        }
        for one in &artifacts.refused {
            let (rule, message, help) = (one.rule.clone(), one.message.clone(), one.help.clone());
            let state = PackedState::Refused { rule, message, help };
            files.push(PackedFile { path: one.path.clone(), state });
        }
        let mut absent = Vec::new();
        let mut only_recorded = BTreeSet::new();
        let mut expected = Vec::new();
        for one in artifacts.artifacts {
            let facts = one.facts();
            absent.extend(one.inside.iter().filter(|inside| !lengths.contains_key(*inside)).cloned());
            let there = one.inside.as_ref().and_then(|inside| Some((inside.clone(), *lengths.get(inside)?)));
            let state = match (there, facts) {
                (Some((inside, length)), facts) => {
                    places.inside.insert(one.path.clone(), inside);
                    expected.extend(facts.map(|facts| (one.path.clone(), facts)));
                    PackedState::Bytes(length)
                }
                (None, Some(facts)) => {
                    only_recorded.insert(one.path.clone());
                    places.tables.insert(one.path.clone(), one.tables);
                    PackedState::Recorded(facts)
                }
                (None, None) => PackedState::Refused {
                    rule: "unreadable-file".to_owned(),
                    message: "its recorded hash is none".to_owned(),
                    help: None,
                },
            };
            files.push(PackedFile { path: one.path, state });
        }
        tell(&mut faults, &absent, "is said to be inside and is not", "are said to be inside and are not");
        let sources = Sources::of_packed(files, Box::new(places));
        let mut differ = Vec::new();
        for (path, hash) in &listed {
            let Some(id) = sources.find(path) else { continue };
            let is_text = matches!(sources.file(id).body, Body::Text(_));
            if !is_text || unhex(hash) != Some(sha256(sources.text(id).as_bytes())) {
                differ.push(format!("{SOURCES}{path}"));
            }
        }
        for (path, facts) in &expected {
            let found = sources.find(path).map(|id| &sources.file(id).body);
            if !matches!(found, Some(Body::Artifact(found)) if found == facts) {
                differ.push(path.clone());
            }
        }
        tell(
            &mut faults,
            &differ,
            "is not what the bundle says was judged",
            "are not what the bundle says was judged",
        );
        let recorded = only_recorded.iter().filter_map(|path| sources.find(path)).collect();
        Self { program: Program::load(sources), recorded, faults }
    }

    /// Does a piece of evidence, by index, have bytes of which only what was recorded is known?
    pub(super) fn is_recorded(&self, evidence: usize) -> bool {
        let folder = self.program.evidence.get(evidence);
        folder.is_some_and(|folder| folder.files.iter().flatten().any(|file| self.recorded.contains(file)))
    }
}

/// Adds a sentence about some files.
fn tell(faults: &mut Vec<String>, paths: &[String], one: &str, many: &str) {
    if !paths.is_empty() {
        let named: Vec<String> = paths.iter().map(|path| format!("`{}`", safe(path))).collect();
        faults.push(format!("{} {}", some(&named, 5), if paths.len() == 1 { one } else { many }));
    }
}

/// Reads one of the files of provenance; the fault is in words.
pub(super) fn part<T: serde::de::DeserializeOwned>(bundle: &dyn Bundle, path: &str) -> Result<T, String> {
    let bytes = match bundle.open(path) {
        Ok(reader) => {
            let mut bytes = Vec::new();
            let read = reader.take(json::JSON_CAP + 1).read_to_end(&mut bytes);
            read.map(|_| bytes)
        }
        Err(error) => Err(error),
    };
    match bytes {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(format!("`{path}` is missing")),
        Err(error) => Err(format!("`{path}` cannot be read: {}", error.kind())),
        Ok(bytes) if bytes.len() as u64 > json::JSON_CAP => Err(format!("`{path}` is too long")),
        Ok(bytes) => json::read(&bytes).map_err(|fault| format!("`{path}` cannot be understood: {fault}")),
    }
}
