//! Coverage of a criterion: is there, on every judged day, a control in place that speaks to it?

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use super::AuditStanding;
use super::scope::AuditScope;
use super::support::{Cause, Support};
use crate::model::control::Applies;
use crate::model::registers::Subservice;
use crate::model::scalar::{CriterionRef, VendorRef};
use crate::model::{Control, Status};
use crate::program::{CriterionId, Program};
use crate::source::Location;

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
    /// What says that a carved-out subservice organisation meets it, CSOCs first.
    pub carriers: Vec<Carrier>,
    pub support: Support,
    /// What keeps it from being supported.
    pub causes: Vec<Cause>,
}

/// A record that leaves a criterion to a carved-out subservice organisation.
#[derive(Clone, Copy, Debug)]
pub struct Carrier {
    pub by: CarriedBy,
    /// The vendor, by index.
    pub vendor: usize,
    /// Where it names the criterion.
    pub at: Location,
}

/// Which record, by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CarriedBy {
    Csoc(usize),
    /// A control that is inherited from the vendor.
    Control(usize),
}

/// Who speaks to each criterion, whatever the day.
#[derive(Debug)]
pub struct Spoken {
    /// The controls that name it, and the points of focus they name.
    controls: BTreeMap<CriterionId, Vec<(usize, Option<usize>)>>,
    /// What leaves it to a carved-out subservice organisation.
    carriers: BTreeMap<CriterionId, Vec<Carrier>>,
}

impl Spoken {
    /// As the controls, vendors and CSOCs of a programme say.
    pub fn of(program: &Program) -> Self {
        Self { controls: controls_by_criterion(program), carriers: carriers(program) }
    }
}

/// Judges every criterion in the scope of an audit.
pub(super) fn stand(program: &Program, scope: AuditScope, spoken: &Spoken) -> AuditStanding {
    let AuditScope { id, framework, categories, r#type, window, days, not_relevant, systems } = scope;
    let mut criteria = Vec::new();
    if let Some(of) = program.frameworks.get(framework) {
        let wanted: Vec<&str> = categories.iter().map(String::as_str).collect();
        for (index, criterion) in of.criteria.iter().enumerate().filter(|(_, c)| of.in_scope(c, &wanted)) {
            let id = CriterionId { framework, criterion: index, point: None };
            let named = spoken.controls.get(&id).map_or(&[][..], Vec::as_slice);
            let mut standing = cover(program, id, named, days);
            standing.carriers = spoken.carriers.get(&id).cloned().unwrap_or_default();
            if not_relevant.iter().any(|name| **name == *criterion.id.value) {
                standing.coverage = Coverage::NotRelevant;
            } else if standing.in_place.is_empty() && !standing.carriers.is_empty() {
                standing.coverage = Coverage::CarvedOut;
            }
            criteria.push(standing);
        }
    }
    AuditStanding { id, framework, categories, r#type, window, days, systems, criteria, controls: Vec::new() }
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

/// For each criterion that carved-out subservice organisations meet for us, the records that say so.
fn carriers(program: &Program) -> BTreeMap<CriterionId, Vec<Carrier>> {
    let mut map: BTreeMap<CriterionId, Vec<Carrier>> = BTreeMap::new();
    let mut carry = |by, vendor: Option<&VendorRef>, criteria: &[CriterionRef]| {
        let Some(vendor) = vendor.and_then(|name| carve_out(program, name)) else { return };
        for name in criteria {
            let Ok(id) = program.criterion(name) else { continue };
            let all = map.entry(CriterionId { point: None, ..id }).or_default();
            if all.last().is_none_or(|last| last.by != by) {
                all.push(Carrier { by, vendor, at: name.at });
            }
        }
    };
    for (index, csoc) in program.registers.csocs.iter().enumerate() {
        carry(CarriedBy::Csoc(index), csoc.vendor.as_ref(), &csoc.criteria);
    }
    for (index, control) in program.controls.iter().enumerate() {
        if control.applies_as() == Applies::Inherited {
            let vendor = control.applicability.as_ref().and_then(|decided| decided.vendor.as_ref());
            carry(CarriedBy::Control(index), vendor, &control.criteria);
        }
    }
    map
}

/// The index of a vendor that is a carved-out subservice organisation.
fn carve_out(program: &Program, name: &str) -> Option<usize> {
    let index = *program.names.vendors.get(name)?;
    let method = program.registers.vendors.get(index)?.subservice.as_ref()?;
    (method.value == Subservice::CarveOut).then_some(index)
}

fn cover(
    program: &Program,
    id: CriterionId,
    named: &[(usize, Option<usize>)],
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
        .filter(|(control, _)| in_place.binary_search(control).is_ok())
        .filter_map(|(_, point)| *point)
        .collect();
    points_named.sort_unstable();
    points_named.dedup();
    CriterionStanding {
        id,
        coverage,
        controls,
        in_place,
        holes,
        points_named,
        carriers: Vec::new(),
        support: Support::NotSupported,
        causes: Vec::new(),
    }
}

/// First and last day a control was in place; `None` unless the company claims it and says since when.
pub fn in_effect(control: &Control) -> Option<(Date, Date)> {
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

pub(super) fn overlap(a: (Date, Date), b: (Date, Date)) -> Option<(Date, Date)> {
    let (from, to) = (a.0.max(b.0), a.1.min(b.1));
    (from <= to).then_some((from, to))
}

/// The parts of `days` that no interval holds.
pub fn holes(mut lives: Vec<(Date, Date)>, days: (Date, Date)) -> Vec<(Date, Date)> {
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
