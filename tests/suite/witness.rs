//! What git remembers of files, beside what git itself says of them.

use std::path::Path;

use soc2::git::Repository;
use soc2::history::{FileHistory, History};
use soc2::program::Program;
use soc2::source::Sources;

use crate::repository::Repo;

/// The history of a programme as a commit has it.
pub(crate) struct Look {
    pub(crate) history: History,
    paths: Vec<String>,
}

impl Look {
    pub(crate) fn at(folder: &Path, revision: &str) -> Self {
        let repository = Repository::discover(folder).unwrap().unwrap();
        let commit = repository.resolve(revision).unwrap();
        let program = Program::load(Sources::of_tree(repository.tree(commit)));
        let history = repository.history(commit, &program, true).unwrap();
        Self::new(history, &program)
    }

    /// The work tree, on top of what is checked out.
    pub(crate) fn work_tree(folder: &Path) -> Self {
        let repository = Repository::discover(folder).unwrap().unwrap();
        let tracked = repository.tracked(folder).unwrap();
        let program = Program::load(Sources::read_tracked(folder, tracked).unwrap());
        let history = repository.history(repository.head().unwrap().unwrap(), &program, false).unwrap();
        Self::new(history, &program)
    }

    fn new(history: History, program: &Program) -> Self {
        let paths = program.sources.files().map(|(_, file)| file.path.to_string()).collect();
        Self { history, paths }
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        self.paths.iter().any(|known| known == path)
    }

    pub(crate) fn file(&self, path: &str) -> &FileHistory {
        self.history.file(path).unwrap_or_else(|| panic!("nothing known of {path}"))
    }

    /// The ids of the commits that touched a file, newest first.
    pub(crate) fn touches(&self, path: &str) -> Vec<String> {
        let touches = self.history.file(path).map_or(&[][..], |file| &file.touches);
        touches.iter().map(|touch| self.history.commit(touch.commit).unwrap().id.to_string()).collect()
    }
}

/// The ids that `git log` lists.
pub(crate) fn listed(repo: &Repo, arguments: &[&str]) -> Vec<String> {
    let mut all = vec!["log", "--format=%H"];
    all.extend(arguments);
    repo.git(&all).lines().map(str::to_owned).collect()
}
