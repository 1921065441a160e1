//! Policies over time: which text was in force on which day. An approval speaks for the text whose hash it holds.

use jiff::ToSpan;
use jiff::civil::Date;

use super::acceptance::Ground;
use super::calendar::moved;
use super::people;
use super::reason::Reason;
use crate::model::Policy;
use crate::model::policy::{Approval, ReviewCadence};
use crate::text::safe;

/// What a policy is on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PolicyState {
    /// Its text stands approved and in effect.
    InForce,
    /// In force; nobody has looked at it for longer than its review cadence.
    DueForReview,
    /// Approved, and in effect from a later day.
    Approved,
    /// The text differs from every approved one; the approved text stays in force where git still holds it.
    Changed,
    /// Nobody has approved it.
    Draft,
}

impl PolicyState {
    /// All states and what they mean, for `soc2 explain`.
    pub const MEANINGS: &'static [(Self, &'static str)] = &[
        (Self::InForce, "its text stands approved by a person who worked here then, and in effect"),
        (Self::DueForReview, "in force, and nobody has looked at it for longer than its review cadence"),
        (Self::Approved, "approved, and in effect from a later day"),
        (Self::Changed, "the text differs from every approved one; what is written here is not in force"),
        (Self::Draft, "nobody has approved it; it is a draft and orders nothing"),
    ];

    /// The name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::InForce => "in-force",
            Self::DueForReview => "due-for-review",
            Self::Approved => "approved",
            Self::Changed => "changed-since-approval",
            Self::Draft => "draft",
        }
    }

    /// Does its text bind people?
    pub fn is_in_force(self) -> bool {
        matches!(self, Self::InForce | Self::DueForReview)
    }
}

/// A policy as of the judged day.
#[derive(Debug)]
pub struct PolicyStanding {
    /// Index into [`crate::program::Program::policies`].
    pub policy: usize,
    pub state: PolicyState,
    /// The approval that holds on the as-of day, by index.
    pub approval: Option<usize>,
    /// First day on which the text as it stands was in force.
    pub since: Option<Date>,
    /// Last day before the next look at it is due.
    pub review_by: Option<Date>,
}

impl PolicyStanding {
    /// Was the text as it stands in force on a day up to as-of?
    pub fn is_in_force_on(&self, day: Date) -> bool {
        self.since.is_some_and(|since| since <= day)
    }
}

/// The standing of every policy, in the programme's order.
pub(super) fn stand(ground: &Ground<'_>) -> Vec<PolicyStanding> {
    ground.program.policies.iter().enumerate().map(|(index, policy)| one(ground, index, policy)).collect()
}

fn one(ground: &Ground<'_>, index: usize, policy: &Policy) -> PolicyStanding {
    let as_of = ground.clock.as_of;
    let sound =
        || policy.head.approvals.iter().enumerate().filter(|(_, approval)| is_sound(ground, approval));
    let speaks = |approval: &Approval| {
        policy.body.sha256.is_some() && approval.text.as_ref().map(|text| text.value) == policy.body.sha256
    };
    let of_text: Vec<(usize, Date)> = sound()
        .filter(|(_, approval)| speaks(approval))
        .filter_map(|(nth, approval)| {
            // Nothing is in force before it was approved.
            let effective = approval.effective.as_ref()?.value;
            Some((nth, approval.on.as_ref().map_or(effective, |on| effective.max(on.value))))
        })
        .collect();
    let approval = of_text.iter().rev().find(|(_, effective)| *effective <= as_of).map(|(nth, _)| *nth);
    let since = of_text.iter().map(|(_, effective)| *effective).min();
    let looked_at = policy.head.approvals.iter().filter_map(|approval| approval.on.as_ref());
    let looked_at = looked_at.chain(policy.head.reviews.iter().filter_map(|review| review.on.as_ref()));
    let last = looked_at.map(|on| on.value).filter(|on| *on <= as_of).max();
    let months = match policy.head.review.as_ref().map(|review| review.value) {
        Some(ReviewCadence::Quarterly) => 3,
        Some(ReviewCadence::Semiannual) => 6,
        Some(ReviewCadence::Annual) | None => 12,
    };
    let review_by = last.map(|last| moved(last, months.months()));
    let state = match (approval, of_text.is_empty()) {
        (Some(_), _) if review_by.is_some_and(|by| by < as_of) => PolicyState::DueForReview,
        (Some(_), _) => PolicyState::InForce,
        (None, false) => PolicyState::Approved,
        (None, true) if sound().next().is_some() => PolicyState::Changed,
        (None, true) => PolicyState::Draft,
    };
    PolicyStanding { policy: index, state, approval, since: since.filter(|_| approval.is_some()), review_by }
}

/// An approval in view, whole, by a person who worked here on its day.
fn is_sound(ground: &Ground<'_>, approval: &Approval) -> bool {
    let (Some(by), Some(on), Some(_), Some(_)) =
        (&approval.by, &approval.on, &approval.effective, &approval.text)
    else {
        return false;
    };
    let person = ground.program.person(by).and_then(|index| ground.program.registers.people.get(index));
    let may_approve =
        person.is_some_and(|person| !people::is_bot(person) && people::employed(person, on.value));
    may_approve && on.value <= ground.clock.as_of && approval.misread.nothing()
}

impl super::Judgement<'_> {
    /// Why a policy has its state.
    pub fn why_policy(&self, policy: &PolicyStanding) -> Reason {
        let head = self.program.policies.get(policy.policy).map(|policy| &policy.head);
        let approval = policy.approval.and_then(|nth| head?.approvals.get(nth));
        let by = approval.and_then(|approval| approval.by.as_ref()).map_or(String::new(), |by| safe(by));
        let since = policy.since.map_or_else(String::new, |since| format!(", in force since {since}"));
        match policy.state {
            PolicyState::InForce => Reason::new(format!("approved by {by}{since}")),
            PolicyState::DueForReview => {
                let day = policy.review_by.map_or_else(String::new, |day| day.to_string());
                Reason::new(format!("approved by {by}{since}; its review was due by {day}"))
                    .change("read it again and record the review, also when nothing changes")
            }
            PolicyState::Approved => Reason::new("approved; it takes effect on a later day"),
            PolicyState::Changed => Reason::new("its text is not one that was approved")
                .change("have the new text approved by management"),
            PolicyState::Draft => {
                Reason::new("nobody has approved it").change("have it approved by management")
            }
        }
    }
}
