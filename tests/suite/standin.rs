//! Stand-ins for programs that speak to other systems: small scripts, first in the PATH of the child, that replay what the
//! real ones printed.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::support::{Folder, Ran, ran, soc2};

/// Puts a script in place of a program.
pub(crate) fn stand_in(folder: &Folder, program: &str, script: &str) {
    let path = format!("bin/{program}");
    folder.write(&path, format!("#!/bin/sh\n{script}\n"));
    let path = folder.path().join(path);
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Runs `soc2` where the stand-ins come first; words are separated by spaces.
pub(crate) fn with_stand_ins(folder: &Folder, words: &str) -> Ran {
    with_stand_ins_args(folder, &words.split_whitespace().collect::<Vec<_>>())
}

/// The same with words that hold blanks.
pub(crate) fn with_stand_ins_args(folder: &Folder, words: &[&str]) -> Ran {
    let mut command = soc2();
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{}:{path}", folder.path().join("bin").display()));
    ran({
        command.current_dir(folder.path()).args(words);
        command
    })
}
