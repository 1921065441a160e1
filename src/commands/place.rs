//! What a verb reads and for which day: the work tree, the index, or a commit straight from the object store; judged as of
//! a day. The two selectors are the same for every verb that reads.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::check::date;
use super::clock::today;
use crate::error::{Error, Result};
use crate::git::{Commit, Product, Repository};
use crate::history::History;
use crate::past;
use crate::program::Program;
use crate::source::{NOT_IN_CLONE, ROOT_FILE, Sources};
use crate::text::{count, safe, some};
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

/// The first trouble with git that was worked around; a work tree is judged all the same.
#[derive(Default)]
struct Trouble(Option<String>);

impl Trouble {
    /// The value; on failure what cannot be told without it is kept.
    fn or<T>(&mut self, result: Result<T>, unknown: &str) -> Option<T> {
        result
            .map_err(|error| {
                let fix = error.hints().first().map_or(String::new(), |hint| format!("; {hint}"));
                self.0.get_or_insert_with(|| format!("warning: {}; {unknown}{fix}", error.in_a_line()));
            })
            .ok()
    }

    fn tell(self) {
        if let Some(told) = self.0 {
            ui::tell(&told);
        }
    }
}

const NO_HISTORY: &str = "history reads unknown";

impl Selectors {
    /// Reads and loads what was selected, at or above a folder.
    pub(super) fn place(&self, directory: &Path, ui: Ui) -> Result<Place> {
        let mut place = self.without_history(directory, ui)?;
        self.remember(&mut place, None, ui);
        Ok(place)
    }

    /// Reads the history of a place. Signatures are judged by the keys that another commit names where one is given: the
    /// one a change is compared with, so that nobody adds a key and uses it in one change.
    pub(super) fn remember(&self, place: &mut Place, keys: Option<Commit>, ui: Ui) {
        let (Some(repository), Some(commit)) = (&place.repository, place.commit) else { return };
        let (keys, committed) = (keys.unwrap_or(commit), self.at.is_some());
        let mut trouble = Trouble::default();
        let history =
            ui.busy("reading history", || remembered(repository, commit, &place.program, committed, keys));
        place.program.history = trouble.or(history, NO_HISTORY).unwrap_or_default();
        trouble.tell();
    }

    /// Reads and loads what was selected, for what asks nothing of history.
    pub(super) fn without_history(&self, directory: &Path, ui: Ui) -> Result<Place> {
        let mut trouble = Trouble::default();
        let place = self.placed(directory, &mut trouble, ui)?;
        trouble.tell();
        Ok(place)
    }

    fn placed(&self, directory: &Path, trouble: &mut Trouble, ui: Ui) -> Result<Place> {
        if self.at.is_none()
            && !self.staged
            && !fs::metadata(directory).map_err(|e| Error::io(directory, &e))?.is_dir()
        {
            return Err(Error::new(format!("`{}` is not a folder", directory.display())));
        }
        let mut place = match &self.at {
            Some(at) => self.commit(directory, at, ui)?,
            None if self.staged => self.index(directory, trouble, ui)?,
            None => self.work_tree(directory, trouble, ui)?,
        };
        if let Some(repository) = &place.repository {
            let index = ui::variable_path("GIT_INDEX_FILE");
            let product = self.product(&place, index.as_deref());
            place.program.implementations = repository.implementations(&place.program, product);
        }
        Ok(place)
    }

    /// Where the files are that a place does not read itself.
    fn product<'p>(&self, place: &Place, index: Option<&'p Path>) -> Product<'p> {
        match (place.commit, self.at.is_some()) {
            (Some(commit), true) => Product::Commit(commit),
            _ if self.staged => Product::Index(index),
            _ => Product::WorkTree,
        }
    }

    /// Reads the lists of keys that a place names, for what compares them.
    pub(super) fn list_keys(&self, place: &mut Place) {
        let Some(repository) = &place.repository else { return };
        let index = ui::variable_path("GIT_INDEX_FILE");
        let product = self.product(place, index.as_deref());
        place.program.keys = Some(repository.keys(&place.program, product));
    }

    /// Whatever is wrong with git, a work tree can be judged; only history is unknown then.
    fn work_tree(&self, directory: &Path, trouble: &mut Trouble, ui: Ui) -> Result<Place> {
        let root = work_tree_root(directory)?;
        let repository = trouble.or(Repository::discover(&root), NO_HISTORY).flatten();
        let repository = repository.filter(|repository| !repository.is_bare());
        let program = ui.busy("reading", || {
            let tracked = repository.as_ref().map(|repository| repository.tracked(&root));
            let tracked = tracked.and_then(|read| trouble.or(read, "which files are tracked is unknown"));
            Sources::read_tracked(&root, tracked.unwrap_or_default()).map(Program::load)
        })?;
        let commit = repository.as_ref().and_then(|found| trouble.or(found.head(), NO_HISTORY)).flatten();
        let prefix = repository.as_ref().map(|repository| repository.prefix().to_owned());
        let prefix = prefix.unwrap_or_else(|| crate::git::prefix(&root));
        let clock = self.clock(&program);
        Ok(Place { root, prefix, program, read: "work tree".to_owned(), clock, repository, commit })
    }

    fn index(&self, directory: &Path, trouble: &mut Trouble, ui: Ui) -> Result<Place> {
        let repository = at_or_above(directory)?;
        if repository.is_bare() {
            return Err(Error::new("a bare repository has no index").hint("name a commit: --at main"));
        }
        let index = ui::variable_path("GIT_INDEX_FILE");
        let prefix = repository.programme_staged(index.as_deref(), false)?.ok_or_else(|| {
            Error::new(format!("no `{ROOT_FILE}` is staged in this folder or any above it"))
                .hint(format!("git add {ROOT_FILE}, or name the programme's folder: -C FOLDER"))
        })?;
        let repository = repository.seen_from(&prefix);
        let tree = repository.staged(index.as_deref())?;
        let program = ui.busy("reading", || Program::load(Sources::of_tree(tree)));
        let commit = trouble.or(repository.head(), NO_HISTORY).flatten();
        let (root, clock) = (repository.top().join(&prefix), self.clock(&program));
        let read = "index".to_owned();
        Ok(Place { root, prefix, program, read, clock, repository: Some(repository), commit })
    }

    fn clock(&self, program: &Program) -> Clock {
        self.as_of.map_or_else(|| Clock::today(today(&program.zone())), Clock::from)
    }

    fn commit(&self, directory: &Path, at: &str, ui: Ui) -> Result<Place> {
        let repository = at_or_above(directory)?;
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
pub(super) fn selected(repository: &Repository, at: &str) -> Result<(Commit, Option<Date>)> {
    let Ok(day) = date(at) else { return Ok((repository.resolve(at)?, None)) };
    let head = newest(repository)?;
    // Days are days of the organisation's zone, as the newest commit has it.
    let zone = root_file(&programme_at(repository, head, "HEAD")?, head).zone();
    Ok((repository.on_day(day, &zone)?, Some(day)))
}

/// The commit that is checked out.
pub(super) fn newest(repository: &Repository) -> Result<Commit> {
    repository.head()?.ok_or_else(|| {
        Error::new("there is no commit yet").hint("commit the programme first: git add -A && git commit")
    })
}

/// What `soc2.toml` alone says in a commit.
pub(super) fn root_file(repository: &Repository, commit: Commit) -> Program {
    Program::load(Sources::of_tree(repository.only(commit, ROOT_FILE)))
}

/// The repository as seen from the programme's folder in a commit, at or above the folder we are in.
pub(super) fn programme_at(repository: &Repository, commit: Commit, at: &str) -> Result<Repository> {
    match repository.programme_in(commit, repository.prefix()) {
        Some(prefix) => Ok(repository.seen_from(&prefix)),
        None if !repository.has_listing(commit, repository.prefix()) => Err(not_listed(at)),
        None => {
            let here = format!("`{}`", safe(repository.prefix().trim_end_matches('/')));
            let place = if repository.prefix().is_empty() { "the top".to_owned() } else { here };
            let error = Error::new(format!("there is no `{ROOT_FILE}` in `{}`, at {place}", safe(at)));
            Err(match repository.programme_below(commit).as_deref() {
                Some(folder) => error.hint(format!("at that commit there is one in `{}`", safe(folder))),
                None => error.hint("name the programme's folder at that commit: -C FOLDER"),
            })
        }
    }
}

/// The trees of a commit are on the server.
pub(super) fn not_listed(at: &str) -> Error {
    Error::new(format!("the files of `{}` are not listed in this clone", safe(at)))
        .hint("a partial clone left them on the server; get them: git fetch --refetch --no-filter origin")
}

/// Fails when content of a state is on the server: what is not here can be compared with nothing.
pub(super) fn whole(program: &Program, at: &str) -> Result<()> {
    let not_here = program.diagnostics.iter().filter(|found| found.message.starts_with(NOT_IN_CLONE));
    let not_here: BTreeSet<&str> = not_here.map(|found| program.sources.path(found.at.file)).collect();
    if not_here.is_empty() {
        return Ok(());
    }
    let (number, named) = (not_here.len(), not_here.into_iter().map(safe).collect::<Vec<_>>());
    Err(Error::new(format!(
        "the content of {} of `{}` is not in this clone, so what changed cannot be told",
        count(number, "file"),
        safe(at)
    ))
    .because(format!("a partial clone leaves content on the server: {}", some(&named, 5)))
    .hint("get it: git fetch --refetch --no-filter origin"))
}

/// The repository of a folder that may have existed at a commit only.
fn at_or_above(directory: &Path) -> Result<Repository> {
    let mut gone = Vec::new();
    let mut here = directory;
    while !here.is_dir() {
        let (Some(above), Some(name)) = (here.parent(), here.file_name()) else { break };
        gone.push(name.to_string_lossy().into_owned() + "/");
        here = if above.as_os_str().is_empty() { Path::new(".") } else { above };
    }
    let here = fs::canonicalize(here).map_err(|e| Error::io(directory, &e))?;
    let Some(repository) = Repository::discover(&here)? else { return Err(not_a_repository(&here)) };
    gone.push(repository.prefix().to_owned());
    gone.reverse();
    Ok(repository.seen_from(&gone.concat()))
}

/// The programme's folder. A sparse checkout may have left its root file out; then what is above the repository is not meant.
fn work_tree_root(directory: &Path) -> Result<PathBuf> {
    let on_disk = Sources::find_root(directory);
    let repository = Repository::discover(directory).ok().flatten();
    let Some(repository) = repository else { return on_disk };
    if on_disk.as_ref().is_ok_and(|root| root.starts_with(repository.top())) {
        return on_disk;
    }
    let left_out = repository.programme_staged(None, true).ok().flatten();
    match left_out {
        Some(prefix) => Ok(repository.top().join(prefix)),
        None if repository.is_bare() => {
            on_disk.map_err(|none| none.hint("this is a bare repository; name a commit: --at main"))
        }
        None => on_disk,
    }
}

/// Everything git remembers of a programme, seen from a commit; `committed` says that its files are that commit's.
/// Signatures are judged by the keys that the commit `keys` names.
pub(super) fn remembered(
    repository: &Repository,
    from: Commit,
    program: &Program,
    committed: bool,
    keys: Commit,
) -> Result<History> {
    let mut history = repository.history_by_keys_of(from, program, committed, keys)?;
    past::remember(repository, from, program, &mut history);
    history.ancestors = ancestors(repository, from, program);
    Ok(history)
}

/// For each commit that a record names, whether it is an ancestor of the one that was read.
fn ancestors(repository: &Repository, read: Commit, program: &Program) -> BTreeMap<Box<str>, Option<bool>> {
    let named = program.bundles.iter().filter_map(|bundle| bundle.commit.as_ref());
    let named: BTreeSet<&str> = named.map(|commit| &*commit.value.0).collect();
    named.into_iter().take(NAMED_CAP).map(|id| (id.into(), repository.is_ancestor(id, read))).collect()
}

/// More commits than anybody hands over.
const NAMED_CAP: usize = 1_000;

pub(super) fn not_a_repository(folder: &Path) -> Error {
    Error::new(format!("`{}` is in no git repository", safe(&folder.display().to_string())))
        .hint("commits, the index and history need one: git init")
}
