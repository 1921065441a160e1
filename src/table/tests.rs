use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use jiff::civil::date;

use super::*;

/// What people write, and what would run in a spreadsheet, move text or break a row.
fn table() -> Table {
    let columns = vec![Column::new("What", 20), Column::new("Of the day", 11), Column::new("How many", 8)];
    let link = Cell::link("a #1 (ü).csv", Some("07_evidence/a b/ü&1.csv"));
    Table {
        name: "gap-report",
        title: "Gap & report".to_owned(),
        notes: vec!["Management's own view.".to_owned(), "<script>".to_owned()],
        columns,
        rows: vec![
            vec![Cell::text("=HYPERLINK(\"http://evil\")"), Cell::Day(date(2026, 3, 31)), Cell::Count(7)],
            vec![
                Cell::text("two\nlines, | and \u{202e}moved"),
                Cell::Day(date(1899, 1, 1)),
                Cell::Count(u64::MAX),
            ],
            vec![link, Cell::Blank, Cell::Blank],
        ],
    }
}

fn workbook(bytes: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(bytes)).unwrap()
}

/// RB-10: no cell of a CSV runs in a spreadsheet.
#[test]
fn no_cell_of_a_csv_is_a_formula() {
    let texts =
        ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u{ff1d}1", "'=1", "a=1", "1-2"];
    let rows = texts.iter().map(|text| vec![Cell::Text((*text).to_owned())]).collect();
    let table = Table { columns: vec![Column::new("T", 9)], rows, ..table() };
    let csv = csv(&table);
    let mut reader = ::csv::ReaderBuilder::new().from_reader(csv.as_bytes());
    let fields: Vec<String> = reader.records().map(|record| record.unwrap()[0].to_owned()).collect();
    let kept = ["'=1", "a=1", "1-2"];
    for (text, field) in texts.iter().zip(&fields) {
        let begins = field.trim_start().chars().next();
        assert!(!begins.is_some_and(|c| "=+-@\u{ff1d}\t\r".contains(c)), "{text:?} became {field:?}");
        assert_eq!(
            field.starts_with('\''),
            !kept.contains(text) || text.starts_with('\''),
            "{text:?} {field:?}"
        );
    }
    assert_eq!(fields.len(), texts.len(), "no text breaks its row");
}

#[test]
fn a_csv_opens_in_excel_as_it_was_written() {
    let csv = csv(&table());
    assert!(csv.starts_with("\u{feff}What,Of the day,How many\r\n"));
    assert!(
        csv.contains("\"two\nlines, | and \\u{202e}moved\",1899-01-01,18446744073709551615\r\n"),
        "{csv}"
    );
    assert!(csv.ends_with("a #1 (ü).csv,,\r\n"));
}

#[test]
fn a_workbook_reads_back_as_typed() {
    let mut book = workbook(xlsx(&[&table()], Some("../")).unwrap());
    assert_eq!(book.sheet_names(), ["About", "Gap & report"]);
    let sheet = book.worksheet_range("Gap & report").unwrap();
    let cell = |row, column| sheet.get_value((row, column)).cloned().unwrap_or(Data::Empty);
    let text = |text: &str| Data::String(text.to_owned());
    assert_eq!(cell(0, 0), text("What"), "the first row is the heading");
    assert_eq!(cell(1, 0), text("=HYPERLINK(\"http://evil\")"));
    assert!(matches!(cell(1, 1), Data::DateTime(day) if day.is_datetime() && day.as_f64() == 46_112.0));
    assert_eq!(cell(1, 2), Data::Float(7.0));
    assert_eq!(cell(2, 0), text("two\nlines, | and \\u{202e}moved"));
    assert_eq!(cell(2, 1), text("1899-01-01"), "a day before Excel's first");
    assert_eq!(cell(2, 2), text("18446744073709551615"), "a number that Excel would round");
    assert_eq!(cell(3, 0), text("a #1 (ü).csv"));
    let formulas = book.worksheet_formula("Gap & report").unwrap();
    assert!(formulas.used_cells().next().is_none(), "no cell is a formula");
    let about = book.worksheet_range("About").unwrap();
    assert_eq!(about.get_value((1, 0)), Some(&text("Management's own view.")));
}

#[test]
fn the_same_table_gives_the_same_bytes() {
    let (one, two) = (table(), table());
    assert_eq!(xlsx(&[&one, &two], Some("")).unwrap(), xlsx(&[&two, &one], Some("")).unwrap());
    assert_eq!(json(&[&one]).unwrap(), json(&[&two]).unwrap());
}

/// A part of a workbook's zip.
fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    std::io::read_to_string(archive.by_name(name).unwrap()).unwrap()
}

#[test]
fn a_workbook_leads_into_the_bundle_or_nowhere() {
    let bytes = xlsx(&[&table()], Some("../")).unwrap();
    let links = part(&bytes, "xl/worksheets/_rels/sheet2.xml.rels");
    assert!(links.contains("Target=\"../07_evidence/a%20b/ü&amp;1.csv\" TargetMode=\"External\""), "{links}");
    let sheet = part(&bytes, "xl/worksheets/sheet2.xml");
    for wanted in
        ["<autoFilter ref=\"A1:C4\"/>", "state=\"frozen\"", "orientation=\"landscape\"", "fitToHeight=\"0\""]
    {
        assert!(sheet.contains(wanted), "{wanted}: {sheet}");
    }
    let alone = xlsx(&[&table()], None).unwrap();
    assert!(!part(&alone, "xl/worksheets/sheet2.xml").contains("hyperlink"), "no bundle, no link");
    let unsafe_paths = ["a#b", "100%", "C:\\x", "", &"x".repeat(3000)];
    let rows = unsafe_paths
        .iter()
        .map(|to| vec![Cell::Link { text: "t".to_owned(), to: (*to).to_owned() }])
        .collect();
    let odd = Table { rows, ..table() };
    let odd = xlsx(&[&odd], Some("")).unwrap();
    assert!(
        !part(&odd, "xl/worksheets/sheet2.xml").contains("hyperlink"),
        "what cannot be written soundly is a text"
    );
}

#[test]
fn a_page_is_whole_and_harmless() {
    let page = html(&[&table()], Some(""), &[("Index".to_owned(), "index.html".to_owned())]);
    assert!(page.contains("<a href=\"index.html\">Index</a>"), "{page}");
    for wanted in [
        "<h1 id=\"gap-report\">Gap &amp; report</h1>",
        "<li>&lt;script&gt;</li>",
        "<th scope=\"col\"",
        "<td>=HYPERLINK(&quot;http://evil&quot;)</td>",
        "<td class=\"d\">2026-03-31</td><td class=\"n\">7</td>",
        "<a href=\"07_evidence/a%20b/%C3%BC%261.csv\">a #1 (ü).csv</a>",
        "moved</td>",
    ] {
        assert!(page.contains(wanted), "{wanted}: {page}");
    }
    for never in ["<script", "http-equiv=\"refresh\"", "src=", "@import", "url(", "\u{202e}"] {
        assert!(!page.contains(never), "{never}");
    }
    assert!(!html(&[&table()], None, &[]).contains("<a "), "no bundle, no link");
}

#[test]
fn markdown_keeps_rows_whole() {
    let text = markdown(&[&table()]);
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
    assert_eq!(rows.len(), 2 + 3, "{text}");
    let bars = |row: &str| row.replace("\\|", "").matches('|').count();
    assert!(rows.iter().all(|row| bars(row) == 4), "{text}");
    assert!(text.starts_with("# Gap &amp; report\n\nManagement's own view.  \n&lt;script&gt;\n\n"), "{text}");
    assert!(text.contains("two<br>lines"));
    let blank = Table { rows: vec![vec![Cell::text("a"), Cell::Blank, Cell::Count(0)]], ..table() };
    assert!(markdown(&[&blank]).contains("| What | How many |"), "a blank column is left out");
    let none = Table { rows: Vec::new(), ..table() };
    assert!(markdown(&[&none]).ends_with("Nothing to list.\n"));
}

#[test]
fn records_stand_below_each_other() {
    let text = records(&table(), &[2]);
    assert!(text.contains("## =HYPERLINK"), "{text}");
    assert!(text.contains("**7**\n\n- Of the day: 2026-03-31\n"), "{text}");
}

#[test]
fn json_has_the_columns_in_order() {
    let text = json(&[&table()]).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["format"], "soc2-table/1");
    let rows = &value["tables"][0]["rows"];
    assert_eq!(rows[0]["of-the-day"], "2026-03-31");
    assert_eq!(rows[0]["how-many"], 7);
    assert_eq!(rows[1]["what"], "two\nlines, | and \u{202e}moved");
    assert!(text.contains("\\u202e"), "moved text is written by its number");
    assert!(rows[2]["of-the-day"].is_null());
    assert!(text.find("\"what\"") < text.find("\"of-the-day\""));
}
