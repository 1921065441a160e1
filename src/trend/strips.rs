//! Strips of a trend: its points cut into cells that fit a terminal, a letter for the worst of each.

use std::collections::BTreeMap;

use super::{Point, Seen, Trend};
use crate::timeline::{Operation, SlotState, Support};

/// Letters of states, worst first, each with what it stands for.
const CONTROL: &[(char, &str)] = &[
    ('D', "deviation"),
    ('M', "missed"),
    ('I', "insufficient-evidence"),
    ('?', "unknown"),
    ('A', "needs-auditor-agreement"),
    ('B', "operated-before-window"),
    ('L', "late"),
    ('x', "not-implemented"),
    ('y', "not-yet-operated"),
    ('o', "not-due"),
    ('+', "on-time, in-place"),
    ('0', "no-occurrence"),
    ('-', "not-applicable, inherited"),
];

const CRITERION: &[(char, &str)] = &[
    ('N', "not supported"),
    ('r', "at risk"),
    ('+', "supported"),
    ('c', "carved out"),
    ('-', "not relevant"),
];

/// Nothing was judged.
const NOTHING: char = '.';

/// Points of a trend, some to a cell.
pub(super) struct Strips<'t> {
    trend: &'t Trend,
    /// Points in a cell.
    pub(super) step: usize,
}

impl<'t> Strips<'t> {
    /// Cells for a trend where so many fit.
    pub(super) fn new(trend: &'t Trend, most: usize) -> Self {
        // A week of days is a natural cell; otherwise as few points as fit.
        let fitting = trend.points.len().div_ceil(most.max(1)).max(1);
        let step = if fitting > 1 && fitting <= 7 && trend.every == super::Every::Day { 7 } else { fitting };
        Self { trend, step }
    }

    fn letters(&self, of: impl Fn(&Point) -> char, order: &[(char, &str)]) -> String {
        let rank = |letter: char| order.iter().position(|(one, _)| *one == letter).unwrap_or(order.len());
        let cells = self.trend.points.chunks(self.step);
        cells.map(|cell| cell.iter().map(&of).min_by_key(|one| rank(*one)).unwrap_or(NOTHING)).collect()
    }

    /// The strip of a control.
    pub(super) fn control(&self, id: &str) -> String {
        let of = |point: &Point| match &point.seen {
            Seen::Standing(standing) => {
                let found = standing.controls.iter().find(|control| *control.id == *id);
                found.map_or(NOTHING, |control| operation(control.operation))
            }
            _ => NOTHING,
        };
        self.letters(of, CONTROL)
    }

    /// The strip of some criteria: the worst of them at each point.
    pub(super) fn criteria(&self, wanted: impl Fn(&super::CriterionPoint) -> bool) -> String {
        let of = |point: &Point| match &point.seen {
            Seen::Standing(standing) => {
                let those = standing.criteria.iter().filter(|one| wanted(one));
                those.map(|one| one.support).min().map_or(NOTHING, support)
            }
            _ => NOTHING,
        };
        self.letters(of, CRITERION)
    }
}

/// The series of a trend in the order in which they are first seen.
pub(super) fn series(trend: &Trend) -> Vec<&str> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for standing in trend.points.iter().filter_map(Point::standing) {
        for criterion in &standing.criteria {
            let next = seen.len();
            seen.entry(&criterion.series).or_insert(next);
        }
    }
    let mut series: Vec<(usize, &str)> = seen.into_iter().map(|(name, nth)| (nth, name)).collect();
    series.sort_unstable();
    series.into_iter().map(|(_, name)| name).collect()
}

/// The letter of a support.
fn support(support: Support) -> char {
    match support {
        Support::NotSupported => 'N',
        Support::AtRisk => 'r',
        Support::Supported => '+',
        Support::CarvedOut => 'c',
        Support::NotRelevant => '-',
    }
}

/// The letter of an operation.
fn operation(operation: Operation) -> char {
    match operation {
        Operation::Settled(state) => settled(state),
        Operation::NotDue => 'o',
        Operation::NoOccurrence => '0',
        Operation::InPlace => '+',
        Operation::NotYetOperated => 'y',
        Operation::NotImplemented => 'x',
        Operation::NotApplicable | Operation::Inherited => '-',
    }
}

fn settled(state: SlotState) -> char {
    match state {
        SlotState::OnTime => '+',
        state => crate::status::strip::letter(state),
    }
}

/// What the letters of strips stand for; those that none uses are left out.
pub(super) fn used(strips: &[String], of_controls: bool) -> String {
    let order = if of_controls { CONTROL } else { CRITERION };
    let all = order.iter().copied().chain([(NOTHING, "nothing to judge")]);
    let used = all.filter(|(letter, _)| strips.iter().any(|strip| strip.contains(*letter)));
    used.map(|(letter, name)| format!("{letter} {name}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_a_letter_that_is_explained() {
        let settled = SlotState::MEANINGS.iter().map(|(state, _)| *state).filter(|state| state.is_settled());
        let own = Operation::MEANINGS.iter().map(|(state, _)| *state);
        for state in settled.map(Operation::Settled).chain(own) {
            let letter = operation(state);
            let (_, meaning) = CONTROL.iter().find(|(one, _)| *one == letter).unwrap();
            assert!(meaning.split(", ").any(|name| name == state.name()), "{letter}: {}", state.name());
        }
        for (state, _) in Support::MEANINGS {
            let (_, meaning) = CRITERION.iter().find(|(one, _)| *one == support(*state)).unwrap();
            assert_eq!(meaning.replace(' ', "-"), state.name());
        }
    }
}
