//! A programme that is changed in place from one state to the next: other evidence, other controls. What was parsed once
//! is kept by whoever walks through many states; the numbers of files stay (`Sources::numbered`).

use std::sync::Arc;

use super::load::{Parsed, parse};
use super::{EvidenceFolder, Names, Program, Unresolved, tables};
use crate::diagnostic::Diagnostic;
use crate::model::scalar::Sha256;
use crate::model::{Control, Evidence};
use crate::record::{Target, Value};
use crate::source::{FileId, ReadFile};

/// A file of evidence as it was read once: a manifest if it is one.
#[derive(Debug)]
pub struct Filed {
    pub manifest: Option<Arc<Evidence>>,
    /// Does it name other evidence?
    pub names_evidence: bool,
    digest: Option<Sha256>,
    /// Faults of reading and of parsing.
    diagnostics: Vec<Diagnostic>,
    /// A manifest that could not be read whole.
    pub unread: bool,
}

/// A file of controls as it was read once.
#[derive(Clone, Debug)]
pub struct Written {
    pub controls: Vec<Control>,
    diagnostics: Vec<Diagnostic>,
    /// Some or all of its records are missing.
    pub unread: bool,
}

impl Filed {
    /// Parses a file below `evidence/`.
    pub fn read(read: &ReadFile) -> Self {
        let outcome = parse(read.id, &read.file);
        let unread = outcome.is_unread();
        let mut diagnostics = read.diagnostics.clone();
        diagnostics.extend(outcome.diagnostics);
        let (manifest, digest) = match outcome.parsed {
            Parsed::Evidence(manifest, digest) => (Some(manifest), digest),
            _ => (None, None),
        };
        let mut names_evidence = false;
        if let Some(manifest) = &manifest {
            manifest.references(&mut |target, _, _| names_evidence |= target == Target::Evidence);
        }
        Self { manifest, names_evidence, digest, diagnostics, unread }
    }

    /// The folder that the manifest speaks for, its artefacts not looked for yet.
    pub fn folder(&self, file: FileId) -> Option<EvidenceFolder> {
        let manifest = Arc::clone(self.manifest.as_ref()?);
        let digest = self.digest;
        Some(EvidenceFolder { file, manifest, files: Arc::default(), tables: Arc::default(), digest })
    }
}

impl Written {
    /// Parses a file below `controls/`.
    pub fn read(read: &ReadFile) -> Self {
        let outcome = parse(read.id, &read.file);
        let unread = outcome.is_unread();
        let mut diagnostics = read.diagnostics.clone();
        diagnostics.extend(outcome.diagnostics);
        let controls = match outcome.parsed {
            Parsed::Controls(controls) => controls,
            _ => Vec::new(),
        };
        Self { controls, diagnostics, unread }
    }
}

/// Evidence to be put into a programme.
#[derive(Debug, Default)]
pub struct Refiled<'f> {
    /// Every file, in path order, with what reading it gave.
    pub files: Vec<(ReadFile, Option<&'f Filed>)>,
    /// The folders, in path order; those whose artefacts are not looked for yet are named by their place in `fresh`.
    pub folders: Vec<EvidenceFolder>,
    pub fresh: Vec<usize>,
    /// What the other folders name that does not exist.
    pub unresolved: Vec<Unresolved>,
}

impl Program {
    /// Takes out all evidence and puts other evidence in. What texts of documents say of registers is not filled in again:
    /// evidence is in none of them.
    pub fn refile(&mut self, evidence: Refiled<'_>) {
        let Refiled { files, folders, fresh, unresolved } = evidence;
        let gone: Vec<FileId> = self.sources.below("evidence/").map(|(id, _)| id).collect();
        self.forget(&gone);
        for (read, filed) in &files {
            let Some(filed) = filed else { continue };
            self.diagnostics.extend(filed.diagnostics.iter().cloned());
            self.unread.extend(filed.unread.then_some(read.id));
        }
        let files = files.into_iter().map(|(read, _)| read).collect();
        self.sources.replace_files(|path| path.starts_with("evidence/"), files);
        self.evidence = folders;
        for nth in &fresh {
            let Some(folder) = self.evidence.get(*nth) else { continue };
            let paths = folder.manifest.artifacts.iter().map(|artifact| artifact.path.as_ref());
            let files = paths.map(|path| self.artifact_file(folder, path?)).collect();
            if let Some(folder) = self.evidence.get_mut(*nth) {
                folder.files = files;
            }
        }
        tables::read(self, &fresh);
        self.unresolved.extend(unresolved);
        let mut unresolved = Vec::new();
        for folder in fresh.iter().filter_map(|nth| self.evidence.get(*nth)) {
            folder.manifest.references(&mut |target, name, at| {
                if !self.resolves(target, name) {
                    unresolved.push(Unresolved { target, name: name.into(), at });
                }
            });
        }
        self.unresolved.extend(unresolved);
    }

    /// Puts the controls of a file in the place of those it held; a file that is gone holds none. Their wording is not
    /// filled in, for no verdict rests on it.
    pub fn rewrite_controls(&mut self, file: FileId, written: Option<(ReadFile, Written)>) {
        self.forget(&[file]);
        let path = self.sources.find_id(file).map(|file| file.path.clone());
        let first = self.controls.partition_point(|control| control.id.at.file < file);
        let count = self.controls.iter().skip(first).take_while(|one| one.id.at.file == file).count();
        let (read, controls) = match written {
            Some((read, written)) => {
                self.diagnostics.extend(written.diagnostics);
                self.unread.extend(written.unread.then_some(file));
                (vec![read], written.controls)
            }
            None => (Vec::new(), Vec::new()),
        };
        self.controls.splice(first..first + count, controls);
        self.sources.replace_files(|one| path.as_deref() == Some(one), read);
        self.filled.clear();
        self.names = Names::of(self);
    }

    /// Drops what was found wrong with files.
    fn forget(&mut self, files: &[FileId]) {
        let stays = |file: &FileId| files.binary_search(file).is_err();
        self.diagnostics.retain(|fault| stays(&fault.at.file));
        self.unresolved.retain(|reference| stays(&reference.at.file));
        self.unread.retain(stays);
    }
}
