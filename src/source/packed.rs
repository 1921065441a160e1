//! Reading a programme that was packed into an archive: its texts and those artefacts whose bytes came along; of the
//! others what was recorded of their bytes when they were packed.

use std::io::{self, Read};
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::work_tree::{Fault, Read as ReadFile, assemble, body_of, name_faults};
use super::{Body, Facts, File, Origin, Role, Sources, Span, TableFacts, TableWanted, role};

/// An archive that holds a programme's files, or some of them.
pub trait Packed: std::fmt::Debug + Send + Sync {
    /// The bytes of a file of the programme, by its path in the programme.
    fn open(&self, path: &str) -> io::Result<Box<dyn Read + '_>>;
    /// What was recorded of the rows of a file whose bytes are not in the archive.
    fn table(&self, path: &str, wanted: &TableWanted<'_>) -> Option<TableFacts>;
}

/// A file of a packed programme.
#[derive(Clone, Debug)]
pub struct PackedFile {
    /// Below the programme's root, `/` between parts.
    pub path: String,
    pub state: PackedState,
}

/// What the archive holds of a file.
#[derive(Clone, Debug)]
pub enum PackedState {
    /// Its bytes, so many.
    Bytes(u64),
    /// Of an artefact, what was recorded of its bytes.
    Recorded(Facts),
    /// It could not be read when it was packed: the rule that says so, its message and help.
    Refused { rule: String, message: String, help: Option<String> },
}

/// What reading a file can find that leaves it without content.
const REFUSALS: &[&str] = &[
    "file-not-read",
    "input-too-large",
    "not-utf8",
    "submodule-not-read",
    "symlink-refused",
    "unreadable-file",
];

/// Bytes of text in one packed programme: an archive can name the same bytes as often as it likes.
const ALL_TEXT_CAP: u64 = 256 << 20;

impl Sources {
    /// Reads a programme out of an archive.
    pub fn of_packed(mut files: Vec<PackedFile>, packed: Box<dyn Packed>) -> Self {
        files.retain(|file| {
            matches!(file.state, PackedState::Refused { .. }) || role(&file.path) != Role::Skip
        });
        files.par_sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|a, b| a.path == b.path);
        let held = AtomicU64::new(0);
        let read: Vec<ReadFile> = files.into_par_iter().map(|file| read_one(file, &*packed, &held)).collect();
        assemble(read, Origin::Packed(packed))
    }
}

fn read_one(file: PackedFile, packed: &dyn Packed, held: &AtomicU64) -> ReadFile {
    let PackedFile { path, state } = file;
    let mut faults = name_faults(&path);
    let body = match (state, role(&path)) {
        (PackedState::Refused { rule, message, help }, _) => {
            faults.push(refused(&rule, message, help));
            Body::Refused
        }
        (PackedState::Recorded(facts), Role::Artifact) => Body::Artifact(facts),
        (PackedState::Recorded(_), Role::Asset) => Body::Asset,
        (PackedState::Recorded(_), _) => {
            faults.push(refused("unreadable-file", "its text is not in the archive".to_owned(), None));
            Body::Refused
        }
        (PackedState::Bytes(length), role) => {
            let is_text = role == Role::Text;
            if is_text && held.fetch_add(length, Ordering::Relaxed) > ALL_TEXT_CAP {
                let message = format!("the programme's texts are more than {ALL_TEXT_CAP} bytes");
                faults.push(refused("input-too-large", message, None));
                Body::Refused
            } else {
                body_of(&path, &mut faults, || packed.open(&path), |_| length)
            }
        }
    };
    (File { path: path.into(), body, blob: None }, faults)
}

fn refused(rule: &str, message: String, help: Option<String>) -> Fault {
    let known = REFUSALS.iter().copied().find(|known| *known == rule);
    (known.unwrap_or("unreadable-file"), Span::default(), message, help)
}
