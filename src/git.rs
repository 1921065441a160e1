//! What git knows. The only module that uses the git library. Repositories are opened without the machine's or the user's
//! configuration, but for the address of who works here (`person.rs`); no program is started for anything but `git init`,
//! nothing is fetched and nothing is written.

mod bits;
mod compare;
mod graph;
mod head;
mod history;
mod implementation;
mod index;
mod line;
mod lines;
mod listed;
mod look;
mod objects;
mod open;
mod openpgp;
mod packs;
mod person;
mod reftable;
mod revision;
mod roots;
mod signature;
mod steps;
mod tree;
mod tree_diff;
mod walk;

pub use line::Step;
pub use look::Product;
pub use open::Repository;
pub use revision::{Commit, standing_on, standing_since};
pub use steps::Difference;

use std::path::{Path, PathBuf};

/// The nearest folder at or above `start` that is a git work tree.
pub fn work_tree(start: &Path) -> Option<PathBuf> {
    start.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned)
}

/// From the git root to the programme's root: `compliance/`, or empty.
pub fn prefix(programme: &Path) -> String {
    let Some(top) = work_tree(programme) else { return String::new() };
    let below = programme.strip_prefix(&top).unwrap_or(Path::new(""));
    below.components().map(|part| format!("{}/", part.as_os_str().to_string_lossy())).collect()
}

/// Starts a repository in `folder` with the user's own git.
pub fn init(folder: &Path) -> Result<(), String> {
    let run = std::process::Command::new("git").arg("init").arg("--quiet").arg(folder).output();
    match run {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(crate::text::safe(String::from_utf8_lossy(&output.stderr).trim())),
        Err(error) => Err(error.to_string()),
    }
}
