//! Controls that are not in place, by series; controls in place whose design is deficient; controls never shown.

use std::collections::{BTreeMap, BTreeSet};

use super::{Stage, Step, does};
use crate::due::{Who, open};
use crate::model::audit::AuditType;
use crate::model::{Control, Status};
use crate::text::{count, safe, some};
use crate::timeline::{
    AuditStanding, ControlStanding, Coverage, CriterionStanding, DesignFault, Judgement, Operation, in_effect,
};

/// Adds what keeps criteria from being covered, then what keeps controls from being counted or shown.
pub(super) fn add(judgement: &Judgement<'_>, audit: &AuditStanding, steps: &mut Vec<Step>) {
    let mut taken = BTreeSet::new();
    let series = series(judgement, audit);
    for (name, criteria) in &series {
        not_in_place(judgement, name, criteria, &mut taken, steps);
    }
    let criteria: Vec<&CriterionStanding> = series.into_iter().flat_map(|(_, criteria)| criteria).collect();
    not_addressed(judgement, &criteria, steps);
    design(judgement, audit, steps);
    first_evidence(judgement, audit, steps);
}

/// Criteria in scope without a control in place on the as-of day, by series, in the framework's order.
fn series<'a>(
    judgement: &Judgement<'_>,
    audit: &'a AuditStanding,
) -> Vec<(String, Vec<&'a CriterionStanding>)> {
    let mut groups: Vec<(String, Vec<&CriterionStanding>)> = Vec::new();
    let day = judgement.as_of.min(audit.window.1).max(audit.window.0);
    for criterion in &audit.criteria {
        let held = criterion.in_place.iter().any(|index| holds(judgement, *index, day));
        if held || matches!(criterion.coverage, Coverage::CarvedOut | Coverage::NotRelevant) {
            continue;
        }
        let name = judgement.program.criterion_name(criterion.id);
        let series = name.rsplit_once('.').map_or(name.as_str(), |(series, _)| series).to_owned();
        match groups.last_mut() {
            Some((last, group)) if *last == series => group.push(criterion),
            _ => groups.push((series, vec![criterion])),
        }
    }
    groups
}

/// Is the control in place on that day?
fn holds(judgement: &Judgement<'_>, index: usize, day: jiff::civil::Date) -> bool {
    let control = judgement.program.controls.get(index);
    control.and_then(in_effect).is_some_and(|(from, to)| from <= day && day <= to)
}

fn names(judgement: &Judgement<'_>, criteria: &[&CriterionStanding]) -> String {
    let names: Vec<String> = criteria.iter().map(|one| judgement.program.criterion_name(one.id)).collect();
    some(&names, 4)
}

fn not_in_place(
    judgement: &Judgement<'_>,
    series: &str,
    criteria: &[&CriterionStanding],
    taken: &mut BTreeSet<usize>,
    steps: &mut Vec<Step>,
) {
    let program = judgement.program;
    let waiting = |index: &usize| {
        let status = program.controls.get(*index).map(Control::status);
        matches!(status, Some(Status::Draft | Status::Planned))
    };
    let planned: Vec<&&CriterionStanding> =
        criteria.iter().filter(|one| one.controls.iter().any(waiting)).collect();
    let all: BTreeSet<usize> =
        planned.iter().flat_map(|one| one.controls.iter().copied()).filter(waiting).collect();
    let fresh: Vec<&Control> = all
        .iter()
        .filter(|index| taken.insert(**index))
        .filter_map(|index| program.controls.get(*index))
        .collect();
    let Some(first) = fresh.first() else { return };
    let ids: Vec<String> = fresh.iter().map(|control| control.id.to_string()).collect();
    let what = match ids.as_slice() {
        [one] => format!("put the control {one} of {series} in place"),
        several => {
            format!("put {} of {series} in place: {}", count(several.len(), "control"), some(several, 3))
        }
    };
    let planned: Vec<&CriterionStanding> = planned.into_iter().copied().collect();
    let have = if planned.len() == 1 { "has" } else { "have" };
    let why = format!("{} {have} only draft or planned controls", names(judgement, &planned));
    let more = if fresh.len() > 1 { ", and in the others" } else { "" };
    let file = safe(program.sources.path(first.id.at.file));
    let command = format!("once it runs, set `status: implemented` and `effective_from` in {file}{more}");
    steps.push(Step::new(Stage::Controls, what, why, command).of(&owners(judgement, &fresh)));
}

fn owners(judgement: &Judgement<'_>, controls: &[&Control]) -> Vec<Who> {
    let mut owners: BTreeSet<Who> = BTreeSet::new();
    for control in controls {
        owners.insert(Who::of(judgement.program, control.owner.as_ref(), judgement.as_of));
    }
    owners.into_iter().collect()
}

fn not_addressed(judgement: &Judgement<'_>, criteria: &[&CriterionStanding], steps: &mut Vec<Step>) {
    let program = judgement.program;
    let waiting = |index: &usize| {
        let status = program.controls.get(*index).map(Control::status);
        matches!(status, Some(Status::Draft | Status::Planned | Status::Implemented))
    };
    let none: Vec<&CriterionStanding> =
        criteria.iter().copied().filter(|one| !one.controls.iter().any(waiting)).collect();
    if none.is_empty() || program.may_be_defined_in_unread("controls/") {
        return;
    }
    let what = format!("write a control for {}", names(judgement, &none));
    let command = "add a file below controls/ that names the criterion; its keys: soc2 explain control";
    steps.push(Step::new(Stage::Controls, what, "no control in use names it", command));
}

/// What is wrong with controls in place that no earlier step mends, one step for each kind of fault.
fn design(judgement: &Judgement<'_>, audit: &AuditStanding, steps: &mut Vec<Step>) {
    let mut faulty: BTreeMap<(usize, &str, &str), Vec<&Control>> = BTreeMap::new();
    for standing in audit.controls.iter().filter(|standing| standing.in_place.is_some()) {
        let Some(control) = judgement.program.controls.get(standing.control) else { continue };
        let mut faults: Vec<(usize, &str, &str)> = standing.design.iter().filter_map(fault).collect();
        if control.cadence.is_none() && !settled_apart(standing) {
            faults.push((
                2,
                "say how often it is performed, for",
                "without a cadence nothing says when it is due",
            ));
        }
        for fault in faults {
            let known = faulty.entry(fault).or_default();
            if known.last().is_none_or(|last| last.id.at != control.id.at) {
                known.push(control);
            }
        }
    }
    for ((_, what, why), controls) in faulty {
        let ids: Vec<String> = controls.iter().map(|control| control.id.to_string()).collect();
        let what = format!("{what} {}: {}", count(ids.len(), "control"), some(&ids, 3));
        let file = controls.first().map_or("", |control| judgement.program.sources.path(control.id.at.file));
        let step = Step::new(Stage::Controls, what, why, open(file));
        steps.push(step.of(&owners(judgement, &controls)));
    }
}

fn settled_apart(standing: &ControlStanding) -> bool {
    matches!(standing.operation, Operation::NotApplicable | Operation::Inherited)
}

/// The order of a fault's step, its words, and its reason. Vacant roles and drafts of policies have steps of their own.
fn fault(fault: &DesignFault) -> Option<(usize, &'static str, &'static str)> {
    match fault {
        DesignFault::NoOwner | DesignFault::OwnerIsBot(_) => {
            Some((0, "name an owner for", "a control that nobody answers for is deficient in design"))
        }
        DesignFault::OwnerLeft(_) => Some((0, "name another owner for", "its owner does not work here")),
        DesignFault::NoPolicy => {
            Some((1, "name the policy that orders", "a control counts only once a policy in force orders it"))
        }
        DesignFault::Recorded => {
            Some((3, "mend the design of", "it is recorded as deficient, so its criteria are not supported"))
        }
        DesignFault::OwnerVacant(_) | DesignFault::NoPolicyInForce(_) | DesignFault::PolicyUnknown(_) => None,
    }
}

/// Controls in place that nothing was ever filed for, by owner. Once a window has begun, its slots say what is due.
fn first_evidence(judgement: &Judgement<'_>, audit: &AuditStanding, steps: &mut Vec<Step>) {
    let type1 = audit.r#type == AuditType::Type1;
    if audit.id.is_some() && (judgement.as_of > audit.window.1 || !type1 && judgement.as_of >= audit.window.0)
    {
        return;
    }
    let mut groups: BTreeMap<Who, Vec<&Control>> = BTreeMap::new();
    for standing in audit.controls.iter().filter(|standing| !settled_apart(standing)) {
        let Some(control) = judgement.program.controls.get(standing.control) else { continue };
        let shown = judgement.evidence_of.get(standing.control).is_some_and(|of| !of.is_empty());
        if shown || control.is_event() || !holds(judgement, standing.control, judgement.as_of) {
            continue;
        }
        let operator = control.operator.as_ref().or(control.owner.as_ref());
        let who = Who::of(judgement.program, operator, judgement.as_of);
        groups.entry(who).or_default().push(control);
    }
    for (who, controls) in groups {
        let ids: Vec<String> = controls.iter().map(|control| control.id.to_string()).collect();
        let what = format!(
            "{} the first evidence of {}: {}",
            does(&who, "files", "file"),
            count(ids.len(), "control"),
            some(&ids, 3)
        );
        let why = "nothing shows yet that it runs, or what its trace looks like";
        let command = format!("soc2 evidence add FILE --control {}", ids.first().map_or("", String::as_str));
        steps.push(Step::new(Stage::FirstEvidence, what, why, command).of(&[who]));
    }
}
