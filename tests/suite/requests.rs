//! The auditor's list: taken in, answered, and sent back as the same workbook.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use calamine::{Data, Reader, Xlsx};
use rust_xlsxwriter::{DataValidation, ExcelDateTime, Format, FormatBorder, Formula, Note, Workbook};
use soc2::requests::{Answer, List, listed};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::evidence::{MANIFEST, good, refused, with_minutes, without_faults};
use crate::support::Folder;

const AUDIT: &str =
    "\n[[audit]]\nid = \"2025-type2\"\ntype = \"type2\"\nperiod = { from = 2025-01-01, to = 2025-12-31 }\n";

/// A programme with an audit and the minutes of a board meeting.
fn programme() -> Folder {
    let folder = with_minutes();
    let toml = folder.read("soc2.toml");
    folder.write("soc2.toml", format!("{toml}{AUDIT}"));
    folder
}

/// What one firm sends: instructions on a sheet of their own, a title above the headings, dates that are dates, a formula,
/// a list of words for the status, notes, and every column behind the list hidden.
fn firm_a(statuses: [&str; 3]) -> Vec<u8> {
    let mut book = Workbook::new();
    let head =
        Format::new().set_bold().set_background_color(0x1f4e79).set_font_color(0xffffff).set_text_wrap();
    let cell = Format::new().set_text_wrap().set_border(FormatBorder::Thin);
    let day = Format::new().set_num_format("m/d/yyyy").set_border(FormatBorder::Thin);
    let sheet = book.add_worksheet().set_name("Instructions").unwrap();
    sheet.write(0, 0, "Please answer in the tab PBC").unwrap();
    sheet.write(2, 0, "Request").unwrap();
    let sheet = book.add_worksheet().set_name("PBC").unwrap();
    sheet
        .merge_range(0, 0, 0, 9, "Acme, Inc. - SOC 2 Type II request list", &Format::new().set_bold())
        .unwrap();
    sheet.merge_range(1, 0, 1, 9, "Confidential & draft <1>", &Format::new()).unwrap();
    let headings = [
        "PBC #",
        "Area",
        "Request Description",
        "TSC Ref",
        "Client Owner",
        "Due Date",
        "Status",
        "Auditor Comments",
        "Days left",
        "Client Response",
    ];
    for (column, heading) in (0u16..).zip(headings) {
        sheet.write_with_format(3, column, heading, &head).unwrap();
    }
    let rows = [
        ("1.10", "Governance", "Minutes of the board,\nfirst quarter", "board-meeting; CC1.2", "Carol"),
        ("1.2", "Access", "=User list of GitHub", "CC6.2, AC-07", "Security lead"),
        ("1.3", "Access", "Leavers & joiners", "", "Nobody Here"),
    ];
    for (row, (reference, area, text, about, owner)) in (4u32..).zip(rows) {
        match reference {
            "1.10" => sheet.write_with_format(row, 0, 1.1, &Format::new().set_num_format("0.00")).unwrap(),
            other => sheet.write_string_with_format(row, 0, other, &cell).unwrap(),
        };
        for (column, words) in [(1, area), (2, text), (3, about), (4, owner)] {
            sheet.write_string_with_format(row, column, words, &cell).unwrap();
        }
        let due = ExcelDateTime::from_ymd(2026, 1, 15).unwrap();
        sheet.write_with_format(row, 5, &due, &day).unwrap();
        sheet.write_with_format(row, 6, statuses[row as usize - 4], &cell).unwrap();
        sheet.write_blank(row, 9, &cell).unwrap();
        let formula = format!("F{}-TODAY()", row + 1);
        sheet.write_formula(row, 8, Formula::new(formula).set_result("12")).unwrap();
    }
    sheet.write_with_format(5, 7, "Which system?", &cell).unwrap();
    let words =
        DataValidation::new().allow_list_strings(&["Open", "Received", "Accepted", "Returned"]).unwrap();
    sheet.add_data_validation(4, 6, 40, 6, &words).unwrap();
    sheet.insert_note(3, 6, &Note::new("Set by us only")).unwrap();
    sheet.autofilter(3, 0, 6, 9).unwrap();
    sheet.set_freeze_panes(4, 0).unwrap();
    sheet.set_column_width(2, 50).unwrap();
    sheet.set_column_range_hidden(10, 16_383).unwrap();
    book.save_to_buffer().unwrap()
}

/// What another sends: a bare list, days as text, nothing of ours in it.
fn firm_b() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Sheet1").unwrap();
    for (column, heading) in (0u16..).zip(["Request", "Description", "Control", "Needed by", "State"]) {
        sheet.write(0, column, heading).unwrap();
    }
    for (row, words) in (1u32..).zip([
        ["R-1", "Minutes", "board-meeting", "1/15/2026", "Outstanding"],
        ["R-2", "Users", "", "2/3/2026", "N/A"],
    ]) {
        for (column, text) in (0u16..).zip(words) {
            sheet.write(row, column, text).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

fn import(folder: &Folder, list: &[u8]) -> String {
    folder.write("in/list.xlsx", list);
    let ran = folder.run("import requests in/list.xlsx");
    good(&ran);
    ran.stdout + &ran.stderr
}

const REGISTER: &str = "registers/requests.yaml";

#[test]
fn a_list_is_understood_and_taken_over() {
    let folder = programme();
    let said = import(&folder, &firm_a(["Open", "Received", "Not started"]));
    for line in [
        "in/list.xlsx, sheet `PBC`: headings in row 4, 3 requests\n",
        "  ref          A  PBC #\n",
        "  answer       J  Client Response  (ours, for the answers)\n",
        "  not read: Area, Days left\n",
        "3 added, 0 changed, 0 as before, 0 gone from the list\n  added: 1.10, 1.2, 1.3\n",
        "Wrote registers/requests.yaml; the list is kept as audits/2025-type2/requests.xlsx\n",
        "soc2 export requests\n",
        "note: `AC-07`: no control and no criterion here",
        "note: `Nobody Here`: nobody of that name",
    ] {
        assert!(said.contains(line), "`{line}` is not in\n{said}");
    }
    let expected = "# The auditors' requests: soc2 explain request\n\
        - id: \"1.10\"\n  audit: \"2025-type2\"\n  text: \"Minutes of the board,\\nfirst quarter\"\n  controls: [board-meeting]\n  \
        criteria: [CC1.2]\n  due: 2026-01-15\n  owner: carol\n  status: open\n  auditor_status: Open\n\
        - id: \"1.2\"\n  audit: \"2025-type2\"\n  text: \"=User list of GitHub\"\n  criteria: [CC6.2]\n  due: 2026-01-15\n  \
        owner: security-lead\n  status: submitted\n  auditor_status: Received\n  comment: \"Which system?\"\n\
        - id: \"1.3\"\n  audit: \"2025-type2\"\n  text: \"Leavers & joiners\"\n  due: 2026-01-15\n  status: open\n  \
        auditor_status: \"Not started\"\n";
    assert_eq!(folder.read(REGISTER), expected);
    without_faults(&folder);
    let again = import(&folder, &firm_a(["Open", "Received", "Not started"]));
    assert!(again.contains("0 added, 0 changed, 3 as before, 0 gone"), "{again}");
    assert_eq!(folder.read(REGISTER), expected);
}

#[test]
fn nothing_is_written_on_a_dry_run() {
    let folder = programme();
    folder.write("in/list.xlsx", firm_b());
    let ran = folder.run("import requests in/list.xlsx --dry-run --column ref=Request --column text=B");
    good(&ran);
    assert!(
        ran.stdout.contains("added: R-1, R-2\n") && ran.stdout.contains("Nothing was written"),
        "{}",
        ran.stdout
    );
    assert!(!folder.path().join(REGISTER).exists() && !folder.path().join("audits").exists());
    let ran = folder.run("import requests in/list.xlsx --sheet PBC");
    refused(&ran, "has no sheet `PBC`; its sheets are `Sheet1`");
    refused(&folder.run("import requests in/users.csv"), "is not understood");
    refused(&folder.run("import requests in/minutes.md"), "no row looks like the headings");
}

#[test]
fn what_is_ours_stays_and_the_auditor_moves_our_status() {
    let folder = programme();
    import(&folder, &firm_a(["Open", "Received", "Not started"]));
    let ours = "# ours\n- id: \"1.10\" # the board\n  text: \"Minutes of the board,\\nfirst quarter\"\n  due: 2026-01-10\n  status: submitted # sent\n  \
                auditor_status: Open\n  answer: See the minutes.\n  evidence: [board-meeting/2025-03-28]\n  owner: bob\n\
                - { id: OLD-1, text: Chart, status: open } # asked by mail\n";
    folder.write(REGISTER, ours);
    let said = import(&folder, &firm_a(["Accepted", "Received", "Not started"]));
    for line in [
        "2 added, 1 changed, 0 as before, 1 gone from the list\n",
        "  1.10: due 2026-01-10 → 2026-01-15; submitted → accepted; its evidence is pinned as it stands\n",
        "  gone: OLD-1; they stay in the register",
    ] {
        assert!(said.contains(line), "`{line}` is not in\n{said}");
    }
    let register = folder.read(REGISTER);
    for kept in [
        "# ours\n- id: \"1.10\" # the board\n",
        "  due: 2026-01-15\n  status: accepted # sent\n  auditor_status: Accepted\n  answer: See the minutes.\n",
        "- { id: OLD-1, text: Chart, status: open } # asked by mail\n- id: \"1.2\"\n",
        "  owner: bob\n  accepted:\n    on: ",
        "    evidence:\n      - { id: board-meeting/2025-03-28, digest: \"",
    ] {
        assert!(register.contains(kept), "`{kept}` is not in\n{register}");
    }
    without_faults(&folder);
}

#[test]
fn accepted_evidence_that_changes_opens_its_request_again() {
    let folder = programme();
    folder.write(
        REGISTER,
        "- { id: \"1.10\", text: Minutes, status: submitted, evidence: [board-meeting/2025-03-28] }\n",
    );
    import(&folder, &firm_a(["Accepted", "Open", "Open"]));
    let reopened = |folder: &Folder| {
        let ran = folder.run("check --format json");
        ran.stdout.contains("request-reopened").then(|| ran.stdout.clone())
    };
    assert!(reopened(&folder).is_none());
    let manifest = folder.read(MANIFEST);
    folder.write(MANIFEST, format!("{manifest}# a comment changes nothing\n"));
    assert!(reopened(&folder).is_none());
    folder.write(MANIFEST, manifest.replacen("as-expected", "exceptions-noted", 1));
    let told = reopened(&folder).unwrap();
    assert!(
        told.contains("what the manifest of `board-meeting/2025-03-28` says was changed after"),
        "{told}"
    );
    folder.write(MANIFEST, &manifest);
    assert!(reopened(&folder).is_none());
    folder.write("evidence/board-meeting/2025-03-28/minutes.md", "Another.\n");
    let told = reopened(&folder).unwrap();
    assert!(told.contains("`minutes.md` of `board-meeting/2025-03-28` has other bytes"), "{told}");
    let ran = folder.run("export requests --out back.xlsx");
    good(&ran);
    let cells = cells(&std::fs::read(folder.path().join("back.xlsx")).unwrap());
    let status = &cells[&("PBC".to_owned(), 4, 10)];
    assert!(matches!(status, Data::String(text) if text.starts_with("Reopened: `minutes.md`")), "{status:?}");
}

/// Every cell of every sheet with a value, by sheet, row and column from 0, as another program reads it.
fn cells(bytes: &[u8]) -> BTreeMap<(String, u32, u32), Data> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    let mut found = BTreeMap::new();
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).unwrap();
        let (top, left) = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            let place = (name.clone(), top + row as u32, left + column as u32);
            found.insert(place, value.clone());
        }
    }
    found
}

/// The parts of an archive, in order.
fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes.to_vec())).unwrap();
    (0..archive.len())
        .map(|n| {
            let mut part = archive.by_index(n).unwrap();
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).unwrap();
            (part.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

#[test]
fn the_workbook_comes_back_with_our_answers_and_nothing_else() {
    let folder = programme();
    let list = firm_a(["Open", "Received", "Not started"]);
    import(&folder, &list);
    let register = folder.read(REGISTER).replacen(
        "  owner: carol\n",
        "  owner: carol\n  answer: \"=HYPERLINK(1) & <more>\\nsecond line _x000D_\"\n  evidence: [board-meeting/2025-03-28]\n",
        1,
    );
    folder.write(REGISTER, register);
    let ran = folder.run("export requests --out out/back.xlsx");
    good(&ran);
    let columns = "3 requests answered in columns J `Client Response`, K `Company status`, new, L `Company evidence`, new\n";
    assert_eq!(ran.stdout, format!("Wrote out/back.xlsx: {columns}"));
    let back = std::fs::read(folder.path().join("out/back.xlsx")).unwrap();
    let (mut before, mut after) = (cells(&list), cells(&back));
    let text = |text: &str| Data::String(text.to_owned());
    for (row, column, expected) in [
        (3, 10, "Company status"),
        (3, 11, "Company evidence"),
        (4, 9, "=HYPERLINK(1) & <more>\nsecond line _x000D_"),
        (4, 10, "Open"),
        (4, 11, "board-meeting/2025-03-28: minutes.md"),
        (5, 10, "Submitted"),
        (6, 10, "Open"),
    ] {
        assert_eq!(after.remove(&("PBC".to_owned(), row, column)), Some(text(expected)), "{row} {column}");
    }
    before.retain(|_, value| *value != Data::Empty);
    after.retain(|_, value| *value != Data::Empty);
    assert_eq!(before, after, "the auditor's cells");
    let (before, after) = (parts(&list), parts(&back));
    let names = |parts: &[(String, Vec<u8>)]| parts.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&before), names(&after));
    let different: Vec<&String> =
        before.iter().zip(&after).filter(|(a, b)| a.1 != b.1).map(|((name, _), _)| name).collect();
    assert_eq!(different, ["xl/worksheets/sheet2.xml"]);
    let sheet = |parts: &[(String, Vec<u8>)]| {
        let part = parts.iter().find(|(name, _)| name == "xl/worksheets/sheet2.xml").unwrap();
        String::from_utf8(part.1.clone()).unwrap()
    };
    let (before, after) = (sheet(&before), sheet(&after));
    for element in before.split("<c ").skip(1) {
        let element = format!("<c {}", element.split("</row>").next().unwrap());
        let blank = element.contains("r=\"J5\"");
        assert!(blank || after.contains(&element), "`{element}` was touched");
    }
    let tail = |sheet: &str| sheet.split("</sheetData>").nth(1).unwrap().to_owned();
    assert_eq!(tail(&before), tail(&after), "filters, lists of words, joined cells");
    assert!(
        after.contains("<col min=\"11\" max=\"11\" width=\"18\"")
            && after.contains("<col min=\"13\" max=\"16384\""),
        "{after}"
    );
    refused(&folder.run("export requests --out out/back.xlsx"), "is there already");
    good(&folder.run("export requests --out out/again.xlsx"));
    assert_eq!(std::fs::read(folder.path().join("out/again.xlsx")).unwrap(), back, "the same bytes again");
    // What the auditor sends back with our answers in it is taken in, and our columns are found again.
    folder.write("in/list.xlsx", &back);
    let ran = folder.run("import requests in/list.xlsx");
    good(&ran);
    assert!(ran.stdout.contains("0 added, 0 changed, 3 as before"), "{}", ran.stdout);
    good(&folder.run("export requests --out out/third.xlsx"));
    assert_eq!(parts(&std::fs::read(folder.path().join("out/third.xlsx")).unwrap()), parts(&back));
}

#[test]
fn a_list_as_text_comes_back_as_text() {
    let folder = programme();
    folder.write("in/list.csv", "PBC list;;\r\nRef;Request;Due\r\nA-1;\"Minutes; all\";31.1.2026\r\n");
    good(&folder.run("import requests in/list.csv"));
    without_faults(&folder);
    good(&folder.run("export requests --out back.csv"));
    let expected = "PBC list;;\r\nRef;Request;Due;Company status;Company response;Company evidence\r\n\
                    A-1;\"Minutes; all\";31.1.2026;Open;;\r\n";
    assert_eq!(folder.read("back.csv"), expected);
}

#[test]
fn without_a_list_of_theirs_ours_is_written() {
    let folder = programme();
    refused(&folder.run("export requests --out own.csv"), "there is no request to export");
    folder.write(REGISTER, "- { id: A-1, text: \"=Minutes\", status: open, due: 2026-01-15 }\n");
    good(&folder.run("export requests --out own.csv"));
    let own = folder.read("own.csv");
    assert!(own.contains("\r\nA-1,'=Minutes,,,,,2026-01-15,,,,Open,,\r\n"), "{own}");
    let book = folder.run("export requests");
    assert_eq!(
        book.stdout,
        "Wrote requests-2025-type2.xlsx: 1 request; no list of the auditor was imported, so it is in our own form\n"
    );
    good(&folder.run("import requests requests-2025-type2.xlsx --dry-run"));
    // It can be taken in again, and goes back as it came.
    good(&folder.run("import requests own.csv"));
    refused(
        &folder.run("export requests --to xlsx"),
        "the auditor's list is `audits/2025-type2/requests.csv`, and goes back as it came",
    );
}

/// An archive of some parts.
fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook of one sheet.
fn book(sheet: &[u8], strings: &[u8]) -> Vec<u8> {
    let rels = |all: &str| format!("<Relationships>{all}</Relationships>");
    let rel = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"http://x/{kind}\" Target=\"{target}\"/>")
    };
    let all =
        rel("a", "worksheet", "worksheets/sheet1.xml") + &rel("b", "sharedStrings", "sharedStrings.xml");
    archive(&[
        ("_rels/.rels", rels(&rel("a", "officeDocument", "xl/workbook.xml")).as_bytes()),
        ("xl/workbook.xml", b"<workbook><sheets><sheet name=\"A\" r:id=\"a\"/></sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", rels(&all).as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", strings),
    ])
}

fn why(bytes: &[u8]) -> String {
    List::open(bytes, None, &[]).err().unwrap_or_default()
}

#[test]
fn hostile_workbooks_are_refused_within_bounds() {
    let head = "<worksheet><sheetData>";
    let spaces = [head.as_bytes(), &vec![b' '; 40 << 20]].concat();
    assert!(why(&book(&spaces, b"<sst/>")).contains("unfolds to more than 32 MB"));
    assert!(why(&book(b"<worksheet/>", &vec![b'<'; 40 << 20])).contains("unfolds to more than 32 MB"));
    let cells = format!("{head}<row>{}</row></sheetData></worksheet>", "<c/>".repeat(16_385));
    assert!(why(&book(cells.as_bytes(), b"<sst/>")).contains("out of order"));
    let cells = format!(
        "{head}{}</sheetData></worksheet>",
        format!("<row>{}</row>", "<c/>".repeat(16_000)).repeat(20)
    );
    assert!(why(&book(cells.as_bytes(), b"<sst/>")).contains("more than 300000 cells"));
    let strings = format!("<sst>{}</sst>", "<si/>".repeat(600_000));
    assert!(why(&book(b"<worksheet/>", strings.as_bytes())).contains("more than 500000 texts"));
    let far = format!(
        "{head}<row r=\"1048576\"><c r=\"XFD1048576\" t=\"s\"><v>9</v></c></row></sheetData></worksheet>"
    );
    assert!(why(&book(far.as_bytes(), b"<sst/>")).contains("no row looks like"));
    let entity = b"<!DOCTYPE a [<!ENTITY b \"b\">]><worksheet><sheetData/></worksheet>";
    assert!(why(&book(entity, b"<sst/>")).contains("document type"));
    let deep = "<a>".repeat(500_000);
    assert!(!why(&book(deep.as_bytes(), b"<sst/>")).is_empty());
    assert!(why(b"\xd0\xcf\x11\xe0 old").contains("password"));
    assert!(why(b"PK\x03\x04").contains("is no workbook"));
    assert!(why(&archive(&[("word/document.xml", b"<a/>")])).contains("is no workbook"));
}

#[test]
fn damaged_workbooks_are_refused_or_read_and_never_harm() {
    let whole = firm_a(["Open", "Received", "Not started"]);
    let mut seed = 0x2545_f491_4f6c_dd1du64;
    let mut next = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    let mut read = 0;
    for round in 0..200 {
        let mut bytes = whole.clone();
        match round % 3 {
            0 => bytes.truncate(next() as usize % whole.len()),
            1 => (0..=round / 20).for_each(|_| {
                let at = next() as usize % whole.len();
                bytes[at] = next() as u8;
            }),
            _ => bytes = (0..next() % 4_000).map(|_| next() as u8).collect(),
        }
        if round % 6 == 5 {
            bytes.splice(0..0, *b"PK\x03\x04");
        }
        if let Ok(list) = List::open(&bytes, None, &[]) {
            read += 1;
            let (rows, _) = listed(&list.grid, &list.columns, None);
            let answers =
                rows.iter().map(|row| (row.row, Answer { answer: "a".to_owned(), ..Answer::default() }));
            let _ = list.filled(&answers.collect());
        }
    }
    assert!(read < 200, "some of them are damaged");
}

#[test]
fn damaged_sheets_are_refused_or_read_and_never_harm() {
    let all = parts(&firm_a(["Open", "Received", "Not started"]));
    let mut seed = 7u32;
    let mut next = move || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as usize
    };
    let (mut read, mut not) = (0, 0);
    for _ in 0..200 {
        let mut damaged = all.clone();
        let which = next() % damaged.len();
        let part = &mut damaged[which].1;
        for _ in 0..=next() % 4 {
            let at = next() % part.len();
            let new = b"<>\"/=&;0aAc \xff"[next() % 13];
            match next() % 3 {
                0 => part[at] = new,
                1 => drop(part.remove(at)),
                _ => part.insert(at, new),
            }
        }
        let list: Vec<(&str, &[u8])> = damaged.iter().map(|(name, bytes)| (&**name, &**bytes)).collect();
        let bytes = archive(&list);
        match List::open(&bytes, None, &[]) {
            Ok(list) => {
                read += 1;
                let (rows, _) = listed(&list.grid, &list.columns, None);
                let answers = rows
                    .iter()
                    .map(|row| (row.row, Answer { status: "Open".to_owned(), ..Answer::default() }));
                // What is written can be read again, by the same eyes.
                if let Ok((written, _)) = list.filled(&answers.collect()) {
                    let again =
                        List::open(&written, None, &[]).map(|list| listed(&list.grid, &list.columns, None).0);
                    assert_eq!(again, Ok(rows));
                }
            }
            Err(_) => not += 1,
        }
    }
    assert!(read > 20 && not > 5, "{read} read, {not} refused");
}
