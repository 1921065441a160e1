//! Builds the example company as a git repository: sixteen months of a SOC 2 programme, every commit with the date and
//! the person it had, some merged on a forge, some signed. Same bytes and same commit ids on any machine. `examples/acme` is
//! its last tree.
//!
//!     cargo run --example company -- /tmp/acme
//!     cargo run --example company -- --tree-only /tmp/acme

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

#[path = "company/repository.rs"]
mod repository;
#[path = "company/story.rs"]
mod story;

/// Build the example company, Acme, Inc., as a git repository.
///
/// Controls, policies, registers and evidence from October 2025 to January 2027, with the slips that a believable year
/// has; README.md of the result tells them month by month.
#[derive(Parser)]
#[command(name = "company")]
struct Args {
    /// Write the last tree only, without git.
    #[arg(long)]
    tree_only: bool,
    /// Folder to write to; made if it is not there, left alone if it holds that very repository, refused if anything else.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

fn main() -> ExitCode {
    match build(&Args::parse()) {
        Ok(said) => {
            let _ = writeln!(io::stdout(), "{said}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::from(2)
        }
    }
}

fn build(args: &Args) -> io::Result<String> {
    let commits = story::commits();
    if !args.tree_only
        && let Some(head) = repository::clean_head(&args.folder)?
        && expected_head(&commits)? == head
    {
        return Ok(format!(
            "{} holds the repository already, the last commit is {head}",
            args.folder.display()
        ));
    }
    let folder = empty_folder(&args.folder)?;
    if args.tree_only {
        let tree = story::last_tree(&commits);
        repository::write_tree(&tree, &folder)?;
        return Ok(format!("{} files in {}", tree.len(), folder.display()));
    }
    let head = repository::write_commits(&commits, &folder)?;
    Ok(format!("{} commits in {}, the last is {head}", commits.len(), folder.display()))
}

/// The id of the last commit: known once everything was written somewhere.
fn expected_head(commits: &[story::Commit]) -> io::Result<String> {
    let scratch = std::env::temp_dir().join(format!("soc2-example-{}", std::process::id()));
    fs::create_dir(&scratch)?;
    let head = fs::canonicalize(&scratch).and_then(|folder| repository::write_commits(commits, &folder));
    fs::remove_dir_all(&scratch)?;
    head
}

/// The folder, made if need be; one that holds anything is refused, for nothing of anybody's may be lost.
fn empty_folder(folder: &Path) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    if fs::read_dir(folder)?.next().is_some() {
        let why =
            "is not empty and not the repository that this version makes; remove it or name another folder";
        return Err(io::Error::other(format!("`{}` {why}", folder.display())));
    }
    fs::canonicalize(folder)
}
