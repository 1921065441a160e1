//! Deviations: rows of the exceptions register that name a slot or an item. Nothing in a pull request but the row itself
//! takes one back.

use jiff::civil::Date;

use super::AuditStanding;
use super::calendar::{Interval, any_named, days_between};
use super::operation::{Case, ControlStanding, Operation};
use super::slot::{Because, Slot, SlotState, Spell};
use crate::model::registers::Exception;

/// A finding dated further ahead than this is a slip of the hand, not the future.
const AHEAD: i64 = 3660;

/// Marks the slots that a row of the exceptions register names.
pub(super) fn mark(case: &Case<'_, '_>, audit: &AuditStanding, standing: &mut ControlStanding) {
    if case.ground.exceptions_unread {
        unreadable(standing);
    }
    let Some(rows) = case.ground.exceptions.get(&*case.control.id.value.0) else { return };
    for (index, row) in
        rows.iter().filter_map(|i| Some((*i, case.ground.program.registers.exceptions.get(*i)?)))
    {
        let found = row.found.as_ref().and_then(|found| found.on.as_ref()).map(|on| on.value);
        let ahead = |found: Date| days_between(case.as_of(), found) < AHEAD && case.ground.later(found);
        if found.is_some_and(ahead) {
            continue;
        }
        for nth in hit(case, audit, &standing.slots, row, found) {
            if let Some(slot) = standing.slots.get_mut(nth) {
                slot.exception = slot.exception.or(Some(index));
                slot.state = SlotState::Deviation;
                standing.operation = Operation::NotImplemented;
            }
        }
    }
}

/// Where the register cannot be read, a row of it may speak against any slot.
fn unreadable(standing: &mut ControlStanding) {
    for slot in &mut standing.slots {
        let good = slot.state.is_settled() && slot.state < SlotState::Unknown;
        if good || slot.state == SlotState::NoOccurrence {
            slot.state = SlotState::Unknown;
            slot.because = Some(Because::Unreadable);
            standing.operation = Operation::NotImplemented;
        }
    }
}

/// The slots, by place in the list, that a row speaks of.
fn hit(
    case: &Case<'_, '_>,
    audit: &AuditStanding,
    slots: &[Slot],
    row: &Exception,
    found: Option<Date>,
) -> Vec<usize> {
    let of_system = |slot: &Slot| match (&row.system, slot.system.and_then(|i| case.control.systems.get(i))) {
        (Some(named), Some(own)) => *named.value.0 == *own.value.0,
        _ => true,
    };
    let own: Vec<(usize, &Slot)> = slots.iter().enumerate().filter(|(_, slot)| of_system(slot)).collect();
    let over = |from: Date, to: Date| -> Vec<usize> {
        let within = own.iter().filter(|(_, slot)| slot.spell.days().0 <= to && from <= slot.spell.days().1);
        within.map(|(nth, _)| *nth).collect()
    };
    if let Some(name) = row.slot.as_ref().map(|slot| slot.trim()) {
        match named(case, slots, name) {
            Some(Named::Window) => return over(audit.window.0, audit.window.1),
            // An interval of another period concerns another audit.
            Some(Named::Interval(interval)) => return over(interval.from, interval.to),
            None => {}
        }
    } else if let Some(item) = &row.item {
        let in_window = |day: &Date| audit.window.0 <= *day && *day <= audit.window.1;
        let days: Vec<Date> = case.item_days(item).into_iter().filter(in_window).collect();
        if !days.is_empty() {
            return days.iter().flat_map(|day| over(*day, *day)).collect();
        }
    } else {
        // A fault of the text: nothing says what deviates.
        return Vec::new();
    }
    // The name says nothing, or the item is nowhere: the day it was found decides. What is found after the window
    // happened in it, as far as anybody knows.
    match found {
        Some(found) if found < audit.window.0 => Vec::new(),
        Some(found) => {
            let on = over(found, found);
            let before = || {
                own.iter().filter(|(_, slot)| slot.spell.days().1 < found).map(|(nth, _)| *nth).next_back()
            };
            if on.is_empty() { before().into_iter().collect() } else { on }
        }
        None => over(audit.window.0, audit.window.1),
    }
}

enum Named {
    Interval(Interval),
    Window,
}

/// What the name of a slot speaks of; `None` when it means nothing.
fn named(case: &Case<'_, '_>, slots: &[Slot], name: &str) -> Option<Named> {
    if name.eq_ignore_ascii_case("window") {
        return Some(Named::Window);
    }
    let own = slots.first().and_then(|slot| match slot.spell {
        Spell::Interval(interval) => interval.sibling(name),
        Spell::Window(..) => None,
    });
    own.or_else(|| any_named(name, case.settings.fiscal_year_starts)).map(Named::Interval)
}

impl Case<'_, '_> {
    /// The days on which accepted occurrences of the control speak of an item.
    fn item_days(&self, item: &str) -> Vec<Date> {
        let of_item = self.shown.iter().filter(|shown| shown.is_accepted() && shown.one.item == Some(item));
        of_item.map(|shown| shown.one.on).collect()
    }
}
