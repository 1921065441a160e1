//! What a change is compared with: the merge base of what is read and a revision, typed or told by the pull request that
//! runs us.

use std::path::Path;

use super::place::{Place, not_a_repository, not_listed, remembered, whole};
use crate::error::{Error, Result};
use crate::git::{Commit, Product, Repository};
use crate::program::Program;
use crate::source::{ROOT_FILE, Sources};
use crate::text::{safe, some};
use crate::ui::{self, Ui};

/// What `--base` without a value stands for.
pub(super) const AUTO: &str = "auto";

/// The base, loaded.
pub(super) struct Loaded {
    pub(super) commit: Commit,
    /// As a person would type it: `origin/main`.
    pub(super) asked: String,
    pub(super) prefix: String,
    /// `None` when it has no programme yet.
    pub(super) program: Option<Program>,
}

/// Finds and loads the base of a place; `of_commit` says that the place is a commit, not the disk.
pub(super) fn load(asked: &str, place: &Place, of_commit: bool, ui: Ui) -> Result<Loaded> {
    let Some(repository) = &place.repository else { return Err(not_a_repository(&place.root)) };
    let Some(head) = place.commit else {
        return Err(Error::new("there is no commit yet, so nothing to compare with")
            .hint("commit first: git add -A && git commit"));
    };
    let (tip, asked) = if asked == AUTO {
        of_environment(repository)?
    } else {
        (repository.resolve(asked)?, asked.to_owned())
    };
    let commit = repository.merge_base(head, tip)?;
    if !repository.has_listing(commit, &place.prefix) {
        return Err(not_listed(&asked));
    }
    let here = |prefix: &str| match of_commit {
        true => repository.holds_programme(head, prefix),
        false => repository.top().join(prefix).join(ROOT_FILE).is_file(),
    };
    let Some(prefix) = programme(repository, commit, &place.prefix, &here)? else {
        return Ok(Loaded { commit, asked, prefix: place.prefix.clone(), program: None });
    };
    let repository = repository.seen_from(&prefix);
    let mut program =
        ui.busy("reading the base", || Program::load(Sources::of_tree(repository.tree(commit))));
    whole(&program, &asked)?;
    program.implementations = repository.implementations(&program, Product::Commit(commit));
    program.keys = Some(repository.keys(&program, Product::Commit(commit)));
    program.history =
        ui.busy("reading the base", || remembered(&repository, commit, &program, true, commit))?;
    Ok(Loaded { commit, asked, prefix, program: Some(program) })
}

/// The folder of the programme in the base: the same as now, else the one from which it was moved.
fn programme(
    repository: &Repository,
    base: Commit,
    prefix: &str,
    here: &dyn Fn(&str) -> bool,
) -> Result<Option<String>> {
    if repository.holds_programme(base, prefix) {
        return Ok(Some(prefix.to_owned()));
    }
    let gone: Vec<String> = repository.programmes(base).into_iter().filter(|prefix| !here(prefix)).collect();
    match gone.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(one.clone())),
        several => {
            let named: Vec<String> = several.iter().map(|prefix| safe(prefix)).collect();
            Err(Error::new(format!("which programme became `{}` cannot be told", safe(prefix)))
                .because(format!("these are in the base and no longer here: {}", some(&named, 5)))
                .hint("move one programme in one change"))
        }
    }
}

/// The target of the pull or merge request that runs us.
fn of_environment(repository: &Repository) -> Result<(Commit, String)> {
    if let Some(name) = ui::variable_text("GITHUB_BASE_REF") {
        return branch(repository, &name, "with actions/checkout: fetch-depth: 0");
    }
    if ui::variable_text("GITHUB_EVENT_NAME").as_deref() == Some("merge_group")
        && let Some(file) = ui::variable_path("GITHUB_EVENT_PATH")
    {
        let id = base_of_queue(&file)?;
        return Ok((repository.resolve(&id)?, id));
    }
    if let Some(id) = ui::variable_text("CI_MERGE_REQUEST_DIFF_BASE_SHA") {
        return Ok((repository.resolve(&id)?, id));
    }
    if let Some(name) = ui::variable_text("CI_MERGE_REQUEST_TARGET_BRANCH_NAME") {
        return branch(repository, &name, "with GitLab: GIT_DEPTH: \"0\"");
    }
    Err(Error::new("this is no pull request or merge request, so the base must be named")
        .because("neither GITHUB_BASE_REF nor CI_MERGE_REQUEST_DIFF_BASE_SHA is set")
        .hint("soc2 check --base origin/main"))
}

/// A branch of the code host, as it was fetched.
fn branch(repository: &Repository, name: &str, whole_clone: &str) -> Result<(Commit, String)> {
    let remote = repository.resolve(&format!("refs/remotes/origin/{name}"));
    if let Ok(commit) = remote {
        return Ok((commit, format!("origin/{name}")));
    }
    if let Ok(commit) = repository.resolve(&format!("refs/heads/{name}")) {
        return Ok((commit, name.to_owned()));
    }
    remote
        .map(|commit| (commit, name.to_owned()))
        .map_err(|error| error.hint(format!("fetch the branch that the change goes to; {whole_clone}")))
}

/// The commit that a merge queue builds on, from the file that describes the event.
fn base_of_queue(file: &Path) -> Result<String> {
    let text = std::fs::read(file).map_err(|e| Error::io(file, &e))?;
    let event: serde_json::Value = serde_json::from_slice(&text).unwrap_or_default();
    let id = event["merge_group"]["base_sha"].as_str().filter(|id| id.bytes().all(|b| b.is_ascii_hexdigit()));
    id.map(str::to_owned).ok_or_else(|| {
        Error::new(format!("`{}` names no base of a merge queue", safe(&file.display().to_string())))
            .hint("soc2 check --base origin/main")
    })
}
