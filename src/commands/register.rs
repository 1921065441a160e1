//! A register's text before it is changed, and after: for the verbs that add rows or answers to one.

use std::fs;
use std::path::Path;

use crate::commands::init::behind_a_link;
use crate::error::{Error, Result};
use crate::program::Program;
use crate::text::safe;

/// The text of a register as it stands, the same that was loaded; `beginning` where there is none. Refused behind a link, in
/// another encoding, and when it changed since it was loaded.
pub(super) fn text(root: &Path, program: &Program, path: &str, beginning: &str) -> Result<String> {
    let disk = root.join(path);
    let linked = disk.symlink_metadata().is_ok_and(|meta| meta.is_symlink());
    if linked || behind_a_link(root, &disk) {
        return Err(
            Error::new(format!("`{}` is behind a link", safe(path))).hint("edit the file it leads to")
        );
    }
    if !disk.exists() {
        return Ok(beginning.to_owned());
    }
    let refused = |why: &str| Error::new(format!("`{}` is left as it is: {why}", safe(path)));
    let bytes = fs::read(&disk).map_err(|e| Error::io(&disk, &e))?;
    let text = String::from_utf8(bytes).map_err(|_| refused("it is not UTF-8"))?;
    let held = program.sources.find(path).map_or("", |file| program.sources.text(file));
    if text.strip_prefix('\u{feff}').unwrap_or(&text) != held {
        return Err(refused("it changed meanwhile, or is not read at all")
            .hint("soc2 check names what is wrong with it; else run the command again"));
    }
    Ok(text)
}
