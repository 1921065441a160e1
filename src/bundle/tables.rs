//! The tables of the bundle, each as CSV and the larger ones as workbooks too, with links that work from the unzipped folder.

use std::collections::BTreeSet;

use super::documents::POLICIES;
use super::pages::Pages;
use super::{Ground, Told, evidence};
use crate::requests;
use crate::schedule::{self, Only, View};
use crate::table::{self, Table};

/// Columns of the gap report that make the line of each gap: criterion, control, slot, what is missing.
const GAP: [usize; 4] = [1, 2, 4, 5];
/// Where registers lie.
const REGISTERS: &str = "05_registers";

/// Writes a register as a table.
type Register = fn(&View<'_>) -> Table;

/// All of them.
pub(super) fn members(told: &Told, out: &mut Pages<'_>) {
    out.workbook("03_control_matrix", |view| vec![schedule::control_matrix(view), schedule::controls(view)]);
    out.csv("03_control_matrix", schedule::control_matrix);
    out.csv("03_controls", schedule::controls);
    if out.ground.profile.verdicts() {
        judged(out);
    }
    let withheld = told.withheld.clone();
    out.csv("10_withheld", move |view| schedule::withheld(view, &withheld));
}

/// What a prospect is not given.
fn judged(out: &mut Pages<'_>) {
    let which: Vec<usize> = out.place.pieces.iter().map(|piece| piece.evidence).collect();
    out.long_csv(&format!("{}/evidence", evidence::FOLDER), which.clone(), schedule::evidence);
    let controls: Vec<usize> = out.place.controls.keys().copied().collect();
    out.long_csv(&format!("{}/slots", evidence::FOLDER), controls, slots);
    out.csv("06_populations/population", move |view| schedule::populations(view, &which));
    out.csv("08_exceptions", schedule::exceptions);
    out.workbook("11_gap_report", |view| vec![schedule::gaps(view), schedule::readiness(view)]);
    out.table("11_gap_report", schedule::gaps);
    out.table_on_paper("11_gap_report", |view, ground| {
        let gaps = schedule::gaps(view);
        ground.paper("Management's view", gaps.title.clone(), table::records(&gaps, &GAP))
    });
    if out.ground.narrowed.is_narrow() {
        return;
    }
    out.csv(&format!("{POLICIES}/policies_in_force"), schedule::policies);
    out.csv(&format!("{POLICIES}/approval_log"), schedule::approvals);
    out.csv(&format!("{POLICIES}/acknowledgements"), schedule::acknowledgements);
    out.workbook("08_changes", |view| vec![schedule::changes(view)]);
    out.csv("08_changes", schedule::changes);
    requests(out);
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
        out.csv(&format!("{REGISTERS}/{name}"), register);
    }
}

/// The slots of some controls.
fn slots(view: &View<'_>, controls: &[usize]) -> Table {
    let asked = view.only.controls.as_ref();
    let some: BTreeSet<usize> =
        controls.iter().copied().filter(|one| asked.is_none_or(|asked| asked.contains(one))).collect();
    let only = Only { controls: Some(some), ..view.only.clone() };
    schedule::slots(&View { only: &only, ..*view })
}

/// The auditor's requests: their own list with our answers in it where it is kept, and the same as a table of ours.
fn requests(out: &mut Pages<'_>) {
    let Ground { judgement, audit, .. } = out.ground;
    let ours = move || requests::table(judgement, audit.id.as_deref());
    match requests::answered(judgement, audit.id.as_deref()) {
        Some((bytes, true)) => {
            out.put("09_requests.xlsx", bytes);
            out.csv("09_requests", move |_| ours());
        }
        Some((bytes, false)) => {
            out.workbook("09_requests", move |_| vec![ours()]);
            out.put("09_requests.csv", bytes);
        }
        None => {
            out.workbook("09_requests", move |_| vec![ours()]);
            out.csv("09_requests", move |_| ours());
        }
    }
}
