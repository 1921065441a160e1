//! What was left out of the bundle, and why.

use super::View;
use crate::table::{Cell, Column, Table};

/// Something that is not handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withheld {
    /// What it belongs to: the id of the evidence, or a file of the programme.
    pub of: String,
    /// The file; empty where all of it is left out.
    pub file: String,
    /// Its classification, where it has one.
    pub classification: &'static str,
    /// Why, as a clause: `restricted: shown in a session, never handed out`.
    pub why: String,
    /// By which it can be checked in a session, in hex; empty where none is recorded.
    pub sha256: String,
    pub bytes: Option<u64>,
}

const COLUMNS: [Column; 6] = [
    Column::new("What", 44),
    Column::new("File", 34),
    Column::new("Classification", 14),
    Column::new("Why it is left out", 60),
    Column::new("SHA-256", 66),
    Column::new("Bytes", 12),
];

/// One row a thing that was left out.
pub fn withheld(view: &View<'_>, left_out: &[Withheld]) -> Table {
    let mut table = view.table("withheld", "What is withheld", COLUMNS.to_vec());
    table.notes.push("What is listed here exists, and can be looked at with us.".to_owned());
    for one in left_out {
        table.rows.push(vec![
            Cell::text(&*one.of),
            Cell::text(&*one.file),
            Cell::text(one.classification),
            Cell::text(&*one.why),
            Cell::text(&*one.sha256),
            one.bytes.map_or(Cell::Blank, Cell::Count),
        ]);
    }
    table
}
