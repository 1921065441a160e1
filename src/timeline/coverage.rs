//! Coverage of a criterion: is there, on every judged day, a control in place that speaks to it?

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use super::AuditStanding;
use super::scope::AuditScope;
use crate::model::control::Applies;
use crate::model::registers::Subservice;
use crate::model::{Control, Status};
use crate::program::{CriterionId, Program};

/// How far controls speak to a criterion, worst first; the last two stand apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Coverage {
    /// No control names it.
    NotAddressed,
    /// Only draft, planned or retired controls name it.
    PlannedOnly,
    /// Some judged day is without an implemented control.
    Partial,
    /// On every judged day an implemented control names it.
    Covered,
    /// Met by a carved-out subservice organisation alone.
    CarvedOut,
    /// Does not apply, with a reason that the system description gives.
    NotRelevant,
}

impl Coverage {
    /// The name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotAddressed => "not-addressed",
            Self::PlannedOnly => "planned-only",
            Self::Partial => "partial",
            Self::Covered => "covered",
            Self::CarvedOut => "carved-out",
            Self::NotRelevant => "not-relevant",
        }
    }

    /// All states and what they mean, for `soc2 explain`.
    pub const MEANINGS: &'static [(Self, &'static str)] = &[
        (Self::NotAddressed, "no control names the criterion"),
        (Self::PlannedOnly, "only draft, planned or retired controls name the criterion; they cover nothing"),
        (Self::Partial, "on some day of the window up to as-of no implemented control named the criterion"),
        (Self::Covered, "on every day of the window up to as-of an implemented control named the criterion"),
        (
            Self::CarvedOut,
            "met by a carved-out subservice organisation alone; our monitoring of it is what is tested",
        ),
        (Self::NotRelevant, "does not apply, with the reason that the system description gives (DC 8)"),
    ];
}

/// A criterion in scope of an audit and the controls that name it.
#[derive(Debug)]
pub struct CriterionStanding {
    pub id: CriterionId,
    pub coverage: Coverage,
    /// Controls that name it, whatever their status, by index; those that do not apply are left out.
    pub controls: Vec<usize>,
    /// Those of them in place on some judged day.
    pub in_place: Vec<usize>,
    /// Judged days without an implemented control: first day, last day.
    pub holes: Vec<(Date, Date)>,
    /// Points of focus that apply in this scope and that a control names, by index.
    pub points_named: Vec<usize>,
}

/// Judges every criterion in the scope of an audit.
pub(super) fn stand(program: &Program, scope: AuditScope) -> AuditStanding {
    let AuditScope { id, framework, categories, days, not_relevant } = scope;
    let by_criterion = controls_by_criterion(program);
    let carved = carved_out(program);
    let mut criteria = Vec::new();
    if let Some(of) = program.frameworks.get(framework) {
        let wanted: Vec<&str> = categories.iter().map(String::as_str).collect();
        for (index, criterion) in of.criteria.iter().enumerate().filter(|(_, c)| of.in_scope(c, &wanted)) {
            let id = CriterionId { framework, criterion: index, point: None };
            let named = by_criterion.get(&id).cloned().unwrap_or_default();
            let mut standing = cover(program, id, named, days);
            if not_relevant.iter().any(|name| **name == *criterion.id.value) {
                standing.coverage = Coverage::NotRelevant;
            } else if standing.in_place.is_empty() && carved.contains(&id) {
                standing.coverage = Coverage::CarvedOut;
            }
            criteria.push(standing);
        }
    }
    AuditStanding { id, framework, categories, days, criteria }
}

/// For each criterion, the controls that name it and the points of focus they name.
fn controls_by_criterion(program: &Program) -> BTreeMap<CriterionId, Vec<(usize, Option<usize>)>> {
    let mut map: BTreeMap<CriterionId, Vec<(usize, Option<usize>)>> = BTreeMap::new();
    for (index, control) in program.controls.iter().enumerate().filter(|(_, c)| c.applies()) {
        for found in control.criteria.iter().filter_map(|name| program.criterion(name).ok()) {
            map.entry(CriterionId { point: None, ..found }).or_default().push((index, found.point));
        }
    }
    map
}

/// Criteria that carved-out subservice organisations meet for us.
fn carved_out(program: &Program) -> Vec<CriterionId> {
    let carve_out = |vendor: &str| {
        program.names.vendors.get(vendor).and_then(|i| program.registers.vendors.get(*i)).is_some_and(
            |vendor| vendor.subservice.as_ref().is_some_and(|method| method.value == Subservice::CarveOut),
        )
    };
    let csocs = program.registers.csocs.iter();
    let assumed = csocs.filter(|c| c.vendor.as_ref().is_some_and(|v| carve_out(v))).flat_map(|c| &c.criteria);
    let inherited = program.controls.iter().filter(|control| {
        let vendor = control.applicability.as_ref().and_then(|applicability| applicability.vendor.as_ref());
        control.applies_as() == Applies::Inherited && vendor.is_some_and(|vendor| carve_out(vendor))
    });
    let names = assumed.chain(inherited.flat_map(|control| &control.criteria));
    names
        .filter_map(|name| program.criterion(name).ok())
        .map(|id| CriterionId { point: None, ..id })
        .collect()
}

fn cover(
    program: &Program,
    id: CriterionId,
    named: Vec<(usize, Option<usize>)>,
    days: (Date, Date),
) -> CriterionStanding {
    let mut controls: Vec<usize> = named.iter().map(|(control, _)| *control).collect();
    controls.dedup();
    let lives: Vec<(usize, (Date, Date))> = controls
        .iter()
        .filter_map(|index| Some((*index, overlap(in_effect(program.controls.get(*index)?)?, days)?)))
        .collect();
    let holes = holes(lives.iter().map(|(_, life)| *life).collect(), days);
    let coverage = match (controls.is_empty(), lives.is_empty(), holes.is_empty()) {
        (true, ..) => Coverage::NotAddressed,
        (_, true, _) => Coverage::PlannedOnly,
        (_, _, false) => Coverage::Partial,
        _ => Coverage::Covered,
    };
    let in_place: Vec<usize> = lives.iter().map(|(index, _)| *index).collect();
    let mut points_named: Vec<usize> = named
        .iter()
        .filter(|(control, _)| in_place.contains(control))
        .filter_map(|(_, point)| *point)
        .collect();
    points_named.sort_unstable();
    points_named.dedup();
    CriterionStanding { id, coverage, controls, in_place, holes, points_named }
}

/// First and last day a control was in place; `None` unless the company claims it and says since when.
fn in_effect(control: &Control) -> Option<(Date, Date)> {
    let from = control.effective_from.as_ref()?.value;
    let retired = control.retired_at.as_ref().map(|date| date.value);
    match control.status() {
        _ if control.applies_as() == Applies::Inherited => None,
        Status::Implemented => Some((from, retired.unwrap_or(Date::MAX))),
        Status::Retired => Some((from, retired?)),
        Status::Draft | Status::Planned => None,
    }
    .filter(|(from, to)| from <= to)
}

fn overlap(a: (Date, Date), b: (Date, Date)) -> Option<(Date, Date)> {
    let (from, to) = (a.0.max(b.0), a.1.min(b.1));
    (from <= to).then_some((from, to))
}

/// The parts of `days` that no interval holds.
fn holes(mut lives: Vec<(Date, Date)>, days: (Date, Date)) -> Vec<(Date, Date)> {
    lives.sort_unstable();
    let mut holes = Vec::new();
    let mut next = Some(days.0);
    for (from, to) in lives {
        let Some(open) = next else { break };
        if from > open {
            holes.push((open, from.checked_sub(1.day()).unwrap_or(from)));
        }
        next = to.checked_add(1.day()).ok().map(|after| after.max(open));
    }
    if let Some(open) = next.filter(|open| *open <= days.1) {
        holes.push((open, days.1));
    }
    holes
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn holes_are_the_days_between() {
        let days = (date(2026, 1, 1), date(2026, 12, 31));
        assert_eq!(holes(vec![], days), [days]);
        assert_eq!(holes(vec![days], days), []);
        let lives = vec![(date(2026, 7, 1), date(2026, 12, 31)), (date(2026, 1, 1), date(2026, 3, 31))];
        assert_eq!(holes(lives, days), [(date(2026, 4, 1), date(2026, 6, 30))]);
        assert_eq!(holes(vec![(date(2026, 1, 1), Date::MAX)], days), []);
    }
}
