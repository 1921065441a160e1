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

use crate::error::Result;
use crate::git::{Commit, Repository};
use crate::history::History;
use crate::program::Program;

/// Adds past controls and texts to what git remembers of a programme, seen from a commit.
pub fn remember(
    repository: &Repository,
    from: Commit,
    program: &Program,
    history: &mut History,
) -> Result<()> {
    if !history.is_known() {
        return Ok(());
    }
    let line = repository.first_parents(from)?;
    let index = Index::of(history);
    let (controls, cut) = controls::versions(repository, &line, &index);
    let texts = texts::versions(repository, program, history);
    history.controls = controls;
    history.controls_cut = cut;
    history.texts = texts;
    Ok(())
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
