mod records;

use jiff::civil::{Date, date};

use super::*;
use crate::source::Sources;
use crate::table::Cell;

const FILES: &[(&str, &str)] = &[
    (
        "soc2.toml",
        "[organization]\nname = \"Acme, Inc.\"\ntimezone = \"UTC\"\n[scope]\nframework = \"soc2-2017-rev2022\"\n\
         categories = [\"security\"]\nexcluded = { privacy = \"business contacts only\" }\n\
         not_relevant = { \"CC6.4\" = \"no office\" }\n\
         [[audit]]\nid = \"2026\"\ntype = \"type2\"\nperiod = { from = 2026-01-01, to = 2026-12-31 }\n",
    ),
    (
        "registers/people.yaml",
        "- { id: alice, name: Alice Adams, emails: [alice@acme.example], kind: employee, employed: [{ from: 2024-01-01 }] }\n\
         - { id: bob, name: Bob Burns, emails: [bob@acme.example], kind: employee, employed: [{ from: 2024-01-01, to: 2026-05-31 }], \
         background_check: 2023-12-20 }\n\
         - { id: gone, name: Gone, kind: employee, employed: [{ from: 2024-01-01, to: 2025-12-31 }] }\n",
    ),
    (
        "registers/roles.yaml",
        "- { id: lead, title: Lead, held: [{ by: alice, from: 2024-01-01, to: 2026-02-28 }, { by: bob, from: 2026-03-01, to: 2026-05-31 }] }\n",
    ),
    (
        "registers/waivers.yaml",
        "- { id: w-1, rule: slot-missed, subject: access-review, slot: 2026-Q1, reason: the tool was down, \
         requested: { by: alice, on: 2026-03-01 }, approved: { by: bob, on: 2026-03-02 }, expires: 2026-12-31 }\n",
    ),
    (
        "controls/access.yaml",
        "id: access-review\ntitle: Owners review users\ndescription: Each quarter the lead reviews every user.\nowner: lead\n\
         status: implemented\neffective_from: 2025-01-01\ncadence: quarterly\ncriteria: [CC6.2]\n",
    ),
    (
        "controls/log.yaml",
        "id: log-review\ntitle: The log is read\ndescription: Each month the lead reads the log.\nowner: alice\n\
         status: implemented\neffective_from: 2026-06-15\ncadence: monthly\ncriteria: [CC7.2]\naliases: [AC-07]\n",
    ),
    (
        "controls/plan.yaml",
        "id: plan\ntitle: A plan\ndescription: One day we will.\nowner: alice\nstatus: planned\ncadence: annual\ncriteria: [CC6.3]\n",
    ),
    ("policies/access.md", "---\nid: access\ntitle: Access\nowner: lead\n---\n# Access\n\nNobody gets in.\n"),
];

/// The small programme with more files; one of the same path takes its place.
fn programme(more: &[(&str, String)]) -> Program {
    let mut files: std::collections::BTreeMap<String, Vec<u8>> =
        FILES.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    files.extend(more.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())));
    Program::load(Sources::from_memory(files.into_iter().collect()))
}

/// What a table of a small programme is on a day.
fn on<T>(day: Date, verdicts: bool, of: impl FnOnce(&View<'_>) -> T) -> T {
    of_programme(&programme(&[]), day, verdicts, of)
}

fn of_programme<T>(program: &Program, day: Date, verdicts: bool, of: impl FnOnce(&View<'_>) -> T) -> T {
    let judgement = Judgement::new(program, day, None);
    let report = Report::new(&judgement);
    let places = Places {
        controls: [(0, "07_evidence/access-review/control-sheet.pdf".to_owned())].into(),
        artifacts: [((0, 0), "07_evidence/access-review/2026-Q2/users.csv".to_owned())].into(),
        ..Places::default()
    };
    of(&View {
        judgement: &judgement,
        audit: &judgement.audits[0],
        report: &report,
        read: "work tree",
        verdicts,
        plans: false,
        only: &Only::default(),
        places: &places,
    })
}

/// The words of a row's cells under some headings.
fn cells(table: &Table, row: &[Cell], titles: &[&str]) -> Vec<String> {
    let nth = |title: &&str| table.columns.iter().position(|column| column.title == *title).unwrap();
    titles.iter().map(|title| words(&row[nth(title)])).collect()
}

fn words(cell: &Cell) -> String {
    match cell {
        Cell::Blank => String::new(),
        Cell::Text(text) | Cell::Link { text, .. } => text.clone(),
        Cell::Count(n) => n.to_string(),
        Cell::Day(day) => day.to_string(),
    }
}

/// The rows whose first cell begins so.
fn rows<'t>(table: &'t Table, first: &str) -> Vec<&'t Vec<Cell>> {
    table.rows.iter().filter(|row| words(&row[0]).starts_with(first)).collect()
}

fn every(view: &View<'_>) -> Vec<Table> {
    let which = belonging(view);
    let withheld_one = Withheld {
        of: "a/2026".to_owned(),
        file: "x.csv".to_owned(),
        classification: "restricted",
        why: "shown in a session".to_owned(),
        sha256: String::new(),
        bytes: Some(1),
    };
    vec![
        acknowledgements(view),
        approvals(view),
        assets(view),
        changes(view),
        commitments(view),
        control_matrix(view),
        controls(view),
        csocs(view),
        cuecs(view),
        evidence(view, &which),
        exceptions(view),
        gaps(view),
        incidents(view),
        meetings(view),
        people(view),
        policies(view),
        populations(view, &which),
        readiness(view),
        risks(view),
        slots(view),
        systems(view),
        training(view),
        vendor_reports(view),
        vendors(view),
        withheld(view, &[withheld_one]),
    ]
}

#[test]
fn every_table_is_whole() {
    for verdicts in [true, false] {
        let tables = on(date(2026, 6, 30), verdicts, every);
        for table in &tables {
            assert!(table.name.len() <= 31 && table.title.chars().count() <= 31, "{}", table.name);
            assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{}", table.name);
            let mut titles: Vec<&str> = table.columns.iter().map(|column| column.title).collect();
            titles.sort_unstable();
            titles.dedup();
            assert_eq!(titles.len(), table.columns.len(), "{}: a heading twice", table.name);
        }
        let mut names: Vec<&str> = tables.iter().map(|table| table.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), tables.len(), "a name twice");
    }
}

/// RB-06: a gap that a waiver lets through stays listed, with the waiver.
#[test]
fn a_waived_gap_stays_listed() {
    let table = on(date(2026, 6, 30), true, gaps);
    let titles = ["Control", "Slot", "Rule", "Waiver", "Until"];
    let blocking: Vec<_> = rows(&table, "1").into_iter().map(|row| cells(&table, row, &titles)).collect();
    let waived = ["access-review", "2026-Q1", "slot-missed", "w-1", "2026-12-31"].map(str::to_owned);
    assert!(blocking.contains(&waived.to_vec()), "{blocking:?}");
    let waivers = rows(&table, "7");
    let said = ["About", "What is missing", "Since", "Until", "Owner", "Waiver"];
    let waivers: Vec<_> = waivers.into_iter().map(|row| cells(&table, row, &said)).collect();
    assert_eq!(
        waivers,
        [[
            "waiver of slot-missed, access-review",
            "lets 1 gap through: the tool was down",
            "2026-03-02",
            "2026-12-31",
            "approved by Bob Burns",
            "w-1"
        ]]
    );
    assert!(
        table.notes.iter().any(|note| note.contains("1 of them let through by a waiver")),
        "{:?}",
        table.notes
    );
}

/// RB-07: a slot that is still open is not due, with its day, and no gap says that evidence is missing.
#[test]
fn an_open_slot_is_not_due_and_never_missing() {
    let table = on(date(2026, 6, 30), true, gaps);
    let said = ["Control", "Slot", "What is missing", "Due", "Until", "Rule"];
    let soon: Vec<_> = rows(&table, "3").into_iter().map(|row| cells(&table, row, &said)).collect();
    let log = soon.iter().find(|row| row[0] == "log-review").unwrap();
    let what = "not due yet: due by 2026-06-30, grace until 2026-07-07; 6 more open slots later";
    assert_eq!(log[..5], ["log-review", "2026-06", what, "2026-06-30", "2026-07-07"]);
    assert_eq!(log[5], "", "no rule finds it");
    let missing = table.rows.iter().map(|row| cells(&table, row, &["Control", "Slot", "Rule"]));
    let missing: Vec<_> = missing.filter(|row| row[1] == "2026-06" && !row[2].is_empty()).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let later = on(date(2026, 7, 3), true, gaps);
    let said = rows(&later, "3").into_iter().map(|row| cells(&later, row, &["Control", "What is missing"]));
    let said: Vec<_> = said.filter(|row| row[0] == "log-review").collect();
    assert!(
        said[0][1].starts_with("late, and its grace runs: due by 2026-06-30, grace until 2026-07-07"),
        "{said:?}"
    );
}

#[test]
fn a_line_says_whose_it_is_and_what_to_do() {
    let table = on(date(2026, 6, 30), true, gaps);
    let said = ["Criterion", "Control", "Since", "Due", "Owner", "Rule"];
    let missed =
        table.rows.iter().map(|row| cells(&table, row, &said)).find(|row| row[5] == "slot-missed").unwrap();
    assert_eq!(missed[..2], ["CC6.2", "access-review"]);
    assert_eq!(missed[4], "nobody (lead)", "the role is vacant on the judged day");
    assert!(missed[2] > missed[3], "open since its grace ended: {missed:?}");
    let apart: Vec<_> = rows(&table, "6")
        .into_iter()
        .map(|row| cells(&table, row, &["Criterion", "About", "What is missing"]))
        .collect();
    assert_eq!(
        apart,
        [
            ["CC6.4", "", "does not apply: no office"],
            ["", "category privacy", "not in scope: business contacts only"]
        ]
    );
    let policy = table
        .rows
        .iter()
        .map(|row| cells(&table, row, &["About", "Rule"]))
        .find(|row| row[1] == "policy-not-approved");
    assert_eq!(policy.unwrap()[0], "policy access");
}

#[test]
fn the_matrix_has_a_row_a_pair_and_room_for_the_auditor() {
    let table = on(date(2026, 6, 30), true, control_matrix);
    let said = [
        "Ref",
        "Criterion",
        "Control",
        "Also known as",
        "State of operation",
        "Coverage of the criterion",
        "Tested by",
        "Conclusion",
    ];
    let of = |criterion: &str| -> Vec<Vec<String>> {
        let all = table.rows.iter().map(|row| cells(&table, row, &said));
        all.filter(|row| row[1] == criterion).collect()
    };
    assert_eq!(of("CC6.2"), [["", "CC6.2", "access-review", "", "missed", "covered", "", ""]]);
    assert_eq!(of("CC7.2"), [["", "CC7.2", "log-review", "AC-07", "not-due", "partial", "", ""]]);
    assert_eq!(of("CC6.3")[0][5], "planned-only", "a plan is no control to list");
    assert_eq!(of("CC6.3")[0][2], "");
    assert!(
        table
            .notes
            .iter()
            .any(|note| note.starts_with("1 control of criteria in scope was in place on no judged day")),
        "{:?}",
        table.notes
    );
    let link = table.rows.iter().flatten().find_map(|cell| match cell {
        Cell::Link { text, to } => Some((text.as_str(), to.as_str())),
        _ => None,
    });
    assert_eq!(link, Some(("access-review", "07_evidence/access-review/control-sheet.pdf")));
}

#[test]
fn a_prospect_sees_no_verdict() {
    let of = |view: &View<'_>| vec![control_matrix(view), controls(view), policies(view)];
    for table in on(date(2026, 6, 30), false, of) {
        let text = crate::table::markdown(&[&table]);
        for word in ["missed", "supported", "covered", "not-due", "Tested by", "own view"] {
            assert!(!text.contains(word), "{}: {word}", table.name);
        }
        assert!(text.contains("Prepared by management, not examined by a CPA."));
    }
}

#[test]
fn a_report_can_be_narrowed() {
    let table = on(date(2026, 6, 30), true, |view| {
        let only =
            Only { controls: Some([1].into()), words: vec!["log-review".to_owned()], ..Only::default() };
        let narrowed = View { only: &only, ..*view };
        [gaps(&narrowed), control_matrix(&narrowed), controls(&narrowed)]
    });
    for table in table {
        assert!(!table.rows.is_empty(), "{}", table.name);
        for row in table.rows.iter() {
            assert_eq!(cells(&table, row, &["Control"]), ["log-review"], "{}", table.name);
        }
        assert!(table.notes.contains(&"Only log-review.".to_owned()));
    }
}

#[test]
fn people_are_told_without_addresses() {
    let table = on(date(2026, 6, 30), true, people);
    let rows: Vec<Vec<String>> = table.rows.iter().map(|row| row.iter().map(words).collect()).collect();
    assert_eq!(
        rows,
        [
            ["alice", "Alice Adams", "employee", "2024-01-01", "", "lead to 2026-02-28"],
            [
                "bob",
                "Bob Burns",
                "employee",
                "2024-01-01",
                "2026-05-31",
                "lead from 2026-03-01 to 2026-05-31"
            ],
        ]
    );
}

#[test]
fn changes_of_who_answers_are_told() {
    let table = on(date(2026, 6, 30), true, changes);
    let rows = table.rows.iter().map(|row| cells(&table, row, &["Date", "Kind", "What", "Change"]).join(" "));
    let rows: Vec<String> = rows.collect();
    assert_eq!(
        rows,
        [
            "2026-02-28 role lead was held to the end of this day by",
            "2026-03-01 role lead is held by",
            "2026-05-31 person bob left",
            "2026-05-31 role lead was held to the end of this day by",
            "2026-06-15 control log-review came into place",
        ]
    );
    assert!(table.notes.iter().any(|note| note.contains("no git history is at hand")), "{:?}", table.notes);
}

#[test]
fn readiness_counts_and_never_flatters() {
    let table = on(date(2026, 6, 30), true, readiness);
    let said = [
        "Criteria that apply",
        "Supported",
        "Supported, % rounded down",
        "Not relevant",
        "Slots due",
        "Evidenced",
    ];
    let all = cells(&table, table.rows.last().unwrap(), &said);
    assert_eq!(all, ["32", "0", "0", "1", "1", "0"]);
    let none: Vec<_> = rows(&table, "CC1")
        .into_iter()
        .map(|row| cells(&table, row, &["Slots due", "Evidenced, % rounded down"]))
        .collect();
    assert_eq!(none, [["0", ""]], "nothing due is no percentage");
}
