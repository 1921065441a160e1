//! Where the programme's text comes from: one value that holds every file of interest. The work tree, a
//! commit's tree or the index, and lists in memory are its origins. Only this module reads the
//! programme's files. Positions become 1-based lines and columns in [`Sources::position`] and nowhere else.

mod artifact;
mod gitignore;
mod hidden;
mod links;
mod misspelt;
mod numbered;
mod packed;
mod table;
mod tracked;
mod tree;
mod work_tree;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

pub use artifact::{Facts, LfsPointer, facts, sha256};
pub use links::resolved;
pub use numbered::ReadFile;
pub use packed::{Packed, PackedFile, PackedState};
pub use table::{TableFacts, TableWanted, read as table_facts};
pub use tracked::{Tracked, TrackedEntry};
pub use tree::{BlobId, DEPTH_CAP, Entry, EntryKind, NOT_IN_CLONE, Tree};
pub use work_tree::unportable;

pub use crate::text::hex;

use crate::diagnostic::Diagnostic;

/// Text files above this are refused, in bytes.
pub const TEXT_CAP: u64 = 1 << 20;
/// CSV registers above this are refused, in bytes.
pub const CSV_CAP: u64 = 4 << 20;
/// The name of a programme's root file.
pub const ROOT_FILE: &str = "soc2.toml";
/// The name of the one file of an evidence folder that is not an artefact.
pub const MANIFEST: &str = "manifest.yaml";
/// The folders of a programme; nothing else below the root is looked at.
pub const FOLDERS: &[&str] =
    &["audits", "controls", "evidence", "frameworks", "narratives", "policies", "procedures", "registers"];

/// A file of [`Sources`]; ids follow path order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// Bytes `start..end` of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// A span of byte offsets; files are far below 4 GiB where spans are used.
    pub fn new(start: usize, end: usize) -> Self {
        let offset = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { start: offset(start), end: offset(end.max(start)) }
    }

    /// As a range for slicing.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A span in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    pub file: FileId,
    pub span: Span,
}

impl Location {
    /// The first bytes of a file: the place of faults that have no better one.
    pub fn start_of(file: FileId) -> Self {
        Self { file, span: Span::default() }
    }
}

/// A value and where it was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spanned<T> {
    pub value: T,
    pub at: Location,
}

impl<T> std::ops::Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Display> fmt::Display for Spanned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

/// A line and column, both from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

/// What a file is to the programme.
#[derive(Clone, Debug)]
pub enum Body {
    /// YAML, TOML, Markdown or CSV, held whole.
    Text(Box<str>),
    /// Evidence, known by its facts only.
    Artifact(Facts),
    /// A figure or another file that is named but not read.
    Asset,
    /// A `.gitignore` that hides something, held so that the pattern can be shown.
    Patterns(Box<str>),
    /// Could not be read; a diagnostic says why.
    Refused,
}

/// One file of the programme.
#[derive(Clone, Debug)]
pub struct File {
    /// Below the programme's root, `/` between parts.
    pub path: Arc<str>,
    pub body: Body,
    /// The blob that holds its bytes, where they were read from an object store or are known to equal it.
    pub blob: Option<BlobId>,
}

/// Everything a verdict may rest on, and what was wrong with reading it.
#[derive(Debug)]
pub struct Sources {
    files: Vec<File>,
    /// The ids of the files, in order, where they are numbered among more files than these; else a file's place is its id.
    ids: Option<Vec<u32>>,
    /// Where lines begin, for files somebody asked about.
    lines: Vec<OnceLock<Lines>>,
    /// Faults of reading: encodings, sizes, links, names.
    pub diagnostics: Vec<Diagnostic>,
    origin: Origin,
}

/// Where files can be read again from.
#[derive(Debug)]
enum Origin {
    WorkTree(PathBuf, Option<Box<dyn Tree>>),
    Tree(Box<dyn Tree>),
    Packed(Box<dyn Packed>),
    Memory(Vec<(Box<str>, Vec<u8>)>),
}

impl Sources {
    /// All files, in path order.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &File)> {
        self.files.iter().enumerate().map(|(index, file)| (self.id_at(index), file))
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// True when nothing was found.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// One file. Ids come from this value, so it exists.
    pub fn file(&self, id: FileId) -> &File {
        &self.files[self.place(id)]
    }

    /// One file, if it is among these.
    pub fn find_id(&self, id: FileId) -> Option<&File> {
        self.files.get(self.place(id))
    }

    /// Where a file stands in the list.
    fn place(&self, id: FileId) -> usize {
        match &self.ids {
            None => id.0 as usize,
            Some(ids) => ids.binary_search(&id.0).unwrap_or(usize::MAX),
        }
    }

    /// The id of the file at a place of the list.
    fn id_at(&self, place: usize) -> FileId {
        let numbered = self.ids.as_ref().and_then(|ids| ids.get(place).copied());
        FileId(numbered.unwrap_or_else(|| u32::try_from(place).unwrap_or(u32::MAX)))
    }

    /// The path of a file.
    pub fn path(&self, id: FileId) -> &str {
        &self.file(id).path
    }

    /// The text of a file; empty for artefacts and refused files.
    pub fn text(&self, id: FileId) -> &str {
        match &self.file(id).body {
            Body::Text(text) | Body::Patterns(text) => text,
            _ => "",
        }
    }

    /// The file of that path.
    pub fn find(&self, path: &str) -> Option<FileId> {
        let index = self.files.binary_search_by(|file| (*file.path).cmp(path)).ok()?;
        Some(self.id_at(index))
    }

    /// Files whose path starts with `prefix`, in path order.
    pub fn below<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (FileId, &'a File)> {
        let first = self.files.partition_point(|file| &*file.path < prefix);
        self.files[first..]
            .iter()
            .enumerate()
            .take_while(move |(_, file)| file.path.starts_with(prefix))
            .map(move |(offset, file)| (self.id_at(first + offset), file))
    }

    /// Line and column of the start of a location.
    pub fn position(&self, at: Location) -> Position {
        self.lines(at.file).position(self.text(at.file), at.span.start as usize)
    }

    /// Line and column of the end of a location.
    pub fn end_position(&self, at: Location) -> Position {
        self.lines(at.file).position(self.text(at.file), at.span.end as usize)
    }

    /// A line of a text, or its last one when it has fewer.
    pub fn line(&self, file: FileId, line: usize) -> Location {
        let (text, starts) = (self.text(file), &self.lines(file).starts);
        let index = line.clamp(1, starts.len().max(1)) - 1;
        let start = starts.get(index).map_or(0, |start| *start as usize);
        let rest = text.get(start..).unwrap_or("");
        let end = start + rest.find('\n').unwrap_or(rest.len());
        Location { file, span: Span::new(start, end) }
    }

    fn lines(&self, file: FileId) -> &Lines {
        self.lines[self.place(file)].get_or_init(|| Lines::of(self.text(file)))
    }

    /// The typed text of a location.
    pub fn slice(&self, at: Location) -> &str {
        self.text(at.file).get(at.span.range()).unwrap_or("")
    }
}

/// Where the lines of a text begin.
#[derive(Debug)]
struct Lines {
    starts: Box<[u32]>,
    /// Then a column is a count of bytes.
    ascii: bool,
}

impl Lines {
    fn of(text: &str) -> Self {
        let after = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(i, _)| i + 1);
        let starts = std::iter::once(0).chain(after).map(|start| u32::try_from(start).unwrap_or(u32::MAX));
        Self { starts: starts.collect(), ascii: text.is_ascii() }
    }

    /// Line and column, from 1, of a byte offset.
    fn position(&self, text: &str, offset: usize) -> Position {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|start| *start as usize <= offset);
        let start = self.starts.get(line.wrapping_sub(1)).map_or(0, |start| *start as usize);
        let before = if self.ascii { offset - start } else { text[start..offset].chars().count() };
        Position { line, column: before + 1 }
    }
}

/// How a path is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Text,
    Artifact,
    Asset,
    Skip,
}

/// What a path is, by its place and name alone.
fn role(path: &str) -> Role {
    if path == ROOT_FILE {
        return Role::Text;
    }
    let Some((folder, rest)) = path.split_once('/') else { return Role::Skip };
    let name = rest.rsplit('/').next().unwrap_or(rest);
    if !FOLDERS.contains(&folder)
        || matches!(name, ".gitkeep" | ".gitignore" | ".gitattributes" | ".DS_Store")
    {
        return Role::Skip;
    }
    if name.eq_ignore_ascii_case("readme.md") {
        return Role::Skip;
    }
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match (folder, extension) {
        // A manifest speaks for the folder it is in, so it needs one; and only its right name is read.
        ("evidence", _) if name == MANIFEST && rest.contains('/') => Role::Text,
        ("evidence", _) if name == MANIFEST || name == "manifest.yml" => Role::Asset,
        ("evidence", _) => Role::Artifact,
        ("controls" | "frameworks" | "audits", "yaml") => Role::Text,
        ("registers", "yaml" | "csv") => Role::Text,
        ("policies" | "procedures" | "narratives", "md") => Role::Text,
        _ => Role::Asset,
    }
}

/// Does a file's name say that it is a figure a document can show: PNG, JPEG or SVG?
pub fn is_figure(path: &str) -> bool {
    let end = path.rsplit_once('.').map_or("", |(_, end)| end);
    ["png", "jpg", "jpeg", "svg"].iter().any(|known| end.eq_ignore_ascii_case(known))
}

/// True for files that are never read, whatever folder they are in: `README.md`, `.gitkeep`.
pub fn is_skipped(path: &str) -> bool {
    role(path) == Role::Skip
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_one_based_and_count_characters() {
        let position = |text: &str, offset| Lines::of(text).position(text, offset);
        assert_eq!(position("a\nüb", 0), Position { line: 1, column: 1 });
        assert_eq!(position("a\nüb", 2), Position { line: 2, column: 1 });
        assert_eq!(position("a\nüb", 4), Position { line: 2, column: 2 });
        assert_eq!(position("a", 99), Position { line: 1, column: 2 });
    }

    #[test]
    fn roles_follow_place_and_name() {
        assert_eq!(role("soc2.toml"), Role::Text);
        assert_eq!(role("evidence/a/manifest.yaml"), Role::Text);
        assert_eq!(role("evidence/a/users.csv"), Role::Artifact);
        assert_eq!(role("controls/README.md"), Role::Skip);
        assert_eq!(role("controls/a.yml"), Role::Asset);
        assert_eq!(role("src/main.rs"), Role::Skip);
    }
}
