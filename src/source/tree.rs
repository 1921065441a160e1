//! Reading a commit's tree or the index into [`Sources`]: what is listed there and nothing else, straight from the object
//! store. Nothing on disk is looked at, so a dirty or sparse work tree changes nothing.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use rayon::prelude::*;

use super::links::follow;
use super::misspelt::misspelt;
use super::work_tree::{Fault, Found, Read, State, assemble, body_of, in_order, read_file};
use super::{Body, CSV_CAP, FOLDERS, Origin, ROOT_FILE, Role, Sources, Span, Tracked, role};
use crate::text::safe;

/// The id of a blob in an object store: the bytes of its hash, as many as the store's hash has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlobId {
    bytes: [u8; 32],
    length: u8,
}

impl BlobId {
    /// From the bytes of a hash; more than 32 are cut off.
    pub fn new(hash: &[u8]) -> Self {
        let length = hash.len().min(32);
        let mut bytes = [0; 32];
        bytes[..length].copy_from_slice(&hash[..length]);
        Self { bytes, length: u8::try_from(length).unwrap_or(32) }
    }

    /// The bytes of the hash.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.length as usize]
    }
}

/// What a tree or an index says of one path.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Below the programme's root, `/` between parts; bytes that are no UTF-8 became `U+FFFD`.
    pub path: String,
    pub kind: EntryKind,
    pub blob: BlobId,
}

/// What a path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    File,
    /// A symbolic link; its bytes are where it leads.
    Link,
    /// Another repository's commit; it is not entered.
    Submodule,
    /// A folder more than [`DEPTH_CAP`] levels down; it is not entered.
    Deep,
}

/// Folders deeper than this below one of the programme's folders are not entered; no programme has them.
pub const DEPTH_CAP: usize = 64;

/// A tree of files in an object store, seen from the programme's root.
pub trait Tree: std::fmt::Debug + Send + Sync {
    /// The names of folders directly below the root.
    fn folders(&self) -> Vec<String>;
    /// The file of that name at the root, or every file below the folder of that name, in any order.
    fn list(&self, name: &str) -> io::Result<Vec<Entry>>;
    /// The bytes of a blob.
    fn read(&self, blob: BlobId) -> io::Result<Vec<u8>>;
    /// How many bytes a blob has, without reading it.
    fn length(&self, blob: BlobId) -> io::Result<u64>;
}

/// Artefacts above this are not taken out of an object store, which cannot stream them.
const BLOB_CAP: u64 = 1 << 30;
/// Blobs above this are held one at a time.
const LARGE_BLOB: u64 = 16 << 20;
/// Bytes of text in one programme: a tree can name the same bytes as often as it likes, so files cost a stranger nothing.
const ALL_TEXT_CAP: u64 = 1 << 30;

impl Sources {
    /// Reads a programme out of an object store.
    pub fn of_tree(tree: Box<dyn Tree>) -> Self {
        let mut found = in_order(list(&*tree));
        found.retain(|one| matches!(one.state, State::Refused(_)) || role(&one.path) != Role::Skip);
        let shared = shared_artifacts(&found);
        let read = match read_all(&*tree, &found, &shared) {
            Some(read) => read,
            None => {
                refuse_beyond(&*tree, &mut found);
                found.into_par_iter().map(|one| read_one(&*tree, one, &shared)).collect()
            }
        };
        assemble(read, Origin::Tree(tree))
    }
}

fn list(tree: &dyn Tree) -> Vec<Found> {
    let mut found = Vec::new();
    for name in std::iter::once(ROOT_FILE).chain(FOLDERS.iter().copied()) {
        match tree.list(name) {
            Ok(entries) => found.extend(entries.into_iter().map(of_entry)),
            Err(error) => {
                let (message, help) = unreadable_words(&error);
                found.push(Found::refused(name.to_owned(), PathBuf::new(), "unreadable-file", message, help));
            }
        }
    }
    let is_there =
        |folder: &str| found.iter().any(|one| one.path.split('/').next().is_some_and(|part| part == folder));
    let folders = tree.folders();
    let records =
        |name: &str| tree.list(name).unwrap_or_default().into_iter().map(|entry| entry.path).collect();
    let odd = misspelt(&folders, is_there, records);
    found.extend(odd);
    follow(found, Some(tree))
}

fn of_entry(entry: Entry) -> Found {
    let Entry { path, kind, blob } = entry;
    match kind {
        EntryKind::File => Found { path, disk: PathBuf::new(), state: State::Blob(blob) },
        EntryKind::Link => Found { path, disk: PathBuf::new(), state: State::Link(Some(blob)) },
        EntryKind::Submodule => submodule(path, PathBuf::new()),
        EntryKind::Deep => too_deep(path, PathBuf::new()),
    }
}

/// Another repository, which is not entered.
pub(super) fn submodule(path: String, disk: PathBuf) -> Found {
    let message = format!("`{}` is another repository (a submodule) and is not entered", safe(&path));
    let help = "keep the programme's records in this repository; one commit has to fix them all";
    Found::refused(path, disk, "submodule-not-read", message, help)
}

/// A folder that is not entered.
pub(super) fn too_deep(path: String, disk: PathBuf) -> Found {
    let message = format!("a folder more than {DEPTH_CAP} levels down; it is not entered");
    Found::refused(path, disk, "input-too-large", message, "keep folders flatter")
}

/// How the message about a file begins whose content a partial clone left on the server.
pub const NOT_IN_CLONE: &str = "its content is not in this clone";

/// What to say of a blob that cannot be read.
pub(super) fn unreadable_words(error: &io::Error) -> (String, &'static str) {
    match error.kind() {
        io::ErrorKind::NotFound => (
            format!("{NOT_IN_CLONE}: a partial clone leaves content on the server"),
            "get it: git fetch --refetch --no-filter origin",
        ),
        io::ErrorKind::FileTooLarge => (
            "its content is too large to be taken out of git".to_owned(),
            "keep very large artefacts elsewhere and record their `url` and hash",
        ),
        kind => (format!("cannot be read: {kind}"), "make it a readable file, or remove it"),
    }
}

/// What artefacts with the same bytes are read into, once for all.
type Shared = BTreeMap<BlobId, OnceLock<(Body, Vec<Fault>)>>;

fn shared_artifacts(found: &[Found]) -> Shared {
    let mut times: BTreeMap<BlobId, usize> = BTreeMap::new();
    for one in found.iter().filter(|one| role(&one.path) == Role::Artifact) {
        if let State::Blob(blob) = one.state {
            *times.entry(blob).or_default() += 1;
        }
    }
    times.retain(|_, times| *times > 1);
    times.into_keys().map(|blob| (blob, OnceLock::new())).collect()
}

/// Everything that was found; `None` when its texts are more than may be held.
fn read_all(tree: &dyn Tree, found: &[Found], shared: &Shared) -> Option<Vec<Read>> {
    let held = AtomicU64::new(0);
    found
        .par_iter()
        .map(|one| {
            let read = read_one(tree, one.clone(), shared);
            let length = match &read.0.body {
                Body::Text(text) => text.len() as u64,
                _ => 0,
            };
            (held.fetch_add(length, Ordering::Relaxed) <= ALL_TEXT_CAP).then_some(read)
        })
        .collect()
}

fn read_one(tree: &dyn Tree, found: Found, shared: &Shared) -> Read {
    if let State::Blob(blob) = found.state
        && let Some(once) = shared.get(&blob).filter(|_| role(&found.path) == Role::Artifact)
    {
        let (body, faults) = once.get_or_init(|| {
            let mut faults = Vec::new();
            (blob_body(tree, &found.path, blob, &mut faults), faults)
        });
        let unread = Found { state: State::Read(body.clone(), blob), ..found };
        let (file, mut own) = read_file(unread, None, &Tracked::default());
        own.extend(faults.iter().cloned());
        return (file, own);
    }
    read_file(found, Some(tree), &Tracked::default())
}

/// Refuses texts, in path order, from the one on with which they are too many bytes.
fn refuse_beyond(tree: &dyn Tree, found: &mut [Found]) {
    let mut left = ALL_TEXT_CAP;
    for one in found.iter_mut().filter(|one| role(&one.path) == Role::Text) {
        let State::Blob(blob) = one.state else { continue };
        let length = tree.length(blob).unwrap_or(0).min(CSV_CAP);
        match left.checked_sub(length) {
            Some(rest) => left = rest,
            None => {
                let message = format!("the programme's texts are more than {ALL_TEXT_CAP} bytes");
                let help = "keep exports as artefacts of evidence, not as records".to_owned();
                one.state = State::Refused(("input-too-large", Span::default(), message, Some(help)));
            }
        }
    }
}

/// The body of a path whose bytes are a blob.
pub(super) fn blob_body(tree: &dyn Tree, path: &str, blob: BlobId, faults: &mut Vec<Fault>) -> Body {
    static ONE_LARGE: Mutex<()> = Mutex::new(());
    let role = role(path);
    if matches!(role, Role::Asset | Role::Skip) {
        return Body::Asset;
    }
    let held = tree.length(blob).and_then(|length| {
        // A text that long is refused by its length alone.
        if role == Role::Text && length > CSV_CAP {
            return Ok(body_of(path, faults, || Ok(io::empty()), |_| length));
        }
        if length > BLOB_CAP {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let _alone = (length > LARGE_BLOB).then(|| ONE_LARGE.lock().unwrap_or_else(PoisonError::into_inner));
        let bytes = tree.read(blob)?;
        Ok(body_of(path, faults, || Ok(io::Cursor::new(bytes)), |_| length))
    });
    held.unwrap_or_else(|error| {
        let (message, help) = unreadable_words(&error);
        faults.push(("unreadable-file", Span::default(), message, Some(help.to_owned())));
        Body::Refused
    })
}
