//! The bundled examples: one without faults, one with a fault of every kind.

use std::collections::BTreeSet;
use std::fs;

use crate::support::{Folder, root};

/// The control that tests edit.
pub(crate) const CONTROL: &str = "controls/iam/iam-access-review.yaml";

/// Five slips of the hand: a criterion, an owner, a heading, a key, a byte.
pub(crate) fn break_five_ways(folder: &Folder) {
    folder.edit(CONTROL, "criteria: [CC6.2", "criteria: [CC6.22");
    folder.edit("controls/chg/chg-peer-review.yaml", "owner: engineering-lead", "owner: enginering-lead");
    folder.edit("policies/access-control.md", "{#access-reviews}", "");
    let text = folder.read("policies/access-control.md");
    let heading = text
        .lines()
        .find(|line| line.starts_with("## ") && line.to_lowercase().contains("access review"))
        .unwrap();
    folder.write("policies/access-control.md", text.replacen(&format!("{heading}\n"), "", 1));
    let control = "controls/ops/ops-vuln-scan.yaml";
    let text = folder.read(control);
    let cadence = text.lines().find(|line| line.starts_with("cadence:")).unwrap();
    folder.write(control, text.replacen(cadence, &format!("{cadence}\n{cadence}"), 1));
    let artifact = "evidence/iam-access-review/2026-q1-github/users.csv";
    let mut bytes = fs::read(folder.path().join(artifact)).unwrap();
    bytes[0] ^= 1;
    folder.write(artifact, bytes);
}

#[test]
fn acme_has_no_diagnostics() {
    let folder = Folder::from_example("acme");
    let ran = folder.run("check --as-of 2026-06-30");
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert!(ran.stdout.contains("no faults"), "{}", ran.stdout);
}

#[test]
fn acme_looks_like_this() {
    let folder = Folder::from_example("acme");
    let ran = folder.run("check --as-of 2026-06-30 --notes");
    let expected = snapbox::file!["../snapshots/acme-check.txt"];
    snapbox::assert_data_eq!(ran.stdout, expected.raw());
}

/// Rules whose fault git, or every file system, cannot hold; `hostile.rs` and `kinds.rs` build folders for them.
const NOT_IN_GIT: &[&str] = &[
    "file-ignored",
    "path-case-clash",
    "submodule-not-read",
    "symlink-refused",
    "unportable-path",
    "unreadable-file",
];

/// Rules that find something today only; as of a day in the past it is out of view.
const TODAY_ONLY: &[&str] = &["evidence-in-future"];

/// Rules that look at the repository around the programme, which an example in memory has not; `implementations` shows them.
const NEEDS_REPOSITORY: &[&str] = &["implementation-missing"];

#[test]
fn acme_broken_shows_every_rule() {
    let folder = Folder::from_example("acme-broken");
    let ran = folder.run("check --as-of 2026-06-30 --notes --format json");
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let mut seen = BTreeSet::new();
    for find in report["diagnostics"].as_array().unwrap().iter().chain(report["gaps"].as_array().unwrap()) {
        seen.insert(find["rule"].as_str().unwrap().to_owned());
    }
    let missing: Vec<&str> = soc2::rules::RULES
        .iter()
        .map(|rule| rule.name)
        .filter(|name| !seen.contains(*name))
        .filter(|name| ![NOT_IN_GIT, TODAY_ONLY, NEEDS_REPOSITORY].iter().any(|list| list.contains(name)))
        // These need commits; `cases_history.rs` and the rules' own examples show them.
        .filter(|name| !soc2::rules::is_seen_in_commits(name))
        .collect();
    assert!(missing.is_empty(), "examples/acme-broken does not show {missing:?}");
}

#[test]
fn acme_broken_looks_like_this() {
    let folder = Folder::from_example("acme-broken");
    let ran = folder.run("check --as-of 2026-06-30 --notes");
    assert_eq!(ran.code, 1);
    let expected = snapbox::file!["../snapshots/acme-broken-check.txt"];
    snapbox::assert_data_eq!(ran.stdout, expected.raw());
}

#[test]
fn examples_carry_no_machine_paths() {
    for path in crate::support::files_below("examples") {
        if let Ok(text) = fs::read_to_string(root().join(&path)) {
            assert!(!text.contains("/home/") && !text.contains(env!("CARGO_MANIFEST_DIR")), "{path}");
        }
    }
}

/// An approval rests on the text people read; the example's are real.
#[test]
fn acme_approvals_name_the_text_people_read() {
    let program =
        soc2::program::Program::load(soc2::source::Sources::read(&root().join("examples/acme")).unwrap());
    let (mut wrong, mut drafts) = (Vec::new(), Vec::new());
    for policy in &program.policies {
        if policy.head.approvals.is_empty() {
            drafts.push(policy.head.id.to_string());
            continue;
        }
        let read = policy.body.sha256.unwrap();
        let approved =
            policy.head.approvals.last().and_then(|approval| approval.text.as_ref()).map(|text| text.value);
        if approved != Some(read) {
            wrong.push(format!("{} {}", policy.head.id, soc2::source::hex(&read.0)));
        }
    }
    assert!(wrong.is_empty(), "approved text is not the text:\n{}", wrong.join("\n"));
    assert_eq!(drafts, ["ai-use"]);
}
