//! A state as it is shown: its name, a sign that can be read without colour, and a tone for the colour.

use serde::Serialize;

use crate::timeline::{Operation, PolicyState, SlotState, Support};

/// A state to show.
#[derive(Clone, Copy, Serialize)]
pub(super) struct Badge {
    pub(super) name: &'static str,
    pub(super) sign: &'static str,
    /// One of the classes of the style: `good`, `watch`, `unknown`, `weak`, `bad`, `open`, `none`.
    pub(super) tone: &'static str,
}

/// Of a slot.
pub(super) fn of_slot(state: SlotState) -> Badge {
    let (sign, tone) = match state {
        SlotState::OnTime => ("✓", "good"),
        SlotState::Late => ("L", "watch"),
        SlotState::OperatedBeforeWindow => ("B", "watch"),
        SlotState::NeedsAuditorAgreement => ("A", "watch"),
        SlotState::Unknown => ("?", "unknown"),
        SlotState::InsufficientEvidence => ("!", "weak"),
        SlotState::Missed => ("✗", "bad"),
        SlotState::Deviation => ("D", "bad"),
        SlotState::Open => ("·", "open"),
        SlotState::NotExpected => ("–", "none"),
        SlotState::PerformedBeforeWindow => ("b", "open"),
        SlotState::NoOccurrence => ("0", "none"),
    };
    Badge { name: state.name(), sign, tone }
}

/// Of a control.
pub(super) fn of_control(operation: Operation) -> Badge {
    let (sign, tone) = match operation {
        Operation::Settled(state) => return of_slot(state),
        Operation::NotDue => ("·", "open"),
        Operation::NoOccurrence => ("0", "good"),
        Operation::InPlace => ("✓", "good"),
        Operation::NotYetOperated => ("○", "open"),
        Operation::NotImplemented | Operation::NotApplicable | Operation::Inherited => ("–", "none"),
    };
    Badge { name: operation.name(), sign, tone }
}

/// Of a criterion.
pub(super) fn of_support(support: Support) -> Badge {
    let (sign, tone) = match support {
        Support::NotSupported => ("✗", "bad"),
        Support::AtRisk => ("!", "watch"),
        Support::Supported => ("✓", "good"),
        Support::CarvedOut | Support::NotRelevant => ("–", "none"),
    };
    Badge { name: support.name(), sign, tone }
}

/// Of a policy.
pub(super) fn of_policy(state: PolicyState) -> Badge {
    let (sign, tone) = match state {
        PolicyState::InForce => ("✓", "good"),
        PolicyState::DueForReview => ("!", "watch"),
        PolicyState::Approved => ("·", "open"),
        PolicyState::Changed => ("≠", "bad"),
        PolicyState::Draft => ("–", "weak"),
    };
    Badge { name: state.name(), sign, tone }
}
