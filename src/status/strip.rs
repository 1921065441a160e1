//! The heat strip: a control's window cut into cells, a letter for the worst state in each.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::timeline::calendar::{eve, length, moved};
use crate::timeline::{AuditStanding, ControlStanding, Slot, SlotState};

/// Cells a strip has at most.
const MOST: i64 = 36;

/// A window shorter than this many days is cut into weeks.
const WEEKS_BELOW: i64 = 120;

/// Days of the window that share a letter.
pub type Cell = (Date, Date);

/// How a window is cut.
#[derive(Debug)]
pub struct Strip {
    /// `week`, `month` or `6 months`.
    pub unit: String,
    pub cells: Vec<Cell>,
    /// A slot no longer than this belongs to the cell of its last day.
    short: i64,
}

impl Strip {
    /// The cells of an audit's window; none for a single day.
    pub fn of(audit: &AuditStanding) -> Self {
        let (from, to) = audit.window;
        if from >= to {
            return Self { unit: "day".to_owned(), cells: Vec::new(), short: 0 };
        }
        if length(audit.window) < WEEKS_BELOW {
            return Self {
                unit: "week".to_owned(),
                cells: cut(from, to, from, |day| moved(day, 7.days())),
                short: 7,
            };
        }
        let months = i64::from(to.year() - from.year()) * 12 + i64::from(to.month() - from.month()) + 1;
        let step = (months + MOST - 1) / MOST;
        let first = from.first_of_month();
        let unit = if step == 1 { "month".to_owned() } else { format!("{step} months") };
        Self { unit, cells: cut(from, to, first, |day| moved(day, step.months())), short: step * 31 }
    }

    /// A letter for each cell; empty where there are no cells.
    pub fn letters(&self, control: &ControlStanding) -> String {
        let mut worst: Vec<Option<SlotState>> = vec![None; self.cells.len()];
        for slot in &control.slots {
            let (first, last) = self.span(slot);
            for cell in worst.get_mut(first..last).unwrap_or_default() {
                *cell = worse(*cell, slot.state);
            }
        }
        worst.into_iter().map(|state| state.map_or('.', letter)).collect()
    }

    /// The cells a slot stands in, as a range of indices: all that a long one spans, else that of its last day.
    fn span(&self, slot: &Slot) -> (usize, usize) {
        let (from, to) = slot.spell.days();
        let (Some(start), Some(end)) = (self.cells.first(), self.cells.last()) else { return (0, 0) };
        let last = to.clamp(start.0, end.1);
        let first = if length((from, to)) <= self.short { last } else { from.clamp(start.0, last) };
        let holding = |day: Date| self.cells.partition_point(|cell| cell.1 < day);
        (holding(first), (holding(last) + 1).min(self.cells.len()))
    }
}

/// Cells from `first` on, by steps, within a period.
fn cut(from: Date, to: Date, first: Date, next: impl Fn(Date) -> Date) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut start = first;
    while start <= to {
        let after = next(start);
        if after <= start {
            break;
        }
        let end = if after == Date::MAX { to } else { eve(after).min(to) };
        cells.push((start.max(from), end));
        if after == Date::MAX {
            break;
        }
        start = after;
    }
    cells
}

/// The worse of two states for a cell: what was found before what is still to come.
fn worse(cell: Option<SlotState>, other: SlotState) -> Option<SlotState> {
    let rank = |state: SlotState| ORDER.iter().position(|(one, _)| *one == state);
    cell.filter(|state| rank(*state) <= rank(other)).or(Some(other))
}

/// States, worst first, each with its letter.
const ORDER: &[(SlotState, char)] = &[
    (SlotState::Deviation, 'D'),
    (SlotState::Missed, 'M'),
    (SlotState::InsufficientEvidence, 'I'),
    (SlotState::Unknown, '?'),
    (SlotState::NeedsAuditorAgreement, 'A'),
    (SlotState::OperatedBeforeWindow, 'B'),
    (SlotState::Late, 'L'),
    (SlotState::Open, 'o'),
    (SlotState::PerformedBeforeWindow, 'p'),
    (SlotState::NoOccurrence, '0'),
    (SlotState::OnTime, '+'),
    (SlotState::NotExpected, '-'),
];

/// The letter of a state.
pub fn letter(state: SlotState) -> char {
    ORDER.iter().find(|(one, _)| *one == state).map_or('.', |(_, letter)| *letter)
}

/// What each letter stands for.
pub fn legend() -> impl Iterator<Item = (char, &'static str)> {
    ORDER.iter().map(|(state, letter)| (*letter, state.name())).chain([('.', "no slot")])
}

/// What the letters of some strips stand for, in words; letters that none uses are left out.
pub fn used<'a>(strips: impl Iterator<Item = &'a str> + Clone) -> String {
    let used = legend().filter(|(letter, _)| strips.clone().any(|strip| strip.contains(*letter)));
    used.map(|(letter, name)| format!("{letter} {name}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn windows_are_cut_into_months_and_short_ones_into_weeks() {
        let months = cut(date(2026, 1, 15), date(2026, 3, 2), date(2026, 1, 1), |day| moved(day, 1.months()));
        let expected = [
            (date(2026, 1, 15), date(2026, 1, 31)),
            (date(2026, 2, 1), date(2026, 2, 28)),
            (date(2026, 3, 1), date(2026, 3, 2)),
        ];
        assert_eq!(months, expected);
        let weeks = cut(date(2026, 1, 1), date(2026, 1, 10), date(2026, 1, 1), |day| moved(day, 7.days()));
        assert_eq!(weeks, [(date(2026, 1, 1), date(2026, 1, 7)), (date(2026, 1, 8), date(2026, 1, 10))]);
        let end = cut(date(9999, 12, 1), Date::MAX, date(9999, 12, 1), |day| moved(day, 1.months()));
        assert_eq!(end, [(date(9999, 12, 1), Date::MAX)]);
    }

    #[test]
    fn every_state_has_a_letter_of_its_own() {
        let mut letters: Vec<char> = legend().map(|(letter, _)| letter).collect();
        assert_eq!(letters.len(), SlotState::MEANINGS.len() + 1);
        letters.sort_unstable();
        letters.dedup();
        assert_eq!(letters.len(), SlotState::MEANINGS.len() + 1);
        assert!(SlotState::MEANINGS.iter().all(|(state, _)| letter(*state) != '.'));
    }

    #[test]
    fn the_worst_state_of_a_cell_is_shown() {
        let worst = |states: &[SlotState]| states.iter().fold(None, |cell, state| worse(cell, *state));
        assert_eq!(worst(&[SlotState::OnTime, SlotState::Missed, SlotState::Open]), Some(SlotState::Missed));
        assert_eq!(worst(&[SlotState::OnTime, SlotState::Open]), Some(SlotState::Open));
        assert_eq!(worst(&[]), None);
    }
}
