//! For spreadsheets: a row for each point and subject, ready to be pivoted. No cell can run as a formula.

use super::{Point, Trend, Wanted};
use crate::text::{cell, safe};
use crate::timeline::SlotState;

/// Every state of every day.
pub fn csv(trend: &Trend, wanted: &Wanted) -> String {
    let mut out = String::from("day,commit,kind,id,state,design,slots_due,slots_evidenced,slots_open\n");
    for point in &trend.points {
        let Some(standing) = point.standing() else { continue };
        if wanted.is_all() {
            for policy in &standing.policies {
                row(&mut out, point, ["policy", &policy.id, policy.state.name(), "", "", "", ""]);
            }
        }
        for control in standing.controls.iter().filter(|one| wanted.control(&one.id)) {
            let count = |wanted: &dyn Fn(SlotState) -> bool| {
                control.states.iter().filter(|state| wanted(**state)).count().to_string()
            };
            let design = if control.design.is_empty() { "sound" } else { "deficient" };
            let (due, open) = (count(&SlotState::is_settled), count(&|state| state == SlotState::Open));
            let evidenced = count(&|state| state.is_settled() && state.is_filled());
            let cells = ["control", &control.id, control.operation.name(), design, &due, &evidenced, &open];
            row(&mut out, point, cells);
        }
        for criterion in standing.criteria.iter().filter(|one| wanted.criterion(&one.id)) {
            row(&mut out, point, ["criterion", &criterion.id, criterion.support.name(), "", "", "", ""]);
        }
    }
    out
}

/// One row; ids are the only cells that somebody typed.
fn row(out: &mut String, point: &Point, cells: [&str; 7]) {
    out.push_str(&point.day.to_string());
    out.push(',');
    out.push_str(point.commit.as_deref().unwrap_or(""));
    for text in cells {
        let text = safe(text);
        let text = cell(&text);
        out.push(',');
        if text.contains([',', '"']) {
            out.push('"');
            out.push_str(&text.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&text);
        }
    }
    out.push('\n');
}
