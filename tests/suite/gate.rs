//! `soc2 check --base`: what a change weakens or breaks fails, what it makes known never does.

use std::fs;

use soc2::source::{hex, sha256};

use crate::repository::{ALICE, BOB, Person, Repo, clone};
use crate::support::{Folder, Ran, ran, soc2};

const CONFIG: &str = "[organization]\nname = \"Acme\"\n[scope]\nframework = \"soc2-2017-rev2022\"\n\
    categories = [\"security\"]\n";
const PEOPLE: &str = "- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }] }\n\
    - { id: bob, name: Bob, kind: employee, employed: [{ from: 2024-01-01 }] }\n";
const CONTROL: &str = "id: review\ntitle: T\ndescription: D\nowner: alice\nstatus: implemented\n\
    effective_from: 2026-01-01\ncadence: quarterly\ncriteria: [CC6.2]\n";
const DAY: &str = "2026-03-31T12:00:00Z";

/// A small programme, committed.
fn small() -> Repo {
    small_in("")
}

fn small_in(folder: &str) -> Repo {
    let repo = Repo::new();
    let path = |name: &str| format!("{folder}{name}");
    repo.write(&path("soc2.toml"), CONFIG);
    repo.write(&path("registers/people.yaml"), PEOPLE);
    repo.write(&path("controls/review.yaml"), CONTROL);
    repo.commit(DAY, ALICE, "the programme");
    repo
}

fn check(repo: &Repo, words: &str) -> Ran {
    repo.folder().run(&format!("check --as-of 2026-06-30 {words}"))
}

/// The gate of a change since HEAD, and the exit code.
fn gate(repo: &Repo, words: &str) -> (serde_json::Value, i32) {
    let ran = check(repo, &format!("--format json {words}"));
    let report: serde_json::Value =
        serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{e}: {}{}", ran.stdout, ran.stderr));
    assert_eq!(report["fails"], ran.code == 1);
    (report["gate"].clone(), ran.code)
}

fn names(list: &serde_json::Value, key: &str) -> Vec<String> {
    list.as_array().unwrap().iter().map(|one| one[key].as_str().unwrap().to_owned()).collect()
}

#[test]
fn nothing_changed_is_nothing_told_on_any_day() {
    let repo = small();
    repo.write("controls/broken.yaml", "id: [x\n");
    repo.commit(DAY, ALICE, "a fault that stays");
    for day in ["2026-01-01", "2026-06-30", "2029-01-01"] {
        let ran = repo.folder().run(&format!("check --base HEAD --as-of {day}"));
        assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
        assert!(
            ran.stdout
                .starts_with(&format!("soc2: this change weakens nothing · as of {day}\nNot yours: 1 fault"))
        );
        assert!(!ran.stdout.contains('✗') && !ran.stdout.contains("deny["), "{}", ran.stdout);
    }
}

#[test]
fn a_lowered_level_does_not_excuse_the_change() {
    let repo = small();
    repo.write("soc2.toml", format!("{CONFIG}[check]\nlevels = {{ unknown-key = \"allow\" }}\n"));
    repo.write("controls/review.yaml", format!("{CONTROL}colour: blue\n"));
    assert_eq!(check(&repo, "").code, 0, "by its own levels");
    let (gate, code) = gate(&repo, "--base HEAD");
    assert_eq!((names(&gate["new_faults"], "rule"), code), (vec!["unknown-key".to_owned()], 1));
}

#[test]
fn a_comment_or_waiver_of_the_same_change_does_not_excuse_it() {
    let repo = small();
    let excused = format!("{CONTROL}colour: blue # soc2: ignore[unknown-key] for the old tool\n");
    repo.write("controls/review.yaml", &excused);
    let (told, code) = gate(&repo, "--base HEAD");
    assert_eq!((names(&told["new_faults"], "rule"), code), (vec!["unknown-key".to_owned()], 1));
    assert_eq!(told["new_faults"][0]["muted"], true);
    let said = check(&repo, "--base HEAD").stdout;
    assert!(said.contains("1 of these is muted by a comment of the same change"), "{said}");
    repo.commit(DAY, ALICE, "merged all the same");
    repo.write("controls/review.yaml", format!("# moved\n\n{excused}"));
    assert_eq!(check(&repo, "--base HEAD").code, 0);

    let repo = small();
    repo.write(
        "registers/waivers.yaml",
        "- { id: w, rule: role-vacant, subject: cfo, reason: hiring, requested: { by: alice, on: 2026-03-01 },\n    \
         approved: { by: bob, on: 2026-03-02 }, expires: 2026-12-31 }\n",
    );
    repo.write("registers/roles.yaml", "- { id: cfo, held: [] }\n");
    repo.write("controls/review.yaml", CONTROL.replace("owner: alice", "owner: cfo"));
    let (told, code) = gate(&repo, "--base HEAD --strict");
    let opened = told.to_string();
    assert!(opened.contains("role-vacant"), "the waiver is not in force yet: {opened}");
    assert_eq!(code, 1);
}

#[test]
fn old_faults_are_not_the_authors() {
    let repo = small();
    repo.write("controls/old.yaml", "id: old\nshade: grey\ncolour: blue\n");
    repo.commit(DAY, ALICE, "faults");
    assert_eq!(check(&repo, "").code, 1);
    // Moved lines, another file name, edited on the way.
    repo.git(&["mv", "controls/old.yaml", "controls/new.yaml"]);
    repo.write("controls/new.yaml", "# said\nid: old\n\nshade: grey\n\ncolour: blue\n");
    let ran = check(&repo, "--base HEAD");
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    // The same fault once more is a new one.
    repo.write("controls/new.yaml", "id: old\nshade: grey\ncolour: blue\ntone: red\n");
    let (gate, code) = gate(&repo, "--base HEAD");
    assert_eq!((gate["new_faults"].as_array().unwrap().len(), code), (1, 1));
    assert!(gate["new_faults"][0]["message"].as_str().unwrap().contains("tone"), "{gate}");
}

#[test]
fn a_flood_of_old_faults_hides_no_new_one_and_blames_nobody() {
    let repo = small();
    let keys = |n: usize| -> String { (0..n).map(|i| format!("key{i}: x\n")).collect() };
    let with = |n: usize| {
        repo.write("controls/review.yaml", format!("{CONTROL}{}", keys(n)));
    };
    with(400);
    repo.commit(DAY, ALICE, "a flood");
    with(350);
    assert_eq!(check(&repo, "--base HEAD").code, 0, "fewer");
    with(401);
    let (told, code) = gate(&repo, "--base HEAD");
    assert_eq!((told["new_faults"].as_array().unwrap().len(), code), (1, 1), "one more: {told}");
}

#[test]
fn what_cannot_be_read_fails_and_does_not_stop() {
    let repo = small();
    repo.write("soc2.toml", "[organization\n");
    let ran = check(&repo, "--base HEAD");
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    let repo = small();
    repo.write("controls/review.yaml", "id: [review\n").write("registers/people.yaml", "\u{0}\u{1}");
    assert_eq!(check(&repo, "--base HEAD").code, 1);
}

#[test]
fn a_base_that_cannot_be_read_whole_lends_no_terms() {
    let repo = small();
    repo.write("soc2.toml", "[organization\n");
    repo.commit(DAY, ALICE, "broken");
    repo.write("soc2.toml", CONFIG);
    let ran = check(&repo, "--base HEAD");
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn the_base_is_where_the_branches_parted() {
    let repo = small();
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    repo.write("controls/other.yaml", CONTROL.replace("id: review", "id: other"));
    repo.commit(DAY, ALICE, "a control");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("controls/review.yaml", format!("{CONTROL}colour: blue\n"));
    let main = repo.commit(DAY, ALICE, "a fault on main");
    repo.git(&["checkout", "--quiet", "topic"]);
    let (gate, code) = gate(&repo, "--base main");
    assert_eq!(code, 0, "{gate}");
    assert_eq!(gate["base"]["asked"], "main");
    assert_ne!(gate["base"]["commit"], serde_json::Value::from(main));
    // The same, of a commit and of what is staged.
    for words in ["--base main --at HEAD", "--base main --staged"] {
        assert_eq!(check(&repo, words).code, 0, "{words}");
    }
}

#[test]
fn without_a_base_there_is_no_verdict() {
    let repo = small();
    for (words, hint) in
        [("--base origin/main", "git rev-parse"), ("--base", "soc2 check --base origin/main")]
    {
        let ran = check(&repo, words);
        assert_eq!(ran.code, 2, "{words}: {}", ran.stdout);
        assert!(ran.stderr.contains(hint), "{words}: {}", ran.stderr);
    }
    repo.git(&["checkout", "--quiet", "--orphan", "other"]);
    repo.commit(DAY, ALICE, "another beginning");
    let ran = check(&repo, "--base main");
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    assert!(ran.stderr.contains("no common ancestor"), "{}", ran.stderr);

    let folder = Folder::new();
    folder.write("soc2.toml", CONFIG);
    assert_eq!(folder.run("check --base HEAD").code, 2, "no repository");
    let empty = Repo::new();
    empty.write("soc2.toml", CONFIG);
    let ran = check(&empty, "--base HEAD");
    assert_eq!(ran.code, 2, "no commit: {}", ran.stdout);
}

#[test]
fn a_shallow_clone_says_how_to_get_the_base() {
    let repo = small();
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    for n in 0..3 {
        repo.commit(DAY, ALICE, &format!("edit {n}"));
    }
    let into = Folder::new();
    let path = clone(repo.path(), &into, &["--depth=1", "--no-single-branch", "--branch=topic"]);
    let mut command = soc2();
    command.current_dir(&path).args(["check", "--base", "origin/main", "--as-of", "2026-06-30"]);
    let ran = ran(command);
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    assert!(ran.stderr.contains("fetch-depth: 0"), "{}", ran.stderr);
}

#[test]
fn the_first_programme_is_all_new() {
    let repo = Repo::new();
    repo.write("README", "a product").commit(DAY, ALICE, "a product");
    repo.write("compliance/soc2.toml", CONFIG);
    for (control, code) in [(CONTROL.to_owned(), 0), (format!("{CONTROL}colour: blue\n"), 1)] {
        repo.write("compliance/controls/review.yaml", control);
        repo.write("compliance/registers/people.yaml", PEOPLE);
        let ran = check(&repo, "-C compliance --base HEAD");
        assert_eq!(ran.code, code, "{}{}", ran.stdout, ran.stderr);
        assert!(ran.stdout.contains("has no programme yet"), "{}", ran.stdout);
        assert!(ran.stdout.contains("in scope"), "the whole report follows: {}", ran.stdout);
    }
}

#[test]
fn a_programme_that_moved_is_the_same_one() {
    let repo = small_in("old/");
    repo.write("old/controls/faulty.yaml", "id: faulty\ncolour: blue\n");
    repo.commit(DAY, ALICE, "a fault");
    repo.git(&["mv", "old", "new"]);
    for words in ["-C new --base HEAD", "-C new --base HEAD --staged"] {
        let ran = check(&repo, words);
        assert_eq!(ran.code, 0, "{words}: {}{}", ran.stdout, ran.stderr);
        assert!(!ran.stdout.contains("has no programme"), "{}", ran.stdout);
    }
    let base = repo.id("HEAD");
    repo.commit(DAY, ALICE, "moved");
    let ran = check(&repo, &format!("-C new --at HEAD --base {base}"));
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(!ran.stdout.contains("has no programme"), "{}", ran.stdout);
}

#[test]
fn the_base_is_told_by_the_code_host() {
    let repo = small();
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    repo.write("controls/review.yaml", format!("{CONTROL}colour: blue\n"));
    repo.commit(DAY, ALICE, "a fault");
    let into = Folder::new();
    let path = clone(repo.path(), &into, &["--branch=topic"]);
    let event = into.path().join("event.json");
    let id = repo.id("main");
    fs::write(&event, format!("{{\"merge_group\": {{\"base_sha\": \"{id}\"}}}}")).unwrap();
    let event = event.to_str().unwrap();
    for (environment, asked) in [
        (vec![("GITHUB_BASE_REF", "main")], "origin/main"),
        (
            vec![("GITHUB_BASE_REF", ""), ("GITHUB_EVENT_NAME", "merge_group"), ("GITHUB_EVENT_PATH", event)],
            &id,
        ),
        (vec![("CI_MERGE_REQUEST_DIFF_BASE_SHA", &*id)], &id),
        (vec![("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main")], "origin/main"),
    ] {
        for words in [&["check", "--as-of", "2026-06-30", "--base"][..], &["check", "--base=auto"]] {
            let mut command = soc2();
            command.current_dir(&path).args(words).envs(environment.iter().copied());
            let ran = ran(command);
            assert_eq!(ran.code, 1, "{environment:?}: {}{}", ran.stdout, ran.stderr);
            assert!(ran.stdout.contains(&format!("--base {asked}")), "{environment:?}: {}", ran.stdout);
        }
    }
    for (variable, hint) in
        [("GITHUB_BASE_REF", "fetch-depth: 0"), ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "GIT_DEPTH: \"0\"")]
    {
        let mut command = soc2();
        command.current_dir(&path).args(["check", "--base"]).env(variable, "gone");
        let ran = ran(command);
        assert_eq!(ran.code, 2, "{}", ran.stdout);
        assert!(ran.stderr.contains(hint), "{}", ran.stderr);
    }
    // The clone has no branch `main` of its own.
    for (named, says) in [
        ("main", "did you mean origin/main?"),
        ("main~1", "no commit, branch or tag of that name"),
        ("HEAD~99", "`HEAD` is here, but not what follows it"),
        ("HEAD:soc2.toml", "it names a blob"),
    ] {
        let mut command = soc2();
        command.current_dir(&path).args(["check", "--base", named]);
        let ran = ran(command);
        assert_eq!(ran.code, 2, "{}", ran.stdout);
        assert!(ran.stderr.contains(says) && !ran.stderr.contains("delegate"), "{}", ran.stderr);
    }
}

#[test]
fn an_own_framework_cannot_be_thinned_out() {
    let repo = small();
    let framework = "id: house\ntitle: House rules\nedition: \"1\"\n\
        categories: [{ id: security, title: Security, always: true }]\n\
        series: [{ id: S, title: Security, category: security }]\n\
        criteria:\n  - { id: S.1, series: S, text: Access is limited. }\n  - { id: S.2, series: S, text: Changes are seen. }\n";
    let config = CONFIG.replace("soc2-2017-rev2022", "house");
    repo.write("soc2.toml", &config).write("frameworks/house.yaml", framework);
    repo.write("controls/review.yaml", CONTROL.replace("CC6.2", "S.1"));
    repo.commit(DAY, ALICE, "own rules");
    let thinner = framework.replace("  - { id: S.2, series: S, text: Changes are seen. }\n", "");
    repo.write("frameworks/house.yaml", thinner);
    let (told, code) = gate(&repo, "--base HEAD");
    assert_eq!(
        (names(&told["regressions"], "change"), code),
        (vec!["scope-narrowed".to_owned()], 1),
        "{told}"
    );
    assert_eq!(told["closed"], serde_json::json!([]), "S.2 is not repaired by being gone");
    // Another framework altogether: nothing of the old scope counts as mended.
    repo.remove("frameworks/house.yaml").write("soc2.toml", CONFIG).write("controls/review.yaml", CONTROL);
    let (told, code) = gate(&repo, "--base HEAD");
    assert_eq!(code, 1, "{told}");
    assert_eq!(told["closed"], serde_json::json!([]), "{told}");
}

#[test]
fn audits_are_those_of_the_base() {
    let repo = small();
    let audit = "[[audit]]\nid = \"a\"\ntype = \"type2\"\nperiod = { from = 2026-01-01, to = 2026-12-31 }\n";
    repo.write("soc2.toml", format!("{CONFIG}{audit}"));
    assert_eq!(check(&repo, "--audit a").code, 0);
    assert_eq!(check(&repo, "--base HEAD --audit a").code, 2, "the base knows no such audit");
    assert_eq!(check(&repo, "--base HEAD").code, 0, "a new audit weakens nothing");
    repo.commit(DAY, ALICE, "an audit");
    // Taking the audit out does not take its gaps out.
    repo.write("soc2.toml", CONFIG);
    let (told, code) = gate(&repo, "--base HEAD");
    assert_eq!(
        (names(&told["regressions"], "change"), code),
        (vec!["audit-removed".to_owned()], 1),
        "{told}"
    );
    assert_eq!((told["closed"].to_string(), told["opened"].to_string()), ("[]".to_owned(), "[]".to_owned()));
}

#[test]
fn a_file_that_the_base_could_not_read_is_told() {
    let repo = small();
    repo.write("controls/review.yaml", format!("{CONTROL}note: [\n")).commit(DAY, ALICE, "a slip");
    repo.write("controls/review.yaml", CONTROL.replace("quarterly", "annual"));
    let ran = check(&repo, "--base HEAD");
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.starts_with("soc2: this change cannot be judged in 1 file"), "{}", ran.stdout);
    for format in ["human", "json", "markdown", "github"] {
        let told = check(&repo, &format!("--base HEAD --format {format}")).stdout;
        assert!(told.contains("could not be read in the base"), "{format}: {told}");
    }
    let diff = repo.folder().run("diff HEAD").stdout;
    assert!(diff.contains("cannot be judged in 1 file") && !diff.contains("weakens nothing"), "{diff}");
}

/// Public keys that open nothing.
const KEYS: [&str; 2] = [
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB7Fu+vkYxgmdUxEQoLRoh6jjJGFTTZm+ayRSsSOKfJA",
];

#[test]
fn another_key_is_somebody_elses_decision() {
    let repo = small_in("compliance/");
    let run = |words: &str| {
        let ran = repo.folder().run(&format!("-C compliance check --as-of 2026-06-30 --format json {words}"));
        let report: serde_json::Value =
            serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{e}: {}{}", ran.stdout, ran.stderr));
        (report["gate"].clone(), ran.code)
    };
    let list = |path: &str, lines: &[String]| repo.write(&format!("compliance/{path}"), lines.concat());
    let alice = format!("alice@acme.example {}\n", KEYS[0]);
    let other = format!("alice@acme.example valid-after=\"20200101\" {}\n", KEYS[1]);
    let old = format!("alice@acme.example valid-before=\"20260630\" {}\n", KEYS[0]);
    // The first list is told.
    list("allowed_signers", std::slice::from_ref(&alice));
    let (found, code) = run("--base HEAD");
    assert_eq!((names(&found["disclosures"], "change"), code), (vec!["signers-listed".to_owned()], 0));
    repo.commit(DAY, ALICE, "whose keys count");
    // One more fails: on disk, staged, in a commit, and under another name of the file.
    list("allowed_signers", &[old.clone(), other.clone()]);
    let expected = (vec!["signer-added".to_owned()], 1);
    let failing = |words: &str| {
        let (found, code) = run(words);
        (names(&found["regressions"], "change"), code)
    };
    assert_eq!(failing("--base HEAD"), expected);
    let told = repo.folder().run("-C compliance diff HEAD").stdout;
    assert!(told.contains("signer-added") && told.contains("signer-ended"), "{told}");
    assert!(told.contains("with rule `signer-added` and subject `alice@acme.example`"), "{told}");
    repo.git(&["add", "--all"]);
    list("allowed_signers", std::slice::from_ref(&alice));
    assert_eq!(failing("--base HEAD --staged"), expected);
    assert_eq!(failing("--base HEAD").1, 0);
    repo.git(&["reset", "--quiet", "--hard"]);
    list("keys", &[alice.clone(), other.clone()]);
    let config = format!("{CONFIG}[history]\nallowed_signers = \"keys\"\n");
    repo.write("compliance/soc2.toml", &config).commit(DAY, ALICE, "another list");
    assert_eq!(failing("--base HEAD~1"), expected);
    assert_eq!(failing("--base HEAD~1 --at HEAD"), expected);
    repo.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    // A list that is a link, or leads out of the programme, is none: its keys are gone.
    repo.remove("compliance/allowed_signers");
    #[cfg(unix)]
    std::os::unix::fs::symlink("/dev/zero", repo.path().join("compliance/allowed_signers")).unwrap();
    let gone = (vec!["signer-removed".to_owned()], 1);
    assert_eq!(failing("--base HEAD"), gone);
    repo.git(&["reset", "--quiet", "--hard"]);
    repo.write("compliance/soc2.toml", config.replace("\"keys\"", "\"../allowed_signers\""));
    list("../allowed_signers", std::slice::from_ref(&alice));
    assert_eq!(failing("--base HEAD"), gone);
    repo.git(&["reset", "--quiet", "--hard"]);
    // Agreed to before, by somebody else.
    repo.write(
        "compliance/registers/waivers.yaml",
        "- { id: w, rule: signer-added, subject: alice@acme.example, reason: a new laptop, \
         requested: { by: alice, on: 2026-03-01 }, approved: { by: bob, on: 2026-03-02 }, expires: 2026-12-31 }\n",
    );
    repo.commit(DAY, ALICE, "agreed");
    list("allowed_signers", &[old, other]);
    let (found, code) = run("--base HEAD");
    assert_eq!((names(&found["regressions"], "waiver"), code), (vec!["w".to_owned()], 0));
}

const BOARD: &str = "\
- { id: alice, name: Alice, emails: [alice@acme.example], kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: bob, name: Bob, emails: [bob@acme.example], kind: employee, employed: [{ from: 2024-01-01 }] }
";

/// A policy with an approval of each text, by whom and on which day.
fn policy(text: &str, approvals: &[(&str, &str, &str)]) -> String {
    let rows: Vec<String> = approvals
        .iter()
        .enumerate()
        .map(|(nth, (by, on, text))| {
            let hash = hex(&sha256(format!("{text}\n").as_bytes()));
            format!("  - {{ version: \"{nth}\", by: {by}, on: {on}, effective: {on}, text: \"{hash}\" }}\n")
        })
        .collect();
    format!("---\nid: access\ntitle: Access\nowner: alice\napprovals:\n{}---\n{text}\n", rows.concat())
}

#[test]
fn another_wording_passes_when_somebody_else_approves_it() {
    const WAS: &str = "Owners review all users each quarter. Access ends within 24 hours.";
    const IS: &str = "Owners review all users each quarter. Access ends within 72 hours.";
    const CUT: &str = "Access ends within 72 hours.";
    let first = ("bob", "2026-01-02", WAS);
    let repo = small();
    repo.write("registers/people.yaml", BOARD).write("policies/access.md", policy(WAS, &[first]));
    repo.write("controls/review.yaml", format!("{CONTROL}policies: [access]\n"));
    repo.commit(DAY, ALICE, "a policy");
    let base = repo.id("HEAD");
    // Alice writes on 04-01, somebody approves on 04-02.
    let change = |text: &str, by: Person, approval: (&str, &str, &str)| {
        repo.git(&["reset", "--quiet", "--hard", &base]);
        repo.write("policies/access.md", policy(text, &[first]));
        repo.commit("2026-04-01T12:00:00Z", ALICE, "reword");
        repo.write("policies/access.md", policy(text, &[first, approval]));
        let uncommitted = gate(&repo, &format!("--base {base}")).1;
        assert_eq!(uncommitted, 1, "nobody has written it yet");
        repo.commit("2026-04-02T12:00:00Z", by, "approve");
        let (told, code) = gate(&repo, &format!("--base {base}"));
        let diff = repo.folder().run(&format!("diff {base} HEAD")).stdout;
        let kinds = [names(&told["regressions"], "change"), names(&told["disclosures"], "change")].concat();
        assert!(kinds.iter().all(|kind| diff.contains(kind.as_str())), "{kinds:?}: {diff}");
        (kinds.join(" "), code, diff)
    };
    let (told, code, diff) = change(IS, BOB, ("bob", "2026-04-02", IS));
    assert_eq!((told.as_str(), code), ("policy-rewording-approved", 0));
    assert!(diff.contains("approved again by `bob` on 2026-04-02"), "{diff}");
    // Who typed the approval in does not matter, who wrote the text does.
    assert_eq!(change(IS, ALICE, ("bob", "2026-04-02", IS)).1, 0);
    let (told, code, diff) = change(IS, BOB, ("alice", "2026-04-02", IS));
    assert_eq!((told.as_str(), code), ("policy-sentence-changed", 1));
    assert!(diff.contains("they wrote the text themselves"), "{diff}");
    assert!(diff.contains("soc2 show access prints the line"), "{diff}");
    assert_eq!(change(IS, BOB, ("bob", "2026-04-02", WAS)).1, 1, "another text");
    let (told, code, _) = change(CUT, BOB, ("bob", "2026-04-02", CUT));
    assert_eq!((told.as_str(), code), ("policy-sentence-removed policy-rewording-approved", 1));
}
