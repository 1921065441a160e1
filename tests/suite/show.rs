//! `soc2 show`: each kind of thing, ids that are shared or wrong, JSON keys, harmless text.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::status::{keys, programme};
use crate::support::Folder;

fn show(folder: &Folder, words: &str) -> String {
    let ran = folder.run(&format!("show {words} --as-of 2026-10-20"));
    assert_eq!(ran.code, 0, "{words}: {}", ran.stderr);
    ran.stdout
}

#[test]
fn every_kind_says_what_is_known() {
    let folder = programme("Owners review every user");
    folder.write("registers/acknowledgements.csv", "person,policy,version,on\nann,access,1.0,2026-01-10\n");
    for (words, expected) in [
        (
            "review",
            &[
                "control review: Owners review every user",
                "2026-Q1 github  on-time",
                "2026-Q2 github  missed",
                "users.csv  unchanged  sha256 6d9010b2b7a1…",
                "not accepted: `ann` reviewed it and also performed it",
                "lead; on 2026-10-20: raj",
                "ann  2024-01-01 to 2026-05-31",
                "design deficient: the policy `access` that orders it is not in force",
                "CC6.2  not-supported",
                "access  draft",
            ][..],
        ),
        ("CC6.2", &["criterion CC6.2:", "not-supported; coverage: covered", "review  missed"][..]),
        ("cc6.2", &["criterion CC6.2:"][..]),
        (
            "raj",
            &["person raj: Raj", "lead  since 2026-06-01", "control  plan, review", "2026-03-20  review/q1"]
                [..],
        ),
        ("lead", &["role lead:", "on 2026-10-20: raj", "ann  2024-01-01 to 2026-05-31"][..]),
        (
            "review/q1",
            &["Occurrences: 1", "accepted by raj on 2026-03-20", "fills 2026-Q1 github: on-time"][..],
        ),
        (
            "evidence/review/q3/manifest.yaml",
            &["not accepted for 2026-Q3 github", "change: have another person"][..],
        ),
        (
            "github",
            &["system github:", "in scope", "review  1 on-time, 1 insufficient-evidence, 1 missed, 1 open"][..],
        ),
        (
            "access",
            &["policy access: Access", "draft", "why: nobody has approved it", "Controls it orders: 1"][..],
        ),
        ("y26", &["audit y26, Type II", "day 293 of 365", "1 of 3 due slots evidenced"][..]),
    ] {
        let text = show(&folder, words);
        for part in expected {
            assert!(text.contains(part), "{words}: no `{part}` in\n{text}");
        }
        assert!(text.ends_with("\nmanagement's own view, not an auditor's opinion\n"), "{text}");
    }
}

#[test]
fn ids_that_are_shared_unknown_or_of_another_kind_are_told() {
    let folder = programme("T");
    folder.write("policies/review.md", "---\nid: review\ntitle: R\nowner: ann\n---\n# R\n");
    let refused = |words: &str| {
        let ran = folder.run(&format!("show {words} --as-of 2026-10-20"));
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{words}");
        ran.stderr
    };
    let both = refused("review");
    assert!(both.contains("`control` and `policy`") && both.contains("--kind control"), "{both}");
    assert!(show(&folder, "review --kind policy").starts_with("policy review: R"));
    folder.edit("registers/people.yaml", "name: Raj", "name: Rajesh Kumar");
    for (words, hint) in [
        ("Kumar", "did you mean `raj`?"),
        ("q3", "did you mean `review/q3`?"),
        ("cc6", "soc2 status --series CC6"),
    ] {
        assert!(refused(words).contains(hint), "{words}: {}", refused(words));
    }
    assert!(show(&folder, "review --kind control").contains("one letter a month: "));
    assert!(refused("reviw").contains("did you mean `review`?"));
    assert!(refused("lead --kind person").contains("it is the id of `role`"));
    assert!(refused("CC6.99").contains("nothing here has the id `CC6.99`"));
    assert!(refused("review --kind nonsense").contains("nonsense"));
}

#[test]
fn an_audit_tells_what_was_handed_over_by_then() {
    let folder = Folder::from_example("acme");
    let recorded = folder.read("audits/2026-type2/bundles.yaml");
    let hash = recorded.split("sha256: ").nth(1).unwrap().trim_matches(['"', ' ', '}', '\n']).to_owned();
    let on = |day: &str| folder.run(&format!("show 2026-type2 --as-of {day}")).stdout;
    let text = on("2027-01-31");
    for part in ["Handed over", "2027-01-15  acme-inc-2026-type2-", "-part.zip, from commit ", &hash] {
        assert!(text.contains(part), "no `{part}` in\n{text}");
    }
    let before = on("2027-01-14");
    assert!(before.contains("Standing") && !before.contains("Handed over"), "{before}");
}

#[test]
fn json_is_versioned_and_keeps_its_keys() {
    let folder = Folder::from_example("acme");
    let mut paths = BTreeSet::new();
    let things = [
        "iam-access-review",
        "CC6.2",
        "alice",
        "security-lead",
        "iam-access-review/2026-q1-github",
        "github",
        "access-control",
        "2026-type2",
    ];
    for what in things {
        let ran = folder.run(&format!("show {what} --as-of 2026-06-30 --format json"));
        assert!(ran.stdout.starts_with("{\n  \"format\": \"soc2-show/1\","), "{what}: {}", ran.stderr);
        let document: Value = serde_json::from_str(&ran.stdout).unwrap();
        let kind = document["kind"].as_str().unwrap();
        let id = document[kind]["id"].as_str().unwrap();
        assert_eq!(id, what);
        keys(&document, "", &mut paths);
    }
    let paths: String = paths.into_iter().map(|path| format!("{path}\n")).collect();
    snapbox::assert_data_eq!(paths, snapbox::file!["../snapshots/show-keys.txt"].raw());
}

#[test]
fn a_policy_says_what_approves_it_and_why_an_approval_does_not_count() {
    let folder = programme("T");
    folder.edit(
        "registers/people.yaml",
        "- { id: raj,",
        "- { id: robot, name: R, kind: bot, employed: [{ from: 2024-01-01 }] }\n\
         - { id: theo, name: Theo, kind: employee, employed: [{ from: 2024-01-01, to: 2025-01-31 }] }\n- { id: raj,",
    );
    let policy = |approvals: &str| {
        let text = format!(
            "---\nid: access\ntitle: A\nowner: ann\napprovals:\n{approvals}---\n# A\n\nOwners review.\n"
        );
        folder.write("policies/access.md", text);
        let document = folder.run("show access --as-of 2026-10-20 --format json").stdout;
        serde_json::from_str::<Value>(&document).unwrap()["policy"].take()
    };
    let draft = policy("  []\n");
    let hash = draft["text_sha256"].as_str().unwrap();
    let line = format!("- {{ version: \"1.0\", by: PERSON, on: DATE, effective: DATE, text: \"{hash}\" }}");
    assert_eq!(draft["approval_line"], line.as_str());
    assert!(show(&folder, "access").contains(&format!("\n  {line}\n")), "{}", show(&folder, "access"));
    let other = "0f".repeat(32);
    for (version, by, on, text, why, next) in [
        ("1.0", "robot", "2026-01-02", hash, "`robot` is a bot", "1.1"),
        ("2.9", "theo", "2026-01-02", hash, "`theo` did not work here on 2026-01-02", "2.10"),
        ("3", "zoe", "2026-01-02", hash, "`zoe` is not in the people register", "4"),
        ("final", "raj", "2026-12-02", hash, "its day is after 2026-10-20", "VERSION"),
        ("1.0", "raj", "2026-01-02", &other, "it approves another text than the one that stands here", "1.1"),
        ("1.0", "raj", "2026-01-02", "", "it has no `text` that can be read", "1.1"),
    ] {
        let text = if text.is_empty() { String::new() } else { format!(", text: \"{text}\"") };
        let shown =
            policy(&format!("  - {{ version: \"{version}\", by: {by}, on: {on}, effective: {on}{text} }}\n"));
        assert_eq!(shown["approvals"][0]["does_not_count"], serde_json::json!([why]));
        let line = shown["approval_line"].as_str().unwrap();
        assert!(line.starts_with(&format!("- {{ version: \"{next}\", by: PERSON")), "{line}");
        let human = show(&folder, "access");
        assert!(human.contains("    does not count: ") && human.contains(why), "{human}");
    }
    let with_line = policy(&format!("  {}\n", line.replace("PERSON", "raj").replace("DATE", "2026-01-02")));
    assert_eq!(with_line["state"], "in-force", "the line is what it takes");
    assert!(with_line["approval_line"].is_null() && with_line["text_sha256"] == hash);
    assert_eq!(with_line["approvals"][0]["does_not_count"], serde_json::json!([]));
}

#[test]
fn waivers_are_shown_with_what_they_hide() {
    let folder = programme("T");
    folder.edit("registers/systems.yaml", "owner: lead", "owner: empty");
    folder.write(
        "registers/waivers.yaml",
        "- { id: w, rule: role-vacant, subject: empty, reason: R, requested: { by: ann, on: 2026-01-01 }, \
         approved: { by: raj, on: 2026-01-02 }, expires: 2026-12-31 }\n",
    );
    let text = show(&folder, "empty").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("hides: nobody holds the role `empty`"), "{text}");
    assert!(text.contains("w: role-vacant, approved by raj on 2026-01-02, expires 2026-12-31"), "{text}");
}

#[test]
fn hostile_text_does_nothing() {
    let folder = programme("evil\\u001b[31m\\u202e\\n::error::x ##[add-mask]");
    folder.edit("registers/people.yaml", "name: Ann", "name: \"A\\u001b[2J ##[x]\"");
    folder.write("policies/bad.md", "---\nid: bad\ntitle: \"x\\u001b[2J\"\nowner: \"y\\u202e\"\n---\n# B\n");
    for what in ["review", "ann", "bad", "CC6.2", "review/q1", "github"] {
        for format in ["human", "json"] {
            let text = show(&folder, &format!("{what} --format {format}"));
            assert!(!text.contains(['\u{1b}', '\u{202e}']), "{what} {format}");
            assert!(!text.contains("##["), "{what} {format}:\n{text}");
            assert!(
                !text.lines().any(|line| line.trim_start().starts_with("::")),
                "{what} {format}:\n{text}"
            );
        }
    }
    let ran = folder.run_args(&["show", "\u{1b}[31mx", "--as-of", "2026-10-20"]);
    assert!(ran.code == 2 && !ran.stderr.contains('\u{1b}'), "{}", ran.stderr);
}
