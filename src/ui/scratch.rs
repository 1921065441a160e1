//! A folder for what is not decided yet, which nobody else can read and which goes when its work is done.

use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::error::{Error, Result};

/// Names that are tried.
const TRIES: u32 = 1_000;

/// A folder of our own among the machine's temporary files.
#[derive(Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    /// A folder that was not there.
    pub fn new() -> Result<Self> {
        let parent = std::env::temp_dir();
        let mut last = io::Error::from(io::ErrorKind::AlreadyExists);
        for nth in 0..TRIES {
            let path = parent.join(format!("soc2-{}-{nth}", std::process::id()));
            match made(&path) {
                Ok(()) => return Ok(Self(path)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = error,
                Err(error) => return Err(Error::io(&path, &error)),
            }
        }
        Err(Error::io(&parent, &last))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Whatever is left of it is in the machine's folder for such things.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(unix)]
fn made(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o700).create(path)
}

#[cfg(not(unix))]
fn made(path: &Path) -> io::Result<()> {
    fs::create_dir(path)
}
