//! What the repository's own `.gitignore` files exclude. The machine's git configuration does not count, and a
//! hostile file costs little: only regular files are read, and their number, bytes and patterns are bounded.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::Span;

/// Bytes of one `.gitignore` that are read.
const SIZE_CAP: u64 = 64 << 10;
/// Such files in one programme.
const FILE_CAP: usize = 200;
/// Bytes of all of them.
const BYTES_CAP: u64 = 1 << 20;
/// Patterns in all of them.
const PATTERN_CAP: usize = 2_000;

/// The limits, in the words of a message.
pub(super) const LIMITS: &str = "64 KiB each, and 200 files, 1 MiB and 2,000 patterns in all";

/// The `.gitignore` files that speak for a programme.
pub(super) struct Ignored {
    /// Deepest folder first.
    read: Vec<Patterns>,
    /// The folders whose `.gitignore` is beyond a limit and hides nothing.
    pub(super) beyond: Vec<PathBuf>,
}

/// One `.gitignore`.
pub(super) struct Patterns {
    pub(super) folder: PathBuf,
    pub(super) text: String,
    matcher: Gitignore,
}

/// The pattern that hides a file.
#[derive(Clone, Copy)]
pub(super) struct Hiding<'i> {
    pub(super) patterns: &'i Patterns,
    typed: &'i str,
}

impl Ignored {
    /// Those of the programme's root, of the folders above it up to the git root, and of the folders in `below`.
    pub(super) fn read(root: &Path, below: impl Iterator<Item = PathBuf>) -> Self {
        let top = root.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(root);
        let above = root.ancestors().take_while(|folder| folder.starts_with(top)).map(Path::to_owned);
        let mut folders: Vec<PathBuf> = above.chain(below).collect();
        folders.sort_by_cached_key(|folder| (folder.components().count(), folder.clone()));
        folders.dedup();
        let mut room = Room { files: FILE_CAP, bytes: BYTES_CAP, patterns: PATTERN_CAP };
        let mut ignored = Self { read: Vec::new(), beyond: Vec::new() };
        for folder in folders {
            let path = folder.join(".gitignore");
            let Some(meta) = fs::symlink_metadata(&path).ok().filter(fs::Metadata::is_file) else { continue };
            match room.text(&path, meta.len()) {
                Reading::Beyond => ignored.beyond.push(folder),
                Reading::Unreadable => {}
                Reading::Text(text) => ignored.read.extend(Patterns::of(folder, text)),
            }
        }
        ignored.read.reverse();
        ignored
    }

    /// Does the nearest file that has a say exclude this one?
    pub(super) fn hides(&self, file: &Path) -> Option<Hiding<'_>> {
        for patterns in self.read.iter().filter(|patterns| file.starts_with(&patterns.folder)) {
            match patterns.matcher.matched_path_or_any_parents(file, false) {
                Match::Ignore(glob) => return Some(Hiding { patterns, typed: glob.original() }),
                Match::Whitelist(_) => return None,
                Match::None => {}
            }
        }
        None
    }
}

/// What may still be read.
struct Room {
    files: usize,
    bytes: u64,
    patterns: usize,
}

enum Reading {
    Text(String),
    Beyond,
    Unreadable,
}

impl Room {
    /// The text of a `.gitignore` of that length, if there is room for it. What was read is paid for even if it turns out
    /// to hold too many patterns, so all reading is bounded.
    fn text(&mut self, path: &Path, length: u64) -> Reading {
        if length > SIZE_CAP || length > self.bytes || self.files == 0 {
            return Reading::Beyond;
        }
        self.files -= 1;
        self.bytes -= length;
        let mut text = String::with_capacity(usize::try_from(length).unwrap_or(0));
        let read = fs::File::open(path).and_then(|file| file.take(length).read_to_string(&mut text));
        let patterns = text.lines().filter(|line| is_pattern(line)).count();
        match self.patterns.checked_sub(patterns) {
            _ if read.is_err() => Reading::Unreadable,
            None => Reading::Beyond,
            Some(left) => {
                self.patterns = left;
                Reading::Text(text)
            }
        }
    }
}

fn is_pattern(line: &str) -> bool {
    !line.trim().is_empty() && !line.starts_with('#')
}

impl Patterns {
    fn of(folder: PathBuf, text: String) -> Option<Self> {
        let mut builder = GitignoreBuilder::new(&folder);
        for line in text.lines() {
            // A pattern that does not compile excludes nothing, as in git.
            let _ = builder.add_line(None, line);
        }
        let matcher = builder.build().ok().filter(|matcher| !matcher.is_empty())?;
        Some(Self { folder, text, matcher })
    }
}

impl Hiding<'_> {
    /// The line, from 1, and where it stands. Of equal lines the last one is meant: it is the one that decides.
    pub(super) fn line(&self) -> (usize, Span) {
        let mut start = 0;
        let mut last = (1, Span::default());
        for (index, line) in self.patterns.text.split_inclusive('\n').enumerate() {
            let typed = line.trim_end();
            if typed == self.typed.trim_end() {
                last = (index + 1, Span::new(start, start + typed.len()));
            }
            start += line.len();
        }
        last
    }
}
