//! Names of files in the archive: short enough for Windows, with no sign that it refuses, and apart from each other where
//! letters of both cases are one. The same file has the same name in every bundle: what is cut off or clashes gets a piece of
//! the hash of where it came from, not a number.

use std::collections::BTreeSet;

use crate::source::{hex, sha256};

/// The longest path.
const LONGEST: usize = 120;
/// The longest part of a path.
const PART: usize = 48;
/// The longest name of a control as a folder.
pub(super) const CONTROL: usize = 34;
/// The shortest that a part is cut to.
const SHORT: usize = 12;
/// Digits of a hash that keep two names apart.
const DIGITS: usize = 8;

/// Names of devices: Windows opens these whatever the ending.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

/// The names that are taken.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Files and the folders they are in, in small letters.
    files: BTreeSet<String>,
    folders: BTreeSet<String>,
}

impl Names {
    /// A path below a folder of our own for what came from `origin`; `/` parts the wanted name.
    pub(super) fn take(&mut self, folder: &str, wanted: &str, origin: &str) -> String {
        let path = fitted(folder, wanted, origin);
        if self.is_free(&path) {
            return self.taken(path);
        }
        let mark = mark(origin);
        let (stem, end) = split(wanted);
        let path = fitted(folder, &format!("{stem}-{mark}{end}"), origin);
        if self.is_free(&path) {
            return self.taken(path);
        }
        // Two files of one origin do not occur; a hash of eight digits may still meet another.
        let more = (0..).map(|nth| fitted(folder, &format!("{mark}-{nth}{end}"), origin));
        let free = more.take(usize::from(u16::MAX)).find(|path| self.is_free(path));
        self.taken(free.unwrap_or(path))
    }

    fn is_free(&self, path: &str) -> bool {
        let low = path.to_ascii_lowercase();
        let no_file_above = !above(&low).any(|folder| self.files.contains(folder));
        no_file_above && !self.files.contains(&low) && !self.folders.contains(&low)
    }

    fn taken(&mut self, path: String) -> String {
        let low = path.to_ascii_lowercase();
        self.folders.extend(above(&low).map(str::to_owned));
        self.files.insert(low);
        path
    }
}

/// The folders that a path is in.
fn above(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| path.get(..at).unwrap_or(""))
}

/// The path with plain parts, cut until it is short enough.
fn fitted(folder: &str, wanted: &str, origin: &str) -> String {
    let parts: Vec<&str> = wanted.split('/').filter(|part| !part.is_empty()).collect();
    let mut most = PART;
    loop {
        let named: Vec<String> = parts.iter().map(|name| part(name, most)).collect();
        let path = [folder.trim_end_matches('/'), &named.join("/")].join("/");
        if path.len() <= LONGEST {
            return path;
        }
        if most > SHORT {
            most = (most * 3 / 4).max(SHORT);
            continue;
        }
        // Folders inside folders without end: the file's own name, and a mark of where it was.
        let name = parts.last().map_or_else(String::new, |name| part(name, SHORT));
        return format!("{}/{}-{name}", folder.trim_end_matches('/'), mark(origin));
    }
}

/// One part of a path: letters, digits, `.`, `-` and `_` of ASCII, no name that Windows keeps for itself.
pub(super) fn part(name: &str, most: usize) -> String {
    let mut plain = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') {
            plain.push(c);
        } else if !plain.ends_with('-') {
            plain.push('-');
        }
    }
    let trimmed = plain.trim_end_matches(['.', '-']);
    // A name of other letters alone would leave nothing.
    let meant =
        name.chars().any(char::is_alphanumeric) && !trimmed.chars().any(|c| c.is_ascii_alphanumeric());
    let mut plain =
        if meant || trimmed.trim_matches('.').is_empty() { mark(name) } else { trimmed.to_owned() };
    if is_device(&plain) {
        plain.insert(0, '_');
    }
    if plain.len() <= most {
        return plain;
    }
    let (stem, end) = split(&plain);
    let end = if end.len() <= 6 { end } else { "" };
    let mark = mark(name);
    let room = most.saturating_sub(mark.len() + end.len() + 1);
    let stem = stem.get(..room.min(stem.len())).unwrap_or("").trim_end_matches(['.', '-', '_']);
    if stem.is_empty() { format!("{mark}{end}") } else { format!("{stem}-{mark}{end}") }
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).to_ascii_lowercase();
    let plain = stem.trim_end_matches(|c: char| c.is_ascii_digit());
    DEVICES.iter().any(|device| *device == plain && stem.len() <= plain.len() + 1)
}

/// A name and its end: `users`, `.csv`.
fn split(name: &str) -> (&str, &str) {
    let at = name.rfind('.').filter(|at| *at > 0 && !name.get(*at..).unwrap_or("").contains('/'));
    at.map_or((name, ""), |at| name.split_at(at))
}

/// A few digits that stand for a text.
fn mark(text: &str) -> String {
    let mut digits = hex(&sha256(text.as_bytes()));
    digits.truncate(DIGITS);
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_on_every_system() {
        let cases = [
            ("users.csv", "users.csv"),
            ("Q1 users (final)?.csv", "Q1-users-final-.csv"),
            ("a:b|c", "a-b-c"),
            ("con.txt", "_con.txt"),
            ("COM1", "_COM1"),
            ("comet.csv", "comet.csv"),
            ("trailing. ", "trailing"),
            ("café.csv", "caf-.csv"),
        ];
        for (name, plain) in cases {
            assert_eq!(part(name, 48), plain, "{name}");
        }
        assert_eq!(part("資料", 48).len(), DIGITS);
        assert_eq!(part("..", 48).len(), DIGITS);
        let long = part(&format!("{}.csv", "a".repeat(90)), 48);
        assert!(long.len() <= 48 && long.ends_with(".csv"), "{long}");
        assert_ne!(long, part(&format!("{}.csv", "a".repeat(91)), 48));
    }

    #[test]
    fn names_stay_apart_and_are_the_same_each_time() {
        let wanted = ["a/Users.csv", "a/users.csv", "a/users.csv/x", "b/資.csv", "b/料.csv", "a"];
        let take = || {
            let mut names = Names::default();
            wanted.map(|name| names.take("07_evidence", name, name))
        };
        let taken = take();
        assert_eq!(taken, take());
        let low: BTreeSet<String> = taken.iter().map(|path| path.to_ascii_lowercase()).collect();
        assert_eq!(low.len(), wanted.len(), "{taken:?}");
        for (one, other) in low.iter().flat_map(|one| low.iter().map(move |other| (one, other))) {
            assert!(!other.starts_with(&format!("{one}/")), "{one} is a file and a folder of {other}");
        }
        assert_eq!(taken[0], "07_evidence/a/Users.csv");
    }

    #[test]
    fn no_path_is_too_long() {
        let mut names = Names::default();
        let deep = ["folder-of-a-long-name"; 20].join("/");
        for wanted in [format!("{deep}/users.csv"), "x".repeat(400), format!("{}/y.csv", "z".repeat(200))] {
            let path = names.take("07_evidence/a-control-of-a-long-name/2026-q1", &wanted, &wanted);
            assert!(path.len() <= LONGEST, "{path}");
        }
    }
}
