//! The tables of the bundle, each as CSV and the larger ones as workbooks too, with links that work from the unzipped folder.

use super::documents::{POLICIES, bytes};
use super::{Ground, Place, Sheets, Told, evidence};
use crate::archive::Member;
use crate::requests;
use crate::schedule::{self, View};
use crate::table::{self, Table};

/// Columns of the gap report that make the line of each gap: criterion, control, slot, what is missing.
const GAP: [usize; 4] = [1, 2, 4, 5];
/// Where registers lie.
const REGISTERS: &str = "05_registers";

/// Writes a register as a table.
type Register = fn(&View<'_>) -> Table;

/// All of them.
pub(super) fn members(
    ground: &Ground<'_>,
    place: &Place,
    told: &Told,
    sheets: &mut Sheets,
    into: &mut Vec<Member<'_>>,
) {
    let places = place.for_tables(ground.profile);
    let view = ground.view(&places);
    let mut out = Out { into };
    let matrix = [schedule::control_matrix(&view), schedule::controls(&view)];
    out.workbook("03_control_matrix", &matrix.each_ref());
    out.csv("03_control_matrix", &matrix[0]);
    out.csv("03_controls", &matrix[1]);
    if ground.profile.verdicts() {
        judged(ground, place, &view, sheets, &mut out);
    }
    out.csv("10_withheld", &schedule::withheld(&view, &told.withheld));
}

/// What a prospect is not given.
fn judged(ground: &Ground<'_>, place: &Place, view: &View<'_>, sheets: &mut Sheets, out: &mut Out<'_, '_>) {
    let which: Vec<usize> = place.pieces.iter().map(|piece| piece.evidence).collect();
    out.csv(&format!("{}/evidence", evidence::FOLDER), &schedule::evidence(view, &which));
    out.csv(&format!("{}/slots", evidence::FOLDER), &schedule::slots(view));
    out.csv("06_populations/population", &schedule::populations(view, &which));
    let exceptions = schedule::exceptions(view);
    out.csv("08_exceptions", &exceptions);
    let gaps = schedule::gaps(view);
    out.workbook("11_gap_report", &[&gaps, &schedule::readiness(view)]);
    out.page("11_gap_report", &[&gaps], &ground.nav("11_gap_report.html", None));
    let text = table::records(&gaps, &GAP);
    sheets
        .paper
        .push(("11_gap_report".to_owned(), ground.paper("Management's view", gaps.title.clone(), text)));
    if ground.narrowed.is_narrow() {
        return;
    }
    out.csv(&format!("{POLICIES}/policies_in_force"), &schedule::policies(view));
    out.csv(&format!("{POLICIES}/approval_log"), &schedule::approvals(view));
    out.csv(&format!("{POLICIES}/acknowledgements"), &schedule::acknowledgements(view));
    let changes = schedule::changes(view);
    out.workbook("08_changes", &[&changes]);
    out.csv("08_changes", &changes);
    requests(ground, out);
    let registers: [(&str, Register); 13] = [
        ("assets", schedule::assets),
        ("commitments", schedule::commitments),
        ("csocs", schedule::csocs),
        ("cuecs", schedule::cuecs),
        ("exceptions", schedule::exceptions),
        ("incidents", schedule::incidents),
        ("meetings", schedule::meetings),
        ("people", schedule::people),
        ("risks", schedule::risks),
        ("systems", schedule::systems),
        ("training", schedule::training),
        ("vendor_reports", schedule::vendor_reports),
        ("vendors", schedule::vendors),
    ];
    for (name, register) in registers {
        out.csv(&format!("{REGISTERS}/{name}"), &register(view));
    }
}

/// The auditor's requests: their own list with our answers in it where it is kept, and the same as a table of ours.
fn requests(ground: &Ground<'_>, out: &mut Out<'_, '_>) {
    let table = requests::table(ground.judgement, ground.audit.id.as_deref());
    let theirs = requests::answered(ground.judgement, ground.audit.id.as_deref());
    let (book, text) = match theirs {
        Some((bytes, true)) => (Some(bytes), None),
        Some((bytes, false)) => (None, Some(bytes)),
        None => (None, None),
    };
    match book {
        Some(bytes) => out.put("09_requests.xlsx", bytes),
        None => out.workbook("09_requests", &[&table]),
    }
    match text {
        Some(bytes) => out.put("09_requests.csv", bytes),
        None => out.csv("09_requests", &table),
    }
}

struct Out<'o, 'm> {
    into: &'o mut Vec<Member<'m>>,
}

impl Out<'_, '_> {
    fn put(&mut self, path: &str, made: Vec<u8>) {
        self.into.push(bytes(path.to_owned(), made));
    }

    fn csv(&mut self, path: &str, table: &Table) {
        self.put(&format!("{path}.csv"), table::csv(table).into_bytes());
    }

    /// A workbook that cannot be written is left out; the same rows stand in the CSV or the page beside it.
    fn workbook(&mut self, path: &str, tables: &[&Table]) {
        if let Ok(made) = table::xlsx(tables, Some(&up(path))) {
            self.into.push(bytes(format!("{path}.xlsx"), made));
        }
    }

    fn page(&mut self, path: &str, tables: &[&Table], nav: &[(String, String)]) {
        self.put(&format!("{path}.html"), table::html(tables, Some(&up(path)), nav).into_bytes());
    }
}

/// The way from a file to the bundle's root.
fn up(path: &str) -> String {
    "../".repeat(path.matches('/').count())
}
