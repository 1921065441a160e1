//! What the past held: every version of a control along the first-parent line, and every text that a policy had, so that an
//! approval finds the text it was given for. Reads old commits through `git`; judges nothing.

mod controls;
mod story;
mod texts;
mod typed;

pub use story::{Change, Did, Of, Told};
pub use texts::KnownTexts;

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
    history.texts = texts::versions(repository, program, history, &KnownTexts::default());
}

/// Does a verdict on the programme rest on texts that policies had?
pub fn needs_texts(program: &Program) -> bool {
    texts::wanted(program).next().is_some()
}

/// What verdicts ask of the past of a commit's programme: the texts that its policies had. Nothing is looked at when no
/// approval is of another text than the present one.
pub fn texts(repository: &Repository, from: Commit, program: &Program, known: &KnownTexts) -> History {
    let paths: Vec<&str> = texts::wanted(program).map(|policy| program.sources.path(policy.file)).collect();
    if paths.is_empty() {
        return History::default();
    }
    let mut history = repository.touches_of_paths(from, &paths);
    history.texts = texts::versions(repository, program, &history, known);
    history
}

/// The text of a policy as a commit had it, filled in with the variables and registers of that commit.
pub fn text_in(repository: &Repository, commit: &str, path: &str, id: &str) -> Option<Box<str>> {
    texts::policy(repository, repository.by_id(commit)?, path, id)?.body.text
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
