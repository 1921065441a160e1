//! Putting evidence in place: a folder of its own, the files, then the manifest. What is there stays.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::Ground;
use super::incoming::Incoming;
use crate::commands::init::behind_a_link;
use crate::error::{Error, Result};
use crate::manifest::Draft;
use crate::source::{MANIFEST, facts};
use crate::text::safe;
use crate::ui;

/// Folders of one name above this are refused.
const SAME_NAME_CAP: usize = 1_000;

/// A file for the folder.
pub(super) enum Content<'c> {
    Copy(&'c Incoming),
    Text(&'c str, &'c str),
}

/// Files it in `evidence/CONTROL/NAME/`, or `NAME-2` and so on where that is taken; gives the id. `draft` is told the id.
pub(super) fn file(
    ground: &Ground<'_>,
    control: &str,
    name: &str,
    contents: &[Content<'_>],
    draft: impl FnOnce(&str) -> Draft,
) -> Result<String> {
    file_text(&ground.root, control, name, contents, |id| draft(id).text())
}

/// The same for a manifest that is text already.
pub(super) fn file_text(
    root: &Path,
    control: &str,
    name: &str,
    contents: &[Content<'_>],
    text: impl FnOnce(&str) -> String,
) -> Result<String> {
    let (folder, id) = new_folder(root, control, name)?;
    let written = contents
        .iter()
        .try_for_each(|content| put(content, &folder))
        .and_then(|()| ui::write_file(&folder.join(MANIFEST), text(&id).as_bytes()));
    match written {
        Ok(()) => Ok(id),
        Err(error) => {
            // The folder is ours: it was made a moment ago and holds nothing but what was put there.
            let _ = fs::remove_dir_all(&folder);
            Err(error)
        }
    }
}

/// A folder that was not there.
fn new_folder(root: &Path, control: &str, name: &str) -> Result<(PathBuf, String)> {
    let parent = root.join("evidence").join(control);
    if behind_a_link(root, &parent.join(name)) {
        return Err(Error::new(format!(
            "`evidence/{control}` is behind a link: the files would land elsewhere"
        ))
        .hint("make it a folder"));
    }
    fs::create_dir_all(&parent).map_err(|e| Error::io(&parent, &e))?;
    for nth in 1..=SAME_NAME_CAP {
        let name = if nth == 1 { name.to_owned() } else { format!("{name}-{nth}") };
        let folder = parent.join(&name);
        match fs::create_dir(&folder) {
            Ok(()) => return Ok((folder, format!("{control}/{name}"))),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(Error::io(&folder, &error)),
        }
    }
    Err(Error::new(format!("there are {SAME_NAME_CAP} folders `evidence/{control}/{name}` already")))
}

fn put(content: &Content<'_>, folder: &Path) -> Result<()> {
    match content {
        Content::Text(name, text) => ui::write_file(&folder.join(name), text.as_bytes()),
        Content::Copy(incoming) => {
            let target = folder.join(&incoming.name);
            let open = |path: &Path| fs::File::open(path).map_err(|e| Error::io(path, &e));
            ui::write_from(&target, &mut open(&incoming.disk)?)?;
            let copied = facts(open(&target)?).map_err(|e| Error::io(&target, &e))?;
            if copied == incoming.facts {
                return Ok(());
            }
            Err(Error::new(format!(
                "`{}` changed while it was copied; nothing was filed",
                safe(&incoming.name)
            ))
            .hint("wait until the export is done, then try again"))
        }
    }
}
