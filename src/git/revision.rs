//! From what people type to a commit: `HEAD~3`, `v1.2`, `main@{upstream}`, or a day.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Repository;
use super::reftable::References;
use crate::error::{Error, Result};
use crate::text::safe;

/// A commit of a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Commit {
    pub(super) id: gix::ObjectId,
    pub(super) tree: gix::ObjectId,
    /// When it was committed, by the committer's clock.
    pub at: Timestamp,
}

impl Commit {
    /// The whole id in hexadecimal digits.
    pub fn id(&self) -> String {
        self.id.to_hex().to_string()
    }

    /// The first seven digits, as people quote it.
    pub fn short(&self) -> String {
        self.id.to_hex_with_len(7).to_string()
    }

    /// The day of the commit in a zone.
    pub fn day(&self, zone: &TimeZone) -> Date {
        zone.to_datetime(self.at).date()
    }
}

impl Repository {
    /// The commit on which the work tree stands; `None` before the first commit.
    pub fn head(&self) -> Result<Option<Commit>> {
        let repo = self.repo.to_thread_local();
        if let Some(references) = self.reftable().filter(References::has_head) {
            return references.find("HEAD").map(|id| self.commit(id)).transpose();
        }
        let head = repo.head_id().map(gix::Id::detach);
        match head {
            Ok(id) => self.commit(id).map(Some),
            Err(_) if is_unborn(&repo) => Ok(None),
            Err(fault) => Err(Error::new("cannot read which commit is checked out")
                .because(safe(&fault.to_string()))
                .hint("git fsck says what is damaged")),
        }
    }

    /// The commit that a revision names.
    pub fn resolve(&self, revision: &str) -> Result<Commit> {
        let repo = self.repo.to_thread_local();
        let by_id = self.reftable().and_then(|references| of_reftable(&references, revision));
        let found = repo.rev_parse_single(by_id.as_deref().unwrap_or(revision)).map(gix::Id::detach);
        let id = found.map_err(|_| self.no_revision(revision))?;
        let named = repo.find_object(id).map_err(|fault| unreadable(revision, &fault))?;
        let kind = named.kind;
        let commit = named.peel_to_commit().map_err(|_| {
            Error::new(format!("`{}` is no commit", safe(revision)))
                .because(format!("it names a {kind} that leads to none"))
                .hint("name a commit, branch or tag: git log --oneline")
        })?;
        self.commit(commit.id)
    }

    /// Why nothing has that name, and what was meant perhaps. A library's words would help nobody.
    fn no_revision(&self, revision: &str) -> Error {
        let repo = self.repo.to_thread_local();
        let is_there = |name: &str| {
            let by_id = self.reftable().and_then(|references| of_reftable(&references, name));
            repo.rev_parse_single(by_id.as_deref().unwrap_or(name)).is_ok()
        };
        let mut error = Error::new(format!("there is no revision `{}`", safe(revision)));
        let start = revision.find(['~', '^', ':', '@']).map(|at| &revision[..at]);
        error = match start.filter(|start| !start.is_empty() && is_there(start)) {
            Some(start) => error.because(format!("`{}` is here, but not what follows it", safe(start))),
            None => error.because("this clone has no commit, branch or tag of that name, or more than one"),
        };
        let fetched = format!("origin/{revision}");
        if is_there(&fetched) {
            error = error.hint(format!("did you mean {}?", safe(&fetched)));
        }
        error = error.hint("name a commit, branch or tag that `git rev-parse` knows, or a day: 2026-03-31");
        match self.is_shallow() {
            true => error.hint(format!("this clone is shallow; {UNSHALLOW}")),
            false => error,
        }
    }

    /// The commit of a whole id; `None` when it is not here.
    pub fn by_id(&self, id: &str) -> Option<Commit> {
        self.commit(gix::ObjectId::from_hex(id.as_bytes()).ok()?).ok()
    }

    /// The parents of a commit that are in this clone.
    pub fn parents_of(&self, commit: Commit) -> Vec<Commit> {
        let repo = self.repo.to_thread_local();
        let parents = self.parents(&repo, commit.id).unwrap_or_default();
        parents.into_iter().filter_map(|id| self.commit(id).ok()).collect()
    }

    /// The last commit of the first-parent line that was committed on or before a day of a zone.
    pub fn on_day(&self, day: Date, zone: &TimeZone) -> Result<Commit> {
        let head = self.head()?.ok_or_else(|| Error::new("there is no commit yet"))?;
        let line = self.first_parents(head)?;
        standing_on(&line, day, zone).ok_or_else(|| {
            let oldest = line.last().map_or(String::new(), |commit| commit.day(zone).to_string());
            let error = Error::new(format!("there is no commit on or before {day}"))
                .hint(format!("the oldest here is of {oldest}"));
            if self.is_shallow() { error.hint(format!("this clone is shallow; {UNSHALLOW}")) } else { error }
        })
    }

    /// The commit and its first parents, newest first, as far as they are here.
    pub fn first_parents(&self, from: Commit) -> Result<Vec<Commit>> {
        let repo = self.repo.to_thread_local();
        let cut = repo.shallow_commits().ok().flatten();
        let is_cut = |id: &gix::ObjectId| cut.as_ref().is_some_and(|cut| cut.contains(id));
        let mut line = Vec::new();
        let mut next = Some(from.id);
        while let Some(id) = next {
            let (commit, parent) = read(&repo, id)?;
            line.push(commit);
            next = parent.filter(|_| !is_cut(&id));
        }
        Ok(line)
    }

    /// The best common ancestor of two commits: what a pull request is compared with.
    pub fn merge_base(&self, ours: Commit, theirs: Commit) -> Result<Commit> {
        let repo = self.repo.to_thread_local();
        let found = repo.merge_base(ours.id, theirs.id).ok().flatten().map(gix::Id::detach);
        let base = found.ok_or_else(|| {
            let error =
                Error::new(format!("{} and {} have no common ancestor here", ours.short(), theirs.short()));
            if self.is_shallow() { error.hint(format!("this clone is shallow; {UNSHALLOW}")) } else { error }
        })?;
        self.commit(base)
    }

    /// Is `old` reachable from `new`? `None` when this clone does not reach far enough back to tell.
    pub fn is_ancestor(&self, old: &str, new: Commit) -> Option<bool> {
        let repo = self.repo.to_thread_local();
        let old = gix::ObjectId::from_hex(old.as_bytes()).ok()?;
        match repo.merge_base(old, new.id).ok().flatten().map(gix::Id::detach) {
            Some(base) if base == old => Some(true),
            _ if self.is_shallow() => None,
            _ => Some(false),
        }
    }

    /// The parents that are in this clone: those of a commit at which it was cut off are not.
    pub(super) fn parents(&self, repo: &gix::Repository, id: gix::ObjectId) -> Result<Vec<gix::ObjectId>> {
        let cut = repo.shallow_commits().ok().flatten().is_some_and(|cut| cut.contains(&id));
        if cut {
            return Ok(Vec::new());
        }
        let commit = repo.find_commit(id).map_err(|fault| unreadable(&id.to_string(), &fault))?;
        Ok(commit.parent_ids().map(gix::Id::detach).collect())
    }

    pub(super) fn commit(&self, id: gix::ObjectId) -> Result<Commit> {
        read(&self.repo.to_thread_local(), id).map(|(commit, _)| commit)
    }
}

/// A commit, and the id of its first parent.
fn read(repo: &gix::Repository, id: gix::ObjectId) -> Result<(Commit, Option<gix::ObjectId>)> {
    let told = |fault: &dyn std::fmt::Display| unreadable(&id.to_string(), fault);
    let object = repo.find_commit(id).map_err(|fault| told(&fault))?;
    let tree = object.tree_id().map_err(|fault| told(&fault))?.detach();
    let time = object.time().map_err(|fault| told(&fault))?;
    let commit = Commit { id, tree, at: Timestamp::from_second(time.seconds).unwrap_or_default() };
    Ok((commit, object.parent_ids().next().map(gix::Id::detach)))
}

/// The day from which each commit of a first-parent line stood, newest first like the line: its own day, but never before
/// that of a commit it follows. So a commit that is dated back does not move the days before it.
pub fn standing_since(line: &[Commit], zone: &TimeZone) -> Vec<Date> {
    let mut latest = Date::MIN;
    let mut days: Vec<Date> = line
        .iter()
        .rev()
        .map(|commit| {
            latest = latest.max(commit.day(zone));
            latest
        })
        .collect();
    days.reverse();
    days
}

/// The commit of a first-parent line, newest first, that stood on a day.
pub fn standing_on(line: &[Commit], day: Date, zone: &TimeZone) -> Option<Commit> {
    let days = standing_since(line, zone);
    line.iter().zip(days).find(|(_, since)| *since <= day).map(|(commit, _)| *commit)
}

/// What to type in a shallow clone.
pub(super) const UNSHALLOW: &str =
    "get the rest: git fetch --unshallow (in CI: fetch-depth: 0; with GitLab: GIT_DEPTH: \"0\")";

/// The same revision with the id of the object that its name leads to.
fn of_reftable(references: &References, revision: &str) -> Option<String> {
    let end = revision.find(['~', '^', ':']).or_else(|| revision.find("@{")).unwrap_or(revision.len());
    let (name, rest) = revision.split_at(end);
    references.find(name).map(|id| format!("{id}{rest}"))
}

fn is_unborn(repo: &gix::Repository) -> bool {
    repo.head().is_ok_and(|head| head.is_unborn())
}

fn unreadable(what: &str, fault: &dyn std::fmt::Display) -> Error {
    Error::new(format!("cannot read commit `{}`", safe(what)))
        .because(safe(&fault.to_string()))
        .hint("the repository may be damaged, or the clone partial: git fsck")
}
