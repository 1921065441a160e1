//! What to do now, in order: faults of the files, scope and people, policies, controls in place, first evidence, the window, then slots and
//! what follows them. Nothing is judged here; steps come from the judgement and from what is due.

mod controls;
pub mod human;
pub mod json;
mod policies;
mod scope;
mod slots;
mod start;

pub use start::{Start, earliest_start};

use crate::due::Who;
use crate::timeline::{AuditStanding, Judgement};

/// What a step is about; in the order of the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    Faults,
    Scope,
    Policies,
    Controls,
    FirstEvidence,
    Window,
    Slots,
    FollowUps,
    Records,
}

impl Stage {
    /// The name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Faults => "faults",
            Self::Scope => "scope",
            Self::Policies => "policies",
            Self::Controls => "controls",
            Self::FirstEvidence => "first-evidence",
            Self::Window => "window",
            Self::Slots => "slots",
            Self::FollowUps => "follow-ups",
            Self::Records => "records",
        }
    }
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub stage: Stage,
    /// What, as an order: `raj approves 2 policies`.
    pub what: String,
    /// Why it comes now.
    pub why: String,
    /// Whose it is: a person or role, if one is known.
    pub who: Option<String>,
    /// Ids of the people and roles it falls to.
    pub whose: Vec<String>,
    /// What to type, or which file to open.
    pub command: String,
}

impl Step {
    /// A step that is nobody's in particular.
    fn new(
        stage: Stage,
        what: impl Into<String>,
        why: impl Into<String>,
        command: impl Into<String>,
    ) -> Self {
        let (what, why, command) = (what.into(), why.into(), command.into());
        Self { stage, what, why, who: None, whose: Vec::new(), command }
    }

    fn of(mut self, all: &[Who]) -> Self {
        let mut words: Vec<String> =
            all.iter().filter(|who| **who != Who::default()).map(ToString::to_string).collect();
        words.sort_unstable();
        words.dedup();
        self.who = (!words.is_empty()).then(|| crate::text::some(&words, 3));
        self.whose = all.iter().flat_map(Who::names).collect();
        self.whose.sort_unstable();
        self.whose.dedup();
        self
    }
}

/// `raj approves`, or `approve` when nobody is known to.
fn does(who: &Who, third: &str, order: &str) -> String {
    match who.people.as_slice() {
        [] => order.to_owned(),
        [one] => format!("{one} {third}"),
        people => format!("{} {third}", people.join(" or ")),
    }
}

/// The work for an audit, the most urgent first; before all else the faults that make `soc2 check` fail.
pub fn steps(judgement: &Judgement<'_>, audit: &AuditStanding, faults: usize) -> Vec<Step> {
    let mut steps = Vec::new();
    scope::faults(judgement, faults, &mut steps);
    scope::add(judgement, audit, &mut steps);
    policies::add(judgement, &mut steps);
    controls::add(judgement, audit, &mut steps);
    start::add(judgement, audit, &mut steps);
    slots::add(judgement, audit, &mut steps);
    steps
}
