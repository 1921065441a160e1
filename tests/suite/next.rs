//! `soc2 next`: what to do now, in order, and the earliest honest start of a window.

use crate::support::Folder;
use soc2::program::Program;
use soc2::source::{Sources, hex};

const STAGES: [&str; 9] =
    ["faults", "scope", "policies", "controls", "first-evidence", "window", "slots", "follow-ups", "records"];

fn next(folder: &Folder, words: &str) -> serde_json::Value {
    let ran = folder.run(&format!("next --format json {words}"));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

fn steps(folder: &Folder, words: &str) -> Vec<(String, String)> {
    let next = next(folder, &format!("--all {words}"));
    let text = |step: &serde_json::Value, key: &str| step[key].as_str().unwrap().to_owned();
    next["steps"].as_array().unwrap().iter().map(|step| (text(step, "stage"), text(step, "what"))).collect()
}

/// A framework of two criteria, a control for each, one policy; alice owns, raj approves.
fn house(controls: &str, approval: &str) -> Folder {
    let folder = Folder::new();
    folder.write(
        "soc2.toml",
        "[organization]\nname = \"Acme\"\n[scope]\nframework = \"house\"\ncategories = [\"security\"]\n\
         [[audit]]\nid = \"y26\"\ntype = \"type2\"\nperiod = { from = 2026-07-01, to = 2026-12-31 }\n",
    );
    folder.write(
        "frameworks/house.yaml",
        "id: house\ntitle: House\nedition: \"1\"\ncategories: [{ id: security, title: Security, always: true }]\n\
         series: [{ id: S, title: Security, category: security }]\ncriteria:\n\
         - { id: S.1, series: S, text: Access is limited. }\n- { id: S.2, series: S, text: Backups are kept. }\n",
    );
    folder.write(
        "registers/people.yaml",
        "- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: raj, name: Raj, kind: employee, employed: [{ from: 2024-01-01 }] }\n",
    );
    folder.write(
        "registers/roles.yaml",
        "- { id: lead, held: [{ by: alice, from: 2026-02-01 }] }\n- { id: management, held: [{ by: raj, from: 2024-01-01 }] }\n",
    );
    folder.write("registers/systems.yaml", "- { id: github, in_scope: true, owner: lead }\n");
    folder.write("controls/all.yaml", controls);
    let policy = |approvals: &str| {
        format!(
            "---\nid: rules\ntitle: Rules\nowner: lead\n{approvals}---\n## All {{#all}}\nPeople keep the rules.\n"
        )
    };
    folder.write("policies/rules.md", policy(""));
    if !approval.is_empty() {
        let program = Program::load(Sources::read(folder.path()).unwrap());
        let hash = hex(&program.policies[0].body.sha256.unwrap().0);
        folder.write("policies/rules.md", policy(&approval.replace("HASH", &hash)));
    }
    folder
}

fn control(id: &str, criterion: &str, rest: &str) -> String {
    format!(
        "- {{ id: {id}, title: T, description: Somebody does it., owner: lead, cadence: quarterly, \
         criteria: [{criterion}], policies: [rules#all], {rest} }}\n"
    )
}

const APPROVED: &str =
    "approvals: [{ version: \"1\", by: raj, on: 2026-01-10, effective: 2026-01-15, text: HASH }]\n";

fn in_place(since: &str) -> String {
    format!("status: implemented, effective_from: {since}")
}

#[test]
fn a_fresh_programme_has_few_steps_in_order() {
    let folder = Folder::new();
    folder.run_args(&[
        "init",
        ".",
        "--name",
        "Acme",
        "--categories",
        "security",
        "--type",
        "type2",
        "--from",
        "2027-01-01",
        "--to",
        "2027-06-30",
    ]);
    let steps = steps(&folder, "--as-of 2026-11-22");
    let place = |stage: &str| STAGES.iter().position(|known| *known == stage).unwrap();
    assert!(steps.windows(2).all(|pair| place(&pair[0].0) <= place(&pair[1].0)), "{steps:#?}");
    assert!(steps.len() <= 20, "sixty drafts are a few steps: {steps:#?}");
    let words: Vec<&str> = steps.iter().map(|(_, what)| what.as_str()).collect();
    assert_eq!(words[0], "add your people");
    for part in [
        "vacant role",
        "list your systems",
        "are left out",
        "have management approve",
        "controls of CC6 in place",
    ] {
        assert!(words.iter().any(|what| what.contains(part)), "{part}\n{words:#?}");
    }
    let shown = folder.run("next --as-of 2026-11-22").stdout;
    assert!(shown.contains("more: soc2 next --all"), "{shown}");
    assert_eq!(shown.lines().filter(|line| line.trim_start().starts_with("> ")).count(), 10);
    assert!(shown.contains("not yet; CC1.1, CC1.2, CC1.3 and 30 more have no control in place"), "{shown}");
}

#[test]
fn a_second_person_comes_before_work_that_needs_one() {
    let folder = house(&control("a", "S.1, S.2", "status: draft"), "");
    folder.write(
        "registers/people.yaml",
        "- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }] }\n",
    );
    folder.edit("registers/roles.yaml", "by: raj", "by: alice");
    let steps = steps(&folder, "--as-of 2026-05-01");
    assert_eq!(steps[0].1, "add a second person");
}

#[test]
fn faults_come_before_all_work() {
    let folder = house(&control("a", "S.1, S.2", "status: draft"), "");
    assert_eq!(next(&folder, "--as-of 2026-05-01")["faults"], 0);
    folder.write("controls/more.yaml", "- { id: b, title: T, ownr: lead }\n- { id: c, title: T, stat: x }\n");
    let denied = folder.run("check --as-of 2026-05-01 --format json").stdout;
    let denied: serde_json::Value = serde_json::from_str(&denied).unwrap();
    let denied =
        denied["diagnostics"].as_array().unwrap().iter().filter(|one| one["level"] == "deny").count();
    for owner in ["", "--owner raj"] {
        let all = next(&folder, &format!("--as-of 2026-05-01 {owner}"));
        assert!(denied > 1);
        assert_eq!(all["faults"], denied);
        let first = &all["steps"][0];
        assert_eq!(first["stage"], "faults");
        assert_eq!(first["what"], format!("mend {denied} faults first"));
        assert_eq!(first["command"], "soc2 check");
    }
}

#[test]
fn drafts_are_grouped_by_who_approves() {
    let folder = house(&control("a", "S.1, S.2", "status: draft"), "");
    folder.write(
        "policies/more.md",
        "---\nid: more\ntitle: More\nowner: lead\n---\n## More\nMore is written.\n",
    );
    let all = next(&folder, "--all --as-of 2026-05-01");
    let policies = all["steps"].as_array().unwrap().iter().find(|step| step["stage"] == "policies").unwrap();
    assert_eq!(policies["what"], "raj approves 2 policies: more, rules");
    assert_eq!(policies["command"], "soc2 policy approve more --version VERSION --effective DAY");
    let why = policies["why"].as_str().unwrap();
    let order = "whoever approves runs the command, once for each";
    assert!(why.ends_with(order), "{why}");
    assert_eq!(policies["whose"], serde_json::json!(["management", "raj"]));
    let of_raj = steps(&folder, "--as-of 2026-05-01 --owner raj");
    assert_eq!(of_raj.len(), 1, "{of_raj:?}");
    assert_eq!(folder.run("next --owner rja --as-of 2026-05-01").code, 2);
}

#[test]
fn the_earliest_honest_start_names_what_holds_it_back() {
    let both = |first: &str, second: &str| control("a", "S.1", first) + &control("b", "S.2", second);
    let open = &in_place("2026-01-01");
    for (controls, approval, day, because) in [
        (both(open, open), APPROVED, Some("2026-02-01"), "the owner lead of a (S.1) answers for it"),
        (both(open, &in_place("2026-03-01")), APPROVED, Some("2026-03-01"), "b (S.2) is in place"),
        (both(open, &in_place("2026-09-01")), APPROVED, Some("2026-09-01"), "b (S.2) is in place"),
        (
            both(open, open),
            "approvals: [{ version: \"1\", by: raj, on: 2026-04-10, effective: 2026-04-15, text: HASH }]\n",
            Some("2026-04-15"),
            "the policy rules, which orders a (S.1), is in force",
        ),
        (both(open, "status: draft"), APPROVED, None, "S.2 has no control in place"),
        (both(open, open), "", None, "S.1, S.2 have no control in place"),
        (
            both(
                open,
                "status: retired, effective_from: 2026-01-01, retired_at: 2026-04-30, superseded_by: c",
            ) + &control("c", "S.2", &in_place("2026-05-01")),
            APPROVED,
            Some("2026-02-01"),
            "answers for it",
        ),
    ] {
        let folder = house(&controls, approval);
        let start = &next(&folder, "--as-of 2026-06-01")["earliest_start"];
        assert_eq!(start["day"].as_str(), day, "{start}");
        assert!(start["because"].as_str().unwrap().contains(because), "{start}");
    }
}

#[test]
fn what_is_agreed_for_a_later_day_gives_a_later_start() {
    let folder = house(&control("a", "S.1, S.2", &in_place("2026-01-01")), APPROVED);
    let start = |as_of: &str| next(&folder, &format!("--as-of {as_of}"))["earliest_start"].clone();
    assert_eq!(start("2026-01-12")["day"], "2026-02-01", "approved on the 10th, owned from February on");
    assert!(start("2026-01-09")["day"].is_null(), "nobody had approved the policy by then");
}

/// A policy approved anew each year was in force all along.
#[test]
fn a_new_approval_does_not_move_the_start() {
    let again = "approvals: [{ version: \"1\", by: raj, on: 2026-01-10, effective: 2026-01-15, text: 0000000000000000000000000000000000000000000000000000000000000000 }, { version: \"2\", by: raj, on: 2026-05-10, effective: 2026-05-15, text: HASH }]\n";
    let folder = house(&control("a", "S.1, S.2", &in_place("2026-01-01")), again);
    assert_eq!(next(&folder, "--as-of 2026-06-01")["earliest_start"]["day"], "2026-02-01");
}

/// Somebody was missing for a month and is there again: that is a gap to tell, not another start.
#[test]
fn a_vacancy_in_between_does_not_move_the_start() {
    let folder = house(&control("a", "S.1, S.2", &in_place("2026-01-01")), APPROVED);
    let roles = folder.read("registers/roles.yaml");
    let again = "{ by: alice, from: 2026-02-01, to: 2026-03-31 }, { by: raj, from: 2026-05-01 }";
    folder.write("registers/roles.yaml", roles.replace("{ by: alice, from: 2026-02-01 }", again));
    assert_eq!(next(&folder, "--as-of 2026-06-01")["earliest_start"]["day"], "2026-02-01");
    let vacant = &next(&folder, "--as-of 2026-04-10")["earliest_start"];
    assert_eq!(vacant["day"], "2026-05-01", "as far as is known on that day: {vacant}");
}

#[test]
fn a_window_that_starts_too_early_is_told() {
    let late = control("a", "S.1, S.2", &in_place("2026-08-01"));
    let folder = house(&late, APPROVED);
    let window = |as_of: &str| {
        let all = steps(&folder, &format!("--as-of {as_of}"));
        all.into_iter().filter(|(stage, _)| stage == "window").map(|(_, what)| what).collect::<Vec<_>>()
    };
    assert_eq!(window("2026-06-01"), ["move the window's first day from 2026-07-01 to 2026-08-01 or later"]);
    assert_eq!(window("2026-09-01"), ["talk with the auditor about the window, which began on 2026-07-01"]);
    assert_eq!(window("2027-01-01"), [""; 0]);
    let ready = house(&control("a", "S.1, S.2", &in_place("2026-01-01")), APPROVED);
    assert!(steps(&ready, "--as-of 2026-06-01").iter().all(|(stage, _)| stage != "window"));
}

#[test]
fn first_evidence_is_asked_for_before_the_window_and_slots_after() {
    let folder = house(&control("a", "S.1, S.2", &in_place("2026-01-01")), APPROVED);
    let work = |as_of: &str| -> Vec<(String, String)> {
        let all = steps(&folder, &format!("--as-of {as_of}"));
        all.into_iter().filter(|(stage, _)| stage != "records").collect()
    };
    let before = work("2026-06-01");
    assert_eq!(
        before,
        [("first-evidence".to_owned(), "alice files the first evidence of 1 control: a".to_owned())]
    );
    for (as_of, what) in [
        ("2026-09-10", "alice files evidence of a 2026-Q3 by 2026-09-30"),
        ("2026-10-05", "alice files evidence of a 2026-Q3 by 2026-10-15"),
        ("2026-10-20", "alice files, or says why there is none of, a 2026-Q3"),
    ] {
        let found = work(as_of);
        assert_eq!(found, [("slots".to_owned(), what.to_owned())], "{as_of}");
    }
}

#[test]
fn people_are_reminded_together() {
    let folder = house(&control("a", "S.1, S.2", &in_place("2026-01-01")), APPROVED);
    let all = next(&folder, "--all --as-of 2026-02-01");
    let step = all["steps"].as_array().unwrap().iter().find(|step| step["stage"] == "records").unwrap();
    assert_eq!(step["what"], "let alice, raj read and acknowledge their policies");
    assert_eq!(
        (&step["why"], &step["whose"]),
        (&"first due on 2026-02-14".into(), &serde_json::json!(["alice", "raj"]))
    );
    assert!(steps(&folder, "--as-of 2026-02-01 --owner raj").iter().any(|(stage, _)| stage == "records"));
}

#[test]
fn deficient_designs_are_grouped_by_fault() {
    let bare = |id: &str| {
        format!(
            "- {{ id: {id}, title: T, description: Somebody does it., owner: lead, cadence: quarterly, criteria: [S.1, S.2], {} }}\n",
            in_place("2026-01-01")
        )
    };
    let folder = house(&(bare("a") + &bare("b")), APPROVED);
    let found = steps(&folder, "--as-of 2026-06-01");
    assert!(
        found.contains(&("controls".to_owned(), "name the policy that orders 2 controls: a, b".to_owned())),
        "{found:?}"
    );
}

#[test]
fn without_an_audit_the_first_step_is_to_name_one() {
    let folder = house(&control("a", "S.1, S.2", &in_place("2026-01-01")), APPROVED);
    let text = folder.read("soc2.toml");
    folder.write("soc2.toml", text.split("[[audit]]").next().unwrap());
    let all = next(&folder, "--as-of 2026-06-01");
    assert_eq!(all["steps"][0]["what"], "name the audit");
    assert!(all["steps"][0]["why"].as_str().unwrap().contains("2026-02-01"), "{all:#}");
    assert!(all.get("audit").is_none());
}

#[test]
fn two_audits_that_hold_the_day_are_asked_about() {
    let folder = house(&control("a", "S.1, S.2", &in_place("2026-01-01")), APPROVED);
    let text = folder.read("soc2.toml");
    folder.write(
        "soc2.toml",
        format!("{text}[[audit]]\nid = \"other\"\ntype = \"type2\"\nperiod = {{ from = 2026-07-01, to = 2026-09-30 }}\n"),
    );
    let ran = folder.run("next --as-of 2026-08-01");
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("--audit"), "{}", ran.stderr);
    assert_eq!(folder.run("next --as-of 2026-08-01 --audit other").code, 0);
}

/// Each step of the example names a command that this program has, or a file that is there.
#[test]
fn commands_are_real() {
    use clap::CommandFactory;
    let mut verbs: Vec<String> =
        soc2::cli::Cli::command().get_subcommands().map(|verb| verb.get_name().to_owned()).collect();
    verbs.push("evidence".to_owned());
    let acme = Folder::from_example("acme");
    for as_of in ["2025-12-01", "2026-03-31", "2026-06-30", "2026-10-10", "2027-01-31"] {
        let all = next(&acme, &format!("--all --as-of {as_of}"));
        for step in all["steps"].as_array().unwrap() {
            let command = step["command"].as_str().unwrap();
            let known = match command.strip_prefix("soc2 ") {
                Some(rest) => verbs.iter().any(|verb| rest.split(' ').next() == Some(verb)),
                None => {
                    let path =
                        command.split(' ').map(|word| word.trim_end_matches([':', ','])).find(|word| {
                            word.starts_with("registers/")
                                || word.starts_with("policies/")
                                || word.starts_with("controls/")
                                || word.starts_with("evidence/")
                                || *word == "soc2.toml"
                        });
                    path.is_some_and(|path| acme.path().join(path).exists())
                }
            };
            assert!(known, "{as_of}: {command}");
        }
    }
}
