//! What is wrong with an archive, and where.

use std::fmt;
use std::io;

use crate::text::safe;

/// More faults than anybody reads; the rest is counted.
const KEPT: usize = 200;

/// A place where an archive is not what was packed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file it concerns, as it is named there.
    pub path: Option<String>,
    /// In bytes from the start of the archive.
    pub at: Option<u64>,
    /// What is wrong: the subject is the file, or the archive.
    pub what: String,
}

impl Fault {
    pub(super) fn at(at: u64, what: impl Into<String>) -> Self {
        Self { path: None, at: Some(at), what: what.into() }
    }

    pub(super) fn of(path: &str, at: u64, what: impl Into<String>) -> Self {
        Self { path: Some(path.to_owned()), at: Some(at), what: what.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.path {
            write!(f, "`{}`: ", safe(path))?;
        }
        f.write_str(&self.what)?;
        self.at.map_or(Ok(()), |at| write!(f, ", at byte {at}"))
    }
}

/// Why reading ended.
#[derive(Debug)]
pub enum Stop {
    /// The archive could not be read at all: the disk's failure, not the archive's.
    Disk(io::Error),
    /// It is not what was packed.
    Fault(Fault),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Disk(error)
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Disk(error) => error.fmt(f),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

/// All faults, the first of them in words.
#[derive(Clone, Debug, Default)]
pub(super) struct Faults {
    pub(super) kept: Vec<Fault>,
    pub(super) more: usize,
}

impl Faults {
    pub(super) fn push(&mut self, fault: Fault) {
        if self.kept.len() < KEPT {
            self.kept.push(fault);
        } else {
            self.more += 1;
        }
    }
}
