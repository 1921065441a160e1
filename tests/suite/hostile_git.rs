//! A checkout's own configuration can name programs. None is ever started, whatever verb is run.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::repository::{ALICE, Repo};
use crate::support::{Folder, ran, soc2};

/// Every verb that opens a repository; later ones are added here.
const VERBS: &[&str] = &[
    "check",
    "check --at HEAD~1",
    "check --at 2026-01-31",
    "check --staged",
    "check --format sarif",
    "status",
    "status --at HEAD",
    "show a",
    "due",
    "next",
    "evidence list",
    "hook install",
];

const HOOKS: &[&str] = &[
    "applypatch-msg",
    "commit-msg",
    "fsmonitor-watchman",
    "post-checkout",
    "post-commit",
    "post-index-change",
    "post-merge",
    "post-rewrite",
    "pre-auto-gc",
    "pre-commit",
    "pre-push",
    "prepare-commit-msg",
    "reference-transaction",
    "update",
];

/// `TRAP` stands for a program that leaves a mark.
const CONFIG: &str = r#"
[alias]
    check = !TRAP
    status = !TRAP
    log = !TRAP
[core]
    fsmonitor = TRAP
    pager = TRAP
    editor = TRAP
    sshCommand = TRAP
    askPass = TRAP
    gitProxy = TRAP
    alternateRefsCommand = TRAP
    attributesFile = ATTRIBUTES
[diff]
    external = TRAP
[diff "trap"]
    textconv = TRAP
    command = TRAP
[filter "trap"]
    clean = TRAP
    smudge = TRAP
    process = TRAP
    required = true
[merge "trap"]
    driver = TRAP
[credential]
    helper = !TRAP
[gpg]
    program = TRAP
[gpg "ssh"]
    program = TRAP
    defaultKeyCommand = TRAP
    allowedSignersFile = ATTRIBUTES
[gpg "x509"]
    program = TRAP
[gpg "openpgp"]
    program = TRAP
[log]
    showSignature = true
[commit]
    gpgSign = true
[sequence]
    editor = TRAP
[interactive]
    diffFilter = TRAP
[pager]
    check = TRAP
[browser "trap"]
    cmd = TRAP
[trailer "trap"]
    command = TRAP
[uploadpack]
    packObjectsHook = TRAP
[protocol "ext"]
    allow = always
[remote "origin"]
    url = ext::TRAP
    fetch = +refs/heads/*:refs/remotes/origin/*
    uploadpack = TRAP
    promisor = true
    partialCloneFilter = blob:none
    proxy = TRAP
[url "ext::TRAP"]
    insteadOf = https://
[submodule "trap"]
    update = !TRAP
    url = ext::TRAP
[include]
    path = INCLUDED
[includeIf "gitdir:/"]
    path = INCLUDED
[extensions]
    partialClone = origin
    worktreeConfig = true
"#;

struct Trapped {
    repo: Repo,
    marks: Folder,
    outside: Folder,
}

fn trapped() -> Trapped {
    let (repo, marks, outside) = (Repo::new(), Folder::new(), Folder::new());
    repo.write("soc2.toml", "[organization]\nname = \"Acme\"\n");
    repo.write("controls/a.yaml", "id: a\ntitle: A\ndescription: B\nstatus: draft\ncriteria: [CC6.1]\n");
    repo.write("evidence/a/users.csv", "a\n");
    repo.commit("2026-01-10T12:00:00Z", ALICE, "Start");
    repo.write("evidence/a/users.csv", "b\n")
        .write(".gitattributes", "* filter=trap diff=trap merge=trap text\n");
    repo.commit("2026-02-10T12:00:00Z", ALICE, "More");
    let trap = outside.path().join("trap");
    let script = |name: &str| format!("#!/bin/sh\necho ran >> '{}/{name}'\n", marks.path().display());
    plant(&trap, &script("configured"));
    let (included, attributes) = (outside.path().join("included"), outside.path().join("attributes"));
    fs::write(&included, format!("[core]\n    fsmonitor = {}\n", trap.display())).unwrap();
    fs::write(&attributes, "* filter=trap diff=trap\n").unwrap();
    let git = repo.path().join(".git");
    let config = CONFIG.replace("TRAP", &trap.display().to_string());
    let config = config.replace("INCLUDED", &included.display().to_string());
    let config = config.replace("ATTRIBUTES", &attributes.display().to_string());
    let plain = fs::read_to_string(git.join("config"))
        .unwrap()
        .replace("repositoryformatversion = 0", "repositoryformatversion = 1");
    fs::write(git.join("config"), plain + &config).unwrap();
    fs::write(git.join("config.worktree"), format!("[core]\n    fsmonitor = {}\n", trap.display())).unwrap();
    for hook in HOOKS {
        plant(&git.join("hooks").join(hook), &script(&format!("hook-{hook}")));
    }
    Trapped { repo, marks, outside }
}

fn plant(path: &Path, script: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, script).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn marks(trapped: &Trapped) -> Vec<String> {
    let entries = fs::read_dir(trapped.marks.path()).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn hostile_configuration_runs_nothing() {
    let trapped = trapped();
    // A user's and a machine's configuration count as little.
    let home = Folder::new();
    fs::copy(trapped.repo.path().join(".git/config"), home.path().join(".gitconfig")).unwrap();
    // Nothing is in the pack that some commit needs: the server would be asked, by a program.
    trapped.repo.write("controls/a.yaml", "id: a\nstatus: planned\n");
    for verb in VERBS {
        let mut command = soc2();
        command.current_dir(trapped.repo.path()).args(verb.split(' ')).env("HOME", home.path());
        let trap = trapped.outside.path().join("trap");
        for name in [
            "GIT_SSH_COMMAND",
            "GIT_EXTERNAL_DIFF",
            "GIT_ASKPASS",
            "GIT_PAGER",
            "GIT_EDITOR",
            "PAGER",
            "EDITOR",
        ] {
            command.env(name, &trap);
        }
        command.env("GIT_CONFIG_GLOBAL", home.path().join(".gitconfig"));
        let ran = ran(command);
        assert!(ran.code < 2, "{verb}: {}", ran.stderr);
        assert_eq!(marks(&trapped), [""; 0], "{verb} ran something");
    }
    // The traps work: git itself steps into some.
    let _ = trapped.repo.command().args(["status"]).output().unwrap();
    assert_ne!(marks(&trapped), [""; 0], "no trap is armed");
}

/// Values out of all bounds, and whole sections of nonsense, fail no check.
#[test]
fn absurd_configuration_fails_no_check() {
    let long = "x".repeat(1 << 20);
    for config in [
        "[core]\nbigFileThreshold = 99999999999999999999999\ncompression = xx\npackedGitLimit = -1\n",
        "[core]\ndeltaBaseCacheLimit = 99999999999999999999999\nsymlinks = maybe\nabbrev = 99999\ncommitGraph = perhaps\n",
        "[core]\nbare = true\nworktree = /nowhere\nlogAllRefUpdates = 7\n[index]\nthreads = 99999999999\nversion = -3\n",
        "[extensions]\nobjectFormat = rot13\n",
        "[core]\nrepositoryformatversion = 1\n[extensions]\nunheardOf = true\n",
        "[remote \"origin\"]\nurl = \n[branch \"main\"]\nmerge = \u{1}\nremote = ../..\n",
        &format!("[{long}]\n{long} = {long}\n"),
        &format!("[a \"{long}\"]\nb = \"{long}\n"),
    ] {
        let repo = Repo::new();
        repo.write("soc2.toml", "[organization]\nname = \"Acme\"\n").commit(
            "2026-01-10T12:00:00Z",
            ALICE,
            "Start",
        );
        let before = repo.folder().run("check --as-of 2026-06-30");
        let file = repo.path().join(".git/config");
        fs::write(&file, fs::read_to_string(&file).unwrap() + config).unwrap();
        let after = repo.folder().run("check --as-of 2026-06-30");
        let shown = &config[..config.len().min(60)];
        assert_eq!((after.code, after.stdout), (before.code, before.stdout), "{shown}: {}", after.stderr);
        assert!(after.stderr.lines().count() <= 1 && after.stderr.len() < 4096, "{shown}: {}", after.stderr);
    }
}
