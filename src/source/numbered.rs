//! Files of many states of a programme, numbered once: a file keeps its id from one state to the next, so that what was
//! read of it can be kept too.

use std::path::PathBuf;
use std::sync::OnceLock;

use super::work_tree::{Found, State, read_file};
use super::{BlobId, Body, File, FileId, Location, Origin, Sources, Tracked, Tree};
use crate::diagnostic::Diagnostic;

/// A file as read once, with the faults of reading it.
#[derive(Clone, Debug)]
pub struct ReadFile {
    pub id: FileId,
    pub file: File,
    pub diagnostics: Vec<Diagnostic>,
}

impl ReadFile {
    /// Reads one file out of an object store.
    pub fn read(tree: &dyn Tree, id: FileId, path: &str, blob: BlobId) -> Self {
        let found = Found { path: path.to_owned(), disk: PathBuf::new(), state: State::Blob(blob) };
        let (file, faults) = read_file(found, Some(tree), &Tracked::default());
        let faults = faults.into_iter().map(|(rule, span, message, help)| {
            let mut diagnostic = Diagnostic::new(rule, Location { file: id, span }, message);
            diagnostic.help = help;
            diagnostic
        });
        Self { id, diagnostics: faults.collect(), file }
    }
}

impl ReadFile {
    /// The same file to whom its text says nothing more, because it was parsed already.
    #[must_use]
    pub fn without_text(&self) -> Self {
        let body = match &self.file.body {
            Body::Text(_) => Body::Text(Box::default()),
            body => body.clone(),
        };
        let file = File { path: self.file.path.clone(), body, blob: self.file.blob };
        Self { id: self.id, file, diagnostics: Vec::new() }
    }
}

impl Sources {
    /// Files with ids of a wider list, in its order, which is that of their paths.
    pub fn numbered(files: Vec<ReadFile>, tree: Box<dyn Tree>) -> Self {
        let mut sources = Self {
            files: Vec::new(),
            ids: Some(Vec::new()),
            lines: Vec::new(),
            diagnostics: Vec::new(),
            origin: Origin::Tree(tree),
        };
        sources.replace(|_| false, files);
        sources
    }

    /// Puts files in the place of those at some paths, which stand next to each other; numbered sources only. The new
    /// ones' faults are not added.
    pub fn replace_files(&mut self, at: impl Fn(&str) -> bool, files: Vec<ReadFile>) {
        self.replace(at, files.into_iter().map(|one| ReadFile { diagnostics: Vec::new(), ..one }).collect());
    }

    fn replace(&mut self, at: impl Fn(&str) -> bool, files: Vec<ReadFile>) {
        let Some(ids) = &mut self.ids else { return };
        let first = self.files.iter().position(|file| at(&file.path));
        let first = first.unwrap_or_else(|| {
            files.first().map_or(0, |new| self.files.partition_point(|file| file.path < new.file.path))
        });
        let count = self.files.iter().skip(first).take_while(|file| at(&file.path)).count();
        let range = first..first + count;
        ids.splice(range.clone(), files.iter().map(|one| one.id.0));
        self.lines.splice(range.clone(), files.iter().map(|_| OnceLock::new()));
        for one in &files {
            self.diagnostics.extend(one.diagnostics.iter().cloned());
        }
        self.files.splice(range, files.into_iter().map(|one| one.file));
    }
}
