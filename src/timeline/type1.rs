//! Type I: is the control designed, in place and shown as of one date? Never asks for coverage of a period.

use jiff::ToSpan;
use jiff::civil::Date;

use super::AuditStanding;
use super::calendar::{days_between, moved};
use super::operation::{Case, ControlStanding, Operation, Remark, Shown, systems};
use super::slot::{Because, Slot, SlotState, Spell, once_each};
use crate::model::evidence::Artifact;
use crate::model::{Cadence, EvidenceKind};

/// An export made after the date must be collected within so many days of it.
const COLLECTED_WITHIN: i64 = 30;

pub(super) fn judge(case: &Case<'_, '_>, audit: &AuditStanding, standing: &mut ControlStanding) {
    // Before the date, the programme is judged as it stands today.
    let day = audit.window.1.min(case.as_of().max(audit.days.0.min(case.as_of())));
    let in_scope = systems(case, audit);
    if in_scope.is_empty() {
        standing.remarks.push(Remark::NoSystemInScope);
    }
    for (system, in_use) in in_scope {
        if in_use.0 > day || day > in_use.1 {
            continue;
        }
        let name = system.and_then(|index| case.control.systems.get(index)).map(|id| &*id.value.0);
        let lived = |shown: &&Shown<'_>| case.life.0 <= shown.one.on && shown.one.on <= case.life.1;
        let of_system: Vec<&Shown<'_>> =
            case.shown.iter().filter(lived).filter(|shown| shown.is_of(name)).collect();
        standing.slots.push(Slot { system, ..look(case, day, &of_system) });
    }
    let settled = standing.slots.iter().map(|slot| slot.state).filter(|state| state.is_settled()).max();
    let never_run = standing.slots.iter().any(|slot| !slot.state.is_settled());
    standing.operation = match settled {
        Some(state) if state > SlotState::OnTime => Operation::Settled(state),
        _ if never_run => Operation::NotYetOperated,
        Some(_) => Operation::InPlace,
        None => Operation::NotDue,
    };
}

fn look(case: &Case<'_, '_>, day: Date, shown: &[&Shown<'_>]) -> Slot {
    let yearly = matches!(case.cadence, Cadence::Annual | Cadence::Semiannual | Cadence::Once);
    let max_age =
        if yearly { days_between(moved(day, -12.months()), day) } else { case.settings.type1_max_age };
    let supports = |one: &&&Shown<'_>| one.one.on <= day || shows_the_day(case, one, day);
    let in_time: Vec<&&Shown<'_>> = shown.iter().filter(supports).collect();
    let newest = in_time.iter().rfind(|one| one.is_accepted());
    let refused = in_time.iter().filter(|one| !one.is_accepted()).map(|one| one.refused());
    let refused = once_each(refused.collect());
    let (state, because) = match newest {
        Some(one) if days_between(one.one.on, day) <= max_age => (SlotState::OnTime, None),
        Some(one) => (SlotState::InsufficientEvidence, Some(Because::Stale(one.one.on, max_age))),
        None if case.unreadable => (SlotState::Unknown, Some(Because::Unreadable)),
        None if !refused.is_empty() => (case.unfilled(&refused), None),
        // A setting that is on all the time can always be shown.
        None if case.cadence == Cadence::Continuous => {
            (SlotState::InsufficientEvidence, Some(Because::NothingShown))
        }
        None => (SlotState::NotExpected, Some(Because::NeverRun)),
    };
    Slot {
        spell: Spell::Window(day, day),
        system: None,
        due: day,
        state,
        filled_by: newest.map(|one| one.filler()),
        also: Vec::new(),
        refused,
        exception: None,
        because,
    }
}

/// An export made after the date that speaks about it.
fn shows_the_day(case: &Case<'_, '_>, shown: &Shown<'_>, day: Date) -> bool {
    let Some(folder) = case.ground.program.evidence.get(shown.evidence) else { return false };
    let manifest = &*folder.manifest;
    let export = |kind: EvidenceKind| {
        matches!(kind, EvidenceKind::ConfigExport | EvidenceKind::SystemReport | EvidenceKind::LogExtract)
    };
    let holds = |artifact: &Artifact| {
        artifact.covers.as_ref().is_some_and(|covers| {
            let (from, to) = (covers.from.as_ref(), covers.to.as_ref());
            from.is_some_and(|from| from.value <= day) && to.is_some_and(|to| day <= to.value)
        })
    };
    let collected = manifest.collected.as_ref().and_then(|collected| collected.day(&case.ground.zone));
    manifest.kind.as_ref().is_some_and(|kind| export(kind.value))
        && manifest.artifacts.iter().any(holds)
        && collected.unwrap_or(shown.one.on) <= moved(day, COLLECTED_WITHIN.days())
}
