//! Where in a commit programmes are, for a change that moved one to another folder.

use super::{Commit, Repository};
use crate::source::ROOT_FILE;

/// Folders looked into; no repository with a programme has more.
const MOST: usize = 200_000;

impl Repository {
    /// Does a folder of a commit hold a programme? `compliance/`, or empty for the top.
    pub fn holds_programme(&self, commit: Commit, prefix: &str) -> bool {
        let repo = self.repo.to_thread_local();
        let tree = self.folder(commit, prefix).and_then(|id| repo.find_tree(id).ok());
        tree.is_some_and(|tree| tree.find_entry(ROOT_FILE).is_some_and(|entry| entry.mode().is_blob()))
    }

    /// Every folder of a commit that holds a programme, in order.
    pub fn programmes(&self, commit: Commit) -> Vec<String> {
        let repo = self.repo.to_thread_local();
        let mut found = Vec::new();
        let mut ahead = vec![(String::new(), commit.tree)];
        let mut seen = 0;
        while let Some((prefix, id)) = ahead.pop() {
            seen += 1;
            let Some(tree) = repo.find_tree(id).ok().filter(|_| seen <= MOST) else { continue };
            for entry in tree.iter().flatten() {
                let name = entry.filename().to_string();
                if entry.mode().is_blob() && name == ROOT_FILE {
                    found.push(prefix.clone());
                } else if entry.mode().is_tree() {
                    ahead.push((format!("{prefix}{name}/"), entry.object_id()));
                }
            }
        }
        found.sort();
        found
    }
}
