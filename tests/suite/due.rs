//! `soc2 due`: what falls due, is late or was missed, whose it is, and the same text while nothing changes.

use std::collections::BTreeSet;

use crate::support::Folder;
use soc2::source::{hex, sha256};

pub(crate) const ROOT: &str = r#"
[organization]
name = "Acme, Inc."
[system]
name = "Acme Cloud"
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[[audit]]
id = "y26"
type = "type2"
period = { from = 2026-01-01, to = 2026-12-31 }
"#;

const CONTROLS: &str = "
- id: access-review
  title: Owners review every user
  description: Each quarter the owner of every system reviews its users in an access-review manifest.
  owner: security-lead
  status: implemented
  effective_from: 2026-01-01
  cadence: quarterly
  criteria: [CC6.2]
  systems: [github]
- id: backup
  title: Backups run every day
  description: Each day the database is copied, as the log of the job shows.
  owner: bob
  status: implemented
  effective_from: 2026-01-01
  cadence: daily
  criteria: [CC7.5]
  type: automated
- id: pentest
  title: A tester tries to break in
  description: Each year a tester from outside tries to break in and writes a report.
  owner: carol
  status: implemented
  effective_from: 2025-01-01
  cadence: annual
  criteria: [CC4.1]
";

/// A quarterly, a daily and a yearly control, and three people.
pub(crate) fn programme() -> Folder {
    let folder = Folder::new();
    folder.write("soc2.toml", ROOT).write("controls/all.yaml", CONTROLS);
    folder.write(
        "registers/people.yaml",
        "- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: bob, name: Bob, kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: carol, name: Carol, kind: employee, employed: [{ from: 2024-01-01 }] }\n",
    );
    folder.write(
        "registers/roles.yaml",
        "- { id: security-lead, held: [{ by: alice, from: 2024-01-01, to: 2026-06-14 }, { by: carol, from: 2026-06-15 }] }\n",
    );
    folder.write("registers/systems.yaml", "- { id: github, in_scope: true, owner: security-lead }\n");
    folder
}

/// Files evidence of a control, performed on a day by a person.
pub(crate) fn file(folder: &Folder, id: &str, on: &str, by: &str, rest: &str) {
    let (control, _) = id.split_once('/').unwrap();
    let hash = hex(&sha256(id.as_bytes()));
    folder.write(&format!("evidence/{id}/shown.txt"), id);
    folder.write(
        &format!("evidence/{id}/manifest.yaml"),
        format!(
            "title: Shown\ncontrols: [{control}]\nkind: system-report\nperformed: {{ on: {on}, by: {by} }}\n\
             result: {{ outcome: as-expected }}\nartifacts:\n  - {{ path: shown.txt, sha256: {hash}, system: github }}\n{rest}"
        ),
    );
}

pub(crate) fn list(folder: &Folder, words: &str) -> serde_json::Value {
    let ran = folder.run(&format!("due --format json {words}"));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

/// `late 2026-03-31 access-review 2026-Q1 github`, for each item.
fn items(folder: &Folder, words: &str) -> Vec<String> {
    let list = list(folder, words);
    let text = |item: &serde_json::Value, key: &str| item[key].as_str().unwrap().to_owned();
    let items = list["items"].as_array().unwrap().iter();
    items.map(|item| ["state", "day", "what"].map(|key| text(item, key)).join(" ")).collect()
}

fn about(folder: &Folder, words: &str, subject: &str) -> Vec<String> {
    items(folder, words).into_iter().filter(|item| item.contains(subject)).collect()
}

#[test]
fn a_slot_is_due_then_late_then_missed() {
    let folder = programme();
    for (as_of, expected) in [
        ("2026-02-28", &[][..]),
        ("2026-03-01", &["due 2026-03-31 access-review 2026-Q1 github"]),
        ("2026-03-31", &["due 2026-03-31 access-review 2026-Q1 github"]),
        ("2026-04-01", &["late 2026-03-31 access-review 2026-Q1 github"]),
        ("2026-04-15", &["late 2026-03-31 access-review 2026-Q1 github"]),
        ("2026-04-16", &["missed 2026-03-31 access-review 2026-Q1 github"]),
        ("2026-10-16", &["missed 2026-03-31 access-review github, every slot since 2026-Q1"]),
    ] {
        assert_eq!(about(&folder, &format!("--as-of {as_of}"), "access-review"), expected, "{as_of}");
    }
}

#[test]
fn what_is_filled_or_written_down_is_not_listed() {
    let folder = programme();
    let reviewed = "reviewed: { on: 2026-04-10, by: bob, result: accepted }\n";
    file(&folder, "access-review/2026-q1", "2026-04-09", "alice", reviewed);
    assert!(about(&folder, "--as-of 2026-05-01", "access-review").is_empty(), "filled late");
    assert_eq!(about(&folder, "--as-of 2026-07-20", "access-review").len(), 1, "the second quarter");
    folder.write(
        "registers/exceptions.yaml",
        "- { id: e1, control: access-review, slot: 2026-Q2, found: { by: bob, on: 2026-07-18 }, cause: Forgotten. }\n",
    );
    assert!(about(&folder, "--as-of 2026-07-20", "access-review").is_empty(), "the cause is written down");
}

#[test]
fn evidence_waits_for_another_person() {
    let folder = programme();
    file(&folder, "access-review/2026-q1", "2026-03-05", "alice", "");
    for (as_of, state) in [("2026-03-06", "due"), ("2026-04-02", "late"), ("2026-05-01", "overdue")] {
        let words = format!("--as-of {as_of}");
        let expected = format!("{state} 2026-03-31 review of the evidence access-review/2026-q1");
        assert_eq!(about(&folder, &words, "2026-q1"), [expected], "{as_of}");
    }
    let review = || {
        let list = list(&folder, "--as-of 2026-03-06");
        let mut items = list["items"].as_array().unwrap().iter();
        items.find(|item| item["kind"] == "evidence-review").unwrap().clone()
    };
    let alone = review();
    let path = "evidence/access-review/2026-q1/manifest.yaml";
    let manifest = folder.read(path);
    folder.write(path, format!("{manifest}reviewed: {{ on: 2026-03-06, by: alice, result: accepted }}\n"));
    assert_eq!(review()["command"], "soc2 evidence review access-review/2026-q1 --replace", "her own review");
    folder.write(path, manifest);
    assert_eq!(alone["command"], "soc2 evidence review access-review/2026-q1");
    assert_eq!(alone["except"], serde_json::json!(["alice"]));
    folder.edit("controls/all.yaml", "  systems: [github]", "  systems: [github]\n  reviewer: carol");
    assert_eq!(review()["people"], serde_json::json!(["carol"]));
}

/// A slot of each kind has one last day and one grace, whichever verb tells it.
#[test]
fn due_and_status_agree_on_a_yearly_control_that_was_never_performed() {
    let folder = programme();
    for as_of in ["2026-06-30", "2026-12-20", "2027-01-10"] {
        let all = list(&folder, &format!("--days 300 --as-of {as_of}"));
        let item = all["items"].as_array().unwrap().iter().find(|item| item["subject"] == "pentest").unwrap();
        let (day, grace) = (item["day"].as_str().unwrap(), item["grace"].as_str().unwrap());
        let status = folder.run(&format!("status --all --as-of {as_of}")).stdout;
        let row = format!("{day}  {grace}");
        assert!(
            status.lines().any(|line| line.contains(&row) && line.contains("pentest")),
            "{row}\n{status}"
        );
    }
}

#[test]
fn advice_is_one_action() {
    let folder = programme();
    folder.write("registers/systems.yaml", "- { id: github, in_scope: true, owner: alice }\n");
    let empty = "reviewed: { on: 2026-02-11, by: alice, result: accepted }\n";
    file(&folder, "pentest/2026", "2026-02-10", "bob", empty);
    folder.edit("evidence/pentest/2026/manifest.yaml", "outcome: as-expected", "outcome: exceptions-noted");
    file(&folder, "pentest/old", "2026-03-10", "bob", "");
    file(&folder, "access-review/q1", "2026-03-10", "bob", empty);
    folder.edit("evidence/access-review/q1/manifest.yaml", "by: bob", "by: nobody-here");
    let mut seen = 0;
    for as_of in ["2026-03-31", "2026-06-30", "2026-12-20", "2027-02-20"] {
        let all = list(&folder, &format!("--days 300 --as-of {as_of}"));
        for item in all["items"].as_array().unwrap() {
            let (todo, command) = (item["todo"].as_str().unwrap_or(""), item["command"].as_str().unwrap());
            assert!(!todo.contains("soc2 evidence add"), "{as_of}: {todo}: {command}");
            if item["kind"] == "follow-up" {
                assert_eq!(command, "soc2 evidence add FILE --control pentest --follows-up pentest/2026");
                seen += 1;
            }
        }
    }
    assert!(seen > 0);
    // What was refused is no better for being edited: the slot waits for evidence of its own.
    let folder = programme();
    file(&folder, "pentest/draft", "2026-02-10", "nobody-here", "");
    let all = list(&folder, "--days 300 --as-of 2026-06-30");
    let item = all["items"].as_array().unwrap().iter().find(|item| item["subject"] == "pentest").unwrap();
    assert_eq!(item["command"], "soc2 evidence add FILE --control pentest");
    assert!(item["todo"].is_null() && item["why"].as_str().unwrap().contains("pentest/draft"), "{item}");
}

#[test]
fn a_row_is_shown_in_the_format_of_its_register() {
    let folder = Folder::from_example("acme");
    folder.write("policies/new.md", "---\nid: new\ntitle: N\nowner: alice\n---\n# N\n");
    let shown: serde_json::Value =
        serde_json::from_str(&folder.run("show new --as-of 2026-06-30 --format json").stdout).unwrap();
    let line = shown["policy"]["approval_line"].as_str().unwrap();
    let line = line.replace("PERSON", "alice").replace("DATE", "2026-01-02");
    folder.write(
        "policies/new.md",
        format!("---\nid: new\ntitle: N\nowner: alice\napprovals:\n  {line}\n---\n# N\n"),
    );
    let todo = |folder: &Folder| {
        let all = list(folder, "--days 300 --as-of 2026-06-30");
        let all = all["items"].as_array().unwrap();
        let item = all.iter().find(|item| item["kind"] == "acknowledgement").unwrap();
        (item["todo"].as_str().unwrap().to_owned(), item["command"].as_str().unwrap().to_owned())
    };
    let (csv, yaml) = ("registers/acknowledgements.csv", "registers/acknowledgements.yaml");
    let has_csv = folder.path().join(csv).exists();
    let (row, command) = todo(&folder);
    assert_eq!(row.contains("person,policy,version,on"), has_csv, "{row}");
    assert_eq!(command, format!("edit {}", if has_csv { csv } else { yaml }));
    std::fs::remove_file(folder.path().join(if has_csv { csv } else { yaml })).unwrap();
    folder.write(yaml, "[]\n");
    assert!(todo(&folder).0.contains("- { person: ID, policy: ID"), "{}", todo(&folder).0);
}

#[test]
fn a_daily_control_is_told_once() {
    let folder = programme();
    let list = list(&folder, "--as-of 2026-02-10");
    assert_eq!(list["every_day"], serde_json::json!(["backup"]));
    let missed = &list["items"][0];
    assert_eq!(
        (&missed["what"], &missed["slots"]),
        (&"backup, every slot since 2026-01-01".into(), &40.into())
    );
    file(&folder, "backup/2026-01-05", "2026-01-05", "bob", "");
    assert_eq!(
        about(&folder, "--as-of 2026-02-10", "backup"),
        [
            "missed 2026-01-01 backup, 4 slots from 2026-01-01 to 2026-01-04",
            "missed 2026-01-06 backup, every slot since 2026-01-06"
        ]
    );
}

#[test]
fn the_holder_of_the_role_on_the_day_is_named() {
    let folder = programme();
    let who = |words: &str| {
        let list = list(&folder, words);
        let items = list["items"].as_array().unwrap().iter();
        let slot = items.rev().find(|item| item["subject"] == "access-review").unwrap().clone();
        (slot["people"][0].as_str().map(str::to_owned), slot["role"].as_str().map(str::to_owned))
    };
    assert_eq!(who("--as-of 2026-03-20"), (Some("alice".into()), Some("security-lead".into())));
    assert_eq!(who("--as-of 2026-06-10"), (Some("carol".into()), Some("security-lead".into())), "on 06-30");
    folder.write("registers/roles.yaml", "- { id: security-lead, held: [] }\n");
    assert_eq!(who("--as-of 2026-03-20"), (None, Some("security-lead".into())));
    assert!(folder.run("due --as-of 2026-03-20").stdout.contains("nobody (security-lead)\n"));
}

#[test]
fn one_owner_can_be_asked_for() {
    let folder = programme();
    let of = |owner: &str| items(&folder, &format!("--as-of 2026-03-20 --owner {owner}"));
    assert_eq!(of("alice"), ["due 2026-03-31 access-review 2026-Q1 github"]);
    assert_eq!(of("alice"), of("security-lead"));
    assert_eq!(of("bob"), ["missed 2026-01-01 backup, every slot since 2026-01-01"]);
    let ran = folder.run("due --owner alise");
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("did you mean `alice`?"), "{}", ran.stderr);
}

#[test]
fn two_audits_share_a_slot() {
    let folder = programme();
    let second =
        "[[audit]]\nid = \"h1\"\ntype = \"type2\"\nperiod = { from = 2026-01-01, to = 2026-06-30 }\n";
    folder.write("soc2.toml", format!("{ROOT}{second}"));
    let list = list(&folder, "--as-of 2026-03-20");
    let slots: Vec<_> =
        list["items"].as_array().unwrap().iter().filter(|item| item["subject"] == "access-review").collect();
    assert_eq!(slots.len(), 1);
    assert_eq!(slots[0]["audits"], serde_json::json!(["h1", "y26"]));
    let one = self::list(&folder, "--as-of 2026-03-20 --audit h1");
    assert_eq!(one["items"][0]["audits"], serde_json::json!(["h1"]));
    assert_eq!(folder.run("due --audit h2").code, 2);
    folder.edit("soc2.toml", "to = 2026-06-30 }", "to = 2026-06-30 }\nissued = 2026-08-15");
    assert_eq!(
        about(&folder, "--as-of 2026-09-01 --audit h1", "access-review").len(),
        1,
        "asked for by name"
    );
}

#[test]
fn the_exit_code_tells_only_when_asked() {
    let folder = programme();
    folder.edit("controls/all.yaml", "cadence: daily", "cadence: continuous");
    for (as_of, code) in [("2026-02-10", 0), ("2026-03-30", 0), ("2026-03-31", 1), ("2026-04-10", 1)] {
        assert_eq!(folder.run(&format!("due --as-of {as_of} --exit-code")).code, code, "{as_of}");
        assert_eq!(folder.run(&format!("due --as-of {as_of}")).code, 0, "{as_of}");
    }
    let bob = folder.run("due --as-of 2026-04-10 --exit-code --owner bob");
    assert_eq!(bob.code, 0, "what is listed decides: {}", bob.stdout);
}

#[test]
fn registers_and_policies_have_days_too() {
    let folder = programme();
    for (path, text) in [
        (
            "registers/waivers.yaml",
            "- { id: w1, rule: role-vacant, subject: hr, reason: Search., requested: { by: bob, on: 2026-01-01 }, approved: { by: carol, on: 2026-01-02 }, expires: 2026-03-25 }\n- { id: w2, rule: lone-control, subject: CC4.1, reason: Soon., requested: { by: bob, on: 2026-01-01 }, approved: { by: carol, on: 2026-01-02 }, expires: 2026-03-25 }\n- { id: w3, rule: lone-control, subject: CC4.1, reason: Soon., requested: { by: bob, on: 2026-03-01 }, approved: { by: carol, on: 2026-03-02 }, expires: 2026-09-25 }\n",
        ),
        (
            "registers/training.yaml",
            "- { person: bob, course: security, assigned: 2026-02-20 }\n- { person: carol, course: security, assigned: 2026-02-20, completed: 2026-03-01 }\n",
        ),
        (
            "registers/requests.yaml",
            "- { id: PBC-1, text: Users, due: 2026-03-10, status: open, owner: carol }\n- { id: PBC-2, text: Users, due: 2026-03-10, status: accepted }\n",
        ),
        (
            "registers/vendors.yaml",
            "- { id: aws, service: hosting, owner: bob, tier: critical, reviewed: { by: bob, on: 2025-04-01 }, reports: [{ kind: soc2-type2, period: { from: 2024-04-01, to: 2025-03-31 } }] }\n- { id: pens, service: pens, owner: bob, tier: low, reviewed: { by: bob, on: 2020-04-01 } }\n",
        ),
        (
            "registers/risks.yaml",
            "- { id: r1, statement: A loss., owner: carol, inherent: { likelihood: 2, impact: 2 }, response: accept, action: Buy insurance., due: 2026-04-02, accepted: { by: alice, on: 2025-04-05, expires: 2026-04-04 } }\n",
        ),
    ] {
        folder.write(path, text);
    }
    let found: BTreeSet<String> = items(&folder, "--as-of 2026-03-20").into_iter().collect();
    for expected in [
        "due 2026-03-25 end of the waiver w1",
        "due 2026-03-22 training of bob: security",
        "overdue 2026-03-10 answer to the auditor's request PBC-1",
        "due 2026-04-01 review of the vendor aws",
        "due 2026-03-31 new report of the vendor aws",
        "due 2026-04-02 action on the risk r1",
        "due 2026-04-04 end of the acceptance of the risk r1",
    ] {
        assert!(found.contains(expected), "{expected}\n{found:#?}");
    }
    for absent in ["w2", "w3", "carol", "PBC-2", "pens"] {
        assert!(!found.iter().any(|item| item.contains(absent)), "{absent}\n{found:#?}");
    }
    let acme = Folder::from_example("acme");
    let policy = "policies/logging-and-monitoring.md";
    acme.edit(policy, "reviews:\n  - { by: raj, on: 2026-11-24, result: no-change }\n", "");
    for (as_of, state) in [("2026-11-22", "due"), ("2026-12-01", "due"), ("2026-12-02", "overdue")] {
        let expected = format!("{state} 2026-12-01 review of the policy logging-and-monitoring");
        let found = about(&acme, &format!("--as-of {as_of}"), "policy logging-and-monitoring");
        assert_eq!(found, [expected], "{as_of}");
    }
}

#[test]
fn a_version_is_acknowledged_by_each_person() {
    let acme = Folder::from_example("acme");
    assert!(about(&acme, "--as-of 2026-06-30", "acknowledgement").is_empty());
    let rows = acme.read("registers/acknowledgements.csv");
    let kept: String =
        rows.lines().filter(|row| !row.starts_with("nina,")).map(|row| format!("{row}\n")).collect();
    acme.write("registers/acknowledgements.csv", kept);
    let list = list(&acme, "--as-of 2026-06-30 --owner nina");
    let kinds: Vec<_> = list["items"].as_array().unwrap().iter().map(|item| item["kind"].clone()).collect();
    assert!(!kinds.is_empty() && kinds.iter().all(|kind| kind == "acknowledgement"), "{list:#}");
    assert_eq!(list["items"][0]["command"], "edit registers/acknowledgements.csv");
}

/// The text of an issue changes when the list does, not when a day passes.
#[test]
fn markdown_is_the_same_on_the_next_day() {
    let small = programme();
    file(
        &small,
        "pentest/2025",
        "2025-01-05",
        "carol",
        "reviewed: { on: 2025-01-06, by: bob, result: accepted }\n",
    );
    let acme = Folder::from_example("acme");
    for (folder, days, says) in [
        (
            &acme,
            ["2026-07-18", "2026-07-19"],
            "iam-access-review 2026-Q2 okta (missed, grace ended 2026-07-15)",
        ),
        (&small, ["2026-02-12", "2026-02-13"], "backup, every slot since 2026-01-01 (missed)"),
        (&small, ["2026-02-10", "2026-02-11"], "not performed for more than 395 days from 2025-01-05"),
        (&small, ["2026-05-02", "2026-05-03"], "grace ended 2026-04-15"),
    ] {
        let [one, other] = days.map(|day| folder.run(&format!("due --format markdown --as-of {day}")).stdout);
        assert!(one.contains(says), "{says}\n{one}");
        assert_eq!(one, other, "{days:?}");
        assert!(!one.contains(days[0]), "no day of its own");
    }
    let [before, after] = ["2026-07-15", "2026-07-16"]
        .map(|day| acme.run(&format!("due --format markdown --as-of {day}")).stdout);
    assert_ne!(before, after, "the grace of a slot ended");
}

#[test]
fn nothing_due_has_a_text_of_its_own() {
    let folder = programme();
    folder.write("controls/all.yaml", "[]\n");
    for format in ["human", "markdown"] {
        let ran = folder.run(&format!("due --as-of 2026-05-10 --format {format}"));
        assert!(ran.stdout.contains("Nothing is due, late or missed."), "{}", ran.stdout);
    }
    let calendar = folder.run("due --as-of 2026-05-10 --format ics").stdout;
    assert!(!calendar.contains("VEVENT") && calendar.ends_with("END:VCALENDAR\r\n"));
}

#[test]
fn text_of_strangers_stays_text_in_an_issue() {
    let folder = programme();
    let hostile =
        r#"title: "@octocat <img src=x> [a](http://evil.example) `b` #1 GH-2 ##[error] www.evil.example""#;
    folder.edit("controls/all.yaml", "title: Owners review every user", hostile);
    folder.edit("controls/all.yaml", "systems: [github]", "systems: [\"`$(id)` @octocat\"]");
    folder.edit("controls/all.yaml", "owner: security-lead", "owner: \"@octo/team\"");
    let text = folder.run("due --as-of 2026-03-20 --format markdown").stdout;
    let outside_code: String = text.lines().filter(|line| !line.contains("soc2 evidence add")).collect();
    assert!(text.contains("@&#8203;octocat"), "{text}");
    for raw in ["@octo", "<img", "](http", "://", " #1", "GH-2", "www."] {
        assert!(!outside_code.contains(raw), "`{raw}` in\n{text}");
    }
    assert!(!text.contains("##["), "{text}");
    // Inside a code span nothing is a mention; the fence is longer than what it holds, and a shell sees one word.
    assert!(
        text.contains(
            "`` soc2 evidence add FILE --control access-review --slot 2026-Q1 --system '`$(id)` @octocat' ``"
        ),
        "{text}"
    );
    for format in ["human", "json", "ics"] {
        assert!(!folder.run(&format!("due --as-of 2026-03-20 --format {format}")).stdout.contains('\u{1b}'));
    }
}

#[test]
fn an_issue_has_an_end() {
    let folder = programme();
    let control = |n: usize| {
        let title = "Someone looks at everything ".repeat(8);
        format!(
            "- {{ id: c{n}, title: {title}, description: D., owner: p{n}, status: implemented, effective_from: 2026-01-01, cadence: monthly, criteria: [CC4.1] }}\n"
        )
    };
    folder.write("controls/all.yaml", (0..400).map(control).collect::<String>());
    let text = folder.run("due --as-of 2026-01-20 --format markdown").stdout;
    assert!(text.len() > 50_000 && text.chars().count() < 65_536, "{}", text.len());
    let listed = text.lines().filter(|line| line.starts_with("- **")).count();
    assert!(text.contains(&format!("And {} more: `soc2 due` lists all.", 400 - listed)), "{listed} listed");
    assert_eq!(items(&folder, "--as-of 2026-01-20").len(), 400);
}

#[test]
fn a_calendar_moves_events_and_never_doubles_them() {
    let folder = programme();
    let calendar = |as_of: &str| folder.run(&format!("due --format ics --as-of {as_of}")).stdout;
    let of = |text: &str, name: &str| -> Vec<String> {
        text.split("\r\n").filter(|line| line.starts_with(name)).map(str::to_owned).collect()
    };
    let (one, other) = (calendar("2026-03-20"), calendar("2026-04-10"));
    assert!(one.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')), "{one}");
    for (text, stamp) in [(&one, "20260320"), (&other, "20260410")] {
        assert!(of(text, "DTSTAMP").iter().all(|line| line == &format!("DTSTAMP:{stamp}T000000Z")), "{text}");
    }
    let uids = of(&one, "UID:");
    assert_eq!(uids.len(), 2, "{one}");
    assert_eq!(uids.iter().collect::<BTreeSet<_>>().len(), 2, "each its own");
    assert_eq!(uids, of(&other, "UID:"), "the same slots");
    assert_eq!(of(&one, "DTSTART"), ["DTSTART;VALUE=DATE:20260101", "DTSTART;VALUE=DATE:20260331"]);
    assert_eq!(of(&one, "TRANSP:TRANSPARENT").len(), 2);
    assert!(!one.contains("VALARM") && !one.contains("ATTENDEE"));
    folder.edit("soc2.toml", "name = \"Acme Cloud\"", "name = \"Another\"");
    assert_ne!(uids, of(&calendar("2026-03-20"), "UID:"), "another programme");
}
