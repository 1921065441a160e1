//! A file that is to be filed: looked at once, refused where the archive for the auditor could not hold it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::Ground;
use crate::error::{Error, Result};
use crate::manifest::{NoRows, Rows, rows};
use crate::scan::{Find, look};
use crate::source::{Body, Facts, MANIFEST, facts, is_skipped, unportable};
use crate::text::{count, list, safe, some};

/// A file and what is known of it.
#[derive(Debug)]
pub(super) struct Incoming {
    pub(super) disk: PathBuf,
    pub(super) name: String,
    pub(super) facts: Facts,
    /// Where it is CSV.
    pub(super) rows: Option<Rows>,
    /// Where it should be CSV and is not.
    no_rows: Option<NoRows>,
    finds: Vec<Find>,
}

impl Incoming {
    /// Looks at a file; `key` is the column that tells its rows apart.
    pub(super) fn read(ground: &Ground<'_>, disk: &Path, key: Option<&str>) -> Result<Self> {
        let shown = safe(&disk.to_string_lossy());
        let meta = fs::symlink_metadata(disk).map_err(|error| missing(ground, disk, &shown, &error))?;
        if meta.is_symlink() {
            return Err(Error::new(format!(
                "`{shown}` is a link: an archive for the auditor cannot carry one"
            ))
            .hint("give the file it leads to"));
        }
        if meta.is_dir() {
            return Err(Error::new(format!("`{shown}` is a folder"))
                .hint("give its files, or: soc2 evidence import DIR --pattern …"));
        }
        if !meta.is_file() {
            return Err(Error::new(format!("`{shown}` is a device, pipe or socket")).hint("give a file"));
        }
        let name = disk.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        portable(&name)?;
        not_listed(ground, disk, &shown)?;
        let open = || fs::File::open(disk).map_err(|e| Error::io(disk, &e));
        let facts = facts(open()?).map_err(|e| Error::io(disk, &e))?;
        if facts.bytes == 0 {
            return Err(Error::new(format!("`{shown}` is empty: it shows nothing"))
                .hint("an export that truly has no rows still has a header"));
        }
        if facts.lfs.is_some() {
            return Err(Error::new(format!("`{shown}` is a Git LFS pointer, not the file itself"))
                .hint("fetch the content first: git lfs pull"));
        }
        let is_csv = disk.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
        let rows = if is_csv { Some(rows(open()?, key)) } else { None };
        if let (true, Some(key)) = (!matches!(rows, Some(Ok(_))), key) {
            let why = match &rows {
                Some(Err(why)) if *why != NoRows::Column => why.words(),
                _ => format!("is no CSV with a column `{}`", safe(key)),
            };
            let error = Error::new(format!("`{shown}` {why}"));
            let columns =
                crate::manifest::rows(open()?, None).map_or_else(|_| Vec::new(), |rows| rows.columns);
            let columns: Vec<String> = columns.iter().map(|column| safe(column)).collect();
            return Err(if columns.is_empty() {
                error
            } else {
                error.hint(format!("its columns: {}", some(&columns, 12)))
            });
        }
        let (rows, no_rows) = match rows {
            Some(Ok(rows)) => (Some(rows), None),
            Some(Err(why)) => (None, Some(why)),
            None => (None, None),
        };
        let finds = look(&name, open()?).map_err(|e| Error::io(disk, &e))?.finds;
        Ok(Self { disk: disk.to_owned(), name, facts, rows, no_rows, finds })
    }

    /// Is it named as CSV?
    pub(super) fn is_csv(&self) -> bool {
        self.disk.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"))
    }

    /// What a reader should know before it is filed, a line each.
    pub(super) fn notes(&self, as_key: bool) -> Vec<String> {
        let name = safe(&self.name);
        let mut notes = Vec::new();
        notes.extend(self.rows.as_ref().map(|rows| told(&name, rows, as_key)));
        if let Some(why) = self.no_rows {
            notes.push(format!("warning: `{name}` {}; its rows are not counted", why.words()));
        }
        notes.extend(self.secret_notes());
        notes
    }

    /// What looks like a password or key in it.
    pub(super) fn secret_notes(&self) -> Vec<String> {
        let name = safe(&self.name);
        let mut notes = Vec::new();
        let mut kinds: Vec<(Option<&str>, &str)> =
            self.finds.iter().map(|find| (find.inside.as_deref(), find.rule)).collect();
        kinds.sort_unstable();
        kinds.dedup();
        for (inside, rule) in kinds {
            let same = |find: &&Find| find.inside.as_deref() == inside && find.rule == rule;
            let finds: Vec<&Find> = self.finds.iter().filter(same).collect();
            let Some(first) = finds.first() else { continue };
            let mut lines: Vec<String> = finds.iter().map(|find| find.line.to_string()).collect();
            lines.dedup();
            let word = if lines.len() == 1 { "line" } else { "lines" };
            let within = inside.map_or_else(String::new, |inside| format!(" in `{}`", safe(inside)));
            let change = if first.is_personal() { "" } else { ", and change it if it was real" };
            notes.push(format!(
                "warning: `{name}`{within} {word} {}: looks like {} (`{rule}`); git forgets nothing, so take it out before \
                 you commit{change}",
                some(&lines, 8),
                first.what,
            ));
        }
        notes
    }
}

/// The rows in words.
fn told(name: &str, rows: &Rows, as_key: bool) -> String {
    let key = safe(rows.key.as_deref().unwrap_or(""));
    let mut words = format!("`{name}`: {}", count(usize::try_from(rows.count).unwrap_or(usize::MAX), "row"));
    if rows.duplicates > 0 {
        let repeat = if rows.duplicates == 1 { "repeats" } else { "repeat" };
        let first = safe(rows.first_duplicate.as_deref().unwrap_or(""));
        words.push_str(&format!(
            ", of which {} {repeat} an earlier `{key}` (first: `{first}`)",
            rows.duplicates
        ));
        if as_key {
            words.insert_str(0, "warning: ");
        }
    } else if rows.count > 1 {
        words.push_str(&format!(", each with another `{key}`"));
    }
    words
}

/// Recorded bytes by control and hash, and the first evidence that records them.
pub(super) type Recorded<'g> = BTreeMap<(&'g str, [u8; 32]), &'g str>;

/// What is recorded so far.
pub(super) fn recorded<'g>(ground: &'g Ground<'_>) -> Recorded<'g> {
    let mut recorded = BTreeMap::new();
    for folder in &ground.program.evidence {
        let id = ground.program.evidence_id(folder);
        for hash in folder.manifest.artifacts.iter().filter_map(|artifact| artifact.sha256.as_ref()) {
            for control in &folder.manifest.controls {
                recorded.entry((&*control.value.0, hash.value.0)).or_insert(id);
            }
        }
    }
    recorded
}

fn missing(ground: &Ground<'_>, disk: &Path, shown: &str, error: &std::io::Error) -> Error {
    let error = Error::new(format!("cannot read `{shown}`")).because(error);
    if disk.is_relative() && ground.directory.join(disk).is_file() {
        error.hint("files are looked for from the current folder, not from that of -C")
    } else {
        error
    }
}

/// Refuses a name that some system, or the reader of evidence, cannot hold.
pub(super) fn portable(name: &str) -> Result<()> {
    let why = if name.eq_ignore_ascii_case(MANIFEST) {
        Some("that is the name of what describes the files".to_owned())
    } else if is_skipped(&format!("evidence/a/{name}")) {
        Some("files of that name are never read".to_owned())
    } else {
        unportable(name)
    };
    let Some(why) = why else { return Ok(()) };
    Err(Error::new(format!("the name `{}` cannot be filed: {why}", safe(name)))
        .hint(format!("copy it under another name, such as `{}`", suggestion(name))))
}

/// The nearest name that can be filed.
fn suggestion(name: &str) -> String {
    let letter = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '_') { c } else { '-' };
    let cleaned: String = name.chars().map(letter).filter(|c| *c != '\u{fffd}').collect();
    let parts: Vec<&str> = cleaned.split('-').filter(|part| !part.is_empty()).collect();
    let cleaned = parts.join("-").trim_matches('.').replace("-.", ".");
    let usable = |name: &str| {
        !name.is_empty()
            && unportable(name).is_none()
            && !is_skipped(&format!("evidence/a/{name}"))
            && !name.eq_ignore_ascii_case(MANIFEST)
    };
    if usable(&cleaned) { cleaned } else { format!("export-{}", cleaned.trim_start_matches('-')) }
}

/// Refuses a file that a manifest lists already.
fn not_listed(ground: &Ground<'_>, disk: &Path, shown: &str) -> Result<()> {
    let Ok(disk) = fs::canonicalize(disk) else { return Ok(()) };
    let Ok(below) = disk.strip_prefix(&ground.root) else { return Ok(()) };
    let parts: Vec<String> =
        below.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    let program = &ground.program;
    let Some(file) = program.sources.find(&parts.join("/")) else { return Ok(()) };
    if !matches!(program.sources.file(file).body, Body::Artifact(_)) {
        return Ok(());
    }
    let owner = program.evidence.iter().find(|folder| folder.files.contains(&Some(file)));
    match owner {
        Some(folder) => {
            let id = safe(program.evidence_id(folder));
            Err(Error::new(format!("`{shown}` is filed already: it belongs to {}", list(&[id], "and")))
                .hint("new evidence is a new export; to correct what is said of this one, edit its manifest"))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_cannot_be_filed_get_another() {
        for (name, other) in [
            ("users-09:30.csv", "users-09-30.csv"),
            ("a\u{202e}b.csv", "a-b.csv"),
            ("a\u{1b}[31m.csv", "a-31m.csv"),
            ("con.csv", "export-con.csv"),
            ("Manifest.yaml", "export-Manifest.yaml"),
            ("README.md", "export-README.md"),
            ("users.csv.", "users.csv"),
        ] {
            assert!(portable(name).is_err(), "{name}");
            assert_eq!(suggestion(name), other);
            assert!(portable(other).is_ok(), "{other}");
        }
        for name in ["users.csv", "Übersicht März.pdf", "a b (1).csv"] {
            assert!(portable(name).is_ok(), "{name}");
        }
    }
}
