//! Every kind of repository: what each holds is read the same, and what cannot be told is said with the fix.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::repository::{ALICE, BOB, Repo, clone, git_in};
use crate::support::{Folder, Ran, ran, soc2};

const CONFIG: &str = "[organization]\nname = \"Acme\"\n[scope]\nframework = \"soc2-2017-rev2022\"\ncategories = [\"security\"]\n";
const PEOPLE: &str = "- { id: ann, name: Ann, kind: employee, employed: [{ from: 2024-01-01 }] }\n";

fn control(criterion: &str) -> String {
    format!("id: a\ntitle: A\ndescription: B\nowner: ann\nstatus: draft\ncriteria: [{criterion}]\n")
}

/// Two commits of a small programme in a folder of the repository; a slip in the first is mended in the second.
fn fill(repo: &Repo, prefix: &str) {
    let at = |path: &str| format!("{prefix}{path}");
    repo.write(&at("soc2.toml"), CONFIG).write(&at("controls/a.yaml"), control("CC99.1"));
    repo.write(&at("registers/people.yaml"), PEOPLE).write(&at("evidence/x/note.txt"), "one\n");
    repo.commit("2026-01-10T12:00:00Z", ALICE, "Start");
    repo.write(&at("controls/a.yaml"), control("CC6.1")).write(&at("evidence/x/note.txt"), "two\n");
    repo.commit("2026-02-10T12:00:00Z", BOB, "Mended");
}

fn filled() -> Repo {
    let repo = Repo::new();
    fill(&repo, "");
    repo
}

fn run(at: &Path, words: &str) -> Ran {
    let mut command = soc2();
    command.current_dir(at).args(words.split_whitespace());
    ran(command)
}

fn git(at: &Path, arguments: &[&str]) {
    let output = git_in(at).args(arguments).output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// The report as JSON, without what the work tree, index or commit is called.
fn report(at: &Path, words: &str) -> Value {
    let ran = run(at, &format!("check --as-of 2026-06-30 --format json {words}"));
    assert!(ran.code < 2, "{words}: {}", ran.stderr);
    let mut report: Value = serde_json::from_str(&ran.stdout).unwrap();
    report.as_object_mut().unwrap().remove("read");
    report
}

/// Rules and paths; the artefact that no manifest lists is there to be read, not to be told.
fn faults(report: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let all = report["diagnostics"].as_array().unwrap().iter();
    let all = all.filter(|fault| fault["rule"] != "artifact-unlisted");
    all.map(|fault| (text(&fault["rule"]), text(&fault["place"]["path"]))).collect()
}

/// The work tree reads like that of the plain repository, and so does each commit.
fn reads_like_plain(at: &Path, what: &str) {
    let plain = filled();
    for words in ["", "--staged", "--at HEAD", "--at HEAD~1", "--at main", "--at 2026-01-31"] {
        assert_eq!(report(at, words), report(plain.path(), words), "{what}: {words}");
    }
}

#[test]
fn a_linked_work_tree_and_its_own_index() {
    let repo = filled();
    let elsewhere = Folder::new();
    let linked = elsewhere.path().join("linked");
    repo.git(&["checkout", "--quiet", "-b", "other"]);
    repo.git(&["worktree", "add", "--quiet", linked.to_str().unwrap(), "main"]);
    reads_like_plain(&linked, "linked work tree");
    fs::write(linked.join("controls/a.yaml"), control("CC99.9")).unwrap();
    git(&linked, &["add", "."]);
    assert_eq!(faults(&report(&linked, "--staged")).len(), 1);
    assert_eq!(faults(&report(repo.path(), "--staged")).len(), 0);
}

#[test]
fn a_sparse_checkout_reads_what_it_left_out() {
    for (patterns, what) in [
        (&["set", "registers"][..], "cone"),
        (&["set", "--sparse-index", "registers"], "sparse index"),
        (&["set", "--no-cone", "/registers/*"], "without the root file"),
        (&["set", "--no-cone", "/nothing"], "nothing at all"),
    ] {
        let repo = filled();
        let mut arguments = vec!["sparse-checkout"];
        arguments.extend(patterns);
        repo.git(&arguments);
        assert!(!repo.path().join("controls").exists(), "{what}");
        reads_like_plain(repo.path(), what);
    }
}

#[test]
fn a_file_put_back_into_a_sparse_checkout_counts_as_it_is() {
    let repo = filled();
    repo.git(&["sparse-checkout", "set", "registers"]);
    repo.write("controls/a.yaml", control("CC99.7"));
    assert_eq!(faults(&report(repo.path(), "")).len(), 1);
    assert_eq!(faults(&report(repo.path(), "--at HEAD")).len(), 0);
}

#[test]
fn hashes_references_and_packs_of_every_kind() {
    let sha256 = Repo::with(&["--object-format=sha256"]);
    fill(&sha256, "");
    assert_eq!(sha256.id("HEAD").len(), 64);
    let text = |mut report: Value| {
        report.as_object_mut().unwrap().remove("as_of");
        faults(&report)
    };
    let plain = filled();
    for words in ["", "--staged", "--at HEAD", "--at HEAD~1", "--at 2026-01-31"] {
        assert_eq!(text(report(sha256.path(), words)), text(report(plain.path(), words)), "{words}");
    }
    let packed = filled();
    packed.git_as("2026-02-11T12:00:00Z", ALICE, &["tag", "--annotate", "--message", "One", "v1", "HEAD~1"]);
    packed.git(&["gc", "--quiet"]);
    assert!(packed.path().join(".git/packed-refs").exists());
    reads_like_plain(packed.path(), "packed");
    assert_eq!(report(packed.path(), "--at v1"), report(plain.path(), "--at HEAD~1"));
    assert_eq!(report(packed.path(), "--at v1^{commit}"), report(plain.path(), "--at HEAD~1"));
    let short = &packed.id("HEAD~1")[..9];
    assert_eq!(report(packed.path(), &format!("--at {short}")), report(plain.path(), "--at HEAD~1"));
}

#[test]
fn what_a_branch_follows_can_be_named() {
    let repo = filled();
    let elsewhere = Folder::new();
    let copy = clone(repo.path(), &elsewhere, &[]);
    git(&copy, &["reset", "--quiet", "--hard", "HEAD~1"]);
    for name in ["main@{upstream}", "@{u}", "origin/main", "refs/remotes/origin/main"] {
        assert_eq!(faults(&report(&copy, &format!("--at {name}"))), [], "{name}");
    }
    assert_eq!(faults(&report(&copy, "--at HEAD")).len(), 1);
}

#[test]
fn references_kept_as_a_reftable_are_read() {
    for format in ["sha1", "sha256"] {
        let repo = Repo::with(&["--ref-format=reftable", &format!("--object-format={format}")]);
        assert_eq!(run(repo.path(), "check --at HEAD").code, 2);
        fill(&repo, "");
        let plain = filled();
        let same = |at: &Path, words: &str, expected: &str| {
            assert_eq!(
                faults(&report(at, words)),
                faults(&report(plain.path(), expected)),
                "{format}: {words}"
            );
        };
        repo.git_as(
            "2026-02-11T12:00:00Z",
            ALICE,
            &["tag", "--annotate", "--message", "One", "v1", "HEAD~1"],
        );
        for n in 0..400 {
            repo.git(&["update-ref", &format!("refs/heads/many/branch-{n:03}"), "HEAD"]);
        }
        repo.git(&["branch", "gone", "HEAD"]);
        repo.git(&["branch", "-D", "gone"]);
        let linked = Folder::new();
        let linked_at = linked.path().join("linked");
        repo.git(&["worktree", "add", "--quiet", "--detach", linked_at.to_str().unwrap(), "HEAD~1"]);
        for again in [false, true] {
            same(repo.path(), "", "");
            same(repo.path(), "--staged", "--staged");
            for (words, expected) in [
                ("--at HEAD", "--at HEAD"),
                ("--at @", "--at HEAD"),
                ("--at main~1", "--at HEAD~1"),
                ("--at heads/main", "--at HEAD"),
                ("--at refs/heads/many/branch-399^", "--at HEAD~1"),
                ("--at v1", "--at HEAD~1"),
                ("--at 2026-01-31", "--at HEAD~1"),
            ] {
                same(repo.path(), words, expected);
            }
            same(&linked_at, "--at HEAD", "--at HEAD~1");
            same(&linked_at, "--at main", "--at HEAD");
            assert_eq!(run(repo.path(), "check --at gone").code, 2);
            assert_eq!(run(repo.path(), "check").stderr, "");
            if !again {
                repo.git(&["pack-refs", "--all"]);
            }
        }
        fs::write(repo.path().join(".git/reftable/tables.list"), "missing.ref\n").unwrap();
        same(repo.path(), "", "");
        assert!(run(repo.path(), "check").stderr.contains("history reads unknown"));
    }
}

#[test]
fn a_bare_repository_has_commits_and_nothing_else() {
    let repo = filled();
    let elsewhere = Folder::new();
    let bare = clone(repo.path(), &elsewhere, &["--bare"]);
    let plain = filled();
    for words in ["--at main", "--at HEAD~1", "--at 2026-01-31"] {
        assert_eq!(report(&bare, words), report(plain.path(), words), "{words}");
    }
    let staged = run(&bare, "check --staged");
    assert_eq!(staged.code, 2);
    assert!(staged.stderr.contains("a bare repository has no index"), "{}", staged.stderr);
    let work_tree = run(&bare, "check");
    assert_eq!(work_tree.code, 2, "{}", work_tree.stdout);
    assert!(work_tree.stderr.contains("--at main"), "{}", work_tree.stderr);
}

/// A pull request can hold the files of a bare repository; they are not taken for the repository.
#[test]
fn files_that_look_like_a_repository_are_not_one() {
    let repo = Repo::new();
    fill(&repo, "compliance/");
    let inner = repo.path().join("compliance");
    let bait = Repo::new();
    bait.write("soc2.toml", "").commit("2026-05-05T12:00:00Z", ALICE, "Bait");
    for name in ["HEAD", "config", "objects", "refs"] {
        fs::rename(bait.path().join(".git").join(name), inner.join(name)).unwrap();
    }
    assert_eq!(report(&inner, "--at HEAD"), {
        let clean = Repo::new();
        fill(&clean, "compliance/");
        report(&clean.path().join("compliance"), "--at HEAD")
    });
}

#[test]
fn a_shallow_clone_reads_what_it_has_and_names_the_fix() {
    let repo = filled();
    let elsewhere = Folder::new();
    let shallow = clone(repo.path(), &elsewhere, &["--depth=1"]);
    let plain = filled();
    for words in ["", "--staged", "--at HEAD"] {
        assert_eq!(faults(&report(&shallow, words)), faults(&report(plain.path(), words)), "{words}");
    }
    for at in ["HEAD~1", "2026-01-31", repo.id("HEAD~1").as_str()] {
        let refused = run(&shallow, &format!("check --at {at}"));
        assert_eq!(refused.code, 2, "{at}");
        assert!(refused.stderr.contains("fetch-depth: 0"), "{at}: {}", refused.stderr);
    }
}

/// The content of older commits is on the server. It is told file by file, read as unknown, and never asked for: the
/// server is gone.
#[test]
fn a_partial_clone_says_what_is_not_here_and_asks_nobody() {
    for (filter, at) in [("--filter=blob:none", "--at HEAD~1"), ("--filter=tree:0", "--at HEAD~1")] {
        let repo = filled();
        repo.git(&["config", "uploadpack.allowFilter", "true"]);
        repo.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
        let elsewhere = Folder::new();
        let partial = clone(repo.path(), &elsewhere, &[filter]);
        let gone = repo.path().with_extension("gone");
        fs::rename(repo.path(), &gone).unwrap();
        let plain = filled();
        assert_eq!(faults(&report(&partial, "")), faults(&report(plain.path(), "")));
        if filter == "--filter=blob:none" {
            let older = report(&partial, at);
            let not_here: Vec<_> = faults(&older);
            let rule = |path: &str| ("unreadable-file".to_owned(), path.to_owned());
            assert_eq!(not_here, [rule("controls/a.yaml"), rule("evidence/x/note.txt")]);
            let words = older["diagnostics"][0].to_string();
            assert!(
                words.contains("not in this clone") && words.contains("git fetch --refetch --no-filter"),
                "{words}"
            );
            for words in ["check --base HEAD~1", "diff HEAD~1", "diff HEAD~1 HEAD"] {
                let refused = run(&partial, words);
                assert_eq!(refused.code, 2, "{words}: {}", refused.stdout);
                assert!(
                    refused.stderr.contains("git fetch --refetch --no-filter origin")
                        && refused.stderr.contains("controls/a.yaml"),
                    "{words}: {}",
                    refused.stderr
                );
            }
            let status = run(&partial, "check --at HEAD~1 --as-of 2026-06-30");
            assert!(status.stdout.contains("could not be read"), "{}", status.stdout);
        } else {
            let refused = run(&partial, &format!("check {at}"));
            assert_eq!(refused.code, 2);
            assert!(refused.stderr.contains("git fetch --refetch --no-filter"), "{}", refused.stderr);
            let refused = run(&partial, "check --base HEAD~1");
            assert_eq!(refused.code, 2, "{}", refused.stdout);
            assert!(refused.stderr.contains("git fetch --refetch --no-filter"), "{}", refused.stderr);
        }
        fs::rename(&gone, repo.path()).unwrap();
        git(&partial, &["fetch", "--quiet", "--refetch", "--no-filter", "origin"]);
        assert_eq!(faults(&report(&partial, at)), faults(&report(plain.path(), at)), "the fix works");
    }
}

const MANIFEST: &str = "title: R\ncontrols: [a]\nkind: log\nperformed: { on: 2026-03-28, by: ann }\n";

#[test]
fn a_submodule_is_listed_and_not_entered() {
    let other = Repo::new();
    other.write("2026-q1/manifest.yaml", MANIFEST).commit("2026-01-05T12:00:00Z", ALICE, "Evidence");
    let url = format!("file://{}", other.path().display());
    let add = |repo: &Repo, at: &str| {
        repo.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", &url, at]);
        repo.commit("2026-03-10T12:00:00Z", ALICE, "Submodule");
    };
    for at in ["evidence/a", "controls/shared", "evidence/more"] {
        let repo = Repo::new();
        repo.write("soc2.toml", format!("{CONFIG}[[audit]]\nid = \"t\"\ntype = \"type2\"\nperiod = {{ from = 2026-01-01, to = 2026-06-30 }}\n"));
        repo.write("registers/people.yaml", PEOPLE);
        let yaml =
            control("CC6.1").replace("draft", "implemented\neffective_from: 2025-01-01\ncadence: quarterly");
        repo.write("controls/a.yaml", yaml).commit("2026-01-10T12:00:00Z", ALICE, "Start");
        let missed = run(repo.path(), "show a --as-of 2026-06-30 --format json").stdout;
        assert!(missed.contains("\"missed\""), "{missed}");
        add(&repo, at);
        let expected = vec![("submodule-not-read".to_owned(), at.to_owned())];
        for words in ["", "--staged", "--at HEAD"] {
            assert_eq!(faults(&report(repo.path(), words)), expected, "{at}: {words}");
            let unread = run(repo.path(), &format!("check --as-of 2026-06-30 {words}"));
            assert!(unread.stdout.contains(&format!("what rests on {at}")), "{at}: {}", unread.stdout);
        }
        let shown = run(repo.path(), "show a --at HEAD --as-of 2026-06-30 --format json").stdout;
        assert_eq!(shown.contains("\"missed\""), at.starts_with("controls"), "{at}: {shown}");
        repo.git(&["submodule", "--quiet", "deinit", "--force", at]);
        assert_eq!(faults(&report(repo.path(), "")), expected, "{at}: not checked out");
    }
    let repo = filled();
    add(&repo, "vendor/library");
    assert_eq!(faults(&report(repo.path(), "")), []);
}

#[test]
fn a_programme_in_a_folder_is_found_where_it_was() {
    let repo = Repo::new();
    fill(&repo, "old/place/");
    fs::create_dir_all(repo.path().join("new")).unwrap();
    repo.git(&["mv", "old/place", "new/place"]);
    repo.commit("2026-03-10T12:00:00Z", ALICE, "Moved");
    let plain = filled();
    let place = repo.path().join("new/place");
    assert_eq!(faults(&report(&place, "")), []);
    assert_eq!(faults(&report(&place.join("controls"), "--at HEAD")), []);
    let moved = run(&place, "check --at HEAD~2");
    assert_eq!(moved.code, 2);
    assert!(moved.stderr.contains("at that commit there is one in `old/place`"), "{}", moved.stderr);
    for folder in ["old/place", "old/place/controls"] {
        let older = report(repo.path(), &format!("-C {folder} --at HEAD~2"));
        assert_eq!(faults(&older), faults(&report(plain.path(), "--at HEAD~1")), "{folder}");
    }
}

/// git's own programs find a repository by these; a hook's environment must not lead to another one.
#[test]
fn only_the_index_is_taken_from_the_environment() {
    let (repo, other) = (filled(), Repo::new());
    other.write("soc2.toml", "").commit("2026-05-05T12:00:00Z", ALICE, "Other");
    let other_git = other.path().join(".git");
    let misled = |words: &str| {
        let mut command = soc2();
        command
            .current_dir(repo.path())
            .args(["check", "--as-of", "2026-06-30"])
            .args(words.split_whitespace());
        command.env("GIT_DIR", &other_git).env("GIT_WORK_TREE", other.path());
        command.env("GIT_OBJECT_DIRECTORY", other_git.join("objects")).env("GIT_CONFIG_COUNT", "x");
        command.env("GIT_CEILING_DIRECTORIES", repo.path()).env("GIT_COMMON_DIR", &other_git);
        command.env("GIT_INDEX_FILE", ".git/other-index");
        ran(command).stdout
    };
    for words in ["", "--at HEAD"] {
        let straight = run(repo.path(), &format!("check --as-of 2026-06-30 {words}")).stdout;
        assert_eq!(misled(words), straight, "{words}");
    }
    repo.write("controls/a.yaml", control("CC99.5"));
    let output =
        repo.command().env("GIT_INDEX_FILE", ".git/other-index").args(["add", "--all"]).output().unwrap();
    assert!(output.status.success());
    assert!(misled("--staged").contains("CC99.5"));
    assert!(!run(repo.path(), "check --staged").stdout.contains("CC99.5"));
}

#[test]
fn before_the_first_commit_the_work_tree_and_the_index_can_be_read() {
    let repo = Repo::new();
    repo.write("soc2.toml", CONFIG).write("controls/a.yaml", control("CC99.1"));
    repo.write(".gitignore", "*.log\n").write("evidence/x/a.log", "x\n");
    let rules = |words: &str| {
        faults(&report(repo.path(), words)).into_iter().map(|(rule, _)| rule).collect::<Vec<_>>()
    };
    assert!(rules("").contains(&"unknown-criterion".to_owned()));
    assert!(rules("").contains(&"file-ignored".to_owned()));
    let none = run(repo.path(), "check --staged");
    assert_eq!(none.code, 2);
    assert!(none.stderr.contains("git add soc2.toml"), "{}", none.stderr);
    repo.git(&["add", "soc2.toml"]);
    assert!(!rules("--staged").contains(&"unknown-criterion".to_owned()));
    let at = run(repo.path(), "check --at HEAD");
    assert_eq!((at.code, at.stdout.as_str()), (2, ""), "{}", at.stderr);
}

#[test]
fn without_git_all_works_but_what_needs_it() {
    let folder = Folder::new();
    folder
        .write("soc2.toml", CONFIG)
        .write("controls/a.yaml", control("CC6.1"))
        .write("registers/people.yaml", PEOPLE);
    folder.write("evidence/x/note.txt", "two\n");
    let plain = filled();
    assert_eq!(report(folder.path(), ""), report(plain.path(), ""));
    assert_eq!(folder.run("check").stderr, "");
    for words in ["check --at HEAD", "check --staged", "hook install"] {
        let refused = folder.run(words);
        assert_eq!(refused.code, 2, "{words}");
        assert!(refused.stderr.contains("is in no git repository"), "{words}: {}", refused.stderr);
    }
}

/// Whatever is wrong with the repository, its work tree is judged, with one line that says what is unknown.
#[test]
fn a_damaged_repository_costs_only_its_history() {
    type Damage = fn(&Path);
    let damages: &[(&str, Damage, &str)] = &[
        (
            "a .git file that leads nowhere",
            |at| {
                fs::remove_dir_all(at.join(".git")).unwrap();
                fs::write(at.join(".git"), "gitdir: /nowhere/at/all\n").unwrap();
            },
            "cannot read the git repository",
        ),
        ("an index of junk", |at| fs::write(at.join(".git/index"), "junk").unwrap(), "cannot read the index"),
        ("a head of junk", |at| fs::write(at.join(".git/HEAD"), "junk\n").unwrap(), "cannot read"),
        ("no objects", |at| fs::remove_dir_all(at.join(".git/objects")).unwrap(), "cannot read"),
        (
            "a config of junk",
            |at| fs::write(at.join(".git/config"), "[core\n").unwrap(),
            "cannot read the git",
        ),
        (
            "a config that is no text",
            |at| fs::write(at.join(".git/config"), [0u8, 159, 146, 150]).unwrap(),
            "cannot read the git",
        ),
        (
            "a version nobody knows",
            |at| fs::write(at.join(".git/config"), "[core]\nrepositoryformatversion = 99\n").unwrap(),
            "cannot read the git",
        ),
    ];
    let plain = filled();
    for (what, damage, words) in damages {
        let repo = filled();
        damage(repo.path());
        assert_eq!(report(repo.path(), ""), report(plain.path(), ""), "{what}");
        let told = run(repo.path(), "check --as-of 2026-06-30");
        assert_eq!(told.stderr.lines().count(), 1, "{what}: {}", told.stderr);
        assert!(
            told.stderr.contains(words) && told.stderr.starts_with("warning: "),
            "{what}: {}",
            told.stderr
        );
    }
}
