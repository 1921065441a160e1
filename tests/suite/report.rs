//! `soc2 report`, on the example company as its repository stood after the window.

use std::fs;
use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use jiff::civil::date;

use crate::company::{commits_until, repository};
use crate::support::{Folder, root};

fn acme() -> Folder {
    let folder = Folder::new();
    repository::write_commits(commits_until(date(2027, 1, 31)), folder.path()).unwrap();
    folder
}

const JUDGED: &str = "--audit 2026-type2 --as-of 2027-01-31";

#[test]
fn acme_after_the_window() {
    let folder = acme();
    for what in ["gaps", "changes", "readiness"] {
        let ran = folder.run(&format!("report {what} {JUDGED}"));
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let expected = snapbox::Data::read_from(
            &root().join(format!("tests/snapshots/report-{what}.md")),
            Some(snapbox::data::DataFormat::Text),
        );
        snapbox::assert_data_eq!(ran.stdout, expected.raw());
    }
}

/// Each form says the same, twice over to the byte, and no cell of the workbook is a formula.
#[test]
fn each_form_is_written_the_same_twice() {
    let folder = acme();
    for out in ["one/matrix.html", "two/matrix.html"] {
        let ran = folder.run(&format!("report matrix {JUDGED} --to html,xlsx,csv,json,md --out {out}"));
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert_eq!(ran.stdout, "");
    }
    for end in ["html", "xlsx", "csv", "json", "md"] {
        let read =
            |folder_name: &str| fs::read(folder.path().join(format!("{folder_name}/matrix.{end}"))).unwrap();
        assert!(read("one") == read("two"), "{end} differs");
    }
    let bytes = fs::read(folder.path().join("one/matrix.xlsx")).unwrap();
    let mut book = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sheet = book.worksheet_range("Control matrix").unwrap();
    assert_eq!(sheet.get_value((0, 1)), Some(&Data::String("Criterion".to_owned())));
    let days = sheet.used_cells().filter(|(_, _, cell)| matches!(cell, Data::DateTime(_))).count();
    assert!(days > 50, "dates are dates: {days}");
    let formulas = book.worksheet_formula("Control matrix").unwrap();
    assert_eq!(formulas.used_cells().count(), 0);
    let csv = fs::read_to_string(folder.path().join("one/matrix.csv")).unwrap();
    let rows = csv::ReaderBuilder::new().from_reader(csv.as_bytes()).records().count();
    assert_eq!(rows + 1, sheet.height(), "the workbook and the CSV have the same rows");
}

#[test]
fn a_workbook_is_not_written_to_a_terminal() {
    let folder = Folder::from_example("acme");
    let ran = folder.run("report gaps --to xlsx --as-of 2026-06-30");
    assert_eq!(ran.code, 2);
    assert_eq!(ran.stderr, "error: xlsx is no text for a terminal\n  hint: name a file: --out report.xlsx\n");
}
