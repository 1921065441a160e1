//! Folders beside ours that nobody reads, though their names are nearly ours and hold records: `evidences/`.

use std::path::PathBuf;

use super::FOLDERS;
use super::work_tree::Found;
use crate::text::{nearest, safe};

/// Of the folders at the root, those that are meant to be one of ours. `is_there` says which of ours exist, `paths` lists
/// the files below a folder.
pub(super) fn misspelt(
    folders: &[String],
    is_there: impl Fn(&str) -> bool,
    paths: impl Fn(&str) -> Vec<String>,
) -> Vec<Found> {
    let missing: Vec<&str> = FOLDERS.iter().copied().filter(|folder| !is_there(folder)).collect();
    let mut found = Vec::new();
    for name in folders {
        let Some(near) = nearest(name, missing.iter().copied()).filter(|near| near != name) else { continue };
        if paths(name).iter().any(|path| path.ends_with(".yaml") || path.ends_with(".md")) {
            let message = format!("soc2 does not read the folder `{}`", safe(name));
            let help = format!("did you mean `{near}/`?");
            found.push(Found::refused(name.clone(), PathBuf::new(), "file-not-read", message, &help));
        }
    }
    found
}
