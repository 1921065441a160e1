//! What git remembered on a day of the texts that policies had: the one place where verdicts of a past day get their
//! history from.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

use crate::git::{Commit, Repository};
use crate::history::{History, Reach};
use crate::past::{self, KnownTexts};
use crate::program::Program;

/// Texts of policies, for the commits of one line.
pub(super) struct Texts<'a> {
    repository: &'a Repository,
    line: &'a [Commit],
    known: KnownTexts,
    /// Places in the line of the commits that changed a policy, newest first; `None` where each commit may see another
    /// past, because some of it is not at hand.
    changes: OnceLock<Option<Vec<usize>>>,
    histories: Mutex<BTreeMap<usize, Arc<History>>>,
}

impl<'a> Texts<'a> {
    pub(super) fn new(repository: &'a Repository, line: &'a [Commit]) -> Self {
        let (known, changes, histories) = (KnownTexts::default(), OnceLock::new(), Mutex::default());
        Self { repository, line, known, changes, histories }
    }

    /// As the commit at a place of the line has it, whatever is known of others. `repository` is seen from its programme.
    pub(super) fn of(&self, repository: &Repository, nth: usize, program: &Program) -> History {
        let commit = self.line.get(nth);
        commit.map_or_else(History::default, |commit| past::texts(repository, *commit, program, &self.known))
    }

    /// The same, kept from one commit to the next while no policy changes.
    pub(super) fn kept(&self, nth: usize, program: &Program) -> Arc<History> {
        if !past::needs_texts(program) {
            return Arc::default();
        }
        let since = self.since(nth);
        if let Some(known) = self.histories.lock().ok().and_then(|all| all.get(&since).cloned()) {
            return known;
        }
        let history = Arc::new(self.of(self.repository, since, program));
        if let Ok(mut all) = self.histories.lock() {
            all.insert(since, Arc::clone(&history));
        }
        history
    }

    /// The commit of the line whose past of policies is that of the commit at a place, if verdicts on it ask for any.
    pub(super) fn asked(&self, nth: usize, program: &Program) -> Option<usize> {
        past::needs_texts(program).then(|| self.since(nth))
    }

    fn since(&self, nth: usize) -> usize {
        let changes = self.changes.get_or_init(|| self.changes());
        let changed = changes.as_ref().and_then(|all| all.get(all.partition_point(|change| *change < nth)));
        changed.copied().unwrap_or(nth)
    }

    fn changes(&self) -> Option<Vec<usize>> {
        let newest = self.line.first()?;
        let steps = self.repository.steps(self.line, "policies");
        let mut paths: Vec<&str> =
            steps.iter().flat_map(|step| &step.changed).map(|(path, _)| path.as_str()).collect();
        paths.sort_unstable();
        paths.dedup();
        if self.repository.touches_of_paths(*newest, &paths).reach != Reach::Whole {
            return None;
        }
        let places: BTreeMap<String, usize> =
            self.line.iter().enumerate().map(|(nth, commit)| (commit.id(), nth)).collect();
        let mut changes: Vec<usize> =
            steps.iter().filter_map(|step| places.get(&step.commit.id()).copied()).collect();
        changes.sort_unstable();
        Some(changes)
    }
}
