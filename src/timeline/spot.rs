//! Controls without intervals: continuous ones, shown at points of the window, and ones done once and looked at again.

use jiff::ToSpan;
use jiff::civil::Date;

use super::AuditStanding;
use super::calendar::{days_between, length, moved};
use super::coverage::overlap;
use super::distance::split;
use super::operation::{Case, ControlStanding, InScope, Remark};
use super::slot::{Because, Filler, Refused, Slot, SlotState, Spell};
use crate::model::Cadence;

pub(super) fn judge(
    case: &Case<'_, '_>,
    audit: &AuditStanding,
    systems: &[InScope],
    standing: &mut ControlStanding,
) {
    let fresh = vec![None; case.shown.len()];
    for (system, in_use) in systems {
        let Some(life) = overlap(case.life, *in_use) else { continue };
        let Some(window) = overlap(life, audit.window) else { continue };
        let (accepted, refused) = split(case, *system, life, &fresh);
        let slot = match case.cadence {
            Cadence::Once => once(case, window, &accepted, refused),
            _ => continuous(case, window, &accepted, refused),
        };
        let inside = accepted.iter().filter(|one| window.0 <= one.on && one.on <= window.1);
        if case.cadence == Cadence::Continuous && slot.state == SlotState::OnTime && length(window) > 60 {
            let first = inside.clone().map(|one| one.on).min();
            let last = inside.map(|one| one.on).max();
            let far = first.zip(last).map_or(0, |(first, last)| days_between(first, last));
            // One look proves one moment; two far apart make it likely that nothing changed between.
            if far < length(window) / 3
                && case.as_of() > window.1
                && !standing.remarks.contains(&Remark::ShownOnce)
            {
                standing.remarks.push(Remark::ShownOnce);
            }
        }
        standing.slots.push(Slot { system: *system, ..slot });
    }
}

fn whole(window: (Date, Date), due: Date, state: SlotState) -> Slot {
    Slot {
        spell: Spell::Window(window.0, window.1),
        system: None,
        due,
        state,
        filled_by: None,
        also: Vec::new(),
        refused: Vec::new(),
        exception: None,
        because: None,
    }
}

/// At least once in the window; missed only when the window is over.
fn continuous(case: &Case<'_, '_>, window: (Date, Date), accepted: &[Filler], refused: Vec<Refused>) -> Slot {
    let looks: Vec<Filler> =
        accepted.iter().copied().filter(|one| window.0 <= one.on && one.on <= window.1).collect();
    let inside = looks.first().copied();
    let refused: Vec<Refused> =
        refused.into_iter().filter(|one| window.0 <= one.on && one.on <= window.1).collect();
    let state = match inside {
        Some(_) => SlotState::OnTime,
        None if case.as_of() <= window.1 => SlotState::Open,
        None => case.unfilled(&refused),
    };
    let because = match looks.as_slice() {
        [first, .., last] => Some(Because::Shown(looks.len(), first.on, last.on)),
        _ => None,
    };
    let also = looks.iter().skip(1).map(|one| one.evidence).collect();
    Slot { filled_by: inside, also, refused, because, ..whole(window, window.1, state) }
}

/// Done at some time, and looked at again within twelve months and grace of every judged day.
fn once(case: &Case<'_, '_>, window: (Date, Date), accepted: &[Filler], refused: Vec<Refused>) -> Slot {
    let limit = case.settings.longest_gap(case.control, case.cadence);
    let until = window.1.min(case.as_of());
    let last = accepted.iter().copied().rfind(|one| one.on <= until);
    let since = last.map_or(window.0, |one| one.on);
    let gap = days_between(since, until);
    let (state, because) = match last {
        _ if gap > limit => (case.unfilled(&refused), Some(Because::Gap(since, until, gap, limit))),
        Some(_) => (SlotState::OnTime, None),
        None if case.as_of() <= moved(window.1, case.grace().days()) => {
            (SlotState::Open, Some(Because::NextBy(window.1)))
        }
        None => (case.unfilled(&refused), None),
    };
    let closes = moved(window.1, case.grace().days());
    let runs_out = moved(since, limit.days());
    // Nothing breaks off after the window's last day.
    let due = if last.is_some() || runs_out < window.1 { runs_out } else { closes };
    let filled_by = last.filter(|_| state.is_filled());
    Slot { filled_by, refused, because, ..whole(window, due, state) }
}
