//! What a verb reads and for which day: the work tree, the index, or a commit straight from the object store; judged as of
//! a day. The two selectors are the same for every verb that reads.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::check::date;
use super::clock::today;
use crate::error::{Error, Result};
use crate::git::{Commit, Product, Repository};
use crate::program::Program;
use crate::source::{ROOT_FILE, Sources};
use crate::text::safe;
use crate::timeline::Clock;
use crate::ui::{self, Ui};

/// The two selectors.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct Selectors {
    /// Judge as of this day instead of today in the organisation's time zone.
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(super) as_of: Option<Date>,
    /// Read this commit instead of the work tree: a revision, or the last first-parent commit on or before a day.
    #[arg(long, value_name = "REV|DATE")]
    pub(super) at: Option<String>,
    /// Read what is staged for the next commit instead of the work tree.
    #[arg(long, conflicts_with = "at")]
    pub(super) staged: bool,
}

/// A loaded programme and where it came from.
pub(super) struct Place {
    /// The programme's folder on disk; may not exist when a commit was read.
    pub(super) root: PathBuf,
    /// From the git root to the programme: `compliance/`, or empty.
    pub(super) prefix: String,
    pub(super) program: Program,
    /// What was read, in words: `work tree`, `index`, `commit 3fa9c1e`.
    pub(super) read: String,
    pub(super) clock: Clock,
    pub(super) repository: Option<Repository>,
    /// The commit that was read, or on which the work tree or index stands.
    pub(super) commit: Option<Commit>,
}

impl Selectors {
    /// Reads and loads what was selected, at or above a folder.
    pub(super) fn place(&self, directory: &Path, ui: Ui) -> Result<Place> {
        let mut place = self.without_history(directory, ui)?;
        self.remember(&mut place, None, ui)?;
        Ok(place)
    }

    /// Reads the history of a place. Signatures are judged by the keys that another commit names where one is given: the
    /// one a change is compared with, so that nobody adds a key and uses it in one change.
    pub(super) fn remember(&self, place: &mut Place, keys: Option<Commit>, ui: Ui) -> Result<()> {
        if let (Some(repository), Some(commit)) = (&place.repository, place.commit) {
            let (keys, committed) = (keys.unwrap_or(commit), self.at.is_some());
            place.program.history = ui.busy("reading history", || {
                repository.history_by_keys_of(commit, &place.program, committed, keys)
            })?;
        }
        Ok(())
    }

    /// Reads and loads what was selected, for what asks nothing of history.
    pub(super) fn without_history(&self, directory: &Path, ui: Ui) -> Result<Place> {
        if !fs::metadata(directory).map_err(|e| Error::io(directory, &e))?.is_dir() {
            return Err(Error::new(format!("`{}` is not a folder", directory.display())));
        }
        let mut place = match &self.at {
            Some(at) => self.commit(directory, at, ui)?,
            None => self.disk(directory, ui)?,
        };
        if let Some(repository) = &place.repository {
            let index = ui::variable_path("GIT_INDEX_FILE");
            let product = match (place.commit, self.at.is_some()) {
                (Some(commit), true) => Product::Commit(commit),
                _ if self.staged => Product::Index(index.as_deref()),
                _ => Product::WorkTree,
            };
            place.program.implementations = repository.implementations(&place.program, product);
        }
        Ok(place)
    }

    fn disk(&self, directory: &Path, ui: Ui) -> Result<Place> {
        let root = Sources::find_root(directory)?;
        let repository = Repository::discover(&root)?;
        let (sources, read) = ui.busy("reading", || match (&repository, self.staged) {
            (Some(repository), true) => {
                let index = ui::variable_path("GIT_INDEX_FILE");
                repository.staged(index.as_deref()).map(|tree| (Sources::of_tree(tree), "index"))
            }
            (None, true) => Err(not_a_repository(&root)),
            (Some(repository), false) => {
                let tracked = repository.tracked(&root)?;
                Sources::read_tracked(&root, tracked).map(|sources| (sources, "work tree"))
            }
            (None, false) => Sources::read(&root).map(|sources| (sources, "work tree")),
        })?;
        let program = ui.busy("reading", || Program::load(sources));
        let clock = self.as_of.map_or_else(|| Clock::today(today(&program.zone())), Clock::from);
        let prefix = repository.as_ref().map_or(String::new(), |repository| repository.prefix().to_owned());
        let commit = repository.as_ref().map_or(Ok(None), Repository::head)?;
        Ok(Place { root, prefix, program, read: read.to_owned(), clock, repository, commit })
    }

    fn commit(&self, directory: &Path, at: &str, ui: Ui) -> Result<Place> {
        let folder = fs::canonicalize(directory).map_err(|e| Error::io(directory, &e))?;
        let Some(repository) = Repository::discover(&folder)? else { return Err(not_a_repository(&folder)) };
        let (commit, day) = selected(&repository, at)?;
        let repository = programme_at(&repository, commit, at)?;
        let program = ui.busy("reading", || Program::load(Sources::of_tree(repository.tree(commit))));
        let recorded = commit.day(&program.zone());
        let as_of = self.as_of.or(day).unwrap_or(recorded);
        let prefix = repository.prefix().to_owned();
        let root = repository.top().join(&prefix);
        let read = format!("commit {}", commit.short());
        let clock = Clock { as_of, recorded: Some(recorded) };
        Ok(Place { root, prefix, program, read, clock, repository: Some(repository), commit: Some(commit) })
    }
}

/// The commit that was asked for, and the day if a day was.
fn selected(repository: &Repository, at: &str) -> Result<(Commit, Option<Date>)> {
    let Ok(day) = date(at) else { return Ok((repository.resolve(at)?, None)) };
    let head = repository.head()?.ok_or_else(|| {
        Error::new("there is no commit yet").hint("commit the programme first: git add -A && git commit")
    })?;
    // Days are days of the organisation's zone, as the newest commit has it.
    let seen = programme_at(repository, head, "HEAD")?;
    let zone = Program::load(Sources::of_tree(seen.only(head, ROOT_FILE))).zone();
    Ok((repository.on_day(day, &zone)?, Some(day)))
}

/// The repository as seen from the programme's folder in a commit, at or above the folder we are in.
pub(super) fn programme_at(repository: &Repository, commit: Commit, at: &str) -> Result<Repository> {
    match repository.programme_in(commit, repository.prefix()) {
        Some(prefix) => Ok(repository.seen_from(&prefix)),
        None => Err(Error::new(format!("there is no `{ROOT_FILE}` in `{}`", safe(at)))
            .hint("name the programme's folder at that commit: -C FOLDER")),
    }
}

pub(super) fn not_a_repository(folder: &Path) -> Error {
    Error::new(format!("`{}` is in no git repository", safe(&folder.display().to_string())))
        .hint("commits, the index and history need one: git init")
}
