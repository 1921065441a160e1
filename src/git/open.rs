//! Opening a repository, whoever left it there: no configuration but the repository's own format is used, no environment,
//! nothing is executed.

use std::path::{Path, PathBuf};

use super::reftable::References;
use crate::error::{Error, Result};
use crate::text::safe;

/// A repository and the folder of it that a programme lives in.
pub struct Repository {
    pub(super) repo: gix::ThreadSafeRepository,
    /// Where the work tree begins; the repository's own folder when it is bare.
    top: PathBuf,
    /// From the top to the programme: `compliance/`, or empty.
    prefix: String,
}

impl std::fmt::Debug for Repository {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Repository({}, {:?})", self.top.display(), self.prefix)
    }
}

impl Repository {
    /// The repository at or above `folder`, seen from that folder; `None` when there is none. Fails when one is there that
    /// cannot be read. A bare repository counts only where no work tree is at or above it: its files can lie in somebody's
    /// pull request.
    pub fn discover(folder: &Path) -> Result<Option<Self>> {
        let folder = std::fs::canonicalize(folder).map_err(|e| Error::io(folder, &e))?;
        let Some((top, bare)) = git_above(&folder) else { return Ok(None) };
        let repo = open(top, bare)?;
        let below = folder.strip_prefix(top).unwrap_or(Path::new(""));
        let prefix = below.components().map(|part| format!("{}/", part.as_os_str().to_string_lossy()));
        let prefix = if bare { String::new() } else { prefix.collect() };
        Ok(Some(Self { repo, top: top.to_owned(), prefix }))
    }

    /// Has it no work tree?
    pub fn is_bare(&self) -> bool {
        !self.top.join(".git").exists()
    }

    /// The folder that the repository's own configuration names for its hooks, if it names one.
    pub fn hooks_path(&self) -> Option<String> {
        let repo = self.repo.to_thread_local();
        repo.config_snapshot().string("core.hooksPath").map(|path| path.to_string())
    }

    /// The references, where they are kept as a reftable that can be read.
    pub(super) fn reftable(&self) -> Option<References> {
        let repo = self.repo.to_thread_local();
        let common = repo.common_dir();
        common.join("reftable").is_dir().then(|| References::read(repo.git_dir(), common)).flatten()
    }

    /// Where git keeps what all work trees of the repository share: hooks, objects, branches.
    pub fn common_dir(&self) -> PathBuf {
        self.repo.to_thread_local().common_dir().to_owned()
    }

    /// From the top of the repository to the programme: `compliance/`, or empty.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Where the work tree begins.
    pub fn top(&self) -> &Path {
        &self.top
    }

    /// The same repository, seen from another folder of it: `compliance/`, or empty.
    #[must_use]
    pub fn seen_from(&self, prefix: &str) -> Self {
        Self { repo: self.repo.clone(), top: self.top.clone(), prefix: prefix.to_owned() }
    }

    /// Is this clone cut off somewhere in the past?
    pub fn is_shallow(&self) -> bool {
        self.repo.to_thread_local().is_shallow().unwrap_or(false)
    }
}

/// The nearest folder with a repository, and whether it is a bare one.
fn git_above(folder: &Path) -> Option<(&Path, bool)> {
    let with_tree = folder.ancestors().find(|top| top.join(".git").symlink_metadata().is_ok());
    let bare = || folder.ancestors().find(|top| is_bare(top));
    with_tree.map(|top| (top, false)).or_else(|| bare().map(|top| (top, true)))
}

fn is_bare(folder: &Path) -> bool {
    folder.join("HEAD").is_file() && folder.join("objects").is_dir() && folder.join("refs").is_dir()
}

fn open(top: &Path, bare: bool) -> Result<gix::ThreadSafeRepository> {
    let options = gix::open::Options::isolated().with(gix::sec::Trust::Full).open_path_as_is(bare);
    gix::ThreadSafeRepository::open_opts(top, options).map_err(|fault| {
        Error::new(format!("cannot read the git repository in `{}`", safe(&top.display().to_string())))
            .because(safe(&fault.to_string()))
            .hint("repair it, or work on a copy without `.git`: all but history works there")
    })
}
