//! People as an auditor needs them to read the records: who they are, which roles they held, and when they worked here. No
//! address, no result of a check.

use jiff::civil::Date;

use super::View;
use super::words::{listed, touches, typed};
use crate::model::registers::Person;
use crate::table::{Cell, Column, Table};
use crate::timeline::people::held;

const COLUMNS: [Column; 6] = [
    Column::new("Person", 18),
    Column::new("Name", 26),
    Column::new("Kind", 12),
    Column::new("Worked here from", 13),
    Column::new("Worked here to", 13),
    Column::new("Roles held in the window", 60),
];

/// Everybody who worked here on a day of the window, a row for each time they did.
pub fn people(view: &View<'_>) -> Table {
    let mut table = view.table("people", "People", COLUMNS.to_vec());
    let roles = roles(view);
    for (index, person) in view.program().registers.people.iter().enumerate() {
        let own = roles.get(index).map_or(&[][..], Vec::as_slice);
        for stint in &person.employed {
            let (from, to) =
                (stint.from.as_ref().map(|day| day.value), stint.to.as_ref().map(|day| day.value));
            if touches(view.window(), from, to) {
                table.rows.push(row(person, from, to, own));
            }
        }
    }
    table
}

fn row(person: &Person, from: Option<Date>, to: Option<Date>, roles: &[String]) -> Vec<Cell> {
    vec![
        Cell::text(person.id.to_string()),
        Cell::text(typed(person.name.as_ref())),
        Cell::text(person.kind.as_ref().map_or("", |kind| kind.value.word())),
        Cell::day(from),
        Cell::day(to),
        Cell::text(listed(roles.iter().map(String::as_str))),
    ]
}

/// For each person, the roles they held on a day of the window: `security-lead from 2026-03-01`.
fn roles(view: &View<'_>) -> Vec<Vec<String>> {
    let program = view.program();
    let window = view.window();
    let mut roles = vec![Vec::new(); program.registers.people.len()];
    for role in &program.registers.roles {
        for (person, (from, to)) in held(program, role) {
            if !touches(window, Some(from), Some(to)) {
                continue;
            }
            let mut words = role.id.to_string();
            if from > window.0 {
                words.push_str(&format!(" from {from}"));
            }
            if to < window.1 {
                words.push_str(&format!(" to {to}"));
            }
            if let Some(list) = roles.get_mut(person) {
                list.push(words);
            }
        }
    }
    roles
}
