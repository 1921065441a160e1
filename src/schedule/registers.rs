//! Systems, assets and incidents.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::View;
use super::words::{day, holder, listed, touches, typed, yes};
use crate::model::scalar::HolderRef;
use crate::source::Spanned;
use crate::table::{Cell, Column, Table};

/// Who answers for a row.
pub(super) fn owner(view: &View<'_>, name: Option<&HolderRef>) -> Cell {
    Cell::text(name.map_or_else(String::new, |name| holder(view.program(), &name.value.0, view.day())))
}

/// Systems in use on a day of the window.
pub fn systems(view: &View<'_>) -> Table {
    let columns = vec![
        Column::new("System", 20),
        Column::new("Name", 28),
        Column::new("In scope", 9),
        Column::new("Why in or out", 40),
        Column::new("Owner", 26),
        Column::new("Vendor", 18),
        Column::new("In use from", 11),
        Column::new("In use to", 11),
    ];
    let mut table = view.table("systems", "Systems", columns);
    for row in &view.program().registers.systems {
        let (from, to) = (day(row.from.as_ref()), day(row.to.as_ref()));
        if !touches(view.window(), from, to) {
            continue;
        }
        table.rows.push(vec![
            Cell::text(row.id.to_string()),
            Cell::text(typed(row.name.as_ref())),
            Cell::text(yes(row.in_scope.as_ref())),
            Cell::text(typed(row.reason.as_ref())),
            owner(view, row.owner.as_ref()),
            Cell::text(row.vendor.as_ref().map_or("", |vendor| &*vendor.value.0)),
            Cell::day(from),
            Cell::day(to),
        ]);
    }
    table
}

/// Assets that were there on a day of the window.
pub fn assets(view: &View<'_>) -> Table {
    let columns = vec![
        Column::new("Asset", 20),
        Column::new("Name", 30),
        Column::new("Type", 14),
        Column::new("Owner", 26),
        Column::new("In scope", 9),
        Column::new("Location", 18),
        Column::new("Environment", 14),
        Column::new("Classification", 14),
        Column::new("Encrypted", 10),
        Column::new("Backed up", 10),
        Column::new("System", 16),
        Column::new("Vendor", 16),
        Column::new("Last verified", 11),
        Column::new("Disposed of", 11),
        Column::new("How", 24),
    ];
    let mut table = view.table("assets", "Assets", columns);
    for row in &view.program().registers.assets {
        let disposed = day(row.disposed.as_ref());
        if !touches(view.window(), None, disposed) {
            continue;
        }
        table.rows.push(vec![
            Cell::text(row.id.to_string()),
            Cell::text(typed(row.name.as_ref())),
            Cell::text(typed(row.r#type.as_ref())),
            owner(view, row.owner.as_ref()),
            Cell::text(yes(row.in_scope.as_ref())),
            Cell::text(typed(row.location.as_ref())),
            Cell::text(typed(row.environment.as_ref())),
            Cell::text(row.classification.as_ref().map_or("", |class| class.value.word())),
            Cell::text(yes(row.encrypted.as_ref())),
            Cell::text(yes(row.backed_up.as_ref())),
            Cell::text(row.system.as_ref().map_or("", |system| &*system.value.0)),
            Cell::text(row.vendor.as_ref().map_or("", |vendor| &*vendor.value.0)),
            Cell::day(day(row.verified.as_ref())),
            Cell::day(disposed),
            Cell::text(typed(row.disposal.as_ref())),
        ]);
    }
    table
}

/// Incidents that were noticed in the window up to the judged day, or before it and not resolved by its first day.
pub fn incidents(view: &View<'_>) -> Table {
    let columns = vec![
        Column::new("Incident", 22),
        Column::new("What happened", 40),
        Column::new("Severity", 9),
        Column::new("Detected", 17),
        Column::new("Contained", 17),
        Column::new("Resolved", 17),
        Column::new("Led by", 26),
        Column::new("Systems", 18),
        Column::new("Confidential data", 13),
        Column::new("Personal data", 10),
        Column::new("Root cause", 40),
        Column::new("Post-mortem", 11),
        Column::new("Notification", 40),
        Column::new("For the system description (DC 4)", 18),
        Column::new("Done about it", 40),
    ];
    let mut table = view.table("incidents", "Incidents", columns);
    let zone = view.judgement.zone();
    let on = |at: Option<&Spanned<Timestamp>>| at.map(|at| zone.to_datetime(at.value).date());
    table.notes.push(format!("Times are those of {}.", zone.iana_name().unwrap_or("UTC")));
    for row in &view.program().registers.incidents {
        let (detected, resolved) = (on(row.detected.as_ref()), on(row.resolved.as_ref()));
        let ahead = detected.is_some_and(|day| day > view.judgement.as_of);
        if ahead || !touches(view.window(), detected, resolved) {
            continue;
        }
        table.rows.push(vec![
            Cell::text(row.id.to_string()),
            Cell::text(typed(row.title.as_ref())),
            Cell::text(row.severity.as_ref().map_or("", |severity| severity.value.word())),
            moment(row.detected.as_ref(), &zone),
            moment(row.contained.as_ref(), &zone),
            moment(row.resolved.as_ref(), &zone),
            owner(view, row.owner.as_ref()),
            Cell::text(listed(row.systems.iter().map(|system| &*system.value.0))),
            Cell::text(yes(row.confidential_data.as_ref())),
            Cell::text(yes(row.personal_data.as_ref())),
            Cell::text(typed(row.root_cause.as_ref())),
            Cell::day(day(row.postmortem.as_ref())),
            Cell::text(typed(row.notification.as_ref())),
            Cell::text(yes(row.significant.as_ref())),
            Cell::text(row.actions.iter().map(|text| text.value.trim()).collect::<Vec<_>>().join("\n")),
        ]);
    }
    table
}

/// A moment by the organisation's clock.
fn moment(at: Option<&Spanned<Timestamp>>, zone: &TimeZone) -> Cell {
    at.map_or(Cell::Blank, |at| Cell::text(zone.to_datetime(at.value).strftime("%Y-%m-%d %H:%M").to_string()))
}
