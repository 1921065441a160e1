//! What the difference between two states of a programme means: not which lines changed, but what an auditor, an owner or
//! a reader of a policy would call it. Pure: two loaded programmes in, changes in words out.

use crate::gap::Subject;
use crate::program::Program;
use crate::source::Location;

/// What a change does to the programme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Weakens something that stood before: a pull request with one fails.
    Regression,
    /// Tells a truth that was not told before: listed, never fails.
    Disclosure,
    /// Mends something that was open.
    Repair,
    /// Neither; worth knowing when reading history.
    Edit,
}

/// A kind of change, as `soc2 explain` tells it.
#[derive(Debug)]
pub struct Kind {
    /// Kebab-case, says what happened: `cadence-loosened`.
    pub name: &'static str,
    pub effect: Effect,
    /// One sentence.
    pub brief: &'static str,
    /// Why an auditor cares.
    pub why: &'static str,
}

/// Where a change is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the state before: what was there is gone.
    Before(Location),
    /// In the state after.
    After(Location),
}

/// One change of one subject.
#[derive(Clone, Debug)]
pub struct Change {
    pub kind: &'static Kind,
    pub subject: Subject,
    pub place: Place,
    /// What happened, in words; user text is made harmless.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// Every change from one state to another, worst first, in a stable order.
pub fn changes(_before: &Program, _after: &Program) -> Vec<Change> {
    Vec::new()
}
