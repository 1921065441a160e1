//! An audit's window as it was lived: the standing on each of many days, as the commit of that day stood, and the events
//! that moved it. Plain data and words; nothing is judged or read here.

mod csv;
mod events;
mod human;
mod json;
mod strips;

use std::sync::Arc;

use jiff::civil::Date;

use crate::model::audit::AuditType;
use crate::timeline::{
    AuditStanding, Cause, ControlStanding, CriterionStanding, Judgement, Operation, PolicyStanding,
    PolicyState, SlotState, Support,
};

pub use csv::csv;
use events::is_good;
pub use events::{Event, Subject, events};
pub use human::human;
pub use json::json;

/// How far apart the points lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Every {
    Day,
    /// Sundays, and the last day.
    Week,
    /// Each commit of the first-parent line, on its day.
    Commit,
}

impl Every {
    /// The word of the flag.
    pub fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Commit => "commit",
        }
    }
}

/// The standing of one audit through time.
#[derive(Debug)]
pub struct Trend {
    /// `None` when `soc2.toml` names no audit; then each day alone is judged.
    pub audit: Option<String>,
    pub r#type: AuditType,
    /// The audit's window as the last point has it.
    pub window: Option<(Date, Date)>,
    pub every: Every,
    /// In the order in which they were lived.
    pub points: Vec<Point>,
}

/// One day, or one commit.
#[derive(Debug, PartialEq, Eq)]
pub struct Point {
    pub day: Date,
    /// The whole id of the commit that stood on that day.
    pub commit: Option<Box<str>>,
    pub seen: Seen,
    /// The programme's files that differ from those of the point before, by path.
    pub changed: Vec<Changed>,
}

/// What a point shows.
#[derive(Debug, PartialEq, Eq)]
pub enum Seen {
    Standing(Standing),
    /// Nothing was there to judge yet.
    NoCommit,
    NoProgramme,
    NoAudit,
}

impl Seen {
    /// In words, why there is no standing.
    pub fn absent(&self) -> Option<&'static str> {
        match self {
            Self::Standing(_) => None,
            Self::NoCommit => Some("no commit yet"),
            Self::NoProgramme => Some("no soc2.toml yet"),
            Self::NoAudit => Some("no such audit yet"),
        }
    }
}

/// A file that a commit since the last point touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    pub path: Box<str>,
    pub how: How,
    /// Of a file of evidence: the controls that its manifest names, before or after.
    pub controls: Vec<Box<str>>,
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    Added,
    Changed,
    Removed,
}

/// An audit's standing on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// In the programme's order.
    pub controls: Vec<Arc<ControlPoint>>,
    pub criteria: Vec<Arc<CriterionPoint>>,
    pub policies: Vec<Arc<PolicyPoint>>,
}

/// A control on a day.
#[derive(Debug, PartialEq, Eq)]
pub struct ControlPoint {
    pub id: Box<str>,
    /// The file that says what it is.
    pub path: Box<str>,
    pub operation: Operation,
    /// Why its design is deficient, in words; empty when nothing says so.
    pub design: Vec<String>,
    /// The names of its slots and when they are due, which seldom move.
    expected: Arc<[(Box<str>, Date)]>,
    /// The state of each of them.
    states: Box<[SlotState]>,
    /// Ids of the policies it rests on.
    pub policies: Box<[Box<str>]>,
}

/// A slot on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotPoint<'t> {
    /// `2026-Q1 github`; empty where there are no intervals and no systems.
    pub name: &'t str,
    pub due: Date,
    pub state: SlotState,
}

/// A criterion on a day.
#[derive(Debug, PartialEq, Eq)]
pub struct CriterionPoint {
    pub id: Box<str>,
    pub series: Box<str>,
    pub support: Support,
    /// What keeps it from being supported: a control, by index, or words.
    pub causes: Box<[Because]>,
}

/// One thing that keeps a criterion from being supported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Because {
    /// The design of a control, by index into [`Standing::controls`].
    Design(usize),
    /// The operation of a control, by index into [`Standing::controls`].
    Operation(usize),
    Words(&'static str),
}

/// A policy on a day.
#[derive(Debug, PartialEq, Eq)]
pub struct PolicyPoint {
    pub id: Box<str>,
    pub path: Box<str>,
    pub state: PolicyState,
}

impl ControlPoint {
    /// What is kept of a control's standing.
    pub fn of(judgement: &Judgement<'_>, standing: &ControlStanding) -> Self {
        let program = judgement.program;
        let control = program.controls.get(standing.control);
        let slots = standing.slots.iter();
        let expected = slots.map(|slot| (judgement.slot_name(standing, slot).into(), slot.due));
        let policies = control.map_or(&[][..], |control| &control.policies);
        Self {
            id: judgement.control_name(standing.control).into(),
            path: control.map_or("", |control| program.sources.path(control.id.at.file)).into(),
            operation: standing.operation,
            design: standing.design.iter().map(crate::timeline::DesignFault::words).collect(),
            expected: expected.collect(),
            states: states(standing).collect(),
            policies: policies.iter().map(|name| crate::program::document(&name.value.0).into()).collect(),
        }
    }

    /// The same control with the same slots, where only states and design may differ.
    pub fn moved_to(&self, standing: &ControlStanding) -> Self {
        Self {
            id: self.id.clone(),
            path: self.path.clone(),
            operation: standing.operation,
            design: standing.design.iter().map(crate::timeline::DesignFault::words).collect(),
            expected: Arc::clone(&self.expected),
            states: states(standing).collect(),
            policies: self.policies.clone(),
        }
    }

    /// Are its slots, which are the same as those of a standing, in the same states?
    pub fn has_states_of(&self, standing: &ControlStanding) -> bool {
        self.states.iter().copied().eq(states(standing))
    }

    /// Its slots, by system, then by day.
    pub fn slots(&self) -> impl Iterator<Item = SlotPoint<'_>> {
        let all = self.expected.iter().zip(&self.states);
        all.map(|((name, due), state)| SlotPoint { name, due: *due, state: *state })
    }
}

fn states(standing: &ControlStanding) -> impl Iterator<Item = SlotState> {
    standing.slots.iter().map(|slot| slot.state)
}

impl CriterionPoint {
    /// What is kept of a criterion's standing.
    pub fn of(judgement: &Judgement<'_>, standing: &CriterionStanding) -> Self {
        let program = judgement.program;
        let framework = program.frameworks.get(standing.id.framework);
        let criterion = framework.and_then(|of| of.criteria.get(standing.id.criterion));
        let series = criterion.and_then(|of| of.series.as_ref()).map_or("", |series| &*series.value);
        let because = |cause: &Cause| match cause {
            Cause::Design(index) => Because::Design(*index),
            Cause::Operation(index) => Because::Operation(*index),
            Cause::Coverage => Because::Words(match standing.coverage {
                crate::timeline::Coverage::NotAddressed => "no control names it",
                crate::timeline::Coverage::PlannedOnly => "only draft, planned or retired controls name it",
                _ => "some day of the window is without a control in place",
            }),
            Cause::NothingSettled => Because::Words("nothing is settled yet"),
            Cause::Unread => Because::Words("a file of controls cannot be read"),
        };
        Self {
            id: program.criterion_name(standing.id).into(),
            series: series.into(),
            support: standing.support,
            causes: standing.causes.iter().map(because).collect(),
        }
    }
}

impl PolicyPoint {
    /// What is kept of a policy's standing.
    pub fn of(judgement: &Judgement<'_>, standing: &PolicyStanding) -> Self {
        let policy = judgement.program.policies.get(standing.policy);
        Self {
            id: policy.map_or(String::new(), |policy| policy.head.id.to_string()).into(),
            path: policy.map_or("", |policy| judgement.program.sources.path(policy.file)).into(),
            state: standing.state,
        }
    }
}

impl Standing {
    /// What is kept of an audit's standing.
    pub fn of(judgement: &Judgement<'_>, audit: &AuditStanding) -> Self {
        let controls = audit.controls.iter().map(|one| Arc::new(ControlPoint::of(judgement, one)));
        let criteria = audit.criteria.iter().map(|one| Arc::new(CriterionPoint::of(judgement, one)));
        let policies = judgement.policies.iter().map(|one| Arc::new(PolicyPoint::of(judgement, one)));
        Self { controls: controls.collect(), criteria: criteria.collect(), policies: policies.collect() }
    }

    /// How many criteria stand at a support.
    pub fn supported(&self, support: Support) -> usize {
        self.criteria.iter().filter(|one| one.support == support).count()
    }

    /// Criteria that are judged: all but those that are not relevant.
    pub fn judged(&self) -> usize {
        self.criteria.len() - self.supported(Support::NotRelevant)
    }

    /// Policies in force.
    pub fn in_force(&self) -> usize {
        self.policies.iter().filter(|one| one.state.is_in_force()).count()
    }

    /// Slots by state, in the order of their meanings; states without slots too.
    pub fn slots(&self) -> Vec<(SlotState, usize)> {
        let mut counts = vec![0; SlotState::MEANINGS.len()];
        for state in self.controls.iter().flat_map(|control| &control.states) {
            if let Some(n) = counts.get_mut(*state as usize) {
                *n += 1;
            }
        }
        SlotState::MEANINGS.iter().map(|(state, _)| *state).zip(counts).collect()
    }

    /// Settled slots that are filled, and all settled ones; those of controls that never ran so far are not counted.
    pub fn evidenced(&self) -> (usize, usize) {
        let ran = self.controls.iter().filter(|control| control.operation != Operation::NotYetOperated);
        let settled = ran.flat_map(|control| &control.states).filter(|state| state.is_settled());
        settled.fold((0, 0), |(filled, all), state| (filled + usize::from(state.is_filled()), all + 1))
    }
}

impl Point {
    /// The standing, where there was one.
    pub fn standing(&self) -> Option<&Standing> {
        match &self.seen {
            Seen::Standing(standing) => Some(standing),
            _ => None,
        }
    }

    /// The first seven digits of the commit.
    pub fn short(&self) -> &str {
        self.commit.as_deref().map_or("", |id| id.get(..7).unwrap_or(id))
    }
}

/// Which controls and criteria are shown; all when none is named.
#[derive(Debug, Default)]
pub struct Wanted {
    pub controls: Vec<String>,
    pub criteria: Vec<String>,
}

impl Wanted {
    /// Is nothing left out?
    pub fn is_all(&self) -> bool {
        self.controls.is_empty() && self.criteria.is_empty()
    }

    fn control(&self, id: &str) -> bool {
        self.is_all() || self.controls.iter().any(|one| one == id)
    }

    fn criterion(&self, id: &str) -> bool {
        self.is_all() || self.criteria.iter().any(|one| one.eq_ignore_ascii_case(id))
    }

    /// The first name that no day of a trend knows.
    pub fn unknown(&self, trend: &Trend) -> Option<&str> {
        let standings = || trend.points.iter().filter_map(Point::standing);
        let controls = self
            .controls
            .iter()
            .find(|id| !standings().any(|one| one.controls.iter().any(|control| *control.id == ***id)));
        let criteria = self.criteria.iter().find(|id| {
            !standings().any(|one| one.criteria.iter().any(|one| one.id.eq_ignore_ascii_case(id)))
        });
        controls.or(criteria).map(String::as_str)
    }
}
