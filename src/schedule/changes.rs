//! Changes inside the window that the system description has to tell (DC 9): controls as git saw them change, and what the
//! registers and policies date.

mod controls;
mod registers;

use jiff::civil::Date;

use super::View;
use super::words::plain;
use crate::baseline;
use crate::table::{Cell, Column, Table};
use crate::text::count;
use crate::timeline::witness;

const COLUMNS: [Column; 9] = [
    Column::new("Date", 11),
    Column::new("Kind", 16),
    Column::new("What", 28),
    Column::new("Change", 34),
    Column::new("Before", 44),
    Column::new("After", 44),
    Column::new("By", 22),
    Column::new("Commit", 42),
    Column::new("Where the date comes from", 40),
];

/// One change.
pub(super) struct Change {
    on: Date,
    /// `control`, `policy`, `person`, `role`, `system`, `vendor`, `incident`.
    kind: &'static str,
    what: Cell,
    id: String,
    change: String,
    before: String,
    after: String,
    by: String,
    commit: String,
    source: String,
}

impl Change {
    /// A change that a record dates.
    pub(super) fn typed(kind: &'static str, id: &str, on: Date, change: impl Into<String>) -> Self {
        Self {
            on,
            kind,
            what: Cell::text(id),
            id: id.to_owned(),
            change: change.into(),
            before: String::new(),
            after: String::new(),
            by: String::new(),
            commit: String::new(),
            source: "typed in the record".to_owned(),
        }
    }
}

/// Every change dated in the window up to the judged day, by day.
pub fn changes(view: &View<'_>) -> Table {
    let mut table = view.table("changes", "Changes in the period (DC 9)", COLUMNS.to_vec());
    let history = &view.program().history;
    if !history.is_known() || history.controls.is_empty() {
        table.notes.push(format!(
            "Changes of controls cannot be told: {}.",
            match history.is_known() {
                true => "no commit of the history at hand holds one",
                false => witness::out_of_reach(history).0,
            }
        ));
    }
    if history.controls_cut.is_some() {
        table.notes.push("The oldest changes of controls were not looked at: there are too many.".to_owned());
    }
    table.notes.push(
        "A commit's day is typed by whoever commits; it is witnessed only where another's key vouches for it.".to_owned(),
    );
    table.notes.extend(since_agreed(view));
    let mut found = controls::changes(view);
    found.extend(registers::changes(view));
    found.sort_by(|a, b| {
        (a.on, a.kind, &a.id, &a.change, &a.before).cmp(&(b.on, b.kind, &b.id, &b.change, &b.before))
    });
    if view.program().with_variables(found.iter_mut().flat_map(|one| [&mut one.before, &mut one.after])) {
        table.notes.push(
            "Numbers and words that controls take from variables stand here as they are now.".to_owned(),
        );
    }
    table.rows = found.into_iter().map(row).collect();
    table
}

/// How the controls differ from the list that the auditor agreed, where there is one.
fn since_agreed(view: &View<'_>) -> Vec<String> {
    let Some(found) = view.since_agreed() else { return Vec::new() };
    let list = view.audit.id.as_deref().and_then(|id| baseline::agreement(view.program(), id));
    let on = list.and_then(|list| list.on.as_ref()).map_or_else(String::new, |on| format!(" on {on}"));
    let commit = list.and_then(|list| list.commit.as_ref()).map_or("", |commit| &*commit.value.0);
    let commit = commit.get(..7).map_or_else(String::new, |short| format!(", commit {short}"));
    let mut notes = vec![format!(
        "The list of controls was agreed with the auditor{on}{commit}. Since then {}.",
        if found.is_empty() {
            "none of them changed".to_owned()
        } else {
            format!("{} changed", count(found.len(), "control"))
        }
    )];
    notes.extend(
        found
            .iter()
            .map(|(id, (_, since))| format!("Since the list was agreed: {}: {}.", plain(id), since.words())),
    );
    notes
}

fn row(one: Change) -> Vec<Cell> {
    vec![
        Cell::Day(one.on),
        Cell::text(one.kind),
        one.what,
        Cell::text(plain(&one.change)),
        Cell::text(one.before),
        Cell::text(one.after),
        Cell::text(one.by),
        Cell::text(one.commit),
        Cell::text(one.source),
    ]
}

/// First and last day on which a change is listed.
fn days(view: &View<'_>) -> (Date, Date) {
    let (from, to) = view.window();
    (from, to.min(view.judgement.as_of))
}
