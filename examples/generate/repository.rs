//! Writing a programme: plain files, or a git repository with a year of commits.

#![allow(unreachable_pub, reason = "shared by path; there is no crate to be reached from")]

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use jiff::civil::Date;

use crate::programme::{Content, Piece, Programme, Rng, log};

/// Seconds of 2026-01-05, 08:00 UTC: the first commit.
const FIRST: u64 = 1_767_600_000;
/// Seconds from the first to the last commit, in the last days of 2026.
const SPAN: u64 = 358 * 86_400;

/// Writes the last state of every file.
pub fn write_files(programme: &Programme, folder: &Path) -> io::Result<usize> {
    let mut written = 0;
    for (_, piece) in programme.pieces() {
        if matches!(piece, Piece::EarlierControl(_) | Piece::EarlierArtifact(_)) {
            continue;
        }
        let mut result = Ok(());
        programme.files(piece, &mut |path, content| {
            if result.is_ok() {
                result = write_file(&folder.join(path), &content);
                written += 1;
            }
        });
        result?;
    }
    Ok(written)
}

fn write_file(path: &Path, content: &Content) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    match content {
        Content::Bytes(bytes) => fs::write(path, bytes),
        Content::Log(seed, bytes) => {
            let mut file = BufWriter::new(fs::File::create(path)?);
            log(*seed, *bytes, &mut |block| file.write_all(block))?;
            file.flush()
        }
    }
}

/// Writes so many commits into a new repository, checks the last one out, and gives its id.
pub fn write_commits(programme: &Programme, folder: &Path, commits: usize) -> io::Result<String> {
    run(git(folder).args([
        "init",
        "--quiet",
        "--initial-branch=main",
        "--object-format=sha1",
        "--template=",
    ]))?;
    let mut import = git(folder)
        .args(["fast-import", "--quiet", "--depth=0", "--date-format=raw", "--done"])
        .stdin(Stdio::piped())
        .spawn()?;
    let sent = match import.stdin.take() {
        Some(pipe) => send(programme, commits, &mut BufWriter::with_capacity(1 << 20, pipe)),
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
fn send(programme: &Programme, commits: usize, out: &mut impl Write) -> io::Result<()> {
    let mut pieces = programme.pieces();
    pieces.sort_by_key(|(day, _)| *day);
    let mut rest = &pieces[..];
    for number in 0..commits {
        let mut rng = Rng::of(programme.shape.seed, 20, number);
        let last = number + 1 == commits;
        let step = SPAN / commits as u64;
        let jitter = rng.below(usize::try_from(step / 2 + 1).unwrap_or(1)) as u64;
        let at = FIRST + if last { SPAN } else { number as u64 * step + jitter };
        let count = if last { rest.len() } else { rest.partition_point(|(day, _)| *day <= day_of(at)) };
        let (now, later) = rest.split_at(count);
        rest = later;
        let author = &programme.people[rng.below(24)];
        let who = format!("{} <{}> {at} +0000", author.name, author.email);
        let message = message(now, number);
        writeln!(
            out,
            "commit refs/heads/main\nauthor {who}\ncommitter {who}\ndata {}\n{message}",
            message.len()
        )?;
        for (_, piece) in now {
            let mut result = Ok(());
            programme.files(*piece, &mut |path, content| {
                if result.is_ok() {
                    result = send_file(out, &path, &content);
                }
            });
            result?;
        }
    }
    writeln!(out, "done")?;
    out.flush()
}

fn send_file(out: &mut impl Write, path: &str, content: &Content) -> io::Result<()> {
    writeln!(out, "M 100644 inline {path}")?;
    match content {
        Content::Bytes(bytes) => {
            writeln!(out, "data {}", bytes.len())?;
            out.write_all(bytes)?;
        }
        Content::Log(seed, bytes) => {
            writeln!(out, "data {bytes}")?;
            log(*seed, *bytes, &mut |block| out.write_all(block))?;
        }
    }
    writeln!(out)
}

fn day_of(seconds: u64) -> Date {
    let moment = i64::try_from(seconds).ok().and_then(|s| jiff::Timestamp::from_second(s).ok());
    moment.unwrap_or_default().to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// What a commit says of itself.
fn message(pieces: &[(Date, Piece)], number: usize) -> String {
    let count = |of: fn(&Piece) -> bool| pieces.iter().filter(|(_, piece)| of(piece)).count();
    let evidence = count(|p| matches!(p, Piece::Evidence(_) | Piece::EarlierArtifact(_) | Piece::Large(_)));
    let controls = count(|p| matches!(p, Piece::Control(_) | Piece::EarlierControl(_)));
    match (number, controls, evidence) {
        (0, ..) => "Start the programme".to_owned(),
        (_, 0, 0) => "Weekly look at the programme: nothing changed".to_owned(),
        (_, 0, n) => format!("File evidence ({n})"),
        (_, n, 0) => format!("Write down controls ({n})"),
        (_, c, e) => format!("Update controls ({c}), file evidence ({e})"),
    }
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
    for setting in [
        "core.autocrlf=false",
        "core.fsync=none",
        "core.compression=1",
        "pack.compression=1",
        "checkout.workers=0",
        "gc.auto=0",
        "advice.detachedHead=false",
        // Every blob goes into the pack, also of a small programme, so that the folder looks the same for each run.
        "fastimport.unpackLimit=1",
    ] {
        command.args(["-c", setting]);
    }
    command
}

fn run(command: &mut Command) -> io::Result<()> {
    let status = command.stdin(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("{command:?} failed"))) }
}
