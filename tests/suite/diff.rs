//! `soc2 diff`: what a change means, told between commits and against the work tree.

use std::fs;

use crate::repository::{ALICE, BOB, Repo};
use crate::support::{Folder, files_below, root};

/// The example company in a repository, below a folder of a product.
fn acme() -> (Repo, String) {
    let repo = Repo::new();
    for path in files_below("examples/acme") {
        let below = path.strip_prefix("examples/acme/").unwrap();
        repo.write(&format!("compliance/{below}"), fs::read(root().join(&path)).unwrap());
    }
    repo.write("src/auth.rs", "fn require_mfa() {}\n");
    let id = repo.commit("2026-07-01T12:00:00Z", ALICE, "Start");
    (repo, id)
}

fn edit(repo: &Repo, path: &str, from: &str, to: &str) {
    repo.folder().edit(&format!("compliance/{path}"), from, to);
}

/// Runs the verb on the programme; the ids of commits become names.
fn told(repo: &Repo, words: &str, ids: &[(&str, &str)]) -> String {
    let ran = repo.folder().run(&format!("-C compliance diff {words}"));
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    ids.iter().fold(ran.stdout, |text, (id, name)| text.replace(&id[..7], name))
}

/// Deletes one policy sentence, loosens one cadence and edits one reviewed CSV.
fn weaken(repo: &Repo) {
    let sentence = " The record\nholds the list, the decisions and the proof of removal.";
    edit(repo, "policies/access-control.md", sentence, "");
    edit(repo, "controls/iam/iam-access-review.yaml", "cadence: quarterly", "cadence: annual");
    let users = "compliance/evidence/iam-access-review/2026-q1-github/users.csv";
    let text = repo.folder().read(users);
    repo.write(users, format!("{text}mallory\n"));
}

/// Adds a leaver, an incident, a failed test and a new control.
fn disclose(repo: &Repo) {
    edit(
        repo,
        "registers/people.yaml",
        "  emails: [raj@acme.example]\n  kind: employee\n  employed: [{ from: ",
        "  emails: [raj@acme.example]\n  kind: employee\n  employed: [{ to: 2026-06-30, from: ",
    );
    let incidents = "compliance/registers/incidents.yaml";
    let text = repo.folder().read(incidents);
    let row = "- { id: inc-new, title: A laptop was lost, severity: sev3, detected: \"2026-06-20T10:00:00Z\", owner: dana }\n";
    repo.write(incidents, format!("{text}{row}"));
    repo.write(
        "compliance/evidence/avl-restore-test/2026-extra/manifest.yaml",
        "title: Extra restore test\ncontrols: [avl-restore-test]\nkind: test-result\n\
         performed: { on: 2026-06-21, by: dana }\nresult: { outcome: failed, summary: the copy was empty }\n",
    );
    repo.write(
        "compliance/controls/iam/iam-new.yaml",
        "id: iam-new\ntitle: Keys are counted\ndescription: Each month somebody counts the keys.\nstatus: draft\ncadence: monthly\ncriteria: [CC6.4]\n",
    );
}

#[test]
fn a_weakening_is_told_in_three_lines() {
    let (repo, start) = acme();
    weaken(&repo);
    let ids = [(start.as_str(), "3fa9c1e")];
    let human = told(&repo, "", &ids);
    snapbox::assert_data_eq!(&human, snapbox::file!["../snapshots/diff-weakened.txt"].raw());
    assert_eq!(human.matches('✗').count(), 3, "{human}");
    let markdown = told(&repo, "--format markdown", &ids);
    snapbox::assert_data_eq!(&markdown, snapbox::file!["../snapshots/diff-weakened.md"].raw());
    let json = told(&repo, "HEAD --format json", &ids);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["format"], "soc2-diff/1");
    assert_eq!(json["counts"]["regressions"], 3);
    assert_eq!(json["changes"].as_array().unwrap().len(), 3);
    assert_eq!(json["changes"][0]["place"]["side"], "before");
}

#[test]
fn truths_are_disclosures() {
    let (repo, start) = acme();
    disclose(&repo);
    let human = told(&repo, "HEAD", &[(start.as_str(), "3fa9c1e")]);
    snapbox::assert_data_eq!(&human, snapbox::file!["../snapshots/diff-disclosed.txt"].raw());
    assert_eq!(human.matches("\n· ").count(), 4, "{human}");
}

#[test]
fn commits_days_and_the_work_tree_are_sides() {
    let (repo, start) = acme();
    weaken(&repo);
    let work_tree = told(&repo, "", &[]);
    let next = repo.commit("2026-07-02T12:00:00Z", BOB, "Weaken");
    let names = [(start.as_str(), "AAAAAAA"), (next.as_str(), "BBBBBBB")];
    let commits = told(&repo, "HEAD~1 HEAD", &names);
    let days = told(&repo, "2026-07-01 2026-07-02", &names);
    assert_eq!(commits, days);
    assert!(commits.starts_with("commit AAAAAAA → commit BBBBBBB: this change weakens"), "{commits}");
    let lines = |text: &str| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(lines(&work_tree.replace(&start[..7], "AAAAAAA")), lines(&commits));
    assert!(told(&repo, "", &names).contains("means nothing for the programme"));
    let back = told(&repo, "HEAD HEAD~1", &names);
    assert!(!back.contains("cadence-loosened") && back.contains("cadence-tightened"), "{back}");
}

#[test]
fn without_a_commit_it_says_so() {
    let folder = Folder::from_example("acme");
    let ran = folder.run("diff");
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("is in no git repository"), "{}", ran.stderr);
    let (repo, _) = acme();
    let ran = repo.folder().run("-C compliance diff nowhere");
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("there is no revision `nowhere`"), "{}", ran.stderr);
}

#[test]
fn product_code_that_a_control_names_is_watched() {
    let (repo, _) = acme();
    let control = "controls/iam/iam-mfa.yaml";
    let text = repo.folder().read(&format!("compliance/{control}"));
    repo.write(
        &format!("compliance/{control}"),
        format!("{text}implemented_by: [\"src/auth.rs#fn require_mfa\"]\n"),
    );
    let missing = |words: &str| {
        let ran = repo.folder().run(&format!("-C compliance check --as-of 2026-07-01 --format json {words}"));
        ran.stdout.contains("implementation-missing")
    };
    assert!(!missing(""));
    repo.commit("2026-07-02T12:00:00Z", ALICE, "Name the code");
    repo.write("src/auth.rs", "fn nothing() {}\n");
    assert!(missing("") && !missing("--at HEAD") && !missing("--staged"));
    assert!(told(&repo, "", &[]).contains("✗ implementation-removed"));
    repo.git(&["add", "--all"]);
    assert!(missing("--staged"));
    repo.remove("src/auth.rs");
    assert!(told(&repo, "", &[]).contains("and the file is gone"));
    // A link to the text is not the text.
    #[cfg(unix)]
    {
        repo.write("elsewhere.rs", "fn require_mfa() {}\n");
        std::os::unix::fs::symlink("../elsewhere.rs", repo.path().join("src/auth.rs")).unwrap();
        assert!(told(&repo, "", &[]).contains("and the file is gone"));
        repo.commit("2026-07-03T12:00:00Z", ALICE, "A link");
        assert!(missing("--at HEAD"));
    }
}
