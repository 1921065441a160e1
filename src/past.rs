//! What the past held: every version of a control along the first-parent line, and every text that a policy had, so that an
//! approval finds the text it was given for. Reads old commits through `git`; judges nothing.

mod controls;
mod story;
mod texts;
mod typed;

pub use story::{Change, Did, Of, Told};

/// What each commit did to one thing, newest first.
pub fn story(repository: &Repository, from: Commit, program: &Program, of: &Of) -> Vec<Told> {
    story::tell(repository, from, program, of)
}

use std::collections::BTreeMap;

use crate::git::{Commit, Repository};
use crate::history::History;
use crate::program::Program;

/// Adds past controls and texts to what git remembers of a programme, seen from a commit. Where commits are missing the
/// reach of the history says so, and what they held stays unknown.
pub fn remember(repository: &Repository, from: Commit, program: &Program, history: &mut History) {
    if !history.is_known() {
        return;
    }
    let line = repository.first_parents(from).unwrap_or_default();
    let index = Index::of(history);
    (history.controls, history.controls_cut) = controls::versions(repository, &line, &index);
    history.texts = texts::versions(repository, program, history);
}

/// Indices of commits by id.
struct Index(BTreeMap<Box<str>, u32>);

impl Index {
    fn of(history: &History) -> Self {
        let indexed = history.commits.iter().enumerate();
        Self(indexed.filter_map(|(nth, one)| Some((one.id.clone(), u32::try_from(nth).ok()?))).collect())
    }

    fn of_commit(&self, commit: Commit) -> Option<u32> {
        self.0.get(commit.id().as_str()).copied()
    }
}
