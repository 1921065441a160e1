//! A folder of published files. What is in it and was written by soc2 stands in a list of its own, with hashes; everything
//! else in the folder is somebody else's and never touched.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::render::Published;
use crate::source::{hex, sha256};
use crate::text::{count, safe, some};
use crate::ui;

/// The list of our own files, in the folder itself.
const LIST: &str = ".soc2-published.json";
/// No list that soc2 wrote is larger.
const LIST_CAP: u64 = 16 << 20;

#[derive(Debug, Default, Deserialize, Serialize)]
struct List {
    /// SHA-256 in hex, by path; while a folder is being written, of the old and the new bytes.
    files: BTreeMap<String, Vec<String>>,
}

/// The folder and what soc2 wrote into it before.
pub(super) struct Folder {
    root: PathBuf,
    list: List,
}

/// What has to happen to the folder, by path.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) new: Vec<String>,
    pub(super) changed: Vec<String>,
    /// Ours and no longer published.
    pub(super) gone: Vec<String>,
    /// Other bytes than soc2 wrote, or a file that it did not write, where one has to be written or removed.
    pub(super) foreign: Vec<String>,
}

impl Folder {
    /// Looks at a folder, which need not exist.
    pub(super) fn open(root: &Path) -> Result<Self> {
        let path = root.join(LIST);
        no_link(root)?;
        let list = match fs::symlink_metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => List::default(),
            Err(error) => return Err(Error::io(&path, &error)),
            Ok(meta) if !meta.is_file() || meta.len() > LIST_CAP => return Err(not_ours(&path)),
            Ok(_) => {
                let bytes = fs::read(&path).map_err(|error| Error::io(&path, &error))?;
                serde_json::from_slice(&bytes).map_err(|_| not_ours(&path))?
            }
        };
        if list.files.keys().any(|path| !is_plain(path)) {
            return Err(not_ours(&path));
        }
        Ok(Self { root: root.to_owned(), list })
    }

    /// Compares the folder with what is to be published; of the forms that are published this time.
    pub(super) fn plan(&self, files: &[Published], forms: &[&str]) -> Plan {
        let mut plan = Plan::default();
        let wanted: BTreeSet<&str> = files.iter().map(|file| &*file.path).collect();
        for file in files {
            let ours = self.list.files.get(&file.path);
            match self.hash(&file.path) {
                None => plan.new.push(file.path.clone()),
                Some(there) if there == hex(&sha256(&file.bytes)) => {}
                Some(there) if ours.is_some_and(|ours| ours.contains(&there)) => {
                    plan.changed.push(file.path.clone())
                }
                Some(_) => plan.foreign.push(file.path.clone()),
            }
        }
        let of_form = |path: &str| forms.iter().any(|form| path.split('/').next() == Some(form));
        for (path, ours) in &self.list.files {
            if wanted.contains(&**path) || !of_form(path) {
                continue;
            }
            match self.hash(path) {
                Some(there) if ours.contains(&there) => plan.gone.push(path.clone()),
                Some(_) => plan.foreign.push(path.clone()),
                None => {}
            }
        }
        plan
    }

    /// SHA-256 of a file in the folder; `None` when there is none. What is no plain file hashes to nothing of ours.
    fn hash(&self, path: &str) -> Option<String> {
        let path = self.root.join(path);
        let meta = fs::symlink_metadata(&path).ok()?;
        let bytes = if meta.is_file() { fs::read(&path).ok() } else { None };
        Some(bytes.map_or_else(String::new, |bytes| hex(&sha256(&bytes))))
    }

    /// Writes what is new or changed and removes what is gone. Nothing is touched when something is in the way.
    pub(super) fn write(mut self, files: &[Published], plan: &Plan) -> Result<()> {
        if !plan.foreign.is_empty() {
            let named: Vec<String> = plan.foreign.iter().map(|path| safe(path)).collect();
            let number = count(plan.foreign.len(), "file");
            return Err(Error::new(format!(
                "{number} in `{}` would be overwritten that soc2 did not write so",
                safe(&self.root.display().to_string())
            ))
            .because(some(&named, 5))
            .hint("move what you want to keep, delete the rest, or publish elsewhere: --out DIR"));
        }
        let touched: BTreeSet<&str> = plan.new.iter().chain(&plan.changed).map(String::as_str).collect();
        // The list first: whatever happens next, it knows every file that is ours.
        for file in files {
            self.list.files.entry(file.path.clone()).or_default().push(hex(&sha256(&file.bytes)));
        }
        self.save()?;
        for file in files.iter().filter(|file| touched.contains(&*file.path)) {
            let path = self.root.join(&file.path);
            let mut above = path.parent();
            while let Some(folder) =
                above.filter(|folder| *folder != self.root && folder.starts_with(&self.root))
            {
                no_link(folder)?;
                above = folder.parent();
            }
            ui::write_file(&path, &file.bytes)?;
        }
        for path in &plan.gone {
            let file = self.root.join(path);
            fs::remove_file(&file).map_err(|error| Error::io(&file, &error))?;
            self.list.files.remove(path);
            let mut above = file.parent();
            // Folders go when nothing is left in them.
            while let Some(folder) =
                above.filter(|folder| *folder != self.root && folder.starts_with(&self.root))
            {
                if fs::remove_dir(folder).is_err() {
                    break;
                }
                above = folder.parent();
            }
        }
        for file in files {
            self.list.files.insert(file.path.clone(), vec![hex(&sha256(&file.bytes))]);
        }
        self.list.files.retain(|path, _| fs::symlink_metadata(self.root.join(path)).is_ok());
        self.save()
    }

    fn save(&self) -> Result<()> {
        let mut text = serde_json::to_string_pretty(&self.list)
            .map_err(|fault| Error::new("cannot write the list of published files").because(fault))?;
        text.push('\n');
        ui::write_file(&self.root.join(LIST), text.as_bytes())
    }
}

/// A path that stays below the folder.
fn is_plain(path: &str) -> bool {
    !path.is_empty()
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
        && !path.contains(['\\', ':'])
}

/// A link may lead anywhere, and a pull request can bring one along.
fn no_link(path: &Path) -> Result<()> {
    match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_symlink() => {
            Err(Error::new(format!("`{}` is a link", safe(&path.display().to_string())))
                .hint("nothing is published through a link; name the folder it leads to: --out DIR"))
        }
        _ => Ok(()),
    }
}

fn not_ours(path: &Path) -> Error {
    Error::new(format!("`{}` is no list that soc2 wrote", safe(&path.display().to_string())))
        .hint("publish to a new folder: --out DIR")
}
