//! Is a criterion supported? Rolled up from coverage, and from the design and operation of the controls counted.

use std::collections::BTreeSet;

use super::AuditStanding;
use super::coverage::{Coverage, CriterionStanding};
use super::operation::{ControlStanding, Operation};

/// Management's own view of a criterion, worst first; the last two stand apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Support {
    NotSupported,
    AtRisk,
    Supported,
    CarvedOut,
    NotRelevant,
}

impl Support {
    /// All verdicts and what they mean, for `soc2 explain`.
    pub const MEANINGS: &'static [(Self, &'static str)] = &[
        (
            Self::NotSupported,
            "no control in place names it, or a counted control is unknown, unevidenced, missed or deviating, or the \
             design of one is deficient",
        ),
        (
            Self::AtRisk,
            "covered on part of the days only, or a counted control was late, before the window or awaits the \
             auditor's agreement, or nothing is settled yet",
        ),
        (Self::Supported, "covered on every judged day, and no counted control says otherwise"),
        (Self::CarvedOut, "met by a carved-out subservice organisation alone"),
        (Self::NotRelevant, "does not apply, with the reason that the system description gives (DC 8)"),
    ];

    /// The name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotSupported => "not-supported",
            Self::AtRisk => "at-risk",
            Self::Supported => "supported",
            Self::CarvedOut => "carved-out",
            Self::NotRelevant => "not-relevant",
        }
    }
}

/// What keeps a criterion from being supported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Its coverage is partial or below.
    Coverage,
    /// A control's design is deficient, by index.
    Design(usize),
    /// A control's operation, by index.
    Operation(usize),
    /// No counted control has a settled slot.
    NothingSettled,
    /// A file of controls cannot be read; what stands in it may speak against the criterion.
    Unread,
}

/// The verdict on a criterion, and every cause at that verdict's weight.
pub(super) fn roll_up(
    criterion: &CriterionStanding,
    controls: &[ControlStanding],
    unread: bool,
) -> (Support, Vec<Cause>) {
    match criterion.coverage {
        Coverage::CarvedOut => return (Support::CarvedOut, Vec::new()),
        Coverage::NotRelevant => return (Support::NotRelevant, Vec::new()),
        Coverage::NotAddressed | Coverage::PlannedOnly => {
            return (Support::NotSupported, vec![Cause::Coverage]);
        }
        Coverage::Partial | Coverage::Covered => {}
    }
    let counted: Vec<&ControlStanding> = criterion
        .in_place
        .iter()
        .filter_map(|index| controls.get(*index))
        .filter(|control| control.in_place.is_some())
        .collect();
    let mut causes = Vec::new();
    for control in &counted {
        if !control.design.is_empty() {
            causes.push(Cause::Design(control.control));
        }
        if control.operation.is_bad() {
            causes.push(Cause::Operation(control.control));
        }
    }
    if !causes.is_empty() {
        return (Support::NotSupported, causes);
    }
    if criterion.coverage == Coverage::Partial {
        causes.push(Cause::Coverage);
    }
    causes.extend(
        counted.iter().filter(|one| one.operation.is_at_risk()).map(|one| Cause::Operation(one.control)),
    );
    if counted.iter().all(|one| !one.operation.is_settled()) {
        causes.push(Cause::NothingSettled);
    }
    if unread {
        return (Support::NotSupported, vec![Cause::Unread]);
    }
    if causes.is_empty() { (Support::Supported, causes) } else { (Support::AtRisk, causes) }
}

/// Slots of an audit's controls, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SlotCount {
    /// Settled slots: what was due.
    pub due: usize,
    /// Of those, filled by accepted evidence.
    pub evidenced: usize,
    /// Of the evidenced ones, not on time.
    pub late: usize,
    /// Of the due ones, without accepted evidence or deviating.
    pub lacking: usize,
    /// Not due yet.
    pub open: usize,
}

impl SlotCount {
    /// Counts the slots of some controls.
    pub fn of<'c>(controls: impl IntoIterator<Item = &'c ControlStanding>) -> Self {
        let mut count = Self::default();
        for control in controls {
            let type1 = matches!(control.operation, Operation::NotYetOperated);
            for slot in control.slots.iter().filter(|_| !type1) {
                if !slot.state.is_settled() {
                    count.open += usize::from(slot.state == super::SlotState::Open);
                    continue;
                }
                count.due += 1;
                if slot.state.is_filled() {
                    count.evidenced += 1;
                    count.late += usize::from(slot.state != super::SlotState::OnTime);
                } else {
                    count.lacking += 1;
                }
            }
        }
        count
    }
}

impl AuditStanding {
    /// How many criteria have a verdict.
    pub fn supported(&self, support: Support) -> usize {
        self.criteria.iter().filter(|criterion| criterion.support == support).count()
    }

    /// The controls that a criterion in scope names; what becomes of the others does not touch this audit.
    pub fn in_scope(&self) -> impl Iterator<Item = &ControlStanding> {
        let named: BTreeSet<usize> =
            self.criteria.iter().flat_map(|criterion| criterion.controls.iter().copied()).collect();
        self.controls.iter().filter(move |standing| named.contains(&standing.control))
    }

    /// Criteria that are judged: all but the ones that do not apply.
    pub fn judged(&self) -> usize {
        self.criteria.len() - self.supported(Support::NotRelevant)
    }
}
