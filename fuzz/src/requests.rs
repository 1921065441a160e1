//! The auditor's list, whatever they send: read within bounds, answered without touching what is theirs.

use std::io::{Cursor, Write};

use soc2::requests::{Answer, List, listed};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Any bytes are refused as a list, or read; with answers in it the list still says what it said. Bytes that are no archive are
/// also tried as the sheet of a workbook, which no mutation of compressed bytes would reach.
pub fn requests(bytes: &[u8]) {
    answered(bytes);
    if !bytes.starts_with(b"PK")
        && let Some(book) = book(bytes)
    {
        answered(&book);
    }
}

fn answered(bytes: &[u8]) {
    let Ok(list) = List::open(bytes, None, &[]) else { return };
    let (rows, _) = listed(&list.grid, &list.columns, None);
    let (columns, name) = (list.columns.clone(), list.grid.name.clone());
    let answer = Answer { status: "Open".to_owned(), answer: "=1 & <2>".to_owned(), evidence: "a\nb".to_owned() };
    let answers = rows.iter().map(|row| (row.row, answer.clone())).collect();
    let Ok((written, _)) = list.filled(&answers) else { return };
    let sheet = Some(&*name).filter(|name| !name.is_empty());
    let Ok(again) = List::open(&written, sheet, &[]) else { panic!("what was written cannot be read") };
    if again.columns.header == columns.header && columns.of.iter().all(|(field, place)| again.columns.of.get(field) == Some(place)) {
        assert_eq!(listed(&again.grid, &again.columns, None).0, rows, "the auditor's words");
    }
}

/// A workbook whose one sheet is these bytes.
fn book(sheet: &[u8]) -> Option<Vec<u8>> {
    let relation = |kind: &str, target: &str| {
        format!("<Relationships><Relationship Id=\"a\" Type=\"x/{kind}\" Target=\"{target}\"/></Relationships>")
    };
    let (first, second) = (relation("officeDocument", "xl/workbook.xml"), relation("worksheet", "sheet1.xml"));
    let parts: [(&str, &[u8]); 4] = [
        ("_rels/.rels", first.as_bytes()),
        ("xl/workbook.xml", b"<workbook><sheets><sheet name=\"A\" id=\"a\"/></sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", second.as_bytes()),
        ("xl/sheet1.xml", sheet),
    ];
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in parts {
        zip.start_file(name, options).ok()?;
        zip.write_all(bytes).ok()?;
    }
    zip.finish().ok().map(Cursor::into_inner)
}
