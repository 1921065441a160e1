//! Histories in packs, where a tree is kept as what differs from another: they are told as `git log` tells them, however the
//! packs were made, and a damaged pack is never read as if nothing had happened.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use soc2::history::Reach;

use crate::repository::{Repo, clone};
use crate::support::Folder;
use crate::witness::{Look, listed};

const FILES: usize = 150;
const COMMITS: usize = 90;

fn path(n: usize) -> String {
    format!("registers/list-{n:03}.txt")
}

/// A folder of many files of which each commit changes one: git keeps its trees in chains.
fn wide(arguments: &[&str]) -> Repo {
    let repo = Repo::with(arguments);
    let mut out = String::new();
    for commit in 0..COMMITS {
        let at = 1_700_000_000 + commit * 60;
        let _ = write!(
            out,
            "commit refs/heads/main\nmark :{}\ncommitter A <a@acme.example> {at} +0000\ndata 1\nx\n",
            commit + 1
        );
        let files = if commit == 0 { 0..FILES } else { (commit * 7 % FILES)..(commit * 7 % FILES + 1) };
        for file in files {
            let text = format!("{file} in {commit}");
            let _ = write!(out, "M 100644 inline {}\ndata {}\n{text}\n", path(file), text.len());
        }
    }
    let mut import = repo.command();
    import.args(["fast-import", "--quiet"]).stdin(Stdio::piped());
    let mut import = import.spawn().unwrap();
    import.stdin.take().unwrap().write_all(out.as_bytes()).unwrap();
    assert!(import.wait().unwrap().success());
    repo
}

fn repack(repo: &Repo, settings: &[&str]) {
    let repack = ["repack", "-a", "-d", "-f", "--quiet", "--depth=50", "--window=50"];
    repo.git(&[settings, &repack].concat());
    let index = fs::read_dir(repo.path().join(".git/objects/pack")).unwrap().flatten();
    let index = index.map(|file| file.path()).find(|path| path.extension().is_some_and(|end| end == "idx"));
    let chains = repo.git(&["verify-pack", "--verbose", index.unwrap().to_str().unwrap()]);
    assert!(chains.contains("chain length = 20"), "git made no chains of trees");
}

fn is_told(repo: &Repo, folder: &std::path::Path, case: &str) {
    let look = Look::at(folder, "main");
    assert_eq!(look.history.reach, Reach::Whole, "{case}");
    for file in (0..FILES).step_by(10) {
        let path = path(file);
        assert_eq!(look.touches(&path), listed(repo, &["main", "--", &path]), "{case}: {path}");
    }
}

#[test]
fn chains_are_told_as_git_log_lists_them() {
    for format in ["sha1", "sha256"] {
        let repo = wide(&[&format!("--object-format={format}")]);
        is_told(&repo, repo.path(), "as imported");
        repack(&repo, &[]);
        is_told(&repo, repo.path(), "bases by their place");
        repack(&repo, &["-c", "repack.useDeltaBaseOffset=false"]);
        is_told(&repo, repo.path(), "bases by their id");
    }
}

#[test]
fn the_packs_of_another_repository_are_read() {
    let repo = wide(&[]);
    repack(&repo, &[]);
    let elsewhere = Folder::new();
    let copy = clone(repo.path(), &elsewhere, &["--shared"]);
    is_told(&repo, &copy, "shared");
}

#[test]
fn a_damaged_pack_is_not_taken_for_an_old_one() {
    let repo = wide(&[]);
    repack(&repo, &[]);
    let whole = Look::at(repo.path(), "main").touches(&path(0));
    let packs = fs::read_dir(repo.path().join(".git/objects/pack")).unwrap().flatten();
    let pack = packs.map(|file| file.path()).find(|path| path.extension().is_some_and(|end| end == "pack"));
    let pack = pack.unwrap();
    let bytes = fs::read(&pack).unwrap();
    fs::remove_file(&pack).unwrap();
    // Commits come first in a pack, then the trees: only what lies behind them is damaged.
    for at in [bytes.len() * 6 / 10, bytes.len() * 8 / 10, bytes.len() - 100] {
        let mut damaged = bytes.clone();
        damaged[at..at + 40].fill(0xA5);
        fs::write(&pack, &damaged).unwrap();
        let Ok(look) = std::panic::catch_unwind(|| Look::at(repo.path(), "main")) else {
            panic!("byte {at}: stopped")
        };
        let told = look.has(&path(0)) && look.history.reach == Reach::Whole;
        assert!(!told || look.touches(&path(0)) == whole, "byte {at}: told wrongly");
    }
}
