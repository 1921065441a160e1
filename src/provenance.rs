//! What a bundle carries so that anybody can reach our verdicts again from what is inside it: by what and from what it was
//! made, the facts of every file, what git remembered, and the verdicts themselves; and the check that does so.
//! It shows that verdicts follow from records, never that records are true.

mod artifacts;
mod compare;
mod history;
mod inside;
mod items;
mod json;
mod made;
mod recheck;
mod verdicts;
mod words;
mod zipped;

use std::collections::BTreeMap;

pub use compare::Difference;
pub use recheck::{Bundle, Outcome, Recheck, recheck, reopened};
pub use zipped::zipped;

use crate::source::FileId;
use crate::timeline::Judgement;

/// The version of the program.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The folder of the bundle below which the programme's texts stand, each at its own path.
pub const SOURCES: &str = "sources/";
/// By which tool, from what, for which day and audit a bundle was made.
pub const PROVENANCE: &str = "provenance/provenance.json";
/// The facts of every file of the programme.
pub const ARTIFACTS: &str = "provenance/artifacts.json";
/// What git remembered.
pub const HISTORY: &str = "provenance/history.json";
/// The verdicts.
pub const VERDICTS: &str = "provenance/verdicts.json";

/// How a bundle is made, as far as the judgement does not say it.
pub struct Made<'m> {
    pub read: Read<'m>,
    /// For whom: `auditor`, `internal`.
    pub profile: &'m str,
    /// What it is narrowed to: `control` and its ids.
    pub options: BTreeMap<String, Vec<String>>,
    /// The path in the bundle of an artefact whose bytes are in it exactly as collected.
    pub packed: &'m dyn Fn(FileId) -> Option<String>,
    /// Why the bytes of an artefact are not in the bundle; asked only where they are not.
    pub left_out: &'m dyn Fn(FileId) -> Left,
}

/// What was read, and the whole id of the commit.
#[derive(Clone, Copy, Debug)]
pub enum Read<'m> {
    Commit(&'m str),
    /// The index, and the commit on which it stands.
    Index(Option<&'m str>),
    WorkTree {
        on: Option<&'m str>,
        /// Files of the programme differ from those of the commit.
        dirty: bool,
    },
}

/// Why bytes are not in a bundle.
#[derive(Clone, Debug)]
pub enum Left {
    /// Kept back, and the reason in words.
    Withheld(String),
    /// They belong to no slot of the window.
    OutsideWindow,
    /// The bundle is narrowed to other controls.
    Narrowed,
}

/// The files of provenance of a bundle: path in the bundle, and bytes. The same judgement gives the same bytes.
pub fn members(judgement: &Judgement<'_>, made: &Made<'_>) -> Vec<(String, Vec<u8>)> {
    FILES.iter().map(|(path, write)| ((*path).to_owned(), write(judgement, made))).collect()
}

/// Writes a file of provenance.
pub type Write = fn(&Judgement<'_>, &Made<'_>) -> Vec<u8>;

/// The files of provenance, and what writes each.
pub const FILES: [(&str, Write); 4] = [
    (ARTIFACTS, |judgement, made| json::lines(&artifacts::Artifacts::of(judgement.program, made))),
    (HISTORY, |judgement, _| json::lines(&history::Recorded::of(&judgement.program.history))),
    (PROVENANCE, |judgement, made| json::write(&made::Provenance::of(judgement, made), 3)),
    (VERDICTS, |judgement, _| json::write(&verdicts::Verdicts::of(judgement), 5)),
];
