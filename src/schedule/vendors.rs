//! Vendors, and the reports they gave us.

use super::View;
use super::registers::owner;
use super::words::{day, listed, person, touches, typed, yes};
use crate::model::registers::Vendor;
use crate::table::{Cell, Column, Table};

/// Was it in use on a day of the window?
fn in_window(view: &View<'_>, row: &Vendor) -> bool {
    let from = row.contract.as_ref().and_then(|contract| contract.from.as_ref());
    touches(view.window(), day(from), day(row.ended.as_ref()))
}

/// Vendors in use on a day of the window.
pub fn vendors(view: &View<'_>) -> Table {
    let columns = vec![
        Column::new("Vendor", 18),
        Column::new("Name", 24),
        Column::new("Service", 34),
        Column::new("Owner", 26),
        Column::new("Tier", 9),
        Column::new("Subservice organisation", 14),
        Column::new("Data", 24),
        Column::new("Personal data", 10),
        Column::new("Data processing agreement", 13),
        Column::new("Confidentiality terms", 14),
        Column::new("Contract from", 11),
        Column::new("Contract to", 11),
        Column::new("Last reviewed", 11),
        Column::new("Reviewed by", 20),
        Column::new("Ended", 11),
        Column::new("Notes", 40),
    ];
    let mut table = view.table("vendors", "Vendors", columns);
    let program = view.program();
    for row in program.registers.vendors.iter().filter(|row| in_window(view, row)) {
        let contract = row.contract.as_ref();
        let reviewed = row.reviewed.as_ref();
        table.rows.push(vec![
            Cell::text(row.id.to_string()),
            Cell::text(typed(row.name.as_ref())),
            Cell::text(typed(row.service.as_ref())),
            owner(view, row.owner.as_ref()),
            Cell::text(row.tier.as_ref().map_or("", |tier| tier.value.word())),
            Cell::text(row.subservice.as_ref().map_or("", |method| method.value.word())),
            Cell::text(listed(row.data.iter().map(|text| text.value.trim()))),
            Cell::text(yes(row.personal_data.as_ref())),
            Cell::day(day(row.dpa.as_ref())),
            Cell::day(day(row.nda.as_ref())),
            Cell::day(contract.and_then(|contract| day(contract.from.as_ref()))),
            Cell::day(contract.and_then(|contract| day(contract.to.as_ref()))),
            Cell::day(reviewed.and_then(|act| day(act.on.as_ref()))),
            Cell::text(
                reviewed
                    .and_then(|act| act.by.as_ref())
                    .map_or_else(String::new, |by| person(program, &by.value.0)),
            ),
            Cell::day(day(row.ended.as_ref())),
            Cell::text(typed(row.notes.as_ref())),
        ]);
    }
    table
}

/// The reports of these vendors.
pub fn vendor_reports(view: &View<'_>) -> Table {
    let columns = vec![
        Column::new("Vendor", 18),
        Column::new("Report", 14),
        Column::new("Period from", 11),
        Column::new("Period to", 11),
        Column::new("Auditor", 24),
        Column::new("Opinion", 16),
        Column::new("Exceptions that matter to us", 40),
        Column::new("What we make of it", 40),
        Column::new("Read on", 11),
        Column::new("Read by", 20),
        Column::new("Notes", 44),
    ];
    let mut table = view.table("vendor-reports", "Reports of vendors", columns);
    let program = view.program();
    for vendor in program.registers.vendors.iter().filter(|row| in_window(view, row)) {
        for row in &vendor.reports {
            let period = row.period.as_ref();
            let reviewed = row.reviewed.as_ref();
            let by = reviewed.and_then(|act| act.by.as_ref());
            table.rows.push(vec![
                Cell::text(vendor.id.to_string()),
                Cell::text(row.kind.as_ref().map_or("", |kind| kind.value.word())),
                Cell::day(period.and_then(|period| day(period.from.as_ref()))),
                Cell::day(period.and_then(|period| day(period.to.as_ref()))),
                Cell::text(typed(row.auditor.as_ref())),
                Cell::text(typed(row.opinion.as_ref())),
                Cell::text(typed(row.exceptions.as_ref())),
                Cell::text(typed(row.assessment.as_ref())),
                Cell::day(reviewed.and_then(|act| day(act.on.as_ref()))),
                Cell::text(by.map_or_else(String::new, |by| person(program, &by.value.0))),
                Cell::text(typed(row.notes.as_ref())),
            ]);
        }
    }
    table
}
