//! `soc2 hook install`: the hook refuses what is staged, touches nobody else's, and is in nobody's way.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Output;

use crate::repository::{ALICE, Repo};
use crate::support::{Folder, ran, root, soc2};

const CONTROL: &str = "id: a\ntitle: A\ndescription: B\nstatus: draft\ncriteria: [CC6.1]\n";
const SLIP: &str = "id: a\ntitle: A\ndescription: B\nstatus: draft\ncriteria: [CC99.1]\n";

fn programme(prefix: &str) -> Repo {
    let repo = Repo::new();
    repo.write(&format!("{prefix}soc2.toml"), "[organization]\nname = \"Acme\"\n[scope]\nframework = \"soc2-2017-rev2022\"\ncategories = [\"security\"]\n");
    repo.write(&format!("{prefix}controls/a.yaml"), CONTROL).write("README.md", "x\n");
    repo.commit("2026-01-10T12:00:00Z", ALICE, "Start");
    repo
}

/// PATH with this build of the program first.
fn path_with_soc2() -> String {
    let bin = Path::new(env!("CARGO_BIN_EXE_soc2")).parent().unwrap().display().to_string();
    format!("{bin}:{}", std::env::var("PATH").unwrap())
}

fn git(at: &Path, path: &str, arguments: &[&str]) -> Output {
    let mut command = crate::repository::git_in(at);
    for role in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{role}_NAME"), "A").env(format!("GIT_{role}_EMAIL"), "a@acme.example");
    }
    command.env("PATH", path).args(arguments).output().unwrap()
}

fn hook(repo: &Repo) -> PathBuf {
    repo.path().join(".git/hooks/pre-commit")
}

fn install(at: &Path) -> (i32, String) {
    let mut command = soc2();
    command.current_dir(at).args(["hook", "install"]);
    let ran = ran(command);
    (ran.code, ran.stderr)
}

/// Commits and says whether git did it, with what it printed.
fn commits(at: &Path, arguments: &[&str]) -> (bool, String) {
    let mut all = vec!["commit", "--quiet", "--message", "Change"];
    all.extend(arguments);
    let output = git(at, &path_with_soc2(), &all);
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_commit_is_refused_for_what_is_staged_and_not_for_the_work_tree() {
    for prefix in ["", "teams/compliance/"] {
        let repo = programme(prefix);
        let at = repo.path().join(prefix);
        let (code, told) = install(&at);
        assert_eq!(code, 0, "{told}");
        assert!(fs::metadata(hook(&repo)).unwrap().permissions().mode() & 0o111 == 0o111);
        let file = format!("{prefix}controls/a.yaml");
        // Staged with a fault, fine on disk.
        repo.write(&file, SLIP).git(&["add", "--all"]);
        repo.write(&file, CONTROL);
        let (done, said) = commits(repo.path(), &[]);
        assert!(!done && said.contains("unknown-criterion") && said.contains("not committed"), "{said}");
        // Fine once the mended file is staged, whatever lies on disk.
        repo.write(&file, format!("{CONTROL}# one\n")).git(&["add", "--all"]);
        repo.write(&file, SLIP);
        assert_eq!(commits(repo.path(), &[]), (true, String::new()));
        // `commit -a` and `commit PATH` stage into an index of their own, from any folder.
        assert!(!commits(&at, &["--all"]).0);
        let (done, said) = commits(&at, &["controls/a.yaml"]);
        assert!(!done && said.contains("unknown-criterion"), "{said}");
        repo.write("README.md", "y\n");
        assert_eq!(commits(repo.path(), &["README.md"]), (true, String::new()), "{prefix}");
        repo.write(&file, format!("{CONTROL}# two\n"));
        assert_eq!(commits(&at, &["--all"]), (true, String::new()));
    }
}

#[test]
fn a_linked_work_tree_has_the_same_hook() {
    let repo = programme("");
    let elsewhere = Folder::new();
    let linked = elsewhere.path().join("linked");
    repo.git(&["worktree", "add", "--quiet", "-b", "other", linked.to_str().unwrap()]);
    assert_eq!(install(&linked).0, 0);
    assert!(hook(&repo).exists());
    fs::write(linked.join("controls/a.yaml"), SLIP).unwrap();
    assert!(!commits(&linked, &["--all"]).0);
    fs::write(linked.join("controls/a.yaml"), format!("{CONTROL}# one\n")).unwrap();
    assert_eq!(commits(&linked, &["--all"]), (true, String::new()));
}

#[test]
fn colleagues_without_the_program_and_branches_without_the_programme_can_commit() {
    let repo = programme("compliance/");
    assert_eq!(install(&repo.path().join("compliance")).0, 0);
    repo.write("compliance/controls/a.yaml", SLIP).git(&["add", "--all"]);
    let git_only = Folder::new();
    for name in ["git", "sh"] {
        let found = std::env::var("PATH")
            .unwrap()
            .split(':')
            .map(|at| Path::new(at).join(name))
            .find(|file| file.exists());
        std::os::unix::fs::symlink(found.unwrap(), git_only.path().join(name)).unwrap();
    }
    let output =
        git(repo.path(), git_only.path().to_str().unwrap(), &["commit", "--quiet", "--message", "x"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("soc2 is not on PATH"), "{said}");
    repo.git(&["checkout", "--quiet", "--orphan", "other"]);
    repo.git(&["rm", "--quiet", "-r", "--force", "."]);
    repo.write("a.txt", "x\n").git(&["add", "--all"]);
    assert_eq!(commits(repo.path(), &[]), (true, String::new()));
}

#[test]
fn somebody_elses_hook_is_left_alone_and_ours_is_renewed() {
    let repo = programme("one/");
    repo.write("two/soc2.toml", "").commit("2026-02-10T12:00:00Z", ALICE, "Second programme");
    let theirs = "#!/bin/sh\nexit 0\n";
    fs::create_dir_all(hook(&repo).parent().unwrap()).unwrap();
    fs::write(hook(&repo), theirs).unwrap();
    let (code, told) = install(&repo.path().join("one"));
    assert_eq!(code, 1);
    assert!(told.contains("soc2 -C \"one\" check --staged || exit 1"), "{told}");
    assert_eq!(fs::read_to_string(hook(&repo)).unwrap(), theirs);
    fs::remove_file(hook(&repo)).unwrap();
    let elsewhere = Folder::new();
    std::os::unix::fs::symlink(elsewhere.path().join("x"), hook(&repo)).unwrap();
    assert_eq!(install(&repo.path().join("one")).0, 1);
    assert!(!elsewhere.path().join("x").exists());
    fs::remove_file(hook(&repo)).unwrap();
    assert_eq!(install(&repo.path().join("two")).0, 0);
    let older = fs::read_to_string(hook(&repo)).unwrap().replace("refused", "failed");
    fs::write(hook(&repo), older).unwrap();
    let (code, told) = install(&repo.path().join("one"));
    assert!(code == 0 && told.starts_with("Renewed"), "{told}");
    let text = fs::read_to_string(hook(&repo)).unwrap();
    assert!(text.contains("\ncheck 'one/'\ncheck 'two/'\n") && text.contains("refused"), "{text}");
    install(&repo.path().join("one"));
    assert_eq!(fs::read_to_string(hook(&repo)).unwrap(), text);
}

#[test]
fn a_folder_of_hooks_that_is_configured_is_named() {
    let repo = programme("");
    repo.git(&["config", "core.hooksPath", ".husky"]);
    let (code, told) = install(repo.path());
    assert_eq!(code, 1);
    assert!(told.contains(".husky/pre-commit: soc2 check --staged || exit 1"), "{told}");
    assert!(!hook(&repo).exists() && !repo.path().join(".husky").exists());
}

/// What the pre-commit framework reads.
#[test]
fn the_framework_is_told_the_same_command() {
    let text = fs::read_to_string(root().join(".pre-commit-hooks.yaml")).unwrap();
    for line in ["- id: soc2", "  entry: soc2 check --staged", "  language: rust", "  pass_filenames: false"]
    {
        assert!(text.lines().any(|has| has == line), "{line}");
    }
}
