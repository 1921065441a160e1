//! `soc2 status`: the audit it chooses, the bars, what needs eyes, each format, and texts that want to do harm.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::Folder;

const CONFIG: &str = "[organization]\nname = \"Acme\"\n[system]\nname = \"Cloud\"\n\
    [scope]\nframework = \"soc2-2017-rev2022\"\ncategories = [\"security\"]\n";

const AUDIT: &str =
    "[[audit]]\nid = \"y26\"\ntype = \"type2\"\nperiod = { from = 2026-01-01, to = 2026-12-31 }\n";

/// Two people, a policy nobody approved, and a quarterly control with one quarter shown and one missed.
pub(crate) fn programme(title: &str) -> Folder {
    let folder = Folder::new();
    folder.write("soc2.toml", format!("{CONFIG}{AUDIT}"));
    folder.write(
        "registers/people.yaml",
        "- { id: ann, name: Ann, kind: employee, employed: [{ from: 2024-01-01 }] }\n\
         - { id: raj, name: Raj, kind: employee, employed: [{ from: 2024-01-01 }] }\n",
    );
    folder.write(
        "registers/roles.yaml",
        "- { id: lead, held: [{ by: ann, from: 2024-01-01, to: 2026-05-31 }, { by: raj, from: 2026-06-01 }] }\n\
         - { id: empty, held: [] }\n",
    );
    folder.write("registers/systems.yaml", "- { id: github, in_scope: true, owner: lead }\n");
    folder.write(
        "policies/access.md",
        "---\nid: access\ntitle: Access\nowner: ann\n---\n# Access\n\nOwners review.\n",
    );
    folder.write(
        "controls/review.yaml",
        format!(
            "id: review\ntitle: \"{title}\"\ndescription: Each quarter the lead reviews all users.\nowner: lead\n\
             status: implemented\neffective_from: 2026-01-01\ncadence: quarterly\ncriteria: [CC6.2]\n\
             policies: [access]\nsystems: [github]\n"
        ),
    );
    folder.write(
        "controls/plan.yaml",
        "id: plan\ntitle: P\ndescription: Later.\nowner: raj\nstatus: planned\ncadence: annual\ncriteria: [CC9.1]\n",
    );
    let evidence = |slot: &str, on: &str, reviewer: &str| {
        format!(
            "title: T\ncontrols: [review]\nkind: system-report\nslot: {slot}\nperformed: {{ on: {on}, by: ann }}\n\
             result: {{ outcome: as-expected }}\nreviewed: {{ on: {on}, by: {reviewer}, result: accepted }}\n\
             artifacts: [{{ path: users.csv, sha256: {HASH}, bytes: 5, system: github }}]\n"
        )
    };
    folder.write("evidence/review/q1/manifest.yaml", evidence("2026-Q1", "2026-03-20", "raj"));
    folder.write("evidence/review/q1/users.csv", "user\n");
    folder.write("evidence/review/q3/manifest.yaml", evidence("2026-Q3", "2026-09-20", "ann"));
    folder.write("evidence/review/q3/users.csv", "user\n");
    folder
}

/// Of `user` and a newline.
const HASH: &str = "6d9010b2b7a1483b256ae7477738dba7c530bd9ba53db1d6691441e74b83608a";

fn status(folder: &Folder, words: &str) -> String {
    let ran = folder.run(&format!("status {words}"));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran.stdout
}

fn json(folder: &Folder, words: &str) -> Value {
    serde_json::from_str(&status(folder, &format!("{words} --format json"))).unwrap()
}

/// `a.b[].c` for every key, so that a key that goes away, or a new one without documentation, is noticed.
pub(crate) fn keys(value: &Value, at: &str, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let path = format!("{at}.{key}");
                keys(value, &path, into);
                into.insert(path);
            }
        }
        Value::Array(list) => list.iter().for_each(|value| keys(value, &format!("{at}[]"), into)),
        _ => {}
    }
}

#[test]
fn a_small_programme_looks_like_this() {
    let folder = programme("Owners review every user");
    let text = status(&folder, "--as-of 2026-10-20");
    snapbox::assert_data_eq!(text, snapbox::file!["../snapshots/status-small.txt"].raw());
}

#[test]
fn acme_looks_like_this_in_each_format() {
    let folder = Folder::from_example("acme");
    let human = status(&folder, "--as-of 2026-06-30 --all");
    assert!(human.lines().all(|line| line.chars().count() <= 80), "80 columns:\n{human}");
    for id in ["iam-termination", "avl-backup", "bcp-plan"] {
        assert!(human.contains(id), "{id}:\n{human}");
    }
    let csv = status(&folder, "--as-of 2026-06-30 --format csv");
    let mut rows = csv::ReaderBuilder::new().from_reader(csv.as_bytes());
    let report = json(&folder, "--as-of 2026-06-30");
    let controls = report["controls"].as_array().unwrap();
    let slots: usize = controls.iter().map(|one| one["slots"].as_array().unwrap().len().max(1)).sum();
    assert_eq!(rows.records().map(Result::unwrap).count(), slots, "a row for each slot");
    let markdown = status(&folder, "--as-of 2026-06-30 --format markdown");
    assert!(markdown.starts_with("# Acme, Inc. · Acme Cloud\n"), "{markdown}");
    assert!(markdown.len() < 65_536);
}

#[test]
fn counts_agree_with_the_slots_and_criteria_they_count() {
    let report = json(&Folder::from_example("acme"), "--as-of 2026-06-30");
    let controls = report["controls"].as_array().unwrap();
    let due: u64 = controls.iter().map(|one| one["counts"]["due"].as_u64().unwrap()).sum();
    assert_eq!(report["slots_evidenced"]["of"], due);
    let owners = report["owners"].as_array().unwrap();
    assert_eq!(owners.iter().map(|one| one["slots"]["due"].as_u64().unwrap()).sum::<u64>(), due);
    let supported = |one: &&Value| one["support"] == "supported";
    let criteria = report["criteria"].as_array().unwrap();
    assert_eq!(report["criteria_supported"]["count"], criteria.iter().filter(supported).count());
    let series = report["series"].as_array().unwrap();
    assert_eq!(
        series.iter().map(|one| one["criteria"].as_u64().unwrap()).sum::<u64>(),
        criteria.len() as u64
    );
    for control in controls {
        assert_eq!(control["strip"].as_str().unwrap().chars().count(), 12, "{control}");
        assert!(control["because"].as_str().is_some_and(|because| !because.is_empty()), "{control}");
    }
}

#[test]
fn json_is_versioned_and_keeps_its_keys() {
    let folder = programme("T");
    folder.write(
        "registers/waivers.yaml",
        "- { id: w, rule: role-vacant, subject: empty, reason: R, requested: { by: ann, on: 2026-01-01 }, \
         approved: { by: raj, on: 2026-01-02 }, expires: 2026-12-31 }\n",
    );
    folder.edit("registers/systems.yaml", "owner: lead", "owner: empty");
    let text = status(&folder, "--as-of 2026-10-20 --format json");
    assert!(text.starts_with("{\n  \"format\": \"soc2-status/1\",\n  \"tool\": {"), "{text}");
    let mut paths = BTreeSet::new();
    keys(&json(&folder, "--as-of 2026-10-20"), "", &mut paths);
    keys(&json(&Folder::from_example("acme"), "--as-of 2026-06-30"), "", &mut paths);
    let paths: String = paths.into_iter().map(|path| format!("{path}\n")).collect();
    snapbox::assert_data_eq!(paths, snapbox::file!["../snapshots/status-keys.txt"].raw());
}

#[test]
fn the_audit_is_chosen_by_the_day_or_asked_for() {
    let folder = programme("T");
    assert_eq!(json(&folder, "--as-of 2025-12-01")["audit"]["phase"], "window opens in 31 days");
    assert_eq!(json(&folder, "--as-of 2027-01-02")["audit"]["phase"], "window closed 2 days ago");
    let second = AUDIT.replace("y26", "h1").replace("2026-12-31", "2026-06-30");
    folder.write("soc2.toml", format!("{CONFIG}{AUDIT}{second}"));
    let ran = folder.run("status --as-of 2026-03-01");
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("`h1` and `y26`") && ran.stderr.contains("--audit h1"), "{}", ran.stderr);
    assert_eq!(json(&folder, "--as-of 2026-03-01 --audit h1")["audit"]["id"], "h1");
    assert_eq!(folder.run("status --as-of 2026-03-01 --audit h2").code, 2);
    folder.write("soc2.toml", CONFIG);
    let report = json(&folder, "--as-of 2026-03-01");
    assert_eq!((&report["audit"]["id"], &report["audit"]["type"]), (&Value::Null, &Value::from("type1")));
    folder.write("soc2.toml", "[organization\n");
    let ran = folder.run("status --as-of 2026-03-01");
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{}", ran.stderr);
}

#[test]
fn lists_can_be_narrowed_and_the_bars_stay_whole() {
    let folder = programme("T");
    let ids = |words: &str| -> Vec<String> {
        let report = json(&folder, &format!("--as-of 2026-10-20 {words}"));
        assert_eq!(report["slots_evidenced"]["of"], 3, "{words}");
        report["controls"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(ids(""), ["plan", "review"]);
    assert_eq!(ids("--owner lead"), ["review"]);
    assert_eq!(ids("--owner raj"), ["plan", "review"], "raj holds the role that day");
    assert_eq!(ids("--owner ann"), [""; 0], "ann held it before");
    assert_eq!(ids("--series cc9"), ["plan"]);
    let next = |words: &str| json(&folder, &format!("--as-of 2026-10-20 {words}"))["next"].take();
    assert!(!next("--owner lead").as_array().unwrap().is_empty());
    for step in next("--owner lead").as_array().unwrap() {
        let step = step["what"].as_str().unwrap();
        assert!(step.contains("raj") || step.contains("fault"), "raj is the lead: {step}");
    }
    assert_eq!(next("--owner empty"), serde_json::json!([]), "nothing is theirs");
    for (words, hint) in [("--owner laed", "did you mean `lead`?"), ("--series CC77", "`CC6`")] {
        let ran = folder.run(&format!("status --as-of 2026-10-20 {words}"));
        assert!(ran.code == 2 && ran.stderr.contains(hint), "{}", ran.stderr);
    }
}

#[test]
fn nothing_due_is_said_and_never_a_percentage() {
    let folder = programme("T");
    let text = status(&folder, "--as-of 2026-01-15");
    assert!(text.contains("nothing due yet"), "{text}");
    assert_eq!(json(&folder, "--as-of 2026-01-15")["slots_evidenced"]["percent"], Value::Null);
}

#[test]
fn the_same_bytes_whatever_the_environment_says_but_its_columns() {
    let folder = Folder::from_example("acme");
    let run = |name: &str, value: &str| {
        let mut command = crate::support::soc2();
        command.current_dir(folder.path()).args(["status", "--as-of", "2026-06-30"]).env(name, value);
        crate::support::ran(command).stdout
    };
    let plain = run("LANG", "C");
    assert_eq!(plain, run("LC_ALL", "de_DE.UTF-8"));
    assert_eq!(plain, run("TZ", "Asia/Tokyo"));
    assert!(!plain.contains('\u{1b}') && run("CLICOLOR_FORCE", "1").contains('\u{1b}'));
    let wide = run("COLUMNS", "200");
    assert!(wide.lines().any(|line| line.chars().count() > 100), "{wide}");
}

/// A title that a terminal, a spreadsheet or a renderer would act on.
const EVIL: &str =
    "=cmd()|evil\\u001b[31m\\u202e\\n<script>x</script>[a](javascript:b)@everyone ##[add-mask]";

#[test]
fn hostile_text_does_nothing_in_any_format() {
    let folder = programme(EVIL);
    folder.edit(
        "controls/review.yaml",
        "description: Each",
        &format!("objective: \"{EVIL}\"\ndescription: Each"),
    );
    folder.edit("soc2.toml", "name = \"Acme\"", "name = \"=Acme\\u001b[31m @everyone <script>\"");
    for format in ["human", "json", "markdown", "csv"] {
        for words in ["--all", "--owner lead"] {
            let text = status(&folder, &format!("--as-of 2026-10-20 {words} --format {format}"));
            for c in ['\u{1b}', '\u{202e}', '\r'] {
                assert!(!text.contains(c), "{format} holds {c:?}");
            }
            assert!(!text.contains("##["), "{format}:\n{text}");
            if format == "markdown" {
                assert!(!text.contains("<script>") && !text.contains("@everyone"), "{text}");
            }
            if format == "csv" {
                assert!(text.contains(",'=cmd()") || text.contains(",\"'=cmd()"), "{text}");
                let mut rows = csv::ReaderBuilder::new().from_reader(text.as_bytes());
                let run = |cell: &str| cell.starts_with(['=', '+', '-', '@']);
                assert!(rows.records().map(Result::unwrap).all(|row| !row.iter().any(run)), "{text}");
            }
        }
    }
}
