//! The controls: one row each, with who answers for it, how often, what it leaves and how it stands.

use super::View;
use super::index::Index;
use super::matrix::{REF, TESTED};
use super::words::{holder, listed, plain};
use crate::model::Control;
use crate::model::control::EvidenceRequired;
use crate::table::{Cell, Column, Table};
use crate::timeline::{ControlStanding, DesignFault, SlotCount};

/// How much is told of a control.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// Beside its criterion.
    Pair,
    /// On its own, with its criteria and counts.
    Alone,
}

/// Where its title stands among the cells of a control.
pub(super) const TITLE: usize = 2;

const WRITTEN: [Column; 14] = [
    Column::new("Control", 24),
    Column::new("Also known as", 13),
    Column::new("Title", 30),
    Column::new("Description", 56),
    Column::new("Owner", 24),
    Column::new("Frequency", 12),
    Column::new("Type", 13),
    Column::new("Nature", 12),
    Column::new("Key", 6),
    Column::new("Systems", 16),
    Column::new("Evidence it leaves", 28),
    Column::new("Policies", 26),
    Column::new("In place from", 11),
    Column::new("In place to", 11),
];
const STANDING: [Column; 4] = [
    Column::new("Design", 22),
    Column::new("State of operation", 16),
    Column::new("Why", 46),
    Column::new("Requests", 12),
];
const COUNTS: [Column; 5] = [
    Column::new("Slots due", 8),
    Column::new("Evidenced", 11),
    Column::new("Of them not on time", 11),
    Column::new("Lacking", 9),
    Column::new("Open", 7),
];

/// Every control, once.
pub fn controls(view: &View<'_>) -> Table {
    let mut all = columns(view, Told::Alone);
    if view.verdicts {
        all.insert(0, REF);
        all.extend(TESTED);
    }
    let mut table = view.judged("controls", "Controls", all);
    view.note_plans(&mut table);
    let index = Index::new(view);
    for standing in view.controls() {
        let mut row = cells(view, &index, standing, Told::Alone);
        if view.verdicts {
            row.insert(0, Cell::Blank);
            row.extend(TESTED.map(|_| Cell::Blank));
        }
        table.rows.push(row);
    }
    table
}

/// The columns that tell of a control.
pub(super) fn columns(view: &View<'_>, told: Told) -> Vec<Column> {
    let mut columns = WRITTEN.to_vec();
    if told == Told::Alone {
        columns.push(Column::new("Criteria", 18));
    }
    if view.plans {
        columns.push(Column::new("Claimed", 12));
    }
    if view.verdicts {
        columns.extend(STANDING);
        if told == Told::Alone {
            columns.extend(COUNTS);
        }
    }
    columns
}

/// A cell for each of these columns.
pub(super) fn cells(view: &View<'_>, index: &Index<'_>, standing: &ControlStanding, told: Told) -> Vec<Cell> {
    let Some(control) = view.control(standing) else {
        return vec![Cell::Blank; columns(view, told).len()];
    };
    let mut cells = written(view, standing, control);
    if told == Told::Alone {
        cells.push(Cell::text(index.criteria(&[standing.control]).join(", ")));
    }
    if view.plans {
        cells.push(Cell::text(control.status().word()));
    }
    if view.verdicts {
        let why = view.judgement.why_control(view.audit, standing);
        cells.push(Cell::text(design(standing)));
        cells.push(Cell::text(standing.operation.name()));
        cells.push(Cell::text(plain(&why.because)));
        cells.push(Cell::text(index.requests(&control.id.value.0)));
        if told == Told::Alone {
            let slots = SlotCount::of([standing]);
            let counts = [slots.due, slots.evidenced, slots.late, slots.lacking, slots.open];
            cells.extend(counts.map(Cell::count));
        }
    }
    cells
}

fn written(view: &View<'_>, standing: &ControlStanding, control: &Control) -> Vec<Cell> {
    let program = view.program();
    let owner =
        control.owner.as_ref().map_or_else(String::new, |name| holder(program, &name.value.0, view.day()));
    let (from, to) = (control.effective_from.as_ref(), control.retired_at.as_ref());
    let asked: Vec<String> = control.evidence_required.iter().map(|asked| evidence(view, asked)).collect();
    vec![
        view.control_cell(standing.control),
        Cell::text(listed(control.aliases.iter().map(|alias| alias.value.trim()))),
        Cell::text(program.title(standing.control)),
        Cell::text(program.description(standing.control)),
        Cell::text(owner),
        Cell::text(control.cadence.as_ref().map_or("", |cadence| cadence.value.word())),
        Cell::text(control.control_type().word()),
        Cell::text(control.nature.as_ref().map_or("", |nature| nature.value.word())),
        Cell::text(super::words::yes(control.key.as_ref())),
        Cell::text(listed(control.systems.iter().map(|system| &*system.value.0))),
        Cell::text(listed(asked.iter().map(String::as_str))),
        Cell::text(listed(control.policies.iter().map(|policy| &*policy.value.0))),
        Cell::day(from.map(|day| day.value)),
        Cell::day(to.map(|day| day.value)),
    ]
}

/// `2 minutes per slot: signed by the chair`.
fn evidence(view: &View<'_>, asked: &EvidenceRequired) -> String {
    let mut said = String::new();
    if let Some(min) = asked.min.as_ref().filter(|min| min.value > 1) {
        said = format!("{} × ", min.value);
    }
    said.push_str(asked.kind.as_ref().map_or("evidence", |kind| kind.value.word()));
    if let Some(per) = &asked.per {
        said.push_str(&format!(" per {}", per.value.word()));
    }
    if let Some(what) = &asked.what {
        said.push_str(&format!(" ({})", view.program().filled(what)));
    }
    said
}

/// Why its design is deficient; nothing against it otherwise.
fn design(standing: &ControlStanding) -> String {
    if standing.in_place.is_none() {
        return String::new();
    }
    let words: Vec<String> = standing.design.iter().map(DesignFault::words).collect();
    match words.is_empty() {
        true => "nothing against it".to_owned(),
        false => format!("deficient: {}", plain(&words.join("; "))),
    }
}
