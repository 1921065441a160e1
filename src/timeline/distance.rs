//! The interval rule, usual for yearly controls: what counts is the distance between occurrences, because calendar
//! intervals misjudge a yearly control in a window that is not aligned to the year.

use jiff::ToSpan;
use jiff::civil::Date;

use super::AuditStanding;
use super::calendar::{any_named, days_between, is_a_year, moved};
use super::coverage::overlap;
use super::flaw::Flaw;
use super::operation::{Case, ControlStanding, InScope};
use super::settings::usual_gap;
use super::slot::{Because, Filler, Refused, Slot, SlotState, Spell, once_each};

pub(super) fn judge(
    case: &Case<'_, '_>,
    audit: &AuditStanding,
    systems: &[InScope],
    standing: &mut ControlStanding,
) {
    let reused = super::periodic::reused(case.shown, |shown| {
        let fits = shown.one.slot.is_none_or(|slot| misnamed(case, slot, shown.one.on).is_none());
        fits.then_some((shown.one.on, shown.one.on))
    });
    for (system, in_use) in systems {
        let Some(life) = overlap(case.life, *in_use) else { continue };
        if let Some(part) = overlap(life, audit.window) {
            standing.slots.push(slot(case, part, *system, life, &reused));
        }
    }
}

/// Accepted occurrences of a system within a life, by date, and the refused ones.
pub(super) fn split(
    case: &Case<'_, '_>,
    system: Option<usize>,
    life: (Date, Date),
    reused: &[Option<Flaw>],
) -> (Vec<Filler>, Vec<Refused>) {
    let name = system.and_then(|index| case.control.systems.get(index)).map(|id| &*id.value.0);
    let (mut accepted, mut refused) = (Vec::new(), Vec::new());
    for (shown, reused) in case.shown.iter().zip(reused) {
        if !shown.is_of(name) || shown.one.on < life.0 || shown.one.on > life.1 {
            continue;
        }
        let mut flaws = shown.flaws.clone();
        flaws.extend(reused.clone());
        flaws.extend(shown.one.slot.and_then(|slot| misnamed(case, slot, shown.one.on)));
        if flaws.is_empty() {
            accepted.push(shown.filler());
        } else {
            refused.push(Refused { evidence: shown.evidence, on: shown.one.on, flaws });
        }
    }
    (accepted, once_each(refused))
}

/// What is wrong with the slot that an occurrence of a control without intervals names.
fn misnamed(case: &Case<'_, '_>, name: &str, on: Date) -> Option<Flaw> {
    if name.trim().eq_ignore_ascii_case("window") {
        return None;
    }
    let Some(interval) = any_named(name.trim(), case.settings.fiscal_year_starts) else {
        return Some(Flaw::NoSuchSlot(name.into()));
    };
    let due = moved(interval.to, case.grace().days());
    (on < interval.from || on > due).then(|| Flaw::SlotContradictsDate(name.into(), interval.from, due))
}

fn slot(
    case: &Case<'_, '_>,
    window: (Date, Date),
    system: Option<usize>,
    life: (Date, Date),
    reused: &[Option<Flaw>],
) -> Slot {
    let (accepted, refused) = split(case, system, life, reused);
    let as_of = case.as_of();
    let until = window.1.min(as_of);
    let limit = case.settings.longest_gap(case.control, case.cadence);
    let closes = moved(window.1, case.grace().days());
    let run: Vec<Filler> = accepted.iter().copied().filter(|one| one.on <= until).collect();
    let inside = run.iter().copied().find(|one| one.on >= window.0);
    let last_before = run.iter().copied().rfind(|one| one.on < window.0);
    let begin = last_before.map_or(window.0, |one| one.on);
    let mut days: Vec<Date> = vec![begin];
    days.extend(run.iter().map(|one| one.on).filter(|on| *on >= window.0));
    days.push(until);
    let gap = days.windows(2).find_map(|pair| match pair {
        [one, other] => Some((*one, *other, days_between(*one, *other))).filter(|(.., gap)| *gap > limit),
        _ => None,
    });
    let next_by = moved(run.last().map_or(begin, |one| one.on), usual_gap(case.cadence).days());
    // Those that would have filled it: in the breach, else in the window.
    let (first, last) = gap.map_or(window, |(from, to, _)| (from, to));
    let refused: Vec<Refused> = refused.into_iter().filter(|one| first <= one.on && one.on <= last).collect();
    let year = is_a_year(window);
    let (state, because) = match (gap, inside, last_before) {
        (Some((from, to, days)), ..) => (case.unfilled(&refused), Some(Because::Gap(from, to, days, limit))),
        (None, Some(first), Some(before)) => {
            (SlotState::OnTime, Some(Because::Apart(before.on, days_between(before.on, first.on), limit)))
        }
        (None, Some(_), None) => (SlotState::OnTime, None),
        // Whether something was performed in the window can still be filed until the grace ends.
        (None, None, _) if as_of <= closes => (SlotState::Open, Some(Because::NextBy(next_by))),
        (None, None, _) if year => (case.unfilled(&refused), Some(Because::NoneInYear)),
        (None, None, Some(_)) => (SlotState::OperatedBeforeWindow, None),
        // In place for longer than the limit and never once performed.
        (None, None, None) if days_between(life.0, window.1) > limit => {
            (case.unfilled(&refused), Some(Because::Never(life.0)))
        }
        (None, None, None) if refused.is_empty() => (SlotState::Open, Some(Because::NextBy(next_by))),
        (None, None, None) => (case.unfilled(&refused), None),
    };
    let runs_out = moved(begin, limit.days());
    let due = match (gap, state) {
        (Some((from, ..)), _) => moved(from, limit.days()),
        // No gap is counted after the window's last day; what was performed up to then can still be filed.
        (None, SlotState::Open) if runs_out < window.1 || as_of > closes => runs_out,
        _ => closes,
    };
    let filled_by = inside.or(last_before).filter(|_| state.is_filled());
    let counted = run.iter().filter(|one| one.on >= window.0).chain(&last_before);
    let also =
        counted.map(|one| one.evidence).filter(|one| Some(*one) != filled_by.map(|by| by.evidence)).collect();
    Slot {
        spell: Spell::Window(window.0, window.1),
        system,
        due,
        state,
        filled_by,
        also,
        refused,
        exception: None,
        because,
    }
}
