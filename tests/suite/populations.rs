//! What makes a population or a log unfit to be sampled, on one whole manifest that is changed in one place at a time.

use std::collections::BTreeSet;

use jiff::civil::date;
use soc2::program::Program;
use soc2::report::Report;
use soc2::source::Sources;
use soc2::timeline::Judgement;
use soc2::timeline::log::LogFile;
use soc2::timeline::population::{self, Flaw};

const CONFIG: &str = "[organization]\nname = \"Acme\"\ntimezone = \"America/Los_Angeles\"\n";
const MANIFEST: &str = "title: New hires\nkind: system-report\nperformed: { on: 2026-04-02, by: ann }\n\
    artifacts:\n  - path: hires.csv\n    query: GET /hires\n    covers: { from: 2026-01-01, to: 2026-03-31 }\n    \
    population: { key: id, date: start, count: 2, completeness: 1 of 1 pages }\n";
const ROWS: &str = "id,start\nann,2026-01-01\nben,2026-04-01T06:59:00Z\n";

/// The rules of this topic that a manifest breaks; `more` is another file.
fn broken(manifest: &str, rows: &[u8], more: Option<(&str, &str)>) -> (Program, BTreeSet<&'static str>) {
    let mut files = vec![
        ("soc2.toml".to_owned(), CONFIG.as_bytes().to_vec()),
        ("evidence/a/manifest.yaml".to_owned(), manifest.as_bytes().to_vec()),
        ("evidence/a/hires.csv".to_owned(), rows.to_vec()),
    ];
    files.extend(more.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())));
    let program = Program::load(Sources::from_memory(files));
    let gaps = Report::new(&Judgement::new(&program, date(2026, 6, 30), None)).gaps;
    let ours = |rule: &&str| rule.starts_with("population-") || *rule == "table-unreadable";
    let rules = gaps.iter().map(|gap| gap.rule).filter(ours).collect();
    (program, rules)
}

fn rules(manifest: &str, rows: &[u8]) -> Vec<&'static str> {
    broken(manifest, rows, None).1.into_iter().collect()
}

#[test]
fn one_fault_is_told_once_ev_11_ev_13_ev_28() {
    assert_eq!(rules(MANIFEST, ROWS.as_bytes()), [""; 0]);
    for (from, to, rule) in [
        ("    query: GET /hires\n", "", "population-incomplete"),
        ("query: GET /hires", "query: ' '", "population-incomplete"),
        (", completeness: 1 of 1 pages", "", "population-incomplete"),
        ("    covers: { from: 2026-01-01, to: 2026-03-31 }\n", "", "population-incomplete"),
        ("count: 2, ", "", "population-incomplete"),
        ("count: 2", "count: 3", "population-count-differs"),
        ("count: 2", "count: 0", "population-count-differs"),
        ("to: 2026-03-31", "to: 2026-03-30", "population-rows-outside-period"),
        ("from: 2026-01-01", "from: 2026-01-02", "population-rows-outside-period"),
        ("key: id", "key: login", "population-column-missing"),
        ("date: start", "date: first_day", "population-column-missing"),
        ("1 of 1 pages", "showing 2 of 7", "population-truncated"),
        ("query: GET /hires", "query: page 1 of 7", "population-truncated"),
    ] {
        let changed = MANIFEST.replace(from, to);
        assert_ne!(changed, MANIFEST, "{from}");
        assert_eq!(rules(&changed, ROWS.as_bytes()), [rule], "{to}");
    }
    for (rows, rule) in [
        (&b"id,start\nann,2026-01-01\nann,2026-01-01\n"[..], "population-duplicate-key"),
        (b"id,start\n,2026-01-01\n,2026-01-01\n", "population-duplicate-key"),
        (b"id,start\n", "population-empty"),
        (b"id,start\nann,2026-01-01,\nben,\n", "table-unreadable"),
        (b"id,start\nann,2026-01-01\nben,\"\n", "table-unreadable"),
        (b"id,start\nann,2026-01-01\nShowing 1 of 7\n", "population-truncated"),
        (b"id;start\nann;2026-01-01\n", "table-unreadable"),
        (b"i\0d\0", "population-column-missing"),
    ] {
        let found = rules(MANIFEST, rows);
        assert!(found.contains(&rule), "{found:?}, not {rule}");
        assert!(rule != "table-unreadable" || found.len() == 1, "{found:?}");
    }
    assert_eq!(rules(MANIFEST, b""), [""; 0], "an empty file is a fault of its own");
}

#[test]
fn an_empty_list_needs_its_proof() {
    let zero = MANIFEST.replace("count: 2", "count: 0");
    assert_eq!(rules(&zero, b"id,start\n"), [""; 0]);
    for lost in ["    query: GET /hires\n", "count: 0, ", ", completeness: 1 of 1 pages"] {
        assert_eq!(rules(&zero.replace(lost, ""), b"id,start\n"), ["population-empty"], "{lost}");
    }
}

#[test]
fn a_round_count_needs_a_total_ev_28() {
    let rows = (0..250).fold("id,start\n".to_owned(), |rows, n| rows + &format!("{n},2026-02-01\n"));
    for (said, rule) in [
        ("1 of 1 pages", None),
        ("total 250", None),
        ("250 of 250", None),
        ("by the script", Some("population-round-count")),
    ] {
        let manifest = MANIFEST.replace("count: 2", "count: 250").replace("1 of 1 pages", said);
        assert_eq!(rules(&manifest, rows.as_bytes()), Vec::from_iter(rule), "{said}");
    }
}

#[test]
fn what_was_mistyped_is_not_told() {
    for (from, to) in [
        ("count: 2", "count: two"),
        ("count: 2", "cuont: 2"),
        ("to: 2026-03-31", "to: 2026-3-31"),
        ("query:", "qery:"),
    ] {
        assert_eq!(rules(&MANIFEST.replace(from, to), ROWS.as_bytes()), [""; 0], "{to}");
    }
    let wrong = MANIFEST.replace("count: 2", "count: 3");
    let newer = ("evidence/b/manifest.yaml", "title: T\nkind: system-report\nsupersedes: [a]\n");
    let told = broken(&wrong, ROWS.as_bytes(), Some(newer)).1;
    assert_eq!(Vec::from_iter(told), ["population-count-differs"], "a line takes no record out");
    assert_eq!(rules(&format!("{wrong}supersedes: [a]\n"), ROWS.as_bytes()), ["population-count-differs"]);
}

#[test]
fn what_cannot_be_counted_is_not_miscounted() {
    let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
    assert_eq!(rules(MANIFEST, pointer), [""; 0]);
    assert_eq!(rules(&MANIFEST.replace("hires.csv", "hires.xlsx"), ROWS.as_bytes()), [""; 0]);
    assert_eq!(rules(&MANIFEST.replace("path: hires.csv", "url: https://acme.com/hires.csv"), b""), [""; 0]);
}

#[test]
fn a_log_is_held_to_its_own_columns() {
    let log = |columns: &str| format!("{MANIFEST}occurrences: {{ artifact: hires.csv, {columns} }}\n");
    let doubles = b"id,start,run,nth\nann,2026-01-01,2020-01-01,1\nann,2026-01-01,2020-01-02,2\n";
    assert_eq!(rules(&log("date: run, key: nth"), doubles), [""; 0], "the log's columns were read");
    assert_eq!(rules(&log("date: start"), doubles), ["population-duplicate-key"]);
    assert_eq!(rules(&log("date: ran"), ROWS.as_bytes()), ["table-unreadable"]);
    assert_eq!(rules(&log("date: id"), ROWS.as_bytes()), ["table-unreadable"]);
    let long = (0..=100_000).fold("id,start\n".to_owned(), |rows, n| rows + &format!("{n},2026-02-01\n"));
    let counted = log("date: start").replace("count: 2", "count: 100001");
    assert_eq!(rules(&counted, long.as_bytes()), ["table-unreadable"], "more rows than are kept");
    let (program, _) = broken(&log("date: start"), ROWS.as_bytes(), None);
    let file = LogFile::of(&program.evidence[0]).unwrap();
    assert!(file.is_sound());
    assert_eq!(
        file.table.unwrap().dated.iter().map(|(day, _)| day.to_string()).collect::<Vec<_>>(),
        ["2026-01-01", "2026-03-31"]
    );
}

/// A verdict that rests on a population must know every fault that blocks it.
#[test]
fn every_flaw_is_a_rule() {
    let (program, told) = broken(&MANIFEST.replace("count: 2", "count: 9"), ROWS.as_bytes(), None);
    let flaws: Vec<Flaw> = population::of(&program.evidence[0]).flat_map(|file| file.flaws()).collect();
    assert_eq!(flaws, [Flaw::CountDiffers]);
    assert!(flaws.iter().all(|flaw| told.contains(flaw.rule())));
    for flaw in [
        Flaw::Incomplete,
        Flaw::Empty,
        Flaw::CountDiffers,
        Flaw::DuplicateKey,
        Flaw::OutsidePeriod,
        Flaw::ColumnMissing,
        Flaw::Truncated,
        Flaw::Unreadable,
    ] {
        let rule = soc2::rules::find(flaw.rule()).unwrap_or_else(|| panic!("{}", flaw.rule()));
        assert_eq!(rule.class(), Some(soc2::gap::Class::Blocking));
    }
}
