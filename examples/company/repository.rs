//! Writing the story: its last tree as plain files, or every commit into a new git repository.

#![allow(unreachable_pub, dead_code, reason = "shared by path; each user needs a part of it")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use super::story::{Commit, objects};

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
    let parents = parents(commits);
    let trees = write_trees(commits, &parents, folder)?;
    let ids = write_objects(commits, &parents, &trees, folder)?;
    let main = commits.iter().zip(&ids).rfind(|(commit, _)| commit.branch.is_none());
    let (_, head) = main.ok_or_else(|| io::Error::other("there is no commit"))?;
    run(git(folder).args(["update-ref", "refs/heads/main", head]))?;
    run(git(folder).args(["update-ref", "-d", SCRATCH]))?;
    run(git(folder).args(["reset", "--quiet", "--hard"]))?;
    run(git(folder).args(["repack", "-a", "-d", "--quiet"]))?;
    Ok(head.clone())
}

/// The commit that a folder's repository stands on, if its work tree is clean.
pub fn clean_head(folder: &Path) -> io::Result<Option<String>> {
    if !folder.join(".git").is_dir() {
        return Ok(None);
    }
    let folder = fs::canonicalize(folder)?;
    let said = |arguments: &[&str]| {
        let output = git(&folder).args(arguments).stderr(Stdio::null()).output()?;
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        io::Result::Ok(output.status.success().then_some(text))
    };
    let clean = said(&["status", "--porcelain"])?.is_some_and(|changes| changes.is_empty());
    if clean { said(&["rev-parse", "--verify", "--quiet", "HEAD"]) } else { Ok(None) }
}

/// What trees are imported under, until commits hold them.
const SCRATCH: &str = "refs/scratch/trees";

/// The commits that each one follows, by index: the one before it on its line, and for a merge the end of the branch.
fn parents(commits: &[Commit]) -> Vec<Vec<usize>> {
    let mut line: Option<usize> = None;
    let mut branches: BTreeMap<u16, usize> = BTreeMap::new();
    let mut parents = Vec::with_capacity(commits.len());
    for (index, commit) in commits.iter().enumerate() {
        let merged = commit.merges.and_then(|number| branches.remove(&number));
        match commit.branch {
            Some(number) => {
                parents.push(branches.get(&number).copied().or(line).into_iter().collect());
                branches.insert(number, index);
            }
            None => {
                parents.push(line.into_iter().chain(merged).collect());
                line = Some(index);
            }
        }
    }
    parents
}

/// Has `git fast-import` write every file and tree, and gives each commit's tree. The commits it makes are thrown away: not
/// every git can import a signature.
fn write_trees(commits: &[Commit], parents: &[Vec<usize>], folder: &Path) -> io::Result<Vec<String>> {
    let (marks, list) = (folder.join(".git/story-marks"), folder.join(".git/story-list"));
    let mut import = git(folder)
        .args(["fast-import", "--quiet", "--force", "--depth=0", "--date-format=raw", "--done"])
        .arg(format!("--export-marks={}", marks.display()))
        .stdin(Stdio::piped())
        .spawn()?;
    let sent = match import.stdin.take() {
        Some(pipe) => send(commits, parents, &mut BufWriter::with_capacity(1 << 20, pipe)),
        None => Ok(()),
    };
    let status = import.wait()?;
    sent?;
    if !status.success() {
        return Err(io::Error::other("git fast-import failed"));
    }
    let text = fs::read_to_string(&marks)?;
    let mut asked: Vec<(usize, &str)> = text
        .lines()
        .filter_map(|line| line.strip_prefix(':')?.split_once(' '))
        .filter_map(|(mark, id)| Some((mark.parse().ok()?, id)))
        .collect();
    asked.sort_unstable();
    let asked: Vec<String> = asked.into_iter().map(|(_, id)| format!("{id}^{{tree}}\n")).collect();
    fs::write(&list, asked.concat())?;
    let mut look = git(folder);
    look.args(["cat-file", "--batch-check=%(objectname)"]).stdin(fs::File::open(&list)?);
    let trees = String::from_utf8_lossy(&look.output()?.stdout).lines().map(str::to_owned).collect();
    fs::remove_file(&marks)?;
    fs::remove_file(&list)?;
    Ok(trees)
}

/// The stream that `git fast-import` reads.
fn send(commits: &[Commit], parents: &[Vec<usize>], out: &mut impl Write) -> io::Result<()> {
    for (index, (commit, parents)) in commits.iter().zip(parents).enumerate() {
        write!(out, "commit {SCRATCH}\nmark :{}\ncommitter a <a> 0 +0000\ndata 0\n", index + 1)?;
        if let Some(first) = parents.first() {
            writeln!(out, "from :{}", first + 1)?;
        }
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

/// Writes the commits themselves, signed where they are, and gives their ids.
fn write_objects(
    commits: &[Commit],
    parents: &[Vec<usize>],
    trees: &[String],
    folder: &Path,
) -> io::Result<Vec<String>> {
    let file = folder.join(".git/story-commit");
    let mut hash = git(folder)
        .args(["hash-object", "-t", "commit", "-w", "--no-filters", "--stdin-paths"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let (Some(mut ask), Some(answer)) = (hash.stdin.take(), hash.stdout.take()) else {
        return Err(io::Error::other("git hash-object has no pipes"));
    };
    let mut answers = BufReader::new(answer).lines();
    let mut ids: Vec<String> = Vec::with_capacity(commits.len());
    for ((commit, parents), tree) in commits.iter().zip(parents).zip(trees) {
        let parents: Vec<&str> = parents.iter().map(|index| ids[*index].as_str()).collect();
        fs::write(&file, objects::commit(commit, tree, &parents))?;
        writeln!(ask, "{}", file.display())?;
        ids.push(answers.next().unwrap_or_else(|| Err(io::Error::other("git hash-object stopped")))?);
    }
    drop(ask);
    fs::remove_file(&file)?;
    match hash.wait()?.success() && ids.len() == commits.len() {
        true => Ok(ids),
        false => Err(io::Error::other("git hash-object failed")),
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
    for setting in ["core.autocrlf=false", "core.fsync=none", "gc.auto=0", "fastimport.unpackLimit=1"] {
        command.args(["-c", setting]);
    }
    command
}

fn run(command: &mut Command) -> io::Result<()> {
    let status = command.stdin(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("{command:?} failed"))) }
}
