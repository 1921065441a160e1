//! The control matrix: one row a pair of criterion and control, with columns left blank for the auditor's own work.

use std::collections::BTreeMap;

use super::View;
use super::controls::{self, Told};
use super::gaps::About;
use super::index::Index;
use super::scope::not_relevant;
use super::words::{criterion, plain};
use crate::table::{Cell, Column, Table};
use crate::text::count;
use crate::timeline::{CarriedBy, Coverage, CriterionStanding};

const CRITERION: [Column; 2] = [Column::new("Criterion", 11), Column::new("Criterion in our words", 38)];
const SUPPORT: [Column; 3] = [
    Column::new("Coverage of the criterion", 14),
    Column::new("Management's view of the criterion", 17),
    Column::new("Why the criterion stands so", 46),
];
const SINCE: Column = Column::new("Since the list was agreed", 30);
/// Filled in by the auditor.
pub(super) const TESTED: [Column; 3] =
    [Column::new("Tested by", 14), Column::new("Date", 11), Column::new("Conclusion", 26)];
pub(super) const REF: Column = Column::new("Ref", 9);

/// Criteria and the controls that meet them. A criterion that no control meets has a row that says so.
pub fn control_matrix(view: &View<'_>) -> Table {
    let mut columns = Vec::new();
    if view.verdicts {
        columns.push(REF);
    }
    columns.extend(CRITERION);
    columns.extend(controls::columns(view, Told::Pair));
    if view.verdicts {
        columns.extend(SUPPORT);
        columns.extend(TESTED);
    }
    let since = view.since_agreed();
    if since.is_some() {
        columns.push(SINCE);
    }
    let mut table = view.judged("control-matrix", "Control matrix", columns);
    view.note_plans(&mut table);
    if view.verdicts {
        table.notes.push("Ref, Tested by, Date and Conclusion are for the auditor.".to_owned());
    }
    let index = Index::new(view);
    let beside = if view.verdicts { About { view, index: &index }.beside_support() } else { BTreeMap::new() };
    for (nth, standing) in view.audit.criteria.iter().enumerate().filter(|(_, one)| view.shows_criterion(one))
    {
        let lines = beside.get(&nth).copied().unwrap_or(0);
        let shown = standing.controls.iter().filter_map(|control| view.audit.controls.get(*control));
        let shown: Vec<_> = shown.filter(|control| view.shows(control)).collect();
        for control in &shown {
            let cells = controls::cells(view, &index, control, Told::Pair);
            let mut row = row(view, standing, lines, cells);
            row.extend(since.as_ref().map(|since| {
                let id = view.control(control).map_or("", |control| &*control.id.value.0);
                Cell::text(since.get(id).map_or_else(|| "as agreed".to_owned(), |(_, since)| since.words()))
            }));
            table.rows.push(row);
        }
        if shown.is_empty() && view.only.controls.is_none() {
            let mut cells = vec![Cell::Blank; controls::columns(view, Told::Pair).len()];
            if let Some(cell) = cells.get_mut(controls::TITLE) {
                *cell = Cell::text(without(view, standing));
            }
            let mut row = row(view, standing, lines, cells);
            row.extend(since.as_ref().map(|_| Cell::Blank));
            table.rows.push(row);
        }
    }
    table
}

fn row(view: &View<'_>, standing: &CriterionStanding, lines: usize, control: Vec<Cell>) -> Vec<Cell> {
    let program = view.program();
    let mut row = Vec::new();
    if view.verdicts {
        row.push(Cell::Blank);
    }
    row.push(Cell::text(program.criterion_name(standing.id)));
    row.push(Cell::text(criterion(program, standing.id)));
    row.extend(control);
    if view.verdicts {
        row.push(Cell::text(standing.coverage.name()));
        row.push(Cell::text(standing.support.name()));
        row.push(Cell::text(reasons(view, standing, lines)));
        row.extend(TESTED.map(|_| Cell::Blank));
    }
    row
}

/// Why a criterion has no control to list.
fn without(view: &View<'_>, standing: &CriterionStanding) -> String {
    match standing.coverage {
        Coverage::NotRelevant => {
            let name = view.program().criterion_name(standing.id);
            let reason = not_relevant(view, &name);
            format!("does not apply: {}", reason.unwrap_or("no reason is given"))
        }
        Coverage::CarvedOut => carriers(view, standing),
        _ => "no control is in place".to_owned(),
    }
}

/// Who meets a criterion for us: `left to aws, a carved-out subservice organisation (CSOC aws-physical)`.
pub(super) fn carriers(view: &View<'_>, standing: &CriterionStanding) -> String {
    let registers = &view.program().registers;
    let one = |carrier: &crate::timeline::Carrier| {
        let vendor = registers.vendors.get(carrier.vendor).map_or("", |vendor| &*vendor.id.value.0);
        let by = match carrier.by {
            CarriedBy::Csoc(index) => {
                format!("CSOC {}", registers.csocs.get(index).map_or("", |csoc| &*csoc.id.value.0))
            }
            CarriedBy::Control(index) => format!("control {}", view.judgement.control_name(index)),
        };
        format!("{vendor} ({by})")
    };
    let all: Vec<String> = standing.carriers.iter().map(one).collect();
    format!("left to a carved-out subservice organisation: {}", all.join(", "))
}

/// Reasons, one below the other. `lines` of the gap report are blocking although the criterion is supported.
fn reasons(view: &View<'_>, standing: &CriterionStanding, lines: usize) -> String {
    let reasons = view.judgement.why_criterion(view.audit, standing);
    let mut said: Vec<String> = reasons.iter().map(|reason| plain(&reason.because)).collect();
    said.extend((lines > 0).then(|| {
        format!(
            "nothing against its coverage, design or due slots; {} of the gap report {} about something else and {} no state",
            count(lines, "blocking line"),
            if lines == 1 { "is" } else { "are" },
            if lines == 1 { "changes" } else { "change" },
        )
    }));
    said.join("\n")
}
