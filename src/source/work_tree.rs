//! Reading a folder, or a list of (path, bytes), into [`Sources`]: unignored files of the programme's folders,
//! no symbolic link out of the root, sizes bounded, every odd name told.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};

use rayon::prelude::*;

use super::hidden::{self, Placed};
use super::links::follow;
use super::misspelt::misspelt;
use super::tracked::Tracked;
use super::tree::{blob_body, too_deep};
use super::{
    BlobId, Body, CSV_CAP, DEPTH_CAP, EntryKind, FOLDERS, File, FileId, Location, Origin, ROOT_FILE, Role,
    Sources, Span, TEXT_CAP, Tree,
};
use super::{artifact, role};
use crate::diagnostic::Diagnostic;
use crate::error::{Error, Result};
use crate::text::{is_hostile, safe};

/// A fault of a file whose id is not known before all paths are sorted: rule, place, message, help.
pub(super) type Fault = (&'static str, Span, String, Option<String>);

/// A file as it was read, and what was wrong with reading it.
pub(super) type Read = (File, Vec<Fault>);

/// A file as found: its path in the programme and where its bytes are.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) path: String,
    pub(super) disk: PathBuf,
    pub(super) state: State,
}

#[derive(Clone)]
pub(super) enum State {
    File,
    /// A link on disk, or one in the object store.
    Link(Option<BlobId>),
    Refused(Fault),
    /// Read from the object store: a commit's file, or one that a sparse checkout left out.
    Blob(BlobId),
    /// A blob whose bytes were read before.
    Read(Body, BlobId),
    /// The text of a `.gitignore` at which something is told.
    Patterns(Box<str>),
}

impl Found {
    pub(super) fn refused(
        path: String,
        disk: PathBuf,
        rule: &'static str,
        message: impl Into<String>,
        help: &str,
    ) -> Self {
        Self {
            path,
            disk,
            state: State::Refused((rule, Span::default(), message.into(), Some(help.to_owned()))),
        }
    }
}

impl Sources {
    /// The nearest folder at or above `start` that holds `soc2.toml`.
    pub fn find_root(start: &Path) -> Result<PathBuf> {
        let start = fs::canonicalize(start).map_err(|e| Error::io(start, &e))?;
        let root = start.ancestors().find(|folder| folder.join(ROOT_FILE).is_file());
        root.map(Path::to_owned).ok_or_else(|| {
            Error::new(format!("no `{ROOT_FILE}` in `{}` or any folder above it", start.display()))
                .hint("start a programme here: soc2 init")
                .hint(match below(&start) {
                    Some(folder) => format!("there is one below: -C {}", safe(&folder)),
                    None => "or name its folder: soc2 check -C FOLDER".to_owned(),
                })
        })
    }

    /// Reads a folder that no index speaks for. Fails only when `root` itself cannot be read.
    pub fn read(root: &Path) -> Result<Self> {
        Self::read_tracked(root, Tracked::default())
    }

    /// Reads the work tree below `root`: tracked and unignored files. Fails only when `root` itself cannot be read.
    pub fn read_tracked(root: &Path, tracked: Tracked) -> Result<Self> {
        fs::read_dir(root).map_err(|e| Error::io(root, &e))?;
        let store = tracked.store.as_deref();
        let mut all = list(root);
        tracked.beside_disk(root, &mut all);
        all.extend(misspelt_folders(root, &tracked));
        let (mut found, placed) = hidden::leave_out(root, in_order(follow(all, store)), &tracked);
        found = in_order(found);
        let mut read: Vec<Read> =
            found.into_par_iter().map(|found| read_file(found, store, &tracked)).collect();
        put(placed, &mut read);
        Ok(assemble(read, Origin::WorkTree(root.to_owned(), tracked.store)))
    }

    /// Sources from a list of (path, bytes), as tests and fuzzers give them.
    pub fn from_memory(mut list: Vec<(String, Vec<u8>)>) -> Self {
        list.retain(|(path, _)| role(path) != Role::Skip);
        list.sort();
        list.dedup_by(|a, b| a.0 == b.0);
        let read = list
            .iter()
            .map(|(path, bytes)| {
                let mut faults = name_faults(path);
                let body = body_of(path, &mut faults, || Ok(&bytes[..]), |bytes| bytes.len() as u64);
                (File { path: path.as_str().into(), body, blob: None }, faults)
            })
            .collect();
        let held = list.into_iter().map(|(path, bytes)| (path.into(), bytes)).collect();
        assemble(read, Origin::Memory(held))
    }

    /// SHA-256 of an artefact with its line endings as `\n` and as `\r\n`; `None` when it cannot be read again.
    pub fn other_line_endings(&self, id: FileId) -> Option<[[u8; 32]; 2]> {
        artifact::with_other_line_endings(self.open(id).ok()?).ok()
    }

    /// A file's bytes once more.
    pub fn open(&self, id: FileId) -> io::Result<Box<dyn io::Read + '_>> {
        let path = self.path(id);
        let from =
            |tree: &dyn Tree, blob: BlobId| tree.read(blob).map(|bytes| Box::new(io::Cursor::new(bytes)));
        Ok(match (&self.origin, self.file(id).blob) {
            (Origin::Tree(tree), Some(blob)) => from(&**tree, blob)?,
            (Origin::Packed(packed), _) => packed.open(path)?,
            (Origin::Tree(_), None) => return Err(io::ErrorKind::NotFound.into()),
            (Origin::WorkTree(root, store), blob) => match (fs::File::open(root.join(path)), store, blob) {
                (Err(_), Some(store), Some(blob)) => from(&**store, blob)?,
                (opened, ..) => Box::new(opened?),
            },
            (Origin::Memory(held), _) => {
                let found = held.binary_search_by(|(held, _)| (**held).cmp(path)).ok();
                let bytes = found.and_then(|index| held.get(index)).map(|(_, bytes)| &bytes[..]);
                Box::new(bytes.ok_or(io::ErrorKind::NotFound)?)
            }
        })
    }
}

pub(super) fn in_order(mut found: Vec<Found>) -> Vec<Found> {
    found.par_sort_by(|a, b| (&a.path, &a.disk).cmp(&(&b.path, &b.disk)));
    found.dedup_by(|a, b| a.path == b.path);
    found
}

/// Gives each fault to the file it stands in, or to the first one where that is not there.
fn put(placed: Vec<Placed>, read: &mut [Read]) {
    for (path, fault) in placed {
        let index = read.binary_search_by(|(file, _)| (*file.path).cmp(&path)).unwrap_or(0);
        if let Some((_, faults)) = read.get_mut(index) {
            faults.push(fault);
        }
    }
}

/// A folder directly below that holds a programme.
fn below(start: &Path) -> Option<String> {
    let mut names: Vec<String> = fs::read_dir(start)
        .ok()?
        .flatten()
        .filter(|entry| entry.path().join(ROOT_FILE).is_file())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names.into_iter().next()
}

/// Gives every file its id and every fault its place; finds names that clash where case is ignored.
pub(super) fn assemble(read: Vec<Read>, origin: Origin) -> Sources {
    let mut diagnostics = Vec::new();
    let mut files = Vec::with_capacity(read.len());
    for (index, (file, faults)) in read.into_iter().enumerate() {
        let id = FileId(u32::try_from(index).unwrap_or(u32::MAX));
        for (rule, span, message, help) in faults {
            let mut diagnostic = Diagnostic::new(rule, Location { file: id, span }, message);
            diagnostic.help = help;
            diagnostics.push(diagnostic);
        }
        files.push(file);
    }
    diagnostics.extend(case_clashes(&files));
    let lines = files.iter().map(|_| OnceLock::new()).collect();
    Sources { files, ids: None, lines, diagnostics, origin }
}

/// Paths that are one file on Windows and macOS. A path without capitals can only clash with one that has
/// some, so the common case costs one look at each byte.
fn case_clashes(files: &[File]) -> Vec<Diagnostic> {
    let capital = |path: &str| path.bytes().any(|b| !b.is_ascii() || b.is_ascii_uppercase());
    let mut first_with: BTreeMap<String, usize> = BTreeMap::new();
    let mut out = Vec::new();
    for (index, file) in files.iter().enumerate().filter(|(_, file)| capital(&file.path)) {
        let folded = file.path.to_lowercase();
        let twin =
            files.binary_search_by(|other| (*other.path).cmp(&folded)).ok().filter(|twin| *twin != index);
        let earlier = first_with.insert(folded, index);
        if let Some(other) = twin.or(earlier) {
            let id = FileId(u32::try_from(index).unwrap_or(u32::MAX));
            let message =
                format!("`{}` differs from `{}` in case only", safe(&file.path), safe(&files[other].path));
            out.push(
                Diagnostic::new("path-case-clash", Location::start_of(id), message)
                    .help("rename one of them: on Windows and macOS they are one file"),
            );
        }
    }
    out
}

/// All files of the programme's folders.
fn list(root: &Path) -> Vec<Found> {
    let mut all = Vec::new();
    for entry in std::iter::once(ROOT_FILE).chain(FOLDERS.iter().copied()) {
        let disk = root.join(entry);
        match fs::symlink_metadata(&disk) {
            Ok(meta) if meta.is_symlink() => {
                all.push(Found { path: entry.to_owned(), disk, state: State::Link(None) })
            }
            Ok(meta) if meta.is_dir() => all.append(&mut walk(&disk, entry)),
            Ok(meta) if entry == ROOT_FILE && meta.is_file() => {
                all.push(Found { path: entry.to_owned(), disk, state: State::File })
            }
            _ => {}
        }
    }
    all
}

fn misspelt_folders(root: &Path, tracked: &Tracked) -> Vec<Found> {
    let Ok(entries) = fs::read_dir(root) else { return Vec::new() };
    let folders = entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    let mut names: Vec<String> =
        folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    let is_there = |folder: &str| root.join(folder).exists() || tracked.knows_below(folder);
    let paths = |name: &str| walk(&root.join(name), name).into_iter().map(|found| found.path).collect();
    misspelt(&names, is_there, paths)
}

/// The files below `folder`, as paths below `prefix`; links are listed, not followed.
fn walk(folder: &Path, prefix: &str) -> Vec<Found> {
    let found = Mutex::new(Vec::new());
    let walker = ignore::WalkBuilder::new(folder)
        .standard_filters(false)
        .follow_links(false)
        .max_depth(Some(DEPTH_CAP + 1))
        .threads(std::thread::available_parallelism().map_or(2, |n| n.get().min(8)))
        .build_parallel();
    walker.run(|| {
        let mut batch = Batch { found: &found, held: Vec::new() };
        Box::new(move |entry| {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let disk = error_path(&error).unwrap_or_else(|| folder.to_owned());
                    let path = programme_path(prefix, disk.strip_prefix(folder).unwrap_or(Path::new("")));
                    let why = error.io_error().map_or_else(|| error.to_string(), |e| e.kind().to_string());
                    batch.held.push(unreadable(path, disk, &why));
                    return ignore::WalkState::Continue;
                }
            };
            // git never holds its own folder, nor that of a repository inside this one.
            if entry.file_name() == ".git" {
                return ignore::WalkState::Skip;
            }
            let Some(kind) = entry.file_type().filter(|kind| !kind.is_dir() || entry.depth() > DEPTH_CAP)
            else {
                return ignore::WalkState::Continue;
            };
            let path = programme_path(prefix, entry.path().strip_prefix(folder).unwrap_or(entry.path()));
            let disk = entry.into_path();
            batch.held.push(if kind.is_dir() {
                too_deep(path, disk)
            } else if kind.is_symlink() {
                Found { path, disk, state: State::Link(None) }
            } else if kind.is_file() {
                Found { path, disk, state: State::File }
            } else {
                unreadable(path, disk, "it is a device, pipe or socket")
            });
            ignore::WalkState::Continue
        })
    });
    found.into_inner().unwrap_or_default()
}

fn unreadable(path: String, disk: PathBuf, why: &str) -> Found {
    let message = format!("cannot be read: {}", safe(why));
    Found::refused(path, disk, "unreadable-file", message, "make it a readable file, or remove it")
}

/// One walking thread's finds, handed over when the thread is done.
struct Batch<'a> {
    found: &'a Mutex<Vec<Found>>,
    held: Vec<Found>,
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        if let Ok(mut found) = self.found.lock() {
            found.append(&mut self.held);
        }
    }
}

fn error_path(error: &ignore::Error) -> Option<PathBuf> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path.clone()),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => error_path(err),
        _ => None,
    }
}

/// `/`-separated; bytes that are no UTF-8 become `U+FFFD`, which `name_faults` then reports.
pub(super) fn programme_path(prefix: &str, below: &Path) -> String {
    let mut out = prefix.to_owned();
    for part in below.components() {
        if !out.is_empty() {
            out.push('/');
        }
        out.push_str(&part.as_os_str().to_string_lossy());
    }
    out
}

pub(super) fn read_file(found: Found, store: Option<&dyn Tree>, tracked: &Tracked) -> Read {
    let Found { path, disk, state } = found;
    let mut faults = name_faults(&path);
    let (body, blob) = match state {
        State::Blob(blob) => {
            let body = store.map_or(Body::Refused, |store| blob_body(store, &path, blob, &mut faults));
            (body, Some(blob))
        }
        State::Read(body, blob) => (body, Some(blob)),
        State::Patterns(text) => (Body::Patterns(text), None),
        State::Refused(fault) => {
            faults.push(fault);
            (Body::Refused, None)
        }
        State::File | State::Link(_) => {
            let length = |file: &fs::File| file.metadata().map_or(0, |meta| meta.len());
            let body = body_of(&path, &mut faults, || fs::File::open(&disk), length);
            let clean = tracked.find(&path).filter(|entry| entry.clean && entry.kind == EntryKind::File);
            (body, clean.map(|entry| entry.blob))
        }
    };
    (File { path: path.into(), body, blob }, faults)
}

/// Why a Windows or macOS checkout, a zip or a terminal cannot hold a path.
pub fn unportable(path: &str) -> Option<String> {
    let odd =
        |c: &char| is_hostile(*c) || matches!(c, '\u{fffd}' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
    let reserved = |part: &&str| {
        let stem = part.split('.').next().unwrap_or(part);
        let numbered = stem.len() == 4
            && stem.as_bytes()[3].is_ascii_digit()
            && stem.get(..3).is_some_and(|s| s.eq_ignore_ascii_case("com") || s.eq_ignore_ascii_case("lpt"));
        numbered || ["con", "prn", "aux", "nul"].iter().any(|name| stem.eq_ignore_ascii_case(name))
    };
    if let Some(c) = path.chars().find(odd) {
        return Some(match c {
            '\u{fffd}' => "it is not UTF-8".to_owned(),
            c => format!("it holds `{}`", safe(c.encode_utf8(&mut [0; 4]))),
        });
    }
    if let Some(part) = path.split('/').find(reserved) {
        return Some(format!("Windows keeps `{part}` for a device"));
    }
    let part = path.split('/').find(|part| part.ends_with(['.', ' ']));
    part.map(|part| format!("`{part}` ends with a dot or a blank"))
}

/// Tells a name that is not portable.
pub(super) fn name_faults(path: &str) -> Vec<Fault> {
    let Some(why) = unportable(path) else { return Vec::new() };
    let message = format!("the name `{}` cannot exist on every system: {why}", safe(path));
    let help = "rename it with letters, digits, `-`, `_` and `.`".to_owned();
    vec![("unportable-path", Span::default(), message, Some(help))]
}

pub(super) fn body_of<R: io::Read>(
    path: &str,
    faults: &mut Vec<Fault>,
    open: impl FnOnce() -> std::io::Result<R>,
    length: impl FnOnce(&R) -> u64,
) -> Body {
    let result = match role(path) {
        Role::Skip | Role::Asset => return Body::Asset,
        Role::Artifact => open().and_then(artifact::facts).map(Body::Artifact),
        Role::Text => open().and_then(|reader| {
            let length = length(&reader);
            text(reader, length, if path.ends_with(".csv") { CSV_CAP } else { TEXT_CAP }, faults)
        }),
    };
    result.unwrap_or_else(|error| {
        let help = "make it a readable file, or remove it".to_owned();
        faults.push((
            "unreadable-file",
            Span::default(),
            format!("cannot be read: {}", error.kind()),
            Some(help),
        ));
        Body::Refused
    })
}

/// A text of a known length, if the cap allows it; a file that grows meanwhile is read up to the cap.
fn text(reader: impl io::Read, length: u64, cap: u64, faults: &mut Vec<Fault>) -> std::io::Result<Body> {
    if length > cap {
        return Ok(too_large(length, cap, faults));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length + 1).unwrap_or(0));
    io::Read::read_to_end(&mut io::Read::take(reader, cap + 1), &mut bytes)?;
    Ok(text_body(bytes, cap, faults))
}

fn too_large(length: u64, cap: u64, faults: &mut Vec<Fault>) -> Body {
    let message = format!("{length} bytes; files of this kind are read up to {cap}");
    faults.push((
        "input-too-large",
        Span::default(),
        message,
        Some("split it into several files".to_owned()),
    ));
    Body::Refused
}

/// Bytes as text: UTF-8 demanded, a byte order mark and Windows line endings reported.
fn text_body(bytes: Vec<u8>, cap: u64, faults: &mut Vec<Fault>) -> Body {
    if bytes.len() as u64 > cap {
        return too_large(bytes.len() as u64, cap, faults);
    }
    let mut text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let bytes = error.as_bytes();
            let line = bytes[..at].iter().filter(|b| **b == b'\n').count() + 1;
            let (message, from) = if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
                ("not UTF-8: it is UTF-16, as Windows tools write it".to_owned(), "utf-16")
            } else {
                (format!("not UTF-8 at line {line} (byte {at})"), "windows-1252")
            };
            let help = format!("save the file as UTF-8, or: iconv -f {from} -t utf-8 OLD > NEW");
            faults.push(("not-utf8", Span::default(), message, Some(help)));
            return Body::Refused;
        }
    };
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
        let help = Some("save the file as UTF-8 without a byte order mark".to_owned());
        faults.push((
            "byte-order-mark",
            Span::default(),
            "the file starts with a byte order mark".to_owned(),
            help,
        ));
    }
    // CSV as spreadsheets write it ends lines in CR LF; that is its standard.
    if let Some(at) = text.find("\r\n").filter(|_| cap != CSV_CAP) {
        let help = Some("save with LF; `* text=auto eol=lf` in .gitattributes keeps it so".to_owned());
        faults.push(("crlf-line-endings", Span::new(at, at + 2), "lines end in CR LF".to_owned(), help));
    }
    Body::Text(text.into_boxed_str())
}
