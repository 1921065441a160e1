//! Reading another tool's folder: the files that are wanted, within bounds; links are not followed, and what is passed over
//! is told.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::adopt::{Fate, Figure, Foreign, Origin, Remark, Text, Want, Wants, decoded};
use crate::error::{Error, Result};
use crate::source::TEXT_CAP;
use crate::text::safe;

/// Files and folders looked at.
const ENTRY_CAP: usize = 20_000;
const DEPTH_CAP: usize = 32;
/// A picture beside a document.
const FIGURE_CAP: u64 = 8 << 20;
/// Everything together.
const TOTAL_CAP: u64 = 64 << 20;

struct Reading<'r> {
    wants: Wants,
    /// A folder that is not looked into: where the programme is to stand.
    skip: &'r Path,
    foreign: Foreign,
    entries: usize,
    total: u64,
}

/// Reads what is wanted below a folder, in the order of the paths.
pub(super) fn read(dir: &Path, wants: Wants, skip: &Path) -> Result<Foreign> {
    let mut reading = Reading { wants, skip, foreign: Foreign::default(), entries: 0, total: 0 };
    let mut open = vec![(String::new(), dir.to_owned(), 0)];
    while let Some((prefix, folder, depth)) = open.pop() {
        for (name, path, kind) in listed(&folder)? {
            reading.entries += 1;
            if reading.entries > ENTRY_CAP {
                return Err(Error::new(format!(
                    "more than {ENTRY_CAP} files in `{}`",
                    safe(&dir.to_string_lossy())
                ))
                .hint("name the folder that holds the documents"));
            }
            let name = format!("{prefix}{name}");
            if let Some(below) = reading.one(&name, &path, kind, depth)? {
                open.push((format!("{name}/"), below, depth + 1));
            }
        }
    }
    let mut foreign = reading.foreign;
    foreign.texts.sort_by(|a, b| a.path.cmp(&b.path));
    foreign.figures.sort_by(|a, b| a.path.cmp(&b.path));
    foreign.refused.sort_by(|a, b| a.from.cmp(&b.from));
    foreign.told.sort_by(|a, b| a.from.cmp(&b.from));
    Ok(foreign)
}

/// The entries of a folder by name; of a link its own kind, never that of what it leads to.
fn listed(folder: &Path) -> Result<Vec<(String, PathBuf, fs::FileType)>> {
    let failed = |e: &std::io::Error| Error::io(folder, e);
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).map_err(|e| failed(&e))? {
        let entry = entry.map_err(|e| failed(&e))?;
        let kind = entry.file_type().map_err(|e| Error::io(&entry.path(), &e))?;
        all.push((entry.file_name().to_string_lossy().into_owned(), entry.path(), kind));
    }
    all.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(all)
}

impl Reading<'_> {
    /// Takes an entry; gives the folder to look into.
    fn one(&mut self, name: &str, path: &Path, kind: fs::FileType, depth: usize) -> Result<Option<PathBuf>> {
        let want = (self.wants)(name, kind.is_dir());
        if want == Want::Pass {
            return Ok(None);
        }
        if name.contains('\u{fffd}') {
            self.left(name, "its name is not UTF-8");
        } else if kind.is_symlink() {
            self.left(name, "is a link: links are not followed");
        } else if let Want::Leave(why) = want {
            self.left(name, why);
        } else if kind.is_dir() {
            if path == self.skip {
                return Ok(None);
            }
            if depth < DEPTH_CAP {
                return Ok(Some(path.to_owned()));
            }
            self.left(name, "lies too deep");
        } else if !kind.is_file() {
            self.left(name, "is no plain file");
        } else if want == Want::Text {
            self.text(name, path)?;
        } else if want == Want::Aside {
            let before = self.foreign.refused.len();
            self.text(name, path)?;
            let told = self.foreign.refused.split_off(before);
            self.foreign.told.extend(told);
        } else if want == Want::Figure {
            self.figure(name, path)?;
        }
        Ok(None)
    }

    fn left(&mut self, name: &str, why: &str) {
        self.foreign.told.push(Remark { fate: Fate::Left, from: Origin::file(name), text: why.to_owned() });
    }

    fn refused(&mut self, name: &str, line: Option<usize>, why: impl Into<String>) {
        let from = Origin { file: name.to_owned(), line };
        self.foreign.refused.push(Remark { fate: Fate::Left, from, text: why.into() });
    }

    fn text(&mut self, name: &str, path: &Path) -> Result<()> {
        let bytes = match bytes(path, TEXT_CAP) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => {
                self.refused(name, None, "is larger than 1 MiB: that is no document");
                return Ok(());
            }
            Err(error) => {
                self.refused(name, None, format!("cannot be read: {error}"));
                return Ok(());
            }
        };
        self.count(&bytes)?;
        match decoded(&bytes) {
            Ok((text, told)) => {
                if let Some(told) = told {
                    let from = Origin::file(name);
                    self.foreign.told.push(Remark { fate: Fate::Changed, from, text: told.to_owned() });
                }
                self.foreign.texts.push(Text { path: name.to_owned(), text });
            }
            Err(why) => self.refused(name, why.line, why.why),
        }
        Ok(())
    }

    fn figure(&mut self, name: &str, path: &Path) -> Result<()> {
        match bytes(path, FIGURE_CAP) {
            Ok(Some(bytes)) => {
                self.count(&bytes)?;
                self.foreign.figures.push(Figure { path: name.to_owned(), bytes });
            }
            Ok(None) => self.left(name, "is a picture of more than 8 MiB"),
            Err(error) => self.left(name, &format!("cannot be read: {error}")),
        }
        Ok(())
    }

    fn count(&mut self, bytes: &[u8]) -> Result<()> {
        self.total += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if self.total > TOTAL_CAP {
            return Err(Error::new("the documents together are larger than 64 MiB")
                .hint("import one folder after the other"));
        }
        Ok(())
    }
}

/// A file's bytes; none where it is larger than may be.
fn bytes(path: &Path, cap: u64) -> std::io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(cap + 1).read_to_end(&mut bytes)?;
    Ok((u64::try_from(bytes.len()).unwrap_or(u64::MAX) <= cap).then_some(bytes))
}
