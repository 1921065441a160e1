//! Real repositories for tests: built with the `git` program in a folder of their own, every date and person fixed, the
//! machine's configuration left out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::Folder;

/// A repository with a work tree.
pub(crate) struct Repo {
    folder: Folder,
}

/// A person who commits.
#[derive(Clone, Copy)]
pub(crate) struct Person {
    pub(crate) name: &'static str,
    pub(crate) email: &'static str,
}

pub(crate) const ALICE: Person = Person { name: "Alice", email: "alice@acme.example" };
pub(crate) const BOB: Person = Person { name: "Bob", email: "bob@acme.example" };

impl Repo {
    /// An empty repository on branch `main`.
    pub(crate) fn new() -> Self {
        Self::with(&[])
    }

    /// One made with further arguments of `git init`.
    pub(crate) fn with(arguments: &[&str]) -> Self {
        let repo = Self { folder: Folder::new() };
        let mut all = vec!["init", "--quiet", "--initial-branch=main"];
        all.extend(arguments);
        all.push(".");
        repo.git(&all);
        repo
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The folder, to run the program in.
    pub(crate) fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Writes a file and the folders it needs.
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) -> &Self {
        self.folder.write(path, text);
        self
    }

    pub(crate) fn remove(&self, path: &str) -> &Self {
        fs::remove_file(self.path().join(path)).unwrap();
        self
    }

    /// Commits everything at a moment, such as `2026-03-31T12:00:00Z`, and gives the commit's id.
    pub(crate) fn commit(&self, at: &str, by: Person, message: &str) -> String {
        self.git(&["add", "--all"]);
        self.git_as(at, by, &["commit", "--quiet", "--allow-empty", "--message", message]);
        self.id("HEAD")
    }

    /// Merges other branches at a moment, always with a merge commit.
    pub(crate) fn merge(&self, at: &str, by: Person, branches: &[&str]) -> String {
        let mut all = vec!["merge", "--quiet", "--no-ff", "--no-edit"];
        all.extend(branches);
        self.git_as(at, by, &all);
        self.id("HEAD")
    }

    /// The whole id of a revision.
    pub(crate) fn id(&self, revision: &str) -> String {
        self.git(&["rev-parse", revision]).trim().to_owned()
    }

    /// Runs git and gives what it printed; panics when it fails.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        said(self.command().args(arguments).output().unwrap(), arguments)
    }

    /// Runs git as somebody, with both clocks at a moment.
    pub(crate) fn git_as(&self, at: &str, by: Person, arguments: &[&str]) -> String {
        let mut command = self.command();
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), by.name);
            command.env(format!("GIT_{role}_EMAIL"), by.email);
            command.env(format!("GIT_{role}_DATE"), at);
        }
        said(command.args(arguments).output().unwrap(), arguments)
    }

    /// git in this repository, without the machine's configuration.
    pub(crate) fn command(&self) -> Command {
        git_in(self.path())
    }
}

/// git in a folder, without the machine's configuration.
pub(crate) fn git_in(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GIT_")) {
        command.env_remove(name);
    }
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").env("LC_ALL", "C");
    command.env("HOME", "/nonexistent");
    command
}

/// Clones with further arguments (`--depth=1`) into a new folder and gives its path below `into`.
pub(crate) fn clone(from: &Path, into: &Folder, arguments: &[&str]) -> PathBuf {
    let target = into.path().join("clone");
    let url = format!("file://{}", from.display());
    let mut command = Command::new("git");
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    command.args(["clone", "--quiet"]).args(arguments).arg(url).arg(&target);
    said(command.output().unwrap(), arguments);
    target
}

fn said(output: Output, arguments: &[&str]) -> String {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "git {arguments:?}: {out}{err}");
    out.into_owned()
}
