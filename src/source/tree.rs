//! Reading a commit's tree or the index into [`Sources`]: what is listed there and nothing else, straight from the object
//! store. Nothing on disk is looked at, so a dirty or sparse work tree changes nothing.

use std::collections::BTreeMap;
use std::io;
use std::ops::Bound;
use std::path::{Component, Path, PathBuf};

use rayon::prelude::*;

use super::links::WHY;
use super::work_tree::{Fault, assemble, body_of, name_faults};
use super::{Body, CSV_CAP, FOLDERS, File, Origin, ROOT_FILE, Role, Sources, Span, role};
use crate::text::{nearest, safe};

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
}

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

/// Links above this are refused, as in a work tree.
const LINK_CAP: usize = 100;
/// Files behind links above this are refused.
const LINKED_CAP: usize = 10_000;
/// Longer than any path a link may hold.
const TARGET_CAP: u64 = 4 << 10;
/// Artefacts above this are not taken out of an object store, which cannot stream them.
const BLOB_CAP: u64 = 1 << 30;

/// A path and what its body is to be read from, or why not.
pub(super) struct Listed {
    path: String,
    blob: Option<BlobId>,
    fault: Option<Fault>,
}

impl Listed {
    pub(super) fn file(path: String, blob: BlobId) -> Self {
        Self { path, blob: Some(blob), fault: None }
    }

    fn refused(path: String, rule: &'static str, message: impl Into<String>, help: &str) -> Self {
        let fault = (rule, Span::default(), message.into(), Some(help.to_owned()));
        Self { path, blob: None, fault: Some(fault) }
    }
}

impl Sources {
    /// Reads a programme out of an object store.
    pub fn of_tree(tree: Box<dyn Tree>) -> Self {
        let mut listed = list(&*tree);
        listed.retain(|one| one.fault.is_some() || role(&one.path) != Role::Skip);
        listed.sort_by(|a, b| a.path.cmp(&b.path));
        listed.dedup_by(|a, b| a.path == b.path);
        let read = listed.into_par_iter().map(|one| read(&*tree, one)).collect();
        assemble(read, Origin::Tree(tree))
    }
}

fn list(tree: &dyn Tree) -> Vec<Listed> {
    let folders = tree.folders();
    let mut out = Vec::new();
    let mut entries = Vec::new();
    for name in std::iter::once(ROOT_FILE).chain(FOLDERS.iter().copied()) {
        match tree.list(name) {
            Ok(mut found) => entries.append(&mut found),
            Err(error) => out.push(unreadable(name.to_owned(), &error)),
        }
    }
    out.extend(misspelt(tree, &folders));
    let (links, files): (Vec<Entry>, Vec<Entry>) =
        entries.into_iter().partition(|entry| entry.kind == EntryKind::Link);
    let by_path: BTreeMap<&str, &Entry> =
        files.iter().chain(&links).map(|entry| (entry.path.as_str(), entry)).collect();
    let mut behind_links = 0;
    for (nth, link) in links.iter().enumerate() {
        if nth >= LINK_CAP || behind_links > LINKED_CAP {
            out.push(refused_link(link.path.clone(), WHY.too_many));
            continue;
        }
        let mut linked = follow(tree, &by_path, link);
        behind_links += linked.len();
        out.append(&mut linked);
    }
    out.extend(files.into_iter().map(of_entry));
    out
}

fn of_entry(entry: Entry) -> Listed {
    if entry.kind == EntryKind::Submodule {
        return submodule(entry.path);
    }
    Listed { path: entry.path, blob: Some(entry.blob), fault: None }
}

fn submodule(path: String) -> Listed {
    let (message, help) = submodule_words(&path);
    Listed::refused(path, "submodule-not-read", message, help)
}

/// What to say of a submodule.
pub(super) fn submodule_words(path: &str) -> (String, &'static str) {
    let message = format!("`{}` is another repository (a submodule) and is not entered", safe(path));
    (message, "keep the programme's records in this repository; one commit has to fix them all")
}

fn refused_link(path: String, why: &str) -> Listed {
    Listed::refused(path, "symlink-refused", why, WHY.help)
}

fn unreadable(path: String, error: &io::Error) -> Listed {
    let (message, help) = unreadable_words(error);
    Listed::refused(path, "unreadable-file", message, help)
}

/// What to say of a blob that cannot be read.
fn unreadable_words(error: &io::Error) -> (String, &'static str) {
    match error.kind() {
        io::ErrorKind::NotFound => (
            "its content is not in this clone: a partial clone leaves content on the server".to_owned(),
            "get it: git fetch --refetch --no-filter origin",
        ),
        io::ErrorKind::FileTooLarge => (
            "its content is too large to be taken out of git".to_owned(),
            "keep very large artefacts elsewhere and record their `url` and hash",
        ),
        kind => (format!("cannot be read: {kind}"), "make it a readable file, or remove it"),
    }
}

/// A link by one step, relative, to a file or folder of the programme's own folders; anything else is refused.
fn follow(tree: &dyn Tree, by_path: &BTreeMap<&str, &Entry>, link: &Entry) -> Vec<Listed> {
    let refused = |why: &str| vec![refused_link(link.path.clone(), why)];
    let target = match tree.length(link.blob) {
        Ok(length) if length <= TARGET_CAP => tree.read(link.blob).ok(),
        _ => None,
    };
    let Some(target) = target.and_then(|bytes| String::from_utf8(bytes).ok()) else {
        return refused(WHY.nowhere);
    };
    if target.starts_with('/') {
        return refused(WHY.absolute);
    }
    let folder = Path::new(&link.path).parent().unwrap_or(Path::new(""));
    let Some(path) = lexical(folder, &target) else { return refused(WHY.out) };
    let mut parts = path.split('/');
    if !parts.next().is_some_and(|first| FOLDERS.contains(&first)) || parts.any(|part| part.starts_with('.'))
    {
        return refused(WHY.out);
    }
    // The target itself, or a folder on the way to it, is a link.
    let crosses = path.match_indices('/').map(|(at, _)| &path[..at]).chain([path.as_str()]);
    if crosses.into_iter().any(|part| by_path.get(part).is_some_and(|entry| entry.kind == EntryKind::Link)) {
        return refused(WHY.twice);
    }
    if let Some(entry) = by_path.get(path.as_str()) {
        return match entry.kind {
            EntryKind::File => vec![Listed { path: link.path.clone(), blob: Some(entry.blob), fault: None }],
            _ => refused(WHY.no_file),
        };
    }
    let below = format!("{path}/");
    if link.path.starts_with(&below) {
        return refused(WHY.above);
    }
    let within: Vec<&&Entry> = by_path
        .range::<str, _>((Bound::Included(below.as_str()), Bound::Unbounded))
        .take_while(|(path, _)| path.starts_with(&below))
        .map(|(_, entry)| entry)
        .take(LINKED_CAP + 1)
        .collect();
    if within.is_empty() {
        return refused(WHY.nowhere);
    }
    within
        .into_iter()
        .map(|entry| {
            let path = format!("{}/{}", link.path, &entry.path[below.len()..]);
            match entry.kind {
                EntryKind::File => Listed { path, blob: Some(entry.blob), fault: None },
                EntryKind::Link => refused_link(path, WHY.behind),
                EntryKind::Submodule => submodule(path),
            }
        })
        .collect()
}

/// Joins and resolves `.` and `..`; `None` when that leads out of the root.
fn lexical(folder: &Path, target: &str) -> Option<String> {
    let mut out = PathBuf::new();
    for part in folder.join(target).components() {
        match part {
            Component::ParentDir => out.pop().then_some(())?,
            Component::CurDir => {}
            part => out.push(part),
        }
    }
    let parts: Vec<&str> = out.components().map(|part| part.as_os_str().to_str()).collect::<Option<_>>()?;
    Some(parts.join("/"))
}

/// Folders beside ours that nobody reads, though their names are nearly ours and hold records: `evidences/`.
fn misspelt(tree: &dyn Tree, folders: &[String]) -> Vec<Listed> {
    let mut out = Vec::new();
    for name in folders {
        let missing = FOLDERS.iter().copied().filter(|folder| !folders.iter().any(|there| there == folder));
        let Some(near) = nearest(name, missing).filter(|near| near != name) else { continue };
        let records = tree.list(name).unwrap_or_default();
        if records.iter().any(|file| file.path.ends_with(".yaml") || file.path.ends_with(".md")) {
            let message = format!("soc2 does not read the folder `{}`", safe(name));
            out.push(Listed::refused(
                name.clone(),
                "file-not-read",
                message,
                &format!("did you mean `{near}/`?"),
            ));
        }
    }
    out
}

pub(super) fn read(tree: &dyn Tree, listed: Listed) -> (File, Vec<Fault>) {
    let Listed { path, blob, fault } = listed;
    let mut faults = name_faults(&path);
    let Some(blob) = blob else {
        faults.extend(fault);
        return (File { path: path.into(), body: Body::Refused, blob: None }, faults);
    };
    let body = blob_body(tree, &path, blob, &mut faults);
    (File { path: path.into(), body, blob: Some(blob) }, faults)
}

/// The body of a path whose bytes are a blob.
pub(super) fn blob_body(tree: &dyn Tree, path: &str, blob: BlobId, faults: &mut Vec<Fault>) -> Body {
    let role = role(path);
    if matches!(role, Role::Asset | Role::Skip) {
        return Body::Asset;
    }
    let held = tree.length(blob).and_then(|length| match length {
        // A text that long is refused by its length alone.
        length if role == Role::Text && length > CSV_CAP => Ok((length, Vec::new())),
        length if length > BLOB_CAP => Err(io::ErrorKind::FileTooLarge.into()),
        length => Ok((length, tree.read(blob)?)),
    });
    match held {
        Ok((length, bytes)) => body_of(path, faults, || Ok(io::Cursor::new(bytes)), |_| length),
        Err(error) => {
            let (message, help) = unreadable_words(&error);
            faults.push(("unreadable-file", Span::default(), message, Some(help.to_owned())));
            Body::Refused
        }
    }
}
