//! What is no gap and still belongs beside them: controls that nothing occurred for, what does not apply or is left to
//! others, and the waivers in force.

use std::collections::BTreeSet;

use super::Line;
use super::about::About;
use crate::model::control::Applies;
use crate::model::registers::Waiver;
use crate::schedule::View;
use crate::schedule::matrix::carriers;
use crate::schedule::scope::{excluded, not_relevant};
use crate::schedule::words::{day, person, typed};
use crate::timeline::{Coverage, Operation};

/// Event controls with proof that nothing happened in the window.
pub(super) fn no_occurrence(about: &About<'_, '_>) -> Vec<Line> {
    let view = about.view;
    let quiet = view.controls().into_iter().filter(|one| one.operation == Operation::NoOccurrence);
    let line = |standing: &crate::timeline::ControlStanding| {
        let why = view.judgement.why_control(view.audit, standing);
        Line { what: why.because, todo: why.change.unwrap_or_default(), ..about.control(standing.control) }
    };
    quiet.map(line).collect()
}

/// Criteria that do not apply or are carved out, categories that are left out, controls that do not apply or are inherited.
pub(super) fn apart(about: &About<'_, '_>) -> Vec<Line> {
    let view = about.view;
    let mut lines = Vec::new();
    let criteria = view.criteria().filter(|_| view.only.controls.is_none());
    for standing in criteria {
        let name = view.program().criterion_name(standing.id);
        let what = match standing.coverage {
            Coverage::NotRelevant => {
                format!("does not apply: {}", not_relevant(view, &name).unwrap_or("no reason is given"))
            }
            Coverage::CarvedOut => carriers(view, standing),
            _ => continue,
        };
        lines.push(Line { criteria: name, what, ..Line::default() });
    }
    if view.only.controls.is_none() && view.only.criteria.is_none() {
        lines.extend(excluded(view).into_iter().map(|(category, reason)| Line {
            about: format!("category {category}"),
            what: format!("not in scope: {reason}"),
            ..Line::default()
        }));
    }
    lines.extend(controls(about));
    lines
}

fn controls(about: &About<'_, '_>) -> Vec<Line> {
    let view = about.view;
    let only = view.only;
    let wanted = |index: usize| match &only.controls {
        Some(controls) => controls.contains(&index),
        None => only.criteria.is_none(),
    };
    let mut lines = Vec::new();
    for (index, control) in view.program().controls.iter().enumerate().filter(|(index, _)| wanted(*index)) {
        let Some(decided) = &control.applicability else { continue };
        let lead = match control.applies_as() {
            Applies::NotApplicable => "does not apply".to_owned(),
            Applies::Inherited => {
                let vendor =
                    decided.vendor.as_ref().map_or("a subservice organisation", |name| &*name.value.0);
                format!("run by {vendor}")
            }
            Applies::Applicable | Applies::Shared => continue,
        };
        let why = typed(decided.why.as_ref());
        let why = if why.is_empty() { "no reason is given".to_owned() } else { why };
        let by = decided
            .by
            .as_ref()
            .map_or_else(String::new, |by| format!(" (decided by {})", person(view.program(), &by.value.0)));
        lines.push(Line {
            what: format!("{lead}: {why}{by}"),
            since: day(decided.on.as_ref()),
            ..about.control(index)
        });
    }
    lines
}

/// The waivers that hold on the judged day; of a narrowed report those that let one of its lines through.
pub(super) fn waivers(view: &View<'_>, used: &BTreeSet<String>) -> Vec<Line> {
    let narrowed = view.only.controls.is_some() || view.only.criteria.is_some();
    let as_of = view.judgement.as_of;
    let holds = |row: &&Waiver| {
        let approved = row.approved.as_ref().and_then(|act| act.on.as_ref());
        let of_audit =
            row.audit.as_ref().is_none_or(|audit| view.audit.id.as_deref() == Some(&*audit.value.0));
        let since = approved.is_some_and(|on| on.value <= as_of);
        let wanted = !narrowed || used.contains(&*row.id.value.0);
        wanted && of_audit && since && row.expires.as_ref().is_some_and(|day| day.value >= as_of)
    };
    let rows = view.judgement.terms.registers.waivers.iter().filter(holds);
    rows.map(|row| waiver(view, row)).collect()
}

fn waiver(view: &View<'_>, row: &Waiver) -> Line {
    let id = &*row.id.value.0;
    let hidden = view.report.gaps.iter().filter(|gap| gap.waiver.as_deref() == Some(id)).count();
    let lets = match hidden {
        0 => "lets nothing through now".to_owned(),
        n => format!("lets {} through", crate::text::count(n, "gap")),
    };
    let rule = row.rule.as_ref().map_or("", |rule| &*rule.value);
    let approved = row.approved.as_ref();
    let by = approved.and_then(|act| act.by.as_ref());
    let slot = row.slot.as_ref().map(|slot| slot.value.trim()).into_iter();
    Line {
        about: format!("waiver of {rule}, {}", typed(row.subject.as_ref())),
        slot: slot.chain(row.system.as_ref().map(|system| &*system.value.0)).collect::<Vec<_>>().join(" "),
        what: format!("{lets}: {}", typed(row.reason.as_ref())),
        since: approved.and_then(|act| act.on.as_ref()).map(|day| day.value),
        until: day(row.expires.as_ref()),
        owner: by
            .map_or_else(String::new, |by| format!("approved by {}", person(view.program(), &by.value.0))),
        todo: row
            .compensating
            .as_ref()
            .map_or_else(String::new, |control| format!("until then {} makes up for it", control.value.0)),
        waiver: id.to_owned(),
        ..Line::default()
    }
}
