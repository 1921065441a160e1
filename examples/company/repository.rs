//! Writing the story: its last tree as plain files, or every commit into a new git repository.

#![allow(unreachable_pub, dead_code, reason = "shared by path; each user needs a part of it")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use super::story::Commit;

/// Writes files below a folder.
pub fn write_tree(tree: &BTreeMap<String, Vec<u8>>, folder: &Path) -> io::Result<()> {
    for (path, bytes) in tree {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, bytes)?;
    }
    Ok(())
}

/// Writes every commit into a new repository on the branch `main`, checks the last one out, and gives its id.
pub fn write_commits(commits: &[Commit], folder: &Path) -> io::Result<String> {
    let init = ["init", "--quiet", "--initial-branch=main", "--object-format=sha1", "--template="];
    run(git(folder).args(init))?;
    let mut import = git(folder)
        .args(["fast-import", "--quiet", "--depth=0", "--date-format=raw", "--done"])
        .stdin(Stdio::piped())
        .spawn()?;
    let sent = match import.stdin.take() {
        Some(pipe) => send(commits, &mut BufWriter::with_capacity(1 << 20, pipe)),
        None => Ok(()),
    };
    let status = import.wait()?;
    sent?;
    if !status.success() {
        return Err(io::Error::other("git fast-import failed"));
    }
    run(git(folder).args(["reset", "--quiet", "--hard"]))?;
    let head = git(folder).args(["rev-parse", "HEAD"]).stdout(Stdio::piped()).output()?;
    Ok(String::from_utf8_lossy(&head.stdout).trim().to_owned())
}

/// The stream that `git fast-import` reads.
fn send(commits: &[Commit], out: &mut impl Write) -> io::Result<()> {
    for commit in commits {
        let who = format!("{} <{}> {} {}", commit.name, commit.email, commit.seconds, commit.offset);
        let message = format!("{}\n", commit.message);
        write!(
            out,
            "commit refs/heads/main\nauthor {who}\ncommitter {who}\ndata {}\n{message}",
            message.len()
        )?;
        for (path, content) in &commit.changes {
            match content {
                Some(bytes) => {
                    writeln!(out, "M 100644 inline {path}\ndata {}", bytes.len())?;
                    out.write_all(bytes)?;
                    writeln!(out)?;
                }
                None => writeln!(out, "D {path}")?,
            }
        }
        writeln!(out)?;
    }
    writeln!(out, "done")?;
    out.flush()
}

/// git in a folder, blind to the user's and the machine's configuration and to an outer repository.
fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GIT_") {
            command.env_remove(name);
        }
    }
    command
        .current_dir(folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_ATTR_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", if cfg!(windows) { "NUL" } else { "/dev/null" })
        .env("GIT_DIR", folder.join(".git"))
        .env("GIT_WORK_TREE", folder);
    for setting in ["core.autocrlf=false", "core.fsync=none", "gc.auto=0", "fastimport.unpackLimit=1"] {
        command.args(["-c", setting]);
    }
    command
}

fn run(command: &mut Command) -> io::Result<()> {
    let status = command.stdin(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("{command:?} failed"))) }
}
