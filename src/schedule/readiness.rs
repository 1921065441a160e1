//! Readiness: how criteria and slots stand by series, in counts. There is no single score; a percentage is rounded down and
//! stands beside its counts.

use std::collections::BTreeSet;

use super::View;
use crate::layout::percent;
use crate::status::series_of;
use crate::table::{Cell, Column, Table};
use crate::timeline::{CriterionStanding, SlotCount, Support};

const COLUMNS: [Column; 16] = [
    Column::new("Series", 9),
    Column::new("About", 40),
    Column::new("Criteria that apply", 11),
    Column::new("Supported", 11),
    Column::new("Supported, % rounded down", 13),
    Column::new("At risk", 8),
    Column::new("Not supported", 11),
    Column::new("Carved out", 9),
    Column::new("Not relevant", 10),
    Column::new("Controls in place", 10),
    Column::new("Slots due", 8),
    Column::new("Evidenced", 11),
    Column::new("Evidenced, % rounded down", 13),
    Column::new("Of them not on time", 11),
    Column::new("Lacking", 9),
    Column::new("Open", 7),
];

/// A row for each series of criteria, and one for all.
pub fn readiness(view: &View<'_>) -> Table {
    let mut table = view.judged("readiness", "Readiness", COLUMNS.to_vec());
    let (in_force, all) = policies(view);
    table.notes.push(format!("Policies in force: {in_force} of {all}."));
    table.notes.push(
        "Counts only, and no score: what is open is not due yet, and what is carved out or not relevant is not counted as supported."
            .to_owned(),
    );
    let mut groups: Vec<(&str, Vec<&CriterionStanding>)> = Vec::new();
    for criterion in view.criteria() {
        let series = series_of(view.program(), criterion).unwrap_or_default();
        match groups.iter_mut().find(|(name, _)| *name == series) {
            Some((_, group)) => group.push(criterion),
            None => groups.push((series, vec![criterion])),
        }
    }
    let everything: Vec<&CriterionStanding> = view.criteria().collect();
    for (series, criteria) in &groups {
        table.rows.push(row(view, series, &title(view, series), criteria));
    }
    if !groups.is_empty() {
        table.rows.push(row(
            view,
            "All",
            "all series; a control of several series is counted once",
            &everything,
        ));
    }
    table
}

fn policies(view: &View<'_>) -> (usize, usize) {
    let all = &view.judgement.policies;
    (all.iter().filter(|policy| policy.state.is_in_force()).count(), all.len())
}

fn title(view: &View<'_>, series: &str) -> String {
    let framework = view.program().frameworks.get(view.audit.framework);
    let of = framework.and_then(|framework| framework.series.iter().find(|one| *one.id.value == *series));
    super::words::typed(of.and_then(|of| of.title.as_ref()))
}

fn row(view: &View<'_>, series: &str, title: &str, criteria: &[&CriterionStanding]) -> Vec<Cell> {
    let of = |support| criteria.iter().filter(|criterion| criterion.support == support).count();
    let apply = criteria.len().saturating_sub(of(Support::NotRelevant));
    let controls: BTreeSet<usize> =
        criteria.iter().flat_map(|criterion| criterion.controls.iter().copied()).collect();
    let controls: Vec<_> = controls.into_iter().filter_map(|index| view.audit.controls.get(index)).collect();
    let in_place = controls.iter().filter(|control| control.in_place.is_some()).count();
    let slots = SlotCount::of(controls);
    let share = |some, all| percent(some, all).map_or(Cell::Blank, Cell::count);
    vec![
        Cell::text(series),
        Cell::text(title),
        Cell::count(apply),
        Cell::count(of(Support::Supported)),
        share(of(Support::Supported), apply),
        Cell::count(of(Support::AtRisk)),
        Cell::count(of(Support::NotSupported)),
        Cell::count(of(Support::CarvedOut)),
        Cell::count(of(Support::NotRelevant)),
        Cell::count(in_place),
        Cell::count(slots.due),
        Cell::count(slots.evidenced),
        share(slots.evidenced, slots.due),
        Cell::count(slots.late),
        Cell::count(slots.lacking),
        Cell::count(slots.open),
    ]
}
