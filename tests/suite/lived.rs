//! `soc2 history`: each day as `soc2 status --at` that day tells it, and what moved in between.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::Value;

use crate::company::{commits, repository};
use crate::repository::{ALICE, Repo};
use crate::support::{Folder, Ran};

/// The example company as a repository.
fn company() -> &'static Folder {
    static BUILT: OnceLock<Folder> = OnceLock::new();
    BUILT.get_or_init(|| {
        let folder = Folder::new();
        repository::write_commits(commits(), folder.path()).unwrap();
        folder
    })
}

fn json(ran: &Ran) -> Value {
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

/// States by kind and id.
type States = BTreeMap<(String, String), String>;

/// The states that `soc2 status` tells for a day.
fn status(folder: &Folder, day: &str) -> States {
    let told = json(&folder.run(&format!("status --at {day} --audit 2026-type2 --format json")));
    let mut states = States::new();
    for (kind, list, state) in [
        ("control", "controls", "operation"),
        ("criterion", "criteria", "support"),
        ("policy", "policies", "state"),
    ] {
        for one in told[list].as_array().unwrap() {
            let id = one["id"].as_str().unwrap().to_owned();
            let mut state = one[state].as_str().unwrap().to_owned();
            if kind == "control" {
                let counts = &one["counts"];
                let design = if one["design"].as_array().unwrap().is_empty() { "sound" } else { "deficient" };
                state =
                    format!("{state} {design} {} {} {}", counts["due"], counts["evidenced"], counts["open"]);
            }
            states.insert((kind.to_owned(), id), state);
        }
    }
    states
}

/// The states that `soc2 history --format csv` tells, by day.
fn history(csv: &str) -> BTreeMap<String, States> {
    let mut days: BTreeMap<String, States> = BTreeMap::new();
    for line in csv.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [day, commit, kind, id, state, design, due, evidenced, open] = cells[..] else {
            panic!("{line}")
        };
        assert_eq!(commit.len(), 40, "{line}");
        let state = match kind {
            "control" => format!("{state} {design} {due} {evidenced} {open}"),
            _ => state.to_owned(),
        };
        days.entry(day.to_owned()).or_default().insert((kind.to_owned(), id.to_owned()), state);
    }
    days
}

#[test]
fn each_day_is_what_status_at_that_day_says() {
    let folder = company();
    for (from, to) in
        [("2025-12-30", "2026-01-02"), ("2026-04-14", "2026-04-17"), ("2026-12-30", "2027-01-03")]
    {
        let ran = folder.run(&format!("history --from {from} --to {to} --audit 2026-type2 --format csv"));
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let days = history(&ran.stdout);
        assert!(days.len() >= 4, "{from}: {:?}", days.keys());
        for (day, states) in &days {
            let expected = status(folder, day);
            for (key, state) in &expected {
                assert_eq!(states.get(key), Some(state), "{day} {key:?}");
            }
            assert_eq!(states.len(), expected.len(), "{day}");
        }
    }
}

/// A policy of a text with approvals of texts, each from a day on.
fn policy(id: &str, text: &str, approvals: &[(&str, &str)]) -> String {
    let rows: String = approvals
        .iter()
        .enumerate()
        .map(|(nth, (text, on))| {
            let hash = soc2::source::hex(&soc2::source::sha256(format!("# P\n\n{text}\n").as_bytes()));
            format!("  - {{ version: \"{nth}\", by: alice, on: {on}, effective: {on}, text: \"{hash}\" }}\n")
        })
        .collect();
    format!("---\nid: {id}\ntitle: P\nowner: alice\napprovals:\n{rows}---\n# P\n\n{text}\n")
}

#[test]
fn a_text_that_only_git_holds_orders_on_each_day() {
    let repo = Repo::new();
    let audit = AUDIT.replace("y26", "2026-type2");
    repo.write("soc2.toml", format!("{CONFIG}{audit}"));
    repo.write(
        "registers/people.yaml",
        "- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }] }\n",
    );
    let control = CONTROL.replace("owner: x", "owner: alice");
    repo.write("controls/a.yaml", format!("{control}policies: [p]\n"));
    repo.write("controls/b.yaml", format!("{control}policies: [q]\n").replace("id: a", "id: b"));
    let (first, second) = (("One.", "2026-01-05"), ("Two.", "2026-01-15"));
    let q = |text: &str| policy("q", text, &[("Later.", "2026-01-06")]);
    repo.write("policies/p.md", policy("p", "One.", &[first])).write("policies/q.md", q("Now."));
    repo.commit("2026-01-05T12:00:00Z", ALICE, "Approve the first text");
    repo.write("policies/p.md", policy("p", "Two.", &[first])).commit("2026-01-10T12:00:00Z", ALICE, "Draft");
    repo.write("policies/p.md", policy("p", "Two.", &[first, second]));
    repo.commit("2026-01-15T12:00:00Z", ALICE, "Approve the second text");
    // What stands is the same before and after, but git holds one text more.
    repo.write("policies/q.md", q("Later.")).commit("2026-01-18T10:00:00Z", ALICE, "The approved text");
    repo.write("policies/q.md", q("Now.")).commit("2026-01-18T11:00:00Z", ALICE, "Back");
    let days = "history --from 2026-01-05 --to 2026-01-22 --as-of 2026-01-22";
    let ran = repo.folder().run(&format!("{days} --audit 2026-type2 --format csv"));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let days = history(&ran.stdout);
    assert_eq!(days.len(), 18);
    for (day, states) in &days {
        assert_eq!(*states, status(repo.folder(), day), "{day}");
    }
    let of = |day: &str, kind: &str, id: &str| &*days[day][&(kind.to_owned(), id.to_owned())];
    assert_eq!(of("2026-01-09", "policy", "p"), "in-force");
    assert_eq!(of("2026-01-12", "policy", "p"), "changed-since-approval");
    assert_eq!(of("2026-01-12", "control", "a"), "not-due sound 0 0 12");
    assert_eq!(of("2026-01-16", "policy", "p"), "in-force");
    assert_eq!(of("2026-01-17", "control", "b"), "not-due deficient 0 0 12");
    assert_eq!(of("2026-01-18", "control", "b"), "not-due sound 0 0 12");
}

const CONFIG: &str = "[organization]\nname = \"Acme\"\n[scope]\nframework = \"soc2-2017-rev2022\"\n\
    categories = [\"security\"]\n";
const AUDIT: &str =
    "[[audit]]\nid = \"y26\"\ntype = \"type2\"\nperiod = { from = 2026-01-01, to = 2026-12-31 }\n";
const CONTROL: &str = "id: a\ntitle: A\ndescription: B\nowner: x\nstatus: implemented\n\
    effective_from: 2026-01-01\ncadence: monthly\ncriteria: [CC6.1]\n";

fn small() -> Repo {
    let repo = Repo::new();
    repo.write("README.md", "nothing yet").commit("2026-01-05T12:00:00Z", ALICE, "Nothing");
    repo.write("soc2.toml", CONFIG).commit("2026-01-06T12:00:00Z", ALICE, "Start");
    repo.write("soc2.toml", format!("{CONFIG}{AUDIT}")).commit("2026-01-07T12:00:00Z", ALICE, "An audit");
    repo.write("controls/a.yaml", CONTROL).commit("2026-01-09T12:00:00Z", ALICE, "A control");
    repo
}

#[test]
fn days_without_a_verdict_say_why() {
    let told = json(&small().folder().run("history --from 2026-01-04 --to 2026-01-10 --format json"));
    let runs: Vec<(&str, &str, Option<&str>)> = told["runs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|run| (run["from"].as_str().unwrap(), run["to"].as_str().unwrap(), run["absent"].as_str()))
        .collect();
    let expected = [
        ("2026-01-04", "2026-01-04", Some("no commit yet")),
        ("2026-01-05", "2026-01-05", Some("no soc2.toml yet")),
        ("2026-01-06", "2026-01-06", Some("no such audit yet")),
        ("2026-01-07", "2026-01-08", None),
        ("2026-01-09", "2026-01-10", None),
    ];
    assert_eq!(runs, expected);
}

#[test]
fn an_event_tells_the_file_or_the_clock() {
    let repo = small();
    // What else changes on the day on which a slot ran out has not moved it.
    repo.write(
        "registers/people.yaml",
        "- { id: x, name: X, kind: employee, employed: [{ from: 2024-01-01 }] }\n",
    );
    repo.write("registers/meetings.yaml", "[]\n").commit("2026-02-08T12:00:00Z", ALICE, "People");
    let told = json(&repo.folder().run("history --as-of 2026-03-01 --format json"));
    let events: Vec<String> = told["events"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| event["kind"] == "control")
        .map(|event| {
            let word = |key: &str| event[key].as_str().unwrap_or("-").to_owned();
            let commit = if event["commit"].is_null() { "same" } else { "new" };
            format!("{} {commit} {} {} {}", word("day"), word("from"), word("to"), word("why"))
        })
        .collect();
    let expected = [
        "2026-01-09 new - not-due added controls/a.yaml",
        "2026-02-08 same not-due missed slot 2026-01 reads missed: nothing was filed for it by 2026-02-07; a day passed",
    ];
    assert_eq!(events, expected);
}

#[test]
fn weeks_end_on_sunday_and_commits_have_their_own_day() {
    let repo = small();
    let days = |flags: &str| -> Vec<String> {
        let csv =
            repo.folder().run(&format!("history --as-of 2026-01-21 --format csv --control a {flags}")).stdout;
        csv.lines().skip(1).map(|line| line[..10].to_owned()).collect()
    };
    assert_eq!(days("--every week"), ["2026-01-11", "2026-01-18", "2026-01-21"]);
    assert_eq!(days("--every commit"), ["2026-01-09"]);
    assert_eq!(days("--from 2026-01-08 --to 2026-01-10"), ["2026-01-09", "2026-01-10"]);
}

#[test]
fn what_cannot_be_told_is_refused() {
    let repo = small();
    for (flags, said) in [
        ("--to 2026-01-04", "there is no commit on or before 2026-01-04"),
        ("--from 2026-02-01 --to 2026-01-20", "is after the last"),
        ("--as-of 2026-01-20 --control b", "no day knows a control or criterion `b`"),
        ("--as-of 2026-01-20 --audit y27", "there is no audit `y27`"),
    ] {
        let ran = repo.folder().run(&format!("history {flags}"));
        assert_eq!(ran.code, 2, "{flags}: {}", ran.stdout);
        assert!(ran.stderr.contains(said), "{flags}: {}", ran.stderr);
    }
    let nowhere = Folder::new();
    nowhere.write("soc2.toml", CONFIG);
    let ran = nowhere.run("history");
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("is in no git repository"), "{}", ran.stderr);
}

#[test]
fn the_terminal_shows_strips_and_moves() {
    let ran = small().folder().run("history --as-of 2026-03-01");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let expected = snapbox::Data::read_from(
        &crate::support::root().join("tests/snapshots/history.txt"),
        Some(snapbox::data::DataFormat::Text),
    );
    snapbox::assert_data_eq!(ran.stdout, expected.raw());
}

#[test]
fn the_page_shows_the_past_where_git_remembers_it() {
    let repo = small();
    let page = |as_of: &str| {
        let ran = repo.folder().run(&format!("status --html page.html --as-of {as_of}"));
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        repo.folder().read("page.html")
    };
    let html = page("2026-03-01");
    assert!(html.contains("<desc id=\"trend-told\">On 2026-01-11: 0 supported"), "{html}");
    let rows = html.split("id=\"trend\"").nth(1).and_then(|rest| rest.split("</section>").next()).unwrap();
    assert_eq!(rows.matches("<th scope=\"row\">2026-").count(), 8, "{rows}");
    assert!(!page("2026-01-08").contains("id=\"trend\""), "a single point is no trend");
    let folder = Folder::new();
    folder.write("soc2.toml", format!("{CONFIG}{AUDIT}"));
    assert_eq!(folder.run("status --html page.html --as-of 2026-03-01").code, 0);
    assert!(!folder.read("page.html").contains("id=\"trend\""));
}
