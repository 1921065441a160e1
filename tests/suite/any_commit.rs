//! A commit is read the same from anywhere: another checkout path, zone and thread count, a dirty or sparse work tree, a
//! fresh clone that stands on it. And a clean work tree is read as its commit is.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use soc2::diagnostic::Diagnostic;
use soc2::git::Repository;
use soc2::source::{Body, Sources};

use crate::company;
use crate::repository::{ALICE, Repo, clone, git_in};
use crate::support::{Folder, files_below, ran, root, soc2};

/// Every verb that reads, with each of its formats.
const VERBS: &[&str] = &[
    "check",
    "check --format json",
    "check --format sarif",
    "check --format github",
    "check --format markdown --notes",
    "check -v --strict",
    "status",
    "status --all --format json",
    "status --format markdown",
    "status --format csv",
    "show iam-access-review",
    "show CC6.1 --format json",
    "due --days 90",
    "due --format json",
    "due --format ics",
    "next --all",
    "next --format json",
    "evidence list",
    "evidence list --format json",
    "evidence list --format csv",
];

/// The example company's repository with the programme in a folder of it.
fn company(prefix: &str) -> Folder {
    let folder = Folder::new();
    let commits: Vec<company::Commit> = company::commits()
        .iter()
        .map(|commit| {
            let mut commit = commit.clone();
            for (path, _) in &mut commit.changes {
                *path = format!("{prefix}{path}");
            }
            commit
        })
        .collect();
    company::repository::write_commits(&commits, folder.path()).unwrap();
    folder
}

/// What a verb prints in a folder: exit code, stdout, stderr.
fn said(at: &Path, verb: &str, more: &str, zone: &str, threads: &str) -> (i32, String, String) {
    let mut command = soc2();
    command.current_dir(at).env("TZ", zone).env("RAYON_NUM_THREADS", threads);
    command.args(verb.split(' ')).args(more.split(' '));
    let ran = ran(command);
    (ran.code, ran.stdout, ran.stderr)
}

fn git(at: &Path, arguments: &[&str]) -> String {
    let output = git_in(at).args(arguments).output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn equals_a_fresh_clone(prefix: &str, back: &str, as_of: &str) {
    let here = company(prefix);
    let elsewhere = Folder::new();
    let there = clone(here.path(), &elsewhere, &["--no-local"]);
    git(&there, &["reset", "--quiet", "--hard", back]);
    // Dirty: new, changed, staged, deleted. Sparse: most folders are left out.
    git(
        here.path(),
        &["sparse-checkout", "set", &format!("{prefix}controls"), &format!("{prefix}registers")],
    );
    here.write(&format!("{prefix}controls/new.yaml"), "id: [").write(&format!("{prefix}policies/x.md"), "x");
    here.write(&format!("{prefix}registers/people.yaml"), "- { id: nobody }\n");
    here.write(&format!("{prefix}.gitignore"), "*.csv\n");
    git(here.path(), &["add", "--sparse", &format!("{prefix}controls"), &format!("{prefix}policies")]);
    fs::remove_file(here.path().join(format!("{prefix}soc2.toml"))).unwrap();
    let (here, there) = (here.path().join(prefix), there.join(prefix));
    for verb in VERBS {
        let ours = said(&here, verb, &format!("--at {back} --as-of {as_of}"), "Asia/Tokyo", "1");
        let theirs = said(&there, verb, &format!("--at HEAD --as-of {as_of}"), "America/New_York", "4");
        assert!(ours.0 < 2 && !ours.1.is_empty(), "{verb}: {}", ours.2);
        assert_eq!(ours, theirs, "{verb}");
    }
}

#[test]
fn fifty_commits_back_equals_a_fresh_clone_of_that_commit() {
    equals_a_fresh_clone("", "HEAD~50", "2026-12-31");
}

#[test]
fn a_programme_in_a_folder_of_a_product_too() {
    equals_a_fresh_clone("teams/security/compliance/", "HEAD~100", "2026-09-30");
}

/// What is read of a file, and the faults told of it.
type Told = (BTreeMap<String, String>, Vec<String>);

fn told(sources: &Sources) -> Told {
    let body = |body: &Body| match body {
        Body::Text(text) => format!("text {text:?}"),
        Body::Artifact(facts) => format!("{facts:?}"),
        Body::Asset => "asset".to_owned(),
        Body::Patterns(_) => "patterns".to_owned(),
        Body::Refused => "refused".to_owned(),
    };
    let files = sources.files().map(|(_, file)| (file.path.to_string(), body(&file.body))).collect();
    let fault = |fault: &Diagnostic| {
        format!("{} {}: {} ({:?})", sources.path(fault.at.file), fault.rule, fault.message, fault.help)
    };
    let mut faults: Vec<String> = sources.diagnostics.iter().map(fault).collect();
    faults.sort();
    (files, faults)
}

/// The work tree, the index, and the commit of a repository.
fn three_readings(programme: &Path) -> [Told; 3] {
    let repository = Repository::discover(programme).unwrap().unwrap();
    let tracked = repository.tracked(programme).unwrap();
    let head = repository.head().unwrap().unwrap();
    [
        told(&Sources::read_tracked(programme, tracked).unwrap()),
        told(&Sources::of_tree(repository.staged(None).unwrap())),
        told(&Sources::of_tree(repository.tree(head))),
    ]
}

fn agree(programme: &Path, what: &str) -> Told {
    let [work_tree, index, commit] = three_readings(programme);
    assert_eq!(work_tree, commit, "{what}: work tree and commit");
    assert_eq!(index, commit, "{what}: index and commit");
    assert!(!commit.0.is_empty(), "{what}: nothing was read");
    commit
}

fn of_example(name: &str) -> Repo {
    let repo = Repo::new();
    for path in files_below(&format!("examples/{name}")) {
        let bytes = fs::read(root().join(&path)).unwrap();
        repo.write(path.strip_prefix(&format!("examples/{name}/")).unwrap(), bytes);
    }
    repo.git(&["add", "--all", "--force"]);
    repo.commit("2026-06-30T12:00:00Z", ALICE, "All");
    repo
}

#[test]
fn a_clean_work_tree_is_read_as_its_commit() {
    for name in ["acme", "acme-broken"] {
        let repo = of_example(name);
        agree(repo.path(), name);
    }
}

/// Each kind of link with what is said of it; `None` where it is followed.
const LINKS: &[(&str, &str, Option<&str>)] = &[
    ("controls/file.yaml", "../procedures/one.yaml", None),
    ("evidence/a/folder", "../real", None),
    ("evidence/a/dotted", "./.././real/./", None),
    ("evidence/a/hidden", "../../.git/config", Some("leads out")),
    ("evidence/a/dotfile", "../real/.env", Some("leads out")),
    ("evidence/a/absolute", "/etc/passwd", Some("is absolute")),
    ("evidence/a/out", "../../../../../../../../../../../../../etc/passwd", Some("leads out")),
    ("evidence/a/other-folder", "../../src/main.rs", Some("leads out")),
    ("evidence/a/root-file", "../../soc2.toml", Some("leads out")),
    ("evidence/a/nowhere", "../missing.csv", Some("leads nowhere")),
    ("evidence/a/in-a-file", "../real/users.csv/x", Some("leads to no file")),
    ("evidence/a/self", "self", Some("leads to another link")),
    ("evidence/a/twice", "absolute", Some("leads to another link")),
    ("evidence/a/through", "folder/users.csv", Some("leads to another link")),
    ("evidence/a/through-nowhere", "folder/missing.csv", Some("leads to another link")),
    ("evidence/a/above", "..", Some("leads to a folder above it")),
    ("evidence/a/itself", ".", Some("leads to a folder above it")),
    ("evidence/b", "with-link", None),
    ("narratives", "policies", None),
];

#[cfg(unix)]
#[test]
fn links_are_followed_alike_in_a_work_tree_and_in_a_commit() {
    let repo = Repo::new();
    repo.write("soc2.toml", "").write("src/main.rs", "x").write("policies/one.md", "x\n");
    repo.write("procedures/one.yaml", "id: one\n").write("evidence/real/users.csv", "a\n");
    repo.write("evidence/real/.env", "SECRET\n").write("evidence/real/.gitattributes", "* -text\n");
    repo.write("evidence/with-link/users.csv", "a\n");
    let link = |at: &str, to: &str| {
        let at = repo.path().join(at);
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(to, at).unwrap();
    };
    for (at, to, _) in LINKS {
        link(at, to);
    }
    link("evidence/with-link/inner.csv", "../real/users.csv");
    // By its name this folder would lead back into the programme.
    let name = repo.path().file_name().unwrap().to_str().unwrap().to_owned();
    link("evidence/a/round", &format!("../../../{name}/evidence/real/users.csv"));
    repo.commit("2026-06-30T12:00:00Z", ALICE, "Links");
    let (files, faults) = agree(repo.path(), "links");
    for (at, _, why) in LINKS {
        let of = |line: &&String| line.starts_with(&format!("{at} symlink-refused"));
        match why {
            Some(why) => {
                assert!(faults.iter().find(of).is_some_and(|line| line.contains(why)), "{at}: {faults:#?}")
            }
            None => assert!(
                faults.iter().find(of).is_none()
                    && files.range((*at).to_owned()..).next().is_some_and(|(path, _)| path.starts_with(at)),
                "{at}: {faults:#?}"
            ),
        }
    }
    let behind = "evidence/b/inner.csv symlink-refused: this link is behind another link";
    assert!(faults.iter().any(|line| line.starts_with(behind)), "{faults:#?}");
    assert!(
        faults
            .iter()
            .any(|line| line.starts_with("evidence/a/round symlink-refused: this symbolic link leads out"))
    );
    assert!(files.keys().all(|path| !path.starts_with("evidence/real/.git")), "{files:#?}");
}

#[cfg(unix)]
#[test]
fn many_links_are_refused_in_path_order() {
    let repo = Repo::new();
    repo.write("soc2.toml", "").write("evidence/real/users.csv", "a\n");
    fs::create_dir_all(repo.path().join("evidence/a")).unwrap();
    for n in 0..130 {
        let at = repo.path().join(format!("evidence/a/l{n:03}.csv"));
        std::os::unix::fs::symlink("../real/users.csv", at).unwrap();
    }
    repo.commit("2026-06-30T12:00:00Z", ALICE, "Links");
    let (_, faults) = agree(repo.path(), "many links");
    assert_eq!(faults.len(), 30);
    assert!(faults[0].starts_with("evidence/a/l100.csv symlink-refused: too many"), "{}", faults[0]);
}

/// Names, line ends, bits, depths: everything a stranger's tree can hold and a disk too.
#[cfg(unix)]
#[test]
fn odd_trees_are_read_alike() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::PermissionsExt;

    let repo = Repo::new();
    repo.write("soc2.toml", "[organization]\r\nname = \"A\"\r\n").write(".gitattributes", "* -text\n");
    repo.write("controls/crlf.yaml", "id: a\r\n").write("controls/bom.yaml", "\u{feff}id: b\n");
    repo.write("controls/latin.yaml", b"id: \xe4\n").write("controls/utf16.yaml", b"\xff\xfei\0d\0");
    repo.write("controls/CASE.yaml", "id: c\n").write("controls/case.yaml", "id: d\n");
    repo.write("controls/nul.yaml", "").write("controls/a:b.yaml", "").write("controls/end. ", "");
    repo.write("controls/README.md", "x").write("evidence/a/.gitkeep", "").write("evidence/a/.env", "x");
    repo.write("evidence/manifest.yaml", "")
        .write("evidence/a/manifest.yml", "")
        .write("registers/x.xlsx", "x");
    repo.write("controls/large.yaml", "#".repeat((1 << 20) + 1)).write("registers/risks.csv", "id\r\na\r\n");
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
    repo.write("evidence/a/pointer.bin", pointer).write("evidence/a/empty.csv", "");
    repo.write("evidences/a/manifest.yaml", "title: x\n").write("narrative/system.md", "x\n");
    repo.write(&format!("evidence/{}/at.csv", ["d"; 64].join("/")), "x");
    repo.write(&format!("evidence/{}/below.csv", ["d"; 65].join("/")), "x");
    repo.write("policies", "a file where a folder should be\n");
    let odd = repo.path().join("evidence/a").join(OsStr::from_bytes(b"caf\xe9.csv"));
    fs::write(odd, "x").unwrap();
    let script = repo.path().join("evidence/a/run.sh");
    fs::write(&script, "exit\n").unwrap();
    fs::set_permissions(script, fs::Permissions::from_mode(0o755)).unwrap();
    repo.commit("2026-06-30T12:00:00Z", ALICE, "Odd");
    let (files, faults) = agree(repo.path(), "odd trees");
    let said = |of: &str| assert!(faults.iter().any(|line| line.contains(of)), "{of}: {faults:#?}");
    said("narrative file-not-read");
    said("d/d input-too-large: a folder more than 64 levels down");
    said("controls/latin.yaml not-utf8");
    said("caf\u{fffd}.csv unportable-path");
    said("controls/large.yaml input-too-large");
    assert!(files.contains_key(&format!("evidence/{}/at.csv", ["d"; 64].join("/"))));
}

/// What lies in a folder named `.git` is git's own, and no commit can hold it.
#[test]
fn a_repository_inside_the_programme_shows_its_files_and_not_its_git_folder() {
    let repo = Repo::new();
    repo.write("soc2.toml", "").write("evidence/inner/users.csv", "a\n");
    repo.write("evidence/inner/.git/config", "[core]\n").write("evidence/inner/.git/HEAD", "x\n");
    let repository = Repository::discover(repo.path()).unwrap().unwrap();
    let sources = Sources::read_tracked(repo.path(), repository.tracked(repo.path()).unwrap()).unwrap();
    let paths: Vec<&str> = sources.files().map(|(_, file)| &*file.path).collect();
    assert_eq!(paths, ["evidence/inner/users.csv", "soc2.toml"]);
}

/// What `core.autocrlf` does to a checkout is seen on disk and never in a commit.
#[test]
fn a_commit_knows_no_autocrlf() {
    let repo = Repo::new();
    repo.write("soc2.toml", "[organization]\n").write("controls/a.yaml", "id: a\n");
    repo.commit("2026-06-30T12:00:00Z", ALICE, "All");
    let before = agree(repo.path(), "before");
    repo.git(&["config", "core.autocrlf", "true"]);
    for file in ["soc2.toml", "controls/a.yaml"] {
        repo.remove(file);
    }
    repo.git(&["checkout", "--", "."]);
    let [work_tree, index, commit] = three_readings(repo.path());
    assert_eq!((&index, &commit), (&before, &before));
    let rules: Vec<&str> = work_tree.1.iter().filter_map(|line| line.split([' ', ':']).nth(1)).collect();
    assert_eq!(rules, ["crlf-line-endings"; 2]);
}

/// Small trees that unfold without end are read in bounded time and memory.
#[test]
fn a_tree_that_unfolds_without_end_is_refused() {
    let repo = Repo::new();
    let blob = {
        repo.write("x", "x\n");
        repo.git(&["hash-object", "-w", "x"]).trim().to_owned()
    };
    let mktree = |lines: &str| {
        use std::io::Write;
        let mut child = repo
            .command()
            .args(["mktree"])
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
        String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap().trim().to_owned()
    };
    for leaf in [format!("100644 blob {blob}\tx.csv\n"), String::new()] {
        let mut tree = mktree(&leaf);
        for _ in 0..10 {
            let lines: String = (0..10).map(|n| format!("040000 tree {tree}\td{n}\n")).collect();
            tree = mktree(&lines);
        }
        let top = mktree(&format!("040000 tree {tree}\tevidence\n100644 blob {blob}\tsoc2.toml\n"));
        let commit = repo.git_as("2026-06-30T12:00:00Z", ALICE, &["commit-tree", &top, "-m", "Bomb"]);
        let repository = Repository::discover(repo.path()).unwrap().unwrap();
        let commit = repository.resolve(commit.trim()).unwrap();
        let (files, faults) = told(&Sources::of_tree(repository.tree(commit)));
        assert_eq!(files.keys().collect::<Vec<_>>(), ["evidence", "soc2.toml"]);
        assert!(faults[0].starts_with("evidence unreadable-file"), "{faults:?}");
    }
}
