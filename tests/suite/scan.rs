//! Planted keys and personal numbers: found by file and line, let through by who logs or waives them, shown nowhere.

use jiff::civil::date;
use rust_xlsxwriter::Workbook;
use soc2::program::Program;
use soc2::scan::{Find, Held, Reason, artifacts, held};
use soc2::source::{FileId, Sources, hex, sha256};
use soc2::timeline::Judgement;

use crate::evidence::{good, programme};

/// Name of the rule and a value, put together here so that no scanner takes this file for a leak.
fn planted() -> Vec<(&'static str, String)> {
    vec![
        ("aws-access-key", format!("AKIA{}", "ABCD".repeat(4))),
        ("github-token", format!("ghp_{}", "a1".repeat(18))),
        ("private-key", format!("-----BEGIN RSA {}-----", "PRIVATE KEY")),
        ("us-ssn", ["123", "45", "6789"].join("-")),
    ]
}

/// The files of one piece of evidence: rows, a workbook, a log.
fn files() -> Vec<(&'static str, Vec<u8>)> {
    let planted = planted();
    let csv: String = planted.iter().map(|(rule, value)| format!("{rule},{value}\n")).collect();
    let log: String = planted
        .iter()
        .map(|(_, value)| format!("2026-03-28T10:00:00Z ok\n2026-03-28T10:00:01Z {value}\n"))
        .collect();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, (rule, value)) in (0..).zip(&planted) {
        sheet.write(row, 0, *rule).unwrap();
        sheet.write(row, 1, value.as_str()).unwrap();
    }
    vec![
        ("app.log", log.into_bytes()),
        ("users.csv", format!("name,value\n{csv}").into_bytes()),
        ("users.xlsx", book.save_to_buffer().unwrap()),
    ]
}

const FOLDER: &str = "evidence/access-review/2026-q1/";

fn loaded(redactions: &str, waivers: &str) -> Program {
    let mut list: Vec<(String, Vec<u8>)> = Vec::new();
    let mut manifest = format!(
        "title: Users\ncontrols: [access-review]\nkind: system-report\nperformed: {{ on: 2026-03-28, by: alice }}\n\
         {redactions}artifacts:\n"
    );
    for (name, bytes) in files() {
        manifest.push_str(&format!("  - {{ path: {name}, sha256: \"{}\" }}\n", hex(&sha256(&bytes))));
        list.push((format!("{FOLDER}{name}"), bytes));
    }
    let config = "[organization]\nname = \"Acme\"\n[scope]\nframework = \"soc2-2017-rev2022\"\ncategories = [\"security\"]\n\
        [[audit]]\nid = \"a\"\ntype = \"type2\"\nperiod = { from = 2026-01-01, to = 2026-12-31 }\n";
    let people = "- { id: alice, name: A, kind: employee, employed: [{ from: 2024-01-01 }] }\n\
        - { id: bob, name: B, kind: employee, employed: [{ from: 2024-01-01 }] }\n";
    for (path, text) in [
        (format!("{FOLDER}manifest.yaml"), manifest.as_str()),
        ("soc2.toml".to_owned(), config),
        ("registers/people.yaml".to_owned(), people),
        ("registers/waivers.yaml".to_owned(), waivers),
    ] {
        list.push((path, text.as_bytes().to_vec()));
    }
    Program::load(Sources::from_memory(list))
}

fn all_artifacts(program: &Program) -> Vec<FileId> {
    program.evidence.iter().flat_map(|folder| folder.files.iter().flatten().copied()).collect()
}

fn finds(program: &Program) -> Vec<Find> {
    artifacts(program, &all_artifacts(program), &|_| ()).unwrap().finds
}

/// Blocking finds by file and rule, and how each of the others is let through.
fn parted(redactions: &str, waivers: &str) -> Held {
    let program = loaded(redactions, waivers);
    let unknown: Vec<_> = soc2::report::diagnostics(&program)
        .0
        .into_iter()
        .filter(|one| matches!(one.rule, "unknown-rule" | "unknown-key"))
        .map(|one| one.diagnostic.message)
        .collect();
    assert_eq!(unknown, [""; 0]);
    held(&Judgement::new(&program, date(2026, 6, 30), None), finds(&program))
}

#[test]
fn planted_values_are_told_by_file_and_line_and_shown_nowhere() {
    let program = loaded("", "");
    let ticks = std::cell::Cell::new(0);
    let scan = artifacts(&program, &all_artifacts(&program), &|done| ticks.set(done)).unwrap();
    assert_eq!((ticks.get(), scan.unseen.len()), (3, 0), "{:?}", scan.unseen);
    for (rule, value) in planted() {
        let place = |path: &str| {
            let path = format!("{FOLDER}{path}");
            let found = scan.finds.iter().find(|find| find.path == path && find.rule == rule);
            let found = found.unwrap_or_else(|| panic!("{rule} in {path}"));
            (found.inside.clone(), found.line, found.column)
        };
        let nth = u64::try_from(planted().iter().position(|(name, _)| *name == rule).unwrap()).unwrap();
        assert_eq!(place("users.csv"), (None, nth + 2, u64::try_from(rule.len()).unwrap() + 2));
        assert_eq!(place("app.log"), (None, 2 * nth + 2, 22));
        assert_eq!(place("users.xlsx"), (Some("xl/worksheets/sheet1.xml".to_owned()), nth + 1, 2));
        assert!(!format!("{scan:?}").contains(&value), "{rule} is shown");
    }
    assert_eq!(scan.finds.len(), 12);
}

#[test]
fn nothing_lets_a_find_through_but_a_redaction_or_waiver_that_names_it() {
    let held = parted("redactions: [{ what: names, why: not needed, by: alice }]\n", "");
    assert_eq!((held.blocking.len(), held.let_through.len()), (12, 0));

    let logged = "redactions:\n  - { what: numbers, why: made up for the test, by: alice, artifact: users.csv, rule: us-ssn }\n  \
        - { what: keys, why: revoked before, by: alice, rule: aws-access-key }\n";
    let held = parted(logged, "");
    let through: Vec<(&str, &str)> = held
        .let_through
        .iter()
        .map(|one| (one.find.path.strip_prefix(FOLDER).unwrap(), one.find.rule))
        .collect();
    let expected = [
        ("app.log", "aws-access-key"),
        ("users.csv", "aws-access-key"),
        ("users.csv", "us-ssn"),
        ("users.xlsx", "aws-access-key"),
    ];
    assert_eq!(through, expected);
    let reason = Reason::Redaction { evidence: "access-review/2026-q1".to_owned() };
    assert!(held.let_through.iter().all(|one| one.by == reason));
    assert_eq!(held.blocking.len(), 8);

    let row = |id: &str, rule: &str, subject: &str, until: &str, by: &str| {
        format!(
            "- {{ id: {id}, rule: {rule}, subject: {subject}, reason: The key is revoked., requested: {{ by: alice, on: \
             2026-01-05 }}, approved: {{ by: {by}, on: 2026-01-06 }}, expires: {until} }}\n"
        )
    };
    let waivers = [
        row("one", "github-token", "access-review/2026-q1", "2026-12-31", "bob"),
        row("two", "us-ssn", "access-review/2026-q1/app.log", "2026-12-31", "bob"),
        row("late", "aws-access-key", "access-review/2026-q1", "2026-06-29", "bob"),
        row("self", "private-key", "access-review/2026-q1", "2026-12-31", "alice"),
    ];
    let held = parted("", &waivers.concat());
    let through: Vec<(&str, &Reason)> = held.let_through.iter().map(|one| (one.find.rule, &one.by)).collect();
    let by = |id: &str| Reason::Waiver { id: id.to_owned() };
    let (one, two) = (by("one"), by("two"));
    assert_eq!(
        through,
        [("github-token", &one), ("us-ssn", &two), ("github-token", &one), ("github-token", &one)]
    );
    assert_eq!(held.blocking.len(), 8);
}

#[test]
fn what_is_added_is_told_and_not_repeated() {
    let folder = programme();
    for (name, bytes) in files() {
        folder.write(&format!("in/{name}"), bytes);
        let add = format!(
            "evidence add in/{name} --control board-meeting --on 2025-03-28 --by alice --kind minutes --result as-expected"
        );
        let ran = folder.run(&add);
        good(&ran);
        for (rule, value) in planted() {
            assert!(ran.stderr.contains(&format!("(`{rule}`)")), "{rule} is not in\n{}", ran.stderr);
            assert!(!ran.stderr.contains(&value), "{}", ran.stderr);
        }
        let (manifest, said) =
            (folder.read("evidence/board-meeting/2025-03-28/manifest.yaml"), ran.stdout + &ran.stderr);
        assert!(planted().iter().all(|(_, value)| !manifest.contains(value) && !said.contains(value)));
        std::fs::remove_dir_all(folder.path().join("evidence")).unwrap();
    }
}
