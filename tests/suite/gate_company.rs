//! The gate over the example company: a pull request that weakens, one that tells the truth, and what lies between.

use crate::repository::{ALICE, Repo};
use crate::support::{Folder, Ran, root};

/// After the last record of the company, so that none of them was written in its future.
const DAY: &str = "2027-01-31T12:00:00Z";
const AS_OF: &str = "2026-12-05";
const REVIEW: &str = "controls/iam/iam-access-review.yaml";
const POLICY: &str = "policies/access-control.md";
const CSV: &str = "evidence/iam-access-review/2026-q1-github/users.csv";

/// The company, committed as it stands.
fn company() -> Repo {
    let repo = Repo::new();
    let example = Folder::from_example("acme");
    for path in crate::support::files_below("examples/acme") {
        let path = path.trim_start_matches("examples/acme/");
        repo.write(path, std::fs::read(example.path().join(path)).unwrap());
    }
    repo.commit(DAY, ALICE, "the company");
    repo
}

fn check(repo: &Repo, words: &str) -> Ran {
    repo.folder().run(&format!("check --base main --as-of {AS_OF} {words}"))
}

fn gate(repo: &Repo, words: &str) -> serde_json::Value {
    let ran = check(repo, &format!("--format json {words}"));
    let report: serde_json::Value =
        serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{e}: {}{}", ran.stdout, ran.stderr));
    assert_eq!(report["fails"], ran.code == 1);
    report["gate"].clone()
}

fn changes(gate: &serde_json::Value, list: &str) -> Vec<String> {
    let all = gate[list].as_array().unwrap();
    all.iter().map(|one| one["change"].as_str().or(one["rule"].as_str()).unwrap().to_owned()).collect()
}

/// Deletes one policy sentence, loosens one cadence and edits one reviewed CSV.
fn weaken(repo: &Repo) {
    let folder = repo.folder();
    folder.edit(POLICY, " The record\nholds the list, the decisions and the proof of removal.", "");
    folder.edit(REVIEW, "cadence: quarterly", "cadence: annual");
    let rows = folder.read(CSV);
    let shorter: Vec<&str> = rows.lines().take(10).collect();
    folder.write(CSV, format!("{}\n", shorter.join("\n")));
}

/// Refresh with `SNAPSHOTS=overwrite`.
fn golden(name: &str, text: &str) {
    let path = root().join("tests/snapshots").join(name);
    if std::env::var_os("SNAPSHOTS").is_some_and(|how| how == "overwrite") {
        std::fs::write(&path, text).unwrap();
    }
    let wanted = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(wanted == text, "{name} differs:\n{text}");
}

#[test]
fn three_weakenings_are_three_lines() {
    let repo = company();
    weaken(&repo);
    let base = repo.id("main");
    let ran = check(&repo, "");
    assert_eq!(ran.code, 1);
    let lines: Vec<&str> = ran.stdout.lines().filter(|line| line.starts_with('✗')).collect();
    assert_eq!(lines.len(), 3, "{}", ran.stdout);
    for (line, place) in lines.iter().zip([
        "policy-sentence-removed  policies/access-control.md:37",
        "cadence-loosened  controls/iam/iam-access-review.yaml:11",
        "evidence-changed-after-review  evidence/iam-access-review/2026-q1-github/",
    ]) {
        assert!(line.contains(place), "{line}");
    }
    golden("gate-weakened.txt", &ran.stdout.replace(&base[..7], "BASE"));
    let markdown = check(&repo, "--format markdown").stdout.replace(&base[..7], "BASE");
    golden("gate-weakened.md", &markdown);
    let annotations = check(&repo, "--format github").stdout;
    assert_eq!(
        annotations.lines().filter(|line| line.starts_with("::error file=")).count(),
        3,
        "{annotations}"
    );
    // What the loosened cadence no longer asks for is no repair.
    let gate = gate(&repo, "");
    assert_eq!(changes(&gate, "closed"), Vec::<String>::new());
    assert!(gate["regressions"].to_string().contains("slot-missed"), "{gate}");
}

#[test]
fn the_same_change_committed_and_staged_is_told_in_the_same_words() {
    let repo = company();
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    weaken(&repo);
    let told = |words: &str| {
        let ran = check(&repo, words);
        ran.stdout.lines().filter(|line| !line.starts_with("Same here")).collect::<Vec<_>>().join("\n")
    };
    let on_disk = told("");
    repo.git(&["add", "--all"]);
    assert_eq!(told("--staged"), on_disk);
    repo.commit(DAY, ALICE, "weaker");
    assert_eq!(told("--at HEAD"), on_disk);
    // A day passes: nothing new.
    let later = repo.folder().run("check --base HEAD --as-of 2028-01-01");
    assert_eq!(later.code, 0, "{}", later.stdout);
    assert!(later.stdout.starts_with("soc2: this change weakens nothing ·"), "{}", later.stdout);
}

/// Adds a leaver, an incident, a failed test and a new control.
fn tell_the_truth(repo: &Repo) {
    let folder = repo.folder();
    folder.edit(
        "registers/people.yaml",
        "employed: [{ from: 2025-11-17 }]",
        "employed: [{ from: 2025-11-17, to: 2026-12-03 }]",
    );
    let incidents = folder.read("registers/incidents.yaml");
    folder.write(
        "registers/incidents.yaml",
        format!(
            "{incidents}- id: inc-2026-05\n  title: The status page was down\n  severity: sev4\n  \
             detected: 2026-12-03T09:00:00-05:00\n  owner: engineering-lead\n  systems: [aws]\n"
        ),
    );
    folder.write(
        "evidence/avl-restore-test/2026-h2-second/manifest.yaml",
        "title: Restore test of the order database\ncontrols: [avl-restore-test]\nkind: test-result\n\
         performed: { on: 2026-12-02, by: bob }\n\
         result: { outcome: failed, summary: The restore stopped before its end. }\n\
         collected: { at: 2026-12-02T17:00:00-05:00, by: judy }\n\
         artifacts:\n  - path: restore-record.txt\n    \
         sha256: \"90d667f8eedc2675b5b0ac81c9398b3dc9e2dff7831108d943d4c530f2705d79\"\n    bytes: 60\n    \
         system: aws\n    environment: production\n",
    );
    folder.write(
        "evidence/avl-restore-test/2026-h2-second/restore-record.txt",
        "Restore of the order database stopped at 62 of 100 percent.\n",
    );
    folder.write(
        "controls/avl/avl-status-page.yaml",
        "id: avl-status-page\ntitle: The status page is tested each month\n\
         description: Each month an engineer opens a test notice on the status page and files the notice.\n\
         owner: engineering-lead\nstatus: implemented\neffective_from: 2026-12-01\ncadence: monthly\n\
         criteria: [A1.2]\npolicies: [business-continuity#restore-test]\n",
    );
}

#[test]
fn four_truths_are_four_disclosures() {
    let repo = company();
    tell_the_truth(&repo);
    let ran = check(&repo, "");
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    let mut known = changes(&gate(&repo, ""), "disclosures");
    known.sort();
    assert_eq!(known, ["control-added", "incident-added", "person-left", "result-failed"], "{}", ran.stdout);
    assert_eq!(ran.stdout.lines().filter(|line| line.starts_with('·')).count(), 4, "{}", ran.stdout);
    golden("gate-known.txt", &ran.stdout);
    // With --strict the open gaps of the whole programme fail, as ever.
    assert_eq!(check(&repo, "--strict").code, 1);
}

/// The cause of a missed slot, written down: it reads as a deviation from then on, which is no repair.
#[test]
fn a_slot_that_reads_otherwise_is_not_repaired() {
    let repo = company();
    let exceptions = repo.folder().read("registers/exceptions.yaml");
    let row = "- id: exc-2026-03\n  control: iam-access-review\n  slot: 2026-Q2\n  system: okta\n  \
        found: { by: alice, on: 2026-11-30 }\n  cause: Okta was not on the list.\n  effect: Nobody looked.\n";
    repo.write("registers/exceptions.yaml", exceptions + row);
    let gate = gate(&repo, "");
    assert_eq!(changes(&gate, "disclosures"), ["exception-added"]);
    assert!(gate["disclosures"].to_string().contains("slot-deviation"), "{gate}");
    assert_eq!(changes(&gate, "closed"), Vec::<String>::new());
}

#[test]
fn truth_told_beside_a_weakening_is_told_apart() {
    let repo = company();
    tell_the_truth(&repo);
    weaken(&repo);
    let gate = gate(&repo, "");
    assert_eq!(gate["regressions"].as_array().unwrap().len(), 3, "{gate}");
    assert_eq!(gate["disclosures"].as_array().unwrap().len(), 4, "{gate}");
}

#[test]
fn a_leaver_who_leaves_a_role_vacant_fails_nothing() {
    let repo = company();
    let folder = repo.folder();
    let left = "from: 2026-09-28, to: 2026-12-03 }";
    folder.edit("registers/people.yaml", "from: 2026-09-28 }", left);
    folder.edit("registers/roles.yaml", "from: 2026-09-28 }", left);
    let gate = gate(&repo, "");
    assert_eq!(gate["fails"], false, "{gate}");
    assert!(gate["disclosures"].to_string().contains("role-vacant"), "{gate}");
    assert_eq!(changes(&gate, "opened"), Vec::<String>::new());
}

#[test]
fn what_is_taken_away_fails() {
    // Each change, and the regression it must be.
    type Change = fn(&Folder);
    let cases: [(&str, Change); 6] = [
        ("audit-narrowed", |folder| {
            folder.edit("soc2.toml", "period = { from = 2026-01-01", "period = { from = 2026-04-01");
        }),
        ("evidence-removed", |folder| {
            std::fs::remove_dir_all(folder.path().join("evidence/iam-access-review/2026-q1-aws")).unwrap();
        }),
        ("control-removed", |folder| std::fs::remove_file(folder.path().join(REVIEW)).unwrap()),
        ("mapping-removed", |folder| {
            folder.edit(REVIEW, "criteria: [CC6.2, CC6.3, CC6.1]", "criteria: [CC6.2, CC6.3]");
        }),
        ("person-removed", |folder| {
            let people = folder.read("registers/people.yaml");
            let (from, to) = (people.find("- id: raj").unwrap(), people.find("- id: lena").unwrap());
            folder.write("registers/people.yaml", format!("{}{}", &people[..from], &people[to..]));
        }),
        ("level-lowered", |folder| {
            let text = folder.read("soc2.toml");
            folder.write("soc2.toml", format!("{text}\n[check.levels]\nunknown-criterion = \"warn\"\n"));
        }),
    ];
    let repo = company();
    for (kind, change) in cases {
        change(repo.folder());
        let ran = check(&repo, "");
        assert_eq!(ran.code, 1, "{kind}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stdout.contains(&format!("✗ {kind}")), "{kind}: {}", ran.stdout);
        repo.git(&["checkout", "--quiet", "--", "."]);
    }
}

#[test]
fn other_names_for_files_change_nothing() {
    let repo = company();
    repo.git(&["mv", REVIEW, "controls/reviews.yaml"]);
    repo.git(&["mv", POLICY, "policies/access.md"]);
    repo.git(&["mv", "evidence/iam-access-review/2026-q1-aws", "evidence/iam-access-review/first-aws"]);
    repo.folder().edit(
        "registers/requests.yaml",
        "iam-access-review/2026-q1-aws",
        "iam-access-review/first-aws",
    );
    let ran = check(&repo, "");
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert!(ran.stdout.starts_with("soc2: this change weakens nothing ·"), "{}", ran.stdout);
}

#[test]
fn a_waiver_that_stood_before_lets_a_weakening_through() {
    let repo = company();
    let waivers = repo.folder().read("registers/waivers.yaml");
    let row = "- id: w-cadence\n  rule: cadence-loosened\n  subject: iam-access-review\n  \
        reason: the auditor agreed to a yearly review from 2027 on\n  requested: { by: alice, on: 2026-11-30 }\n  \
        approved: { by: dana, on: 2026-12-01 }\n  expires: 2027-01-31\n";
    let loosen = |repo: &Repo| {
        repo.folder().edit(REVIEW, "cadence: quarterly", "cadence: annual");
    };
    repo.write("registers/waivers.yaml", format!("{waivers}{row}"));
    loosen(&repo);
    assert_eq!(check(&repo, "").code, 1, "the waiver came with the change");
    repo.git(&["checkout", "--quiet", "--", REVIEW]);
    assert_eq!(check(&repo, "").code, 0, "a new waiver agreed to by another person is made known");
    repo.commit(DAY, ALICE, "agreed first");
    loosen(&repo);
    let ran = check(&repo, "");
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert!(ran.stdout.contains("let through by the waiver `w-cadence`"), "{}", ran.stdout);
}

#[test]
fn sarif_tells_new_from_old() {
    let repo = company();
    weaken(&repo);
    let ran = check(&repo, "--format sarif");
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let run = &report["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let mut new = Vec::new();
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        match result["baselineState"].as_str().unwrap() {
            "new" => new.push(result["ruleId"].as_str().unwrap()),
            state => assert_eq!(state, "unchanged"),
        }
    }
    for rule in ["cadence-loosened", "artifact-changed", "policy-sentence-removed"] {
        assert!(new.contains(&rule), "{rule}: {new:?}");
    }
    assert!(!new.contains(&"self-review"), "{new:?}");
}

#[test]
fn hostile_words_stay_words() {
    let repo = company();
    repo.folder().edit(
        POLICY,
        "The record\nholds the list",
        "::error::\u{202e}<img src=x> @everyone ##[group]holds the list",
    );
    for format in ["human", "markdown", "github", "json", "sarif"] {
        let text = check(&repo, &format!("--format {format}")).stdout;
        assert!(!text.contains('\u{202e}') && !text.contains("##[group]"), "{format}: {text}");
        assert!(
            format == "json"
                || format == "sarif"
                || !text.lines().any(|line| line.trim_start().starts_with("::error::"))
        );
        assert!(format != "markdown" || (!text.contains("<img") && !text.contains(" @everyone")), "{text}");
    }
}
