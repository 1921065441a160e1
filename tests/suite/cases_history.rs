//! Cases that only git's memory decides, in real repositories.

use serde_json::Value;
use soc2::source::{hex, sha256};

use crate::repository::{ALICE, BOB, Person, Repo, clone};
use crate::support::{Folder, ran, soc2};

const PEOPLE: &str = "- { id: alice, name: Alice, emails: [alice@acme.example], kind: employee, employed: [{ from: 2024-01-01 }] }\n\
     - { id: bob, name: Bob, emails: [bob@acme.example], kind: employee, employed: [{ from: 2024-01-01 }] }\n";
const CONTROL: &str = "id: review\ntitle: T\ndescription: Each quarter somebody does it.\nowner: alice\n\
                       status: implemented\neffective_from: 2025-01-01\ncadence: quarterly\ntype: automated\n\
                       criteria: [CC6.2]\npolicies: [access]\n";

fn config(more: &str) -> String {
    format!(
        "[organization]\nname = \"Acme\"\ntimezone = \"America/Los_Angeles\"\n[scope]\n\
         framework = \"soc2-2017-rev2022\"\ncategories = [\"security\"]\n[[audit]]\nid = \"a\"\ntype = \"type2\"\n\
         period = {{ from = 2026-01-01, to = 2026-12-31 }}\n{more}"
    )
}

/// A programme with one control, committed on a day.
fn begun(day: &str) -> Repo {
    let repo = Repo::new();
    repo.write("soc2.toml", config("")).write("registers/people.yaml", PEOPLE);
    repo.write("controls/review.yaml", CONTROL);
    repo.commit(&noon(day), ALICE, "Start");
    repo
}

fn noon(day: &str) -> String {
    format!("{day}T20:00:00Z")
}

/// Writes evidence that was performed on a day.
fn evidence(repo: &Repo, folder: &str, performed: &str) {
    let hash = hex(&sha256(folder.as_bytes()));
    let manifest = format!(
        "title: T\ncontrols: [review]\nkind: ticket\nperformed: {{ on: {performed}, by: alice }}\n\
         result: {{ outcome: as-expected }}\nartifacts: [{{ path: a.txt, sha256: \"{hash}\" }}]\n"
    );
    repo.write(&format!("evidence/{folder}/manifest.yaml"), manifest);
    repo.write(&format!("evidence/{folder}/a.txt"), folder);
}

fn policy(approvals: &str, body: &str) -> String {
    format!("---\nid: access\ntitle: Access\nowner: alice\napprovals:\n{approvals}---\n{body}")
}

fn approval(version: &str, by: &str, on: &str, body: &str) -> String {
    let hash = hex(&sha256(body.as_bytes()));
    format!("  - {{ version: \"{version}\", by: {by}, on: {on}, effective: {on}, text: \"{hash}\" }}\n")
}

fn report(repo: &Repo, as_of: &str) -> Value {
    let ran = repo.folder().run(&format!("check --at HEAD --as-of {as_of} --notes --format json"));
    serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}{}", ran.stdout, ran.stderr))
}

/// The messages of a rule.
fn told(report: &Value, rule: &str) -> Vec<String> {
    let gaps = report["gaps"].as_array().unwrap().iter().filter(|gap| gap["rule"] == rule);
    gaps.map(|gap| gap["message"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn ev_20_evidence_of_long_ago_was_back_filled() {
    let repo = begun("2026-01-02");
    evidence(&repo, "q1", "2026-01-15");
    let late = repo.commit(&noon("2026-04-20"), BOB, "Q1");
    evidence(&repo, "q2", "2026-05-15");
    repo.commit(&noon("2026-06-14"), BOB, "Q2, thirty days later");
    let report = report(&repo, "2026-06-30");
    assert_eq!(
        told(&report, "evidence-back-filled"),
        [format!(
            "`q1` was performed on 2026-01-15 and was first recorded 95 days later, on 2026-04-20 in {} (claimed)",
            &late[..7]
        )]
    );
    assert!(told(&report, "slots-committed-together").is_empty());
}

#[test]
fn ev_20_all_quarters_in_one_commit() {
    let repo = begun("2026-01-02");
    for (folder, day) in [("q1", "2026-03-15"), ("q2", "2026-06-15"), ("q3", "2026-09-15")] {
        evidence(&repo, folder, day);
    }
    repo.commit(&noon("2026-09-20"), BOB, "The year's evidence");
    let report = report(&repo, "2026-09-30");
    let told_once = told(&report, "slots-committed-together");
    assert_eq!(told_once.len(), 1, "{told_once:?}");
    assert!(told_once[0].contains("3 slots of `review` (2026-Q1, 2026-Q2, 2026-Q3)"), "{told_once:?}");
    assert!(told(&report, "evidence-back-filled").is_empty(), "told once");
}

#[test]
fn ev_02_a_date_after_the_commit_that_wrote_it() {
    let repo = begun("2026-01-02");
    evidence(&repo, "late", "2026-03-28");
    evidence(&repo, "same", "2026-03-27");
    // In the organisation's zone it is still the 27th.
    repo.commit("2026-03-28T02:00:00Z", ALICE, "Evidence");
    repo.commit(&noon("2026-05-01"), ALICE, "Later");
    let report = report(&repo, "2026-06-30");
    let told_of = told(&report, "dated-after-commit");
    assert_eq!(told_of.len(), 1, "{told_of:?}");
    assert!(told_of[0].starts_with("`late` was performed on 2026-03-28"), "{told_of:?}");
    assert!(told_of[0].contains("written on 2026-03-27 in "), "{told_of:?}");
    assert!(told(&report, "evidence-in-future").is_empty(), "told once");
}

#[test]
fn d3_1_what_is_older_than_history_was_brought_in() {
    let repo = begun("2026-05-02");
    evidence(&repo, "q1", "2026-02-15");
    repo.commit(&noon("2026-05-03"), ALICE, "What we had");
    let first = report(&repo, "2026-06-30");
    assert!(told(&first, "evidence-back-filled").is_empty());
    assert!(told(&first, "control-back-dated").is_empty(), "it came in when history began");
    assert_eq!(
        told(&first, "records-before-history"),
        [
            "1 performance is dated before 2026-05-02, when history begins: it was brought in, the last on 2026-05-03, and git is no witness of it"
        ]
    );
    repo.write("soc2.toml", config("[history]\nbegins = 2026-01-10\n"));
    repo.commit(&noon("2026-05-04"), ALICE, "History is said to begin earlier");
    let typed = report(&repo, "2026-06-30");
    assert_eq!(told(&typed, "evidence-back-filled").len(), 1);
    assert!(told(&typed, "records-before-history").is_empty());
}

#[test]
fn d3_1_a_programme_may_be_younger_than_the_repository_around_it() {
    let repo = Repo::new();
    repo.write("src/main.rs", "").commit(&noon("2019-01-02"), ALICE, "A product");
    repo.write("soc2.toml", config("")).write("registers/people.yaml", PEOPLE);
    repo.write("controls/review.yaml", CONTROL);
    evidence(&repo, "q1", "2026-02-15");
    repo.commit(&noon("2026-05-03"), ALICE, "Its programme");
    let report = report(&repo, "2026-06-30");
    assert!(told(&report, "evidence-back-filled").is_empty());
    assert!(told(&report, "control-back-dated").is_empty());
    assert!(told(&report, "records-before-history")[0].contains("before 2026-05-03"), "{report}");
}

#[test]
fn d3_6_and_d5_1_nobody_approves_their_own_text() {
    let body = "Access is limited.\n";
    let noreply = Person { name: "Bob", email: "7+bob@users.noreply.github.com" };
    for (author, by, expected) in [(BOB, "bob", 1), (ALICE, "bob", 0), (BOB, "alice", 0), (noreply, "bob", 0)]
    {
        let repo = begun("2026-01-02");
        // Squashed by its own author: one commit brings the text and its approval.
        repo.write("policies/access.md", policy(&approval("1", by, "2026-02-01", body), body));
        repo.commit(&noon("2026-02-01"), author, "Policy (#7)");
        let report = report(&repo, "2026-06-30");
        let told_of = told(&report, "approved-by-author");
        assert_eq!(told_of.len(), expected, "{} {by}: {told_of:?}", author.email);
        assert!(told(&report, "approval-before-last-edit").is_empty());
    }
}

#[test]
fn d5_1_the_last_edit_counts_not_the_first() {
    let (draft, body) = ("# Access\n\nAccess is open.\n", "# Access\n\nAccess is limited.\n");
    for (editor, by, expected) in [(BOB, "bob", 1), (ALICE, "bob", 0), (BOB, "alice", 0)] {
        let repo = begun("2026-01-02");
        repo.write("policies/access.md", policy("", draft).replace("approvals:\n", ""));
        repo.commit(&noon("2026-01-03"), BOB, "Draft");
        repo.write("policies/access.md", policy("", body).replace("approvals:\n", ""));
        let edit = repo.commit(&noon("2026-01-20"), editor, "Words");
        repo.write("policies/access.md", policy(&approval("1", by, "2026-02-01", body), body));
        repo.commit(&noon("2026-02-01"), ALICE, "Approved");
        let told_of = told(&report(&repo, "2026-06-30"), "approved-by-author");
        assert_eq!(told_of.len(), expected, "{} {by}: {told_of:?}", editor.name);
        assert!(told_of.iter().all(|said| said.contains(&edit[..7])), "{told_of:?}");
    }
}

#[test]
fn po_02_a_text_edited_after_its_approval() {
    let (draft, body) = ("Access is open.\n", "Access is limited.\n");
    let repo = begun("2026-01-02");
    let approvals = approval("1", "bob", "2026-01-20", body);
    repo.write("policies/access.md", policy(&approvals, draft));
    repo.commit(&noon("2026-01-20"), BOB, "Approved what is not there yet");
    repo.write("policies/access.md", policy(&approvals, body));
    let edit = repo.commit(&noon("2026-01-22"), ALICE, "The text");
    let told_of = told(&report(&repo, "2026-06-30"), "approval-before-last-edit");
    assert_eq!(told_of.len(), 1, "{told_of:?}");
    assert!(told_of[0].contains(&format!("first existed on 2026-01-22 in {}", &edit[..7])), "{told_of:?}");
}

#[test]
fn ev_06_evidence_without_digest_edited_after_its_review() {
    let repo = begun("2026-01-02");
    evidence(&repo, "q1", "2026-03-15");
    repo.commit(&noon("2026-03-16"), ALICE, "Q1");
    let path = "evidence/q1/manifest.yaml";
    let reviewed = repo.folder().read(path) + "reviewed: { on: 2026-03-20, by: bob, result: accepted }\n";
    repo.write(path, &reviewed).commit(&noon("2026-03-20"), BOB, "Reviewed");
    assert!(told(&report(&repo, "2026-06-30"), "evidence-edited-after-review").is_empty());
    repo.write(path, reviewed.replace("title: T", "title: Another")).commit(
        &noon("2026-04-01"),
        ALICE,
        "Edited",
    );
    let told_of = told(&report(&repo, "2026-06-30"), "evidence-edited-after-review");
    assert_eq!(told_of.len(), 1, "{told_of:?}");
    assert!(told_of[0].contains("its manifest was changed on 2026-04-01"), "{told_of:?}");
}

#[test]
fn d3_6_a_decision_merged_by_its_author() {
    for (merger, expected) in [(ALICE, 1), (BOB, 0)] {
        let repo = begun("2026-01-02");
        repo.git(&["checkout", "--quiet", "-b", "policy"]);
        let body = "Access is limited.\n";
        repo.write("policies/access.md", policy(&approval("1", "bob", "2026-02-01", body), body));
        repo.commit(&noon("2026-02-01"), ALICE, "Policy");
        repo.git(&["checkout", "--quiet", "main"]);
        repo.merge(&noon("2026-02-02"), merger, &["policy"]);
        let told_of = told(&report(&repo, "2026-06-30"), "self-merged");
        assert_eq!(told_of.len(), expected, "{} {told_of:?}", merger.name);
    }
}

#[test]
fn po_02_an_approval_far_older_than_its_text() {
    let body = "Access is limited.\n";
    let repo = begun("2026-01-02");
    repo.write("policies/access.md", policy(&approval("1", "bob", "2026-01-05", body), body));
    let late = repo.commit(&noon("2026-03-02"), ALICE, "Policy");
    assert_eq!(
        told(&report(&repo, "2026-06-30"), "approval-before-last-edit"),
        [format!(
            "the policy `access` was approved on 2026-01-05, and the approved text first existed on 2026-03-02 in {} (claimed)",
            &late[..7]
        )]
    );
}

#[test]
fn the_approved_text_stays_in_force_while_git_holds_it() {
    let (old, new) = ("Access is limited.\n", "Access is open to all.\n");
    let repo = begun("2026-01-02");
    let first = approval("1", "bob", "2026-01-05", old);
    repo.write("policies/access.md", policy(&first, old));
    repo.commit(&noon("2026-01-05"), ALICE, "Approved");
    repo.write("policies/access.md", policy(&first, new));
    repo.commit(&noon("2026-05-05"), ALICE, "Changed, not approved");
    let changed = report(&repo, "2026-06-30");
    assert!(told(&changed, "policy-not-in-force").is_empty(), "{changed}");
    assert!(told(&changed, "approved-text-unknown").is_empty());
    let why = told(&changed, "policy-changed-since-approval");
    assert!(why[0].contains("version 1, in force since 2026-01-05, stays in force as "), "{why:?}");
    // Replaced from a later day on, the first text still orders the days before.
    repo.write(
        "policies/access.md",
        policy(&format!("{first}{}", approval("2", "bob", "2026-07-01", new)), new),
    );
    repo.commit(&noon("2026-07-01"), ALICE, "Approved again");
    let shown = repo.folder().run("show access --at HEAD --as-of 2026-08-01 --format json").stdout;
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(
        (shown["policy"]["state"].as_str(), shown["policy"]["in_force_since"].as_str()),
        (Some("in-force"), Some("2026-07-01"))
    );
    // An approved text that git never held orders nothing.
    repo.write("policies/access.md", policy(&approval("1", "bob", "2026-01-05", "Never written.\n"), new));
    repo.commit(&noon("2026-07-02"), ALICE, "Another approval");
    assert_eq!(told(&report(&repo, "2026-08-01"), "policy-not-in-force").len(), 1);
}

#[test]
fn ct_04_an_id_is_not_used_again() {
    let repo = begun("2026-01-02");
    repo.remove("controls/review.yaml").commit(&noon("2026-02-01"), ALICE, "Retired");
    repo.write("controls/other.yaml", CONTROL.replace("title: T", "title: Badges"));
    repo.commit(&noon("2026-03-01"), ALICE, "Something else");
    let told_of = told(&report(&repo, "2026-06-30"), "control-id-reused");
    assert_eq!(told_of.len(), 1, "{told_of:?}");
    assert!(told_of[0].starts_with("`review` was deleted on 2026-02-01 in "), "{told_of:?}");
    repo.write("controls/other.yaml", CONTROL).commit(&noon("2026-03-02"), ALICE, "As it was");
    // What stood there in between stays in history.
    assert_eq!(told(&report(&repo, "2026-06-30"), "control-id-reused").len(), 1);
}

#[test]
fn ct_07_a_control_is_no_older_than_its_first_commit() {
    let repo = begun("2026-01-02");
    let young = CONTROL.replace("id: review", "id: young").replace("2025-01-01", "2026-01-05");
    repo.write("controls/young.yaml", young).commit(&noon("2026-04-01"), ALICE, "Young");
    let told_of = told(&report(&repo, "2026-06-30"), "control-back-dated");
    assert_eq!(told_of.len(), 1, "{told_of:?}");
    assert!(
        told_of[0].contains("`young` is said to be in place since 2026-01-05, 86 days before"),
        "{told_of:?}"
    );
}

#[test]
fn ch_04_what_was_off_for_three_weeks_is_told_though_it_is_on_again() {
    let repo = begun("2026-01-02");
    repo.write("controls/review.yaml", CONTROL.replace("quarterly", "annual"));
    repo.commit(&noon("2026-05-01"), ALICE, "Off");
    repo.write("controls/review.yaml", CONTROL).commit(&noon("2026-05-22"), ALICE, "On again");
    let told_of = told(&report(&repo, "2026-06-30"), "control-changed-in-window");
    assert_eq!(told_of.len(), 1, "{told_of:?}");
    for part in ["cadence annual → quarterly, on 2026-05-22", "cadence quarterly → annual, on 2026-05-01"]
    {
        assert!(told_of[0].contains(part), "{told_of:?}");
    }
}

#[test]
fn what_was_handed_over_stays_in_history() {
    let repo = begun("2026-01-02");
    repo.write("audits/a/notes.yaml", "").commit(&noon("2026-02-01"), ALICE, "Handed over");
    let handed = repo.id("HEAD");
    let bundles = format!("bundles:\n  - {{ commit: \"{handed}\", on: 2026-02-01 }}\n");
    repo.write("audits/a/bundles.yaml", &bundles).commit(&noon("2026-02-02"), ALICE, "Written down");
    assert!(told(&report(&repo, "2026-06-30"), "bundle-commit-lost").is_empty());
    // History rewritten without it.
    repo.git(&["reset", "--quiet", "--hard", "HEAD~2"]);
    repo.write("audits/a/bundles.yaml", &bundles).commit(&noon("2026-02-03"), ALICE, "Rewritten");
    assert_eq!(
        told(&report(&repo, "2026-06-30"), "bundle-commit-lost"),
        [format!("commit {}, handed over on 2026-02-01 for `a`, is no longer part of history", &handed[..7])]
    );
}

/// The repository of `docs/auditor-brief.md`; its commands are run and its output is compared.
#[test]
fn the_auditors_brief_shows_what_is_printed() {
    let repo = begun("2026-01-02");
    evidence(&repo, "q1", "2026-01-15");
    let id = repo.commit(&noon("2026-04-20"), BOB, "Q1");
    let path = crate::support::root().join("docs/auditor-brief.md");
    let brief = std::fs::read_to_string(&path).unwrap();
    let shown = brief.split("```console\n").skip(1).map(|block| block.split("```").next().unwrap());
    let mut current = brief.clone();
    for block in shown {
        let (command, expected) = block.split_once('\n').unwrap();
        // The id changes with the text of the example; everything else is fixed.
        let command = command.trim_start_matches("$ ").replace("c000000", &id[..7]);
        let (command, echo) = command.split_once(" && echo ").unwrap_or((&command, ""));
        let words: Vec<&str> = command.split(' ').collect();
        let printed = match words[0] {
            // git fails where the answer is no.
            "git" => repo.git(&words[1..]) + echo,
            _ => repo.folder().run_args(&words[1..]).stdout,
        };
        let printed = printed.replace(&id[..7], "c000000");
        assert!(printed.contains(expected.trim_end()), "{command}\n{printed}\nis not what {block} says");
        current = current.replacen(block, "", 1);
    }
    assert!(brief.len() - current.len() > 300, "four commands are shown");
    for rule in brief.split('`').skip(1).step_by(2).filter(|word| word.contains('-') && !word.contains(' ')) {
        assert!(soc2::rules::find(rule).is_some(), "the brief names `{rule}`");
    }
}

/// Everything of a report that does not rest on history.
fn slots(report: &Value) -> String {
    let audits = report["audits"].as_array().unwrap();
    let controls = audits.iter().flat_map(|audit| audit["controls"].as_array().unwrap());
    controls.map(|control| format!("{} {}\n", control["operation"], control["slots"])).collect()
}

#[test]
fn a_shallow_clone_keeps_its_slots_and_says_what_it_cannot_tell() {
    let (old, new) = ("Access is limited.\n", "Access is open to all.\n");
    let repo = begun("2026-01-02");
    let approvals = approval("1", "bob", "2026-01-05", old);
    repo.write("policies/access.md", policy(&approvals, old));
    repo.commit(&noon("2026-01-05"), ALICE, "Approved");
    evidence(&repo, "q1", "2026-01-15");
    repo.commit(&noon("2026-04-20"), ALICE, "Q1");
    repo.write("policies/access.md", policy(&approvals, new));
    repo.commit(&noon("2026-05-05"), ALICE, "Changed");
    let elsewhere = Folder::new();
    let copy = clone(repo.path(), &elsewhere, &["--depth=1"]);
    let mut command = soc2();
    let words = "check --at HEAD --as-of 2026-06-30 --notes --format json";
    command.arg("-C").arg(copy).args(words.split(' '));
    let (full, shallow) = (report(&repo, "2026-06-30"), ran(command).stdout);
    let shallow: Value = serde_json::from_str(&shallow).unwrap();
    let design = |report: &Value| report["audits"][0]["controls"][0]["design"].to_string();
    assert_eq!(design(&full), "null", "nothing is wrong with it");
    assert!(design(&shallow).contains("cannot be told: its approved text is not at hand"), "{shallow}");
    assert!(slots(&full).contains("\"evidenced\":1"), "{}", slots(&full));
    assert_eq!(slots(&full), slots(&shallow));
    assert_eq!(told(&full, "evidence-back-filled").len(), 1);
    for silent in ["evidence-back-filled", "policy-not-in-force", "records-before-history"] {
        assert!(told(&shallow, silent).is_empty(), "{silent}");
    }
    assert_eq!(told(&shallow, "approved-text-unknown").len(), 1);
    let notes = told(&shallow, "history-incomplete");
    assert_eq!(notes.len(), 1);
    assert!(notes[0].starts_with("this clone is shallow: it cannot be told when records were first written"));
    assert!(told(&full, "history-incomplete").is_empty());
    let gaps = shallow["gaps"].as_array().unwrap();
    let help = gaps.iter().find(|gap| gap["rule"] == "history-incomplete").unwrap()["help"].to_string();
    assert!(help.contains("fetch-depth: 0"), "{help}");
}
