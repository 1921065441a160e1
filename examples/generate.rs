//! Writes a believable large programme: for measuring, for trying things out, and for tests. Same arguments, same
//! bytes, same commit id.
//!
//!     cargo run --release --example generate -- --controls 200 --evidence 2000 --commits 40 --seed 1 /tmp/large

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

#[path = "generate/programme.rs"]
mod programme;
#[path = "generate/repository.rs"]
mod repository;

use programme::{Programme, Shape};

/// Write a believable large SOC 2 programme as a git repository.
///
/// A Type II audit of 2026 at Acme, Inc.: controls over all criteria of security and availability, people, roles,
/// systems, vendors, risks, 20 policies, and evidence of which a third is late or faulty in one of two dozen ways.
/// The same arguments give the same bytes and the same commit id on any machine.
#[derive(Parser)]
#[command(name = "generate")]
struct Args {
    /// Controls, one file each.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    controls: u32,
    /// Evidence manifests, each in a folder of its own with an artefact of 2 KB.
    #[arg(long, value_name = "M", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(..=10_000_000))]
    evidence: u32,
    /// Commits over the twelve months of 2026; 0 writes files only, and no git repository.
    #[arg(long, value_name = "K", default_value_t = 52, value_parser = clap::value_parser!(u32).range(..=1_000_000))]
    commits: u32,
    /// Another seed gives another programme.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Megabytes of large artefacts besides, in up to four files.
    #[arg(long, value_name = "L", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=1_000_000))]
    large_mb: u64,
    /// Folder to write to; made if it is not there, refused if it is not empty.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

fn main() -> ExitCode {
    match generate(&Args::parse()) {
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

fn generate(args: &Args) -> io::Result<String> {
    let folder = empty_folder(&args.folder)?;
    let programme = Programme::new(Shape {
        controls: args.controls as usize,
        evidence: args.evidence as usize,
        seed: args.seed,
        large_mb: args.large_mb,
    });
    if args.commits == 0 {
        let files = repository::write_files(&programme, &folder)?;
        return Ok(format!("{files} files in {}", folder.display()));
    }
    let head = repository::write_commits(&programme, &folder, args.commits as usize)?;
    Ok(format!("{} commits in {}, the last is {head}", args.commits, folder.display()))
}

/// The folder, made if need be; one that holds anything is refused, for nothing of anybody's may be lost.
fn empty_folder(folder: &Path) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    if fs::read_dir(folder)?.next().is_some() {
        return Err(io::Error::other(format!("`{}` is not empty", folder.display())));
    }
    fs::canonicalize(folder)
}
