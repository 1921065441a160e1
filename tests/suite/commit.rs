//! Reading a commit or the index instead of the work tree.

use crate::repository::{ALICE, BOB, Repo, clone};
use crate::support::Folder;

const CONFIG: &str = "[organization]\nname = \"Acme\"\n[scope]\nframework = \"soc2-2017-rev2022\"\ncategories = [\"security\"]\n";

fn control(criterion: &str) -> String {
    format!("id: a\ntitle: A\ndescription: B\nowner: x\nstatus: draft\ncriteria: [{criterion}]\n")
}

fn three_commits() -> Repo {
    let repo = Repo::new();
    repo.write("soc2.toml", CONFIG).write("controls/a.yaml", control("CC6.1"));
    repo.commit("2026-01-10T12:00:00Z", ALICE, "Start");
    repo.write("controls/a.yaml", control("CC99.1")).commit("2026-02-10T12:00:00Z", BOB, "A slip");
    repo.write("controls/a.yaml", control("CC6.2")).commit("2026-03-10T12:00:00Z", ALICE, "Mended");
    repo
}

#[test]
fn a_revision_or_a_day_names_the_commit() {
    let repo = three_commits();
    let slip = |at: &str| repo.folder().run(&format!("check --at {at}")).stdout.contains("unknown-criterion");
    assert!(!slip("HEAD"));
    assert!(slip("HEAD~1"));
    assert!(!slip("HEAD~2"));
    assert!(slip("2026-03-09"));
    assert!(!slip("2026-03-10"));
    let none = repo.folder().run("check --at 2026-01-09");
    assert_eq!(none.code, 2);
    assert!(none.stderr.contains("the oldest here is of 2026-01-10"), "{}", none.stderr);
}

#[test]
fn a_dirty_work_tree_changes_nothing() {
    let repo = three_commits();
    repo.write("controls/b.yaml", "id: [").remove("soc2.toml");
    let elsewhere = Folder::new();
    let copy = clone(repo.path(), &elsewhere, &[]);
    let here = repo.folder().run("check --at HEAD~1 --as-of 2026-06-30 --format json");
    let mut there = crate::support::soc2();
    there.arg("-C").arg(copy).args(["check", "--at", "HEAD~1", "--as-of", "2026-06-30", "--format", "json"]);
    let there = crate::support::ran(there);
    assert_eq!(here.stdout, there.stdout);
    assert_eq!(here.code, 1);
}

#[test]
fn what_is_staged_is_read_from_the_index() {
    let repo = three_commits();
    let slip = |what: &str| {
        let ran = repo.folder().run(&format!("check {what} --as-of 2026-06-30"));
        ran.stdout.contains("unknown-criterion")
    };
    repo.write("controls/a.yaml", control("CC99.9"));
    assert!(!slip("--staged"));
    assert!(slip(""));
    repo.git(&["add", "--all"]);
    repo.write("controls/a.yaml", control("CC6.2"));
    assert!(slip("--staged"));
    assert!(!slip(""));
}

#[test]
fn a_commit_dated_back_moves_no_earlier_day() {
    let repo = three_commits();
    repo.write("controls/a.yaml", control("CC98.1")).commit(
        "2026-01-20T12:00:00Z",
        BOB,
        "A clock that is wrong",
    );
    let read = |at: &str| repo.folder().run(&format!("check --at {at}")).stdout;
    assert!(!read("2026-01-31").contains("unknown-criterion"), "the first commit stood then");
    assert!(read("2026-02-28").contains("CC99.1"));
    assert!(read("2026-03-10").contains("CC98.1"), "it stands from the day of what it follows");
    let told = repo.folder().run("check --at HEAD --as-of 2026-06-30 -v").stdout;
    assert!(told.contains("commit-dated-back"), "{told}");
}
