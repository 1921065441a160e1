//! The log of approvals: who approved which text of a policy when, what shows it, and what git says of the entry.

use super::View;
use super::words::{day, person, typed};
use crate::model::policy::Approval;
use crate::program::Program;
use crate::source::{Location, hex};
use crate::table::{Cell, Column, Table};
use crate::timeline::witness;

const COLUMNS: [Column; 12] = [
    Column::new("Policy", 26),
    Column::new("Title", 32),
    Column::new("Version", 9),
    Column::new("Approved by", 20),
    Column::new("Approved on", 11),
    Column::new("Effective", 11),
    Column::new("Shown by", 28),
    Column::new("Text", 14),
    Column::new("SHA-256 of the text", 66),
    Column::new("Recorded on", 11),
    Column::new("Recorded in", 42),
    Column::new("Witness", 34),
];

/// Every approval up to the judged day, policies by id, oldest approval first.
pub fn approvals(view: &View<'_>) -> Table {
    let mut table = view.table("approval-log", "Approvals of policies", COLUMNS.to_vec());
    table.notes.push(
        "Approved on and Effective are what the record claims; Recorded is the commit that wrote it, and a commit is witnessed only by another's key."
            .to_owned(),
    );
    let program = view.program();
    for policy in &program.policies {
        for approval in &policy.head.approvals {
            if day(approval.on.as_ref()).is_some_and(|on| on > view.judgement.as_of) {
                continue;
            }
            let own = approval.text.as_ref().map(|text| text.value);
            let mut row = vec![
                Cell::text(policy.head.id.to_string()),
                Cell::text(typed(policy.head.title.as_ref())),
                Cell::text(typed(approval.version.as_ref())),
                Cell::text(approval.by.as_ref().map_or_else(String::new, |by| person(program, &by.value.0))),
                Cell::day(day(approval.on.as_ref())),
                Cell::day(day(approval.effective.as_ref())),
                Cell::text(typed(approval.proof.as_ref())),
                Cell::text(if own == policy.body.sha256 { "as it stands" } else { "another text" }),
                Cell::text(own.map_or_else(String::new, |text| hex(&text.0))),
            ];
            row.extend(recorded(program, &parts(approval)));
            table.rows.push(row);
        }
    }
    table
}

fn parts(approval: &Approval) -> Vec<Location> {
    let days = [approval.on.as_ref(), approval.effective.as_ref()].into_iter().flatten().map(|day| day.at);
    days.chain(approval.by.iter().map(|by| by.at)).chain(approval.text.iter().map(|text| text.at)).collect()
}

/// The day and commit that wrote some values, and what that is worth.
pub(super) fn recorded(program: &Program, parts: &[Location]) -> [Cell; 3] {
    match witness::wrote(program, parts) {
        Some(commit) => [
            Cell::Day(commit.day(&program.zone())),
            Cell::text(commit.id.to_string()),
            Cell::text(witness::worth(&program.history, commit)),
        ],
        None => {
            let path = parts.first().map_or("", |part| program.sources.path(part.file));
            [Cell::Blank, Cell::Blank, Cell::text(witness::unrecorded(program, path))]
        }
    }
}
