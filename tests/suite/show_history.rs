//! `soc2 show ID --history`: each kind of thing, merges, what is gone, what cannot be told.

use serde_json::Value;

use crate::repository::{ALICE, BOB, Repo, clone};
use crate::support::{Folder, Ran, ran, soc2};

const CONFIG: &str = "[organization]\nname = \"Acme\"\n[scope]\nframework = \"soc2-2017-rev2022\"\ncategories = [\"security\"]\n";

fn control(cadence: &str, criteria: &str) -> String {
    format!(
        "id: review\ntitle: Owners review every user\ndescription: Owners review.\nowner: lead\nstatus: implemented\neffective_from: 2026-01-01\ncadence: {cadence}\ncriteria: [{criteria}]\n"
    )
}

fn person(id: &str, rest: &str) -> String {
    format!("- {{ id: {id}, name: {id}, emails: [{id}@acme.example], kind: employee, employed: [{rest}] }}\n")
}

fn manifest(sha256: &str, rest: &str) -> String {
    format!(
        "title: Q1\ncontrols: [review]\nkind: system-report\nperformed: {{ on: 2026-03-28, by: alice }}\nartifacts:\n  - {{ path: users.csv, sha256: \"{sha256}\", bytes: 3 }}\n{rest}"
    )
}

/// A year of changes: on the line, through a merge, gone again.
fn year() -> Repo {
    let repo = Repo::new();
    let people = person("alice", "{ from: 2024-01-01 }") + &person("bob", "{ from: 2024-01-01 }");
    repo.write("soc2.toml", CONFIG).write("registers/people.yaml", &people);
    repo.write("registers/roles.yaml", "- { id: lead, held: [{ by: alice, from: 2024-01-01 }] }\n");
    repo.write("controls/review.yaml", control("quarterly", "CC6.1, CC6.2"));
    repo.write("controls/old.yaml", control("weekly", "CC6.3").replace("id: review", "id: old"));
    repo.write("policies/access.md", "---\nid: access\ntitle: Access\nowner: lead\n---\nOld text.\n");
    repo.commit("2026-01-10T12:00:00Z", ALICE, "Start");
    let head = |approvals: &str| format!("---\nid: access\ntitle: Access\nowner: lead\n{approvals}---\n");
    let one = "approvals:\n  - { version: \"1.0\", by: bob, on: 2026-01-20, effective: 2026-02-01, text: \"HASH\" }\n";
    let hash = soc2::source::hex(&soc2::source::sha256(b"Old text.\n"));
    let one = one.replace("HASH", &hash);
    repo.write("policies/access.md", head(&one) + "Old text.\n");
    repo.commit("2026-01-20T12:00:00Z", BOB, "Approve access");
    repo.write("evidence/review/q1/users.csv", "a\n1");
    repo.write("evidence/review/q1/manifest.yaml", manifest(&"0".repeat(64), ""));
    repo.commit("2026-03-28T12:00:00Z", ALICE, "File Q1");
    let reviewed = "reviewed: { on: 2026-03-30, by: bob, result: accepted }\n";
    repo.write("evidence/review/q1/manifest.yaml", manifest(&"0".repeat(64), reviewed));
    repo.commit("2026-03-30T12:00:00Z", BOB, "Accept Q1");
    repo.git(&["checkout", "--quiet", "-b", "loosen"]);
    repo.write("controls/review.yaml", control("annual", "CC6.1"));
    let noted = reviewed.to_owned() + "notes: the export lacks a row\n";
    repo.write("evidence/review/q1/manifest.yaml", manifest(&"0".repeat(64), &noted));
    repo.commit("2026-05-02T12:00:00Z", BOB, "Loosen the review");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("evidence/review/q1/users.csv", "a\n2").commit("2026-05-03T12:00:00Z", ALICE, "Mend a row");
    repo.merge("2026-05-04T12:00:00Z", ALICE, &["loosen"]);
    repo.remove("controls/old.yaml");
    repo.write("policies/access.md", head(&one) + "New text.\n");
    let gone =
        person("alice", "{ from: 2024-01-01 }") + &person("bob", "{ from: 2024-01-01, to: 2026-06-30 }");
    repo.write("registers/people.yaml", gone);
    repo.write("registers/roles.yaml", "- { id: lead, held: [{ by: alice, from: 2024-01-01, to: 2026-05-31 }, { by: bob, from: 2026-06-01 }] }\n");
    repo.commit("2026-06-01T12:00:00Z", ALICE, "June");
    repo
}

fn show(folder: &Folder, words: &str) -> String {
    let ran = folder.run(&format!("show {words} --history"));
    assert_eq!(ran.code, 0, "{words}: {}", ran.stderr);
    ran.stdout
}

/// The text with commit ids replaced by the subjects of their commits.
fn named(repo: &Repo, text: &str) -> String {
    let mut out = text.to_owned();
    for line in repo.git(&["log", "--all", "--format=%H %s"]).lines() {
        let (id, subject) = line.split_once(' ').unwrap();
        out = out.replace(id, &format!("<{subject}>")).replace(&id[..7], &format!("<{subject}>"));
    }
    out
}

#[test]
fn each_kind_tells_its_changes_in_words() {
    let repo = year();
    let mut told = String::new();
    for what in ["review", "old", "CC6.2", "access", "review/q1", "bob", "lead"] {
        told += &format!("$ soc2 show {what} --history\n{}\n", named(&repo, &show(repo.folder(), what)));
    }
    snapbox::assert_data_eq!(told, snapbox::file!["../snapshots/show-history.txt"].raw());
}

#[test]
fn json_tells_the_same() {
    let repo = year();
    let ran = repo.folder().run("show review --history --format json");
    let json: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(json["format"], "soc2-show/1");
    assert_eq!((json["kind"].as_str(), json["id"].as_str()), (Some("control"), Some("review")));
    let history = &json["history"];
    assert_eq!((history["reach"].as_str(), history["unknown"].as_str()), (Some("whole"), None));
    let merge = &history["changes"][0];
    assert_eq!(merge["commit"], repo.id("HEAD^"));
    assert_eq!(merge["written"][0]["author"]["person"], "bob");
    assert_eq!(merge["witnessed"], false);
    assert_eq!(merge["changes"][0]["what"], "cadence");
    assert_eq!(merge["changes"][0]["before"], "quarterly");
    assert_eq!(merge["changes"][0]["after"], "annual");
    assert_eq!(history["changes"][1]["did"], "came");
    assert_eq!(history["changes"].as_array().unwrap().len(), 2);
}

#[test]
fn what_is_not_committed_is_told() {
    let repo = year();
    let differs = |folder: &Folder| show(folder, "review").contains("differs from the last commit");
    assert!(!differs(repo.folder()));
    repo.write("controls/review.yaml", control("monthly", "CC6.1"));
    assert!(differs(repo.folder()));
}

#[test]
fn an_earlier_commit_knows_nothing_of_later_ones() {
    let repo = year();
    let told = named(&repo, &show(repo.folder(), "review --at 2026-05-03"));
    assert!(told.contains("newest first: 1") && !told.contains("annual"), "{told}");
    // A control that is gone has a history still; at that commit it was there.
    assert!(show(repo.folder(), "old").contains("taken out"));
    assert!(!show(repo.folder(), "old --at 2026-05-03").contains("taken out"));
}

#[test]
fn what_cannot_be_told_says_so_with_the_fix() {
    let run = |path: &std::path::Path| -> Ran {
        let mut command = soc2();
        command.arg("-C").arg(path).args(["show", "review", "--history"]);
        ran(command)
    };
    let repo = year();
    let elsewhere = Folder::new();
    let shallow = run(&clone(repo.path(), &elsewhere, &["--depth=1"]));
    assert!(shallow.stdout.contains("this clone is shallow"), "{}", shallow.stdout);
    assert!(shallow.stdout.contains("git fetch --unshallow"), "{}", shallow.stdout);
    assert!(shallow.stdout.contains("here at the latest"), "{}", shallow.stdout);
    let none = Folder::new();
    none.write("soc2.toml", CONFIG).write("controls/review.yaml", control("annual", "CC6.1"));
    let none = run(none.path());
    assert_eq!(none.code, 0);
    assert!(none.stdout.contains("there is no repository"), "{}", none.stdout);
    let audit = repo.folder().run("show nothing --history");
    assert_eq!(audit.code, 2);
}

#[test]
fn words_of_strangers_do_nothing() {
    let repo = year();
    let mallory = crate::repository::Person { name: "M\u{1b}[2J\u{202e}", email: "m@x" };
    let hostile = control("daily", "CC6.1").replace("Owners review.", "\"a\\e[2J\\u202e the end\"");
    repo.write("controls/review.yaml", hostile);
    repo.commit("2026-07-01T12:00:00Z", mallory, "Clear \u{1b}[2J the screen");
    for format in ["human", "json"] {
        let told = show(repo.folder(), &format!("review --format {format}"));
        assert!(!told.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{told:?}");
        assert!(told.contains("the screen") && told.contains("the end"), "{told}");
    }
}
