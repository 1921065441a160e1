//! What is promised, what is assumed of others, and what people did about it: commitments, CUECs, CSOCs, meetings, training.

use super::View;
use super::registers::owner;
use super::words::{day, listed, person, typed, yes};
use crate::model::scalar::CriterionRef;
use crate::table::{Cell, Column, Table};

fn criteria(criteria: &[CriterionRef]) -> Cell {
    Cell::text(listed(criteria.iter().map(|criterion| &*criterion.value.0)))
}

/// Promises to customers.
pub fn commitments(view: &View<'_>) -> Table {
    let columns = vec![
        Column::new("Commitment", 24),
        Column::new("Promise", 56),
        Column::new("Made in", 34),
        Column::new("Category", 16),
        Column::new("Measure", 16),
        Column::new("Controls that keep it", 36),
        Column::new("Owner", 26),
    ];
    let mut table = view.table("commitments", "Commitments to customers", columns);
    for row in &view.program().registers.commitments {
        table.rows.push(vec![
            Cell::text(row.id.to_string()),
            Cell::text(typed(row.text.as_ref())),
            Cell::text(typed(row.source.as_ref())),
            Cell::text(typed(row.category.as_ref())),
            Cell::text(typed(row.metric.as_ref())),
            Cell::text(listed(row.controls.iter().map(|control| &*control.value.0))),
            owner(view, row.owner.as_ref()),
        ]);
    }
    table
}

/// Controls that our customers must run.
pub fn cuecs(view: &View<'_>) -> Table {
    let columns = vec![
        Column::new("CUEC", 24),
        Column::new("What customers have to do", 60),
        Column::new("Criteria", 16),
        Column::new("Where they are told", 36),
    ];
    let mut table = view.table("cuecs", "User-entity controls (CUECs)", columns);
    for row in &view.program().registers.cuecs {
        table.rows.push(vec![
            Cell::text(row.id.to_string()),
            Cell::text(typed(row.text.as_ref())),
            criteria(&row.criteria),
            Cell::text(typed(row.published.as_ref())),
        ]);
    }
    table
}

/// Controls that we assume at carved-out subservice organisations.
pub fn csocs(view: &View<'_>) -> Table {
    let columns = vec![
        Column::new("CSOC", 24),
        Column::new("Subservice organisation", 20),
        Column::new("What we assume they do", 60),
        Column::new("Criteria", 16),
        Column::new("Our control that watches it", 30),
    ];
    let mut table = view.table("csocs", "Subservice controls (CSOCs)", columns);
    for row in &view.program().registers.csocs {
        table.rows.push(vec![
            Cell::text(row.id.to_string()),
            Cell::text(row.vendor.as_ref().map_or("", |vendor| &*vendor.value.0)),
            Cell::text(typed(row.text.as_ref())),
            criteria(&row.criteria),
            Cell::text(row.monitored_by.as_ref().map_or("", |control| &*control.value.0)),
        ]);
    }
    table
}

/// Meetings of the bodies that oversee the programme, in the window up to the judged day.
pub fn meetings(view: &View<'_>) -> Table {
    let columns = vec![
        Column::new("Meeting", 24),
        Column::new("Body", 20),
        Column::new("On", 11),
        Column::new("Attendees", 40),
        Column::new("Member from outside", 12),
        Column::new("Agenda", 44),
        Column::new("Decisions", 44),
        Column::new("Minutes", 34),
    ];
    let mut table = view.table("meetings", "Meetings", columns);
    let (from, to) = view.window();
    let program = view.program();
    for row in &program.registers.meetings {
        let Some(on) = day(row.on.as_ref()).filter(|on| (from..=to.min(view.judgement.as_of)).contains(on))
        else {
            continue;
        };
        let lines = |texts: &[crate::model::Text]| {
            Cell::text(texts.iter().map(|text| text.value.trim()).collect::<Vec<_>>().join("\n"))
        };
        let attendees: Vec<String> =
            row.attendees.iter().map(|name| person(program, name.value.trim())).collect();
        table.rows.push(vec![
            Cell::text(row.id.to_string()),
            Cell::text(typed(row.body.as_ref())),
            Cell::Day(on),
            Cell::text(attendees.join(", ")),
            Cell::text(yes(row.independent.as_ref())),
            lines(&row.agenda),
            lines(&row.decisions),
            Cell::text(typed(row.minutes.as_ref())),
        ]);
    }
    table
}

/// Trainings assigned or finished in the window up to the judged day, and those still open in it.
pub fn training(view: &View<'_>) -> Table {
    let columns = vec![
        Column::new("Person", 18),
        Column::new("Name", 26),
        Column::new("Course", 34),
        Column::new("Version", 10),
        Column::new("Assigned on", 11),
        Column::new("Finished on", 11),
    ];
    let mut table = view.table("training", "Training", columns);
    let program = view.program();
    for row in &program.registers.training {
        let (assigned, completed) = (day(row.assigned.as_ref()), day(row.completed.as_ref()));
        let first = assigned.or(completed);
        if first.is_some_and(|day| day > view.judgement.as_of)
            || !super::words::touches(view.window(), first, completed)
        {
            continue;
        }
        let who = row.person.as_ref().map_or("", |person| &*person.value.0);
        table.rows.push(vec![
            Cell::text(who),
            Cell::text(person(program, who)),
            Cell::text(typed(row.course.as_ref())),
            Cell::text(typed(row.version.as_ref())),
            Cell::day(assigned),
            Cell::day(completed.filter(|day| *day <= view.judgement.as_of)),
        ]);
    }
    table
}
