//! Dated logs: artefacts whose rows are occurrences.

use super::population::{fault, missing};
use crate::model::Text;
use crate::model::evidence::{Artifact, OccurrenceLog};
use crate::program::EvidenceFolder;
use crate::source::{FileId, TableFacts};

/// A manifest's log and what is known of its rows.
#[derive(Clone, Copy, Debug)]
pub struct LogFile<'p> {
    pub folder: &'p EvidenceFolder,
    pub log: &'p OccurrenceLog,
    pub artifact: &'p Artifact,
    pub file: Option<FileId>,
    /// `None` when the bytes are not here, or are no `.csv`.
    pub table: Option<&'p TableFacts>,
}

impl<'p> LogFile<'p> {
    /// The log of a manifest, if it has one and lists its artefact.
    pub fn of(folder: &'p EvidenceFolder) -> Option<Self> {
        let log = folder.manifest.log()?;
        let index = folder.manifest.artifacts.iter().position(|artifact| log.is_in(artifact))?;
        Some(Self {
            folder,
            log,
            artifact: folder.manifest.artifacts.get(index)?,
            file: folder.files.get(index).copied().flatten(),
            table: folder.tables.get(index).and_then(Option::as_deref),
        })
    }

    /// Why it could not be read as a table, or not to its end.
    pub fn fault(&self) -> Option<&'p str> {
        fault(self.table?)
    }

    /// Columns that the log names and its header does not have.
    pub fn missing_columns(&self) -> Vec<&'p Text> {
        missing(self.table, [self.log.date.as_ref(), self.log.key.as_ref()])
    }

    /// Rows whose date cannot be read.
    pub fn undated(&self) -> u64 {
        self.table.filter(|table| table.fault.is_none()).map_or(0, |table| table.undated)
    }

    /// Can every row be taken as an occurrence?
    pub fn is_sound(&self) -> bool {
        self.table.is_some()
            && self.fault().is_none()
            && self.missing_columns().is_empty()
            && self.undated() == 0
    }
}
