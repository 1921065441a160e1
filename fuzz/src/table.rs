//! Bytes as the rows of a population and of a log.

use soc2::program::Program;
use soc2::report::Report;
use soc2::source::{Body, Sources, TableFacts, hex, sha256};
use soc2::timeline::{Clock, Judgement};

use crate::{AS_OF, faults_have_places, seeds, verbs};

/// Longest text of a table that is kept to be shown, in characters.
const SHOWN: usize = 200;
/// Most names of columns that are kept.
const COLUMNS: usize = 50;
/// No log this short has more rows than are kept.
const SHORT: usize = 1 << 20;

/// A Type II and a Type I audit, a control for the log and one for the population.
const CONFIG: &str = "[organization]\nname = \"Acme, Inc.\"\ntimezone = \"America/Los_Angeles\"\n[system]\n\
    name = \"Acme Cloud\"\n[scope]\nframework = \"soc2-2017-rev2022\"\ncategories = [\"security\"]\n\
    [[audit]]\nid = \"2026-type2\"\ntype = \"type2\"\nperiod = { from = 2026-01-01, to = 2026-12-31 }\n\
    [[audit]]\nid = \"2026-type1\"\ntype = \"type1\"\nas_of = 2026-05-31\n";
const CONTROLS: &str = "\
- { id: backup, title: Backups are tested, description: Backups are restored each month., owner: security-lead, \
    status: implemented, effective_from: 2026-01-01, cadence: monthly, type: automated, criteria: [CC6.1] }
- { id: onboarding, title: New hires are screened, description: Each hire is screened., owner: security-lead, \
    status: implemented, effective_from: 2026-01-01, cadence: event, review: not-required, criteria: [CC6.2], \
    evidence_required: [{ kind: system-report, per: item, min: 1 }] }
";

/// Any bytes are counted within their bounds, judged for both audits and shown without a panic. The manifest beside them calls them
/// a population, the one above a log.
pub fn table(bytes: &[u8]) {
    let program = Program::load(Sources::from_memory(files(bytes)));
    faults_have_places(&program, &program.diagnostics);
    let tables: Vec<(bool, &TableFacts)> = program
        .evidence
        .iter()
        .flat_map(|folder| {
            folder.tables.iter().flatten().map(|table| (folder.manifest.log().is_some(), &**table))
        })
        .collect();
    tables.iter().for_each(|(is_log, table)| bounds(table, bytes, *is_log));
    match tables[..] {
        [] => assert!(is_pointer(&program), "the rows are not read"),
        [(false, population), (true, log)] => {
            let kept_only_by_a_log = TableFacts { dated: log.dated.clone(), ..population.clone() };
            assert!(log.capped || *log == kept_only_by_a_log, "one file counted twice");
        }
        _ => panic!("{} tables are read", tables.len()),
    }
    for clock in [Clock::from(AS_OF), Clock::today(AS_OF)] {
        let judgement = Judgement::new(&program, clock, None);
        assert_eq!(judgement.audits.len(), 2);
        let report = Report::new(&judgement);
        verbs::are_harmless(&verbs::of_evidence(&judgement, &report));
    }
}

fn files(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let file = format!("sha256: \"{}\"\n    bytes: {}\n", hex(&sha256(bytes)), bytes.len());
    let log = format!(
        "title: Restores\ncontrols: [backup]\nkind: log-extract\noccurrences: {{ artifact: hires/rows.csv, date: day, \
         key: id }}\nartifacts:\n  - path: hires/rows.csv\n    {file}"
    );
    let population = format!(
        "title: New hires\ncontrols: [onboarding]\nkind: system-report\nperformed: {{ on: 2026-06-29, by: alice }}\n\
         result: {{ outcome: as-expected, summary: all screened }}\nartifacts:\n  - path: rows.csv\n    {file}    \
         query: GET /hires\n    covers: {{ from: 2026-01-01, to: 2026-06-28 }}\n    population: {{ name: hires, \
         key: id, date: day, count: 2, completeness: 1 of 1 pages }}\n"
    );
    let mut files = seeds::ground();
    files.retain(|(path, _)| path != "soc2.toml");
    let own = [
        ("soc2.toml", CONFIG.as_bytes()),
        ("controls/all.yaml", CONTROLS.as_bytes()),
        ("evidence/log/manifest.yaml", log.as_bytes()),
        ("evidence/log/hires/manifest.yaml", population.as_bytes()),
        ("evidence/log/hires/rows.csv", bytes),
    ];
    files.extend(own.map(|(path, bytes)| (path.to_owned(), bytes.to_vec())));
    files
}

fn is_pointer(program: &Program) -> bool {
    let pointer = |body: &Body| matches!(body, Body::Artifact(facts) if facts.lfs.is_some());
    program.sources.files().any(|(_, file)| pointer(&file.body))
}

/// No count is more than the bytes can hold, and what is kept agrees with what was counted.
fn bounds(table: &TableFacts, bytes: &[u8], is_log: bool) {
    let shown = [&table.last_row, &table.first_duplicate].into_iter().flatten().chain(&table.columns);
    shown.for_each(|text| assert!(text.chars().count() <= SHOWN, "{} characters are kept", text.len()));
    if table.fault.is_some() {
        let nothing = TableFacts {
            fault: table.fault.clone(),
            last_row: table.last_row.clone(),
            ..TableFacts::default()
        };
        assert_eq!(*table, nothing, "what cannot be read is counted");
        return;
    }
    let ends = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64;
    assert!(table.rows <= ends, "{} rows of {ends} lines", table.rows);
    assert!(table.duplicates == 0 || table.duplicates < table.rows, "more doubles than rows");
    assert_eq!(table.duplicates > 0, table.first_duplicate.is_some());
    let lacks = |name: &str| table.missing_columns.iter().any(|missing| **missing == *name);
    assert!(table.missing_columns.iter().all(|name| matches!(&**name, "id" | "day")));
    assert!(
        table.columns.len() <= COLUMNS && (table.columns.is_empty() || !table.missing_columns.is_empty())
    );
    assert!(!table.capped || bytes.len() > SHORT, "a short table is cut");
    let dated = table.rows - table.undated.min(table.rows);
    assert!(table.undated <= table.rows && (table.undated == 0 || !lacks("day")));
    assert_eq!(table.dates.is_some(), dated > 0 && !lacks("day"), "rows that have a date");
    assert!(table.dates.is_none_or(|(first, last)| first <= last), "the first date comes after the last");
    if is_log && !table.capped {
        let kept = if lacks("day") { 0 } else { dated };
        assert_eq!(table.dated.len() as u64, kept, "rows that are kept");
        let days = table.dated.iter().map(|(day, _)| *day);
        assert_eq!(table.dates, days.clone().min().zip(days.max()), "first and last date");
    }
    assert!(is_log || table.dated.is_empty(), "rows of a population are kept");
}
