//! Formats: versioned JSON, fingerprints that survive moved lines, files written whole.

use crate::support::Folder;

fn report(folder: &Folder, format: &str) -> serde_json::Value {
    let ran = folder.run(&format!("check --as-of 2026-06-30 --format {format}"));
    serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{e}: {}", ran.stdout))
}

fn broken() -> Folder {
    let folder = Folder::from_example("acme");
    crate::examples::break_five_ways(&folder);
    folder
}

#[test]
fn json_is_versioned_and_complete() {
    let report = report(&broken(), "json");
    assert_eq!(report["format"], "soc2-check/1");
    assert_eq!(report["as_of"], "2026-06-30");
    assert_eq!(report["read"], "work tree");
    assert_eq!(report["fails"], true);
    assert_eq!(report["diagnostics"].as_array().unwrap().len(), 5);
    for diagnostic in report["diagnostics"].as_array().unwrap() {
        assert!(diagnostic["place"]["line"].as_u64().unwrap() >= 1);
        assert!(diagnostic["help"].is_string(), "{diagnostic}");
    }
}

#[test]
fn json_says_how_criteria_and_controls_stand() {
    let report = report(&Folder::from_example("acme"), "json");
    let audit = &report["audits"][0];
    let number = |slots: &serde_json::Value, key: &str| slots[key].as_u64().unwrap();
    let sound = |slots: &serde_json::Value| {
        assert_eq!(number(slots, "due"), number(slots, "evidenced") + number(slots, "lacking"), "{slots}");
        assert!(number(slots, "not_on_time") <= number(slots, "evidenced"), "{slots}");
    };
    sound(&audit["slots"]);
    for criterion in audit["criteria"].as_array().unwrap() {
        sound(&criterion["slots"]);
        let support = criterion["support"].as_str().unwrap();
        let covered = matches!(criterion["coverage"].as_str().unwrap(), "covered" | "partial");
        assert!(support != "supported" || covered, "{criterion}");
    }
    let controls = audit["controls"].as_array().unwrap();
    let of = |control: &&serde_json::Value| {
        let named = |criterion: &serde_json::Value| {
            criterion["controls"].as_array().unwrap().contains(&control["id"])
        };
        audit["criteria"].as_array().unwrap().iter().any(named)
    };
    let due: u64 = controls.iter().filter(of).map(|control| number(&control["slots"], "due")).sum();
    assert_eq!(due, number(&audit["slots"], "due"));
    assert!(controls.iter().all(|control| control["operation"].is_string()));
}

#[test]
fn the_summary_counts_what_is_supported() {
    let folder = Folder::from_example("acme");
    let json = report(&folder, "json");
    let criteria = json["audits"][0]["criteria"].as_array().unwrap().clone();
    let supported = criteria.iter().filter(|criterion| criterion["support"] == "supported").count();
    let said = format!("{supported} of {} criteria supported", criteria.len());
    for format in ["human", "markdown"] {
        let ran = folder.run(&format!("check --as-of 2026-06-30 --format {format}"));
        assert!(ran.stdout.contains(&said), "{said}: {}", ran.stdout);
    }
}

#[test]
fn a_missed_slot_is_named_in_every_format() {
    let folder = Folder::new();
    folder.write(
        "soc2.toml",
        "[organization]\nname = \"Acme\"\n[scope]\nframework = \"soc2-2017-rev2022\"\ncategories = [\"security\"]\n\
         [[audit]]\nid = \"a\"\ntype = \"type2\"\nperiod = { from = 2026-01-01, to = 2026-12-31 }\n",
    );
    folder.write(
        "controls/review.yaml",
        "id: review\ntitle: T\ndescription: D\nowner: alice\nstatus: implemented\neffective_from: 2026-01-01\n\
         cadence: quarterly\ncriteria: [CC6.2]\nsystems: [github]\n",
    );
    folder.write("registers/systems.yaml", "- { id: github, in_scope: true, owner: alice }\n");
    folder.write(
        "registers/people.yaml",
        "- { id: alice, name: A, kind: employee, employed: [{ from: 2024-01-01 }] }\n",
    );
    let json = report(&folder, "json");
    let gaps = json["gaps"].as_array().unwrap();
    let missed: Vec<_> = gaps.iter().filter(|gap| gap["rule"] == "slot-missed").collect();
    assert_eq!(missed.len(), 1);
    for (key, value) in [("slot", "2026-Q1"), ("system", "github"), ("audit", "a"), ("since", "2026-04-16")] {
        assert_eq!(missed[0][key], value);
    }
    for format in ["human", "markdown", "sarif"] {
        let ran = folder.run(&format!("check --as-of 2026-06-30 --format {format}"));
        assert!(ran.stdout.contains("2026-Q1"), "{format}: {}", ran.stdout);
    }
}

#[test]
fn sarif_fingerprints_survive_moved_lines() {
    let folder = broken();
    let prints = |folder: &Folder| -> Vec<String> {
        let report = report(folder, "sarif");
        let results = report["runs"][0]["results"].as_array().unwrap().clone();
        results.iter().map(|r| r["partialFingerprints"]["soc2/v1"].as_str().unwrap().to_owned()).collect()
    };
    let mut before = prints(&folder);
    let control = crate::examples::CONTROL;
    let text = folder.read(control);
    folder.write(control, format!("# a comment\n# and another\n{text}"));
    let mut after = prints(&folder);
    before.sort();
    after.sort();
    assert_eq!(before, after);
    before.dedup();
    assert_eq!(before.len(), after.len(), "fingerprints tell finds apart");
}

#[test]
fn sarif_points_into_the_repository() {
    let report = report(&broken(), "sarif");
    let run = &report["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let location = &result["locations"][0]["physicalLocation"];
        let uri = location["artifactLocation"]["uri"].as_str().unwrap();
        assert!(!uri.starts_with('/') && !uri.contains(".."), "{uri}");
        assert!(location["region"]["startLine"].as_u64().unwrap() >= 1);
    }
}

#[test]
fn several_formats_at_once_go_where_they_are_told() {
    let folder = broken();
    let words =
        "check --as-of 2026-06-30 --format json=out/report.json --format markdown=out.md --format github";
    assert_eq!(folder.run(words).code, 2, "no folder `out`");
    assert_eq!(folder.run("check --format json --format github").code, 2, "two reports on stdout");
    std::fs::create_dir(folder.path().join("out")).unwrap();
    let ran = folder.run(words);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.starts_with("::error "), "{}", ran.stdout);
    assert!(folder.read("out/report.json").starts_with("{\n  \"format\": \"soc2-check/1\""));
    assert!(folder.read("out.md").starts_with("### soc2: 5 faults to mend"));
}

#[test]
fn github_shows_the_worst_ten_then_a_count() {
    let folder = Folder::new();
    folder.write(
        "soc2.toml",
        "[organization]\nname = \"Acme\"\n[scope]\nframework = \"soc2-2017-rev2022\"\ncategories = [\"security\"]\n",
    );
    let rows: String =
        (0..25).map(|i| format!("- {{ id: p{i}, name: P, kind: employe, employed: [] }}\n")).collect();
    folder.write("registers/people.yaml", rows);
    let ran = folder.run("check --as-of 2026-06-30 --format github");
    assert_eq!(ran.stdout.lines().filter(|l| l.starts_with("::error file=")).count(), 10);
    assert!(ran.stdout.contains("more finds of this kind"), "{}", ran.stdout);
}

#[test]
fn colour_only_when_asked() {
    let folder = broken();
    assert!(!folder.run("check --as-of 2026-06-30").stdout.contains('\u{1b}'));
    let mut command = crate::support::soc2();
    command.current_dir(folder.path()).args(["check", "--as-of", "2026-06-30"]).env("CLICOLOR_FORCE", "1");
    assert!(crate::support::ran(command).stdout.contains('\u{1b}'));
    let mut command = crate::support::soc2();
    command.current_dir(folder.path()).args(["check", "--as-of", "2026-06-30"]);
    command.env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1");
    assert!(!crate::support::ran(command).stdout.contains('\u{1b}'));
}
