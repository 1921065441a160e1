//! What the difference between two states of a programme means: not which lines changed, but what an auditor, an owner or
//! a reader of a policy would call it. Pure: two loaded programmes in, changes in words out.

mod agreements;
mod anew;
mod approvals;
mod assurances;
mod audits;
mod controls;
mod criteria;
mod duties;
mod evidence;
mod found;
mod handovers;
mod implementation;
mod incidents;
mod keys;
mod mappings;
mod outcomes;
mod owners;
mod pairs;
mod people;
mod policies;
mod rows;
mod scope;
mod sentences;
mod settings;
mod superseded;
mod systems;
mod unread;
mod vendors;
mod waivers;
mod wording;

#[cfg(test)]
mod tests;

use crate::gap::Subject;
use crate::model::Policy;
use crate::program::Program;
use crate::source::Location;
use found::Found;

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

impl Effect {
    /// The name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Regression => "regression",
            Self::Disclosure => "disclosure",
            Self::Repair => "repair",
            Self::Edit => "edit",
        }
    }

    /// All effects, worst first, and what each is.
    pub const MEANINGS: &'static [(Self, &'static str)] = &[
        (Self::Regression, "weakens something that stood before; fails `soc2 check --base`"),
        (Self::Disclosure, "tells a truth that was not told before; listed as now known, never fails"),
        (Self::Repair, "mends something that was open"),
        (Self::Edit, "does neither; it is worth a line in a history"),
    ];
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

impl Change {
    /// Is it about a file of which the state before says nothing?
    pub fn is_unknown(&self) -> bool {
        self.kind.name == unread::UNREAD.name
    }

    /// Adds what to do about it.
    fn help(&mut self, help: impl Into<String>) {
        self.help = Some(help.into());
    }
}

/// The kind of that name.
pub fn find(name: &str) -> Option<&'static Kind> {
    KINDS.iter().copied().find(|kind| kind.name == name)
}

/// Does what a change means rest on who wrote it? Then both states have to bring their history.
pub fn asks_who_wrote(before: &Program, after: &Program) -> bool {
    let old = |policy: &Policy| before.policies.get(*before.names.policies.get(&*policy.head.id.value.0)?);
    after.policies.iter().any(|new| old(new).is_some_and(|old| anew::candidate(old, new).is_some()))
}

/// Every change from one state to another, worst first, in a stable order.
pub fn changes(before: &Program, after: &Program) -> Vec<Change> {
    let mut found = Found::new(before, after);
    criteria::compare(&mut found);
    controls::compare(&mut found);
    policies::compare(&mut found);
    evidence::compare(&mut found);
    implementation::compare(&mut found);
    people::compare(&mut found);
    systems::compare(&mut found);
    vendors::compare(&mut found);
    incidents::compare(&mut found);
    assurances::compare(&mut found);
    rows::compare(&mut found);
    scope::compare(&mut found);
    agreements::compare(&mut found);
    handovers::compare(&mut found);
    audits::compare(&mut found);
    settings::compare(&mut found);
    keys::compare(&mut found);
    waivers::compare(&mut found);
    unread::compare(&mut found);
    found.told()
}

/// Every kind of change, worst first.
pub static KINDS: &[&Kind] = &[
    &criteria::LOST,
    &controls::REMOVED,
    &controls::WITHDRAWN,
    &controls::NARROWED,
    &controls::LATER,
    &controls::JUDGEMENT_REMOVED,
    &mappings::REMOVED,
    &mappings::REDIRECTED,
    &policies::REMOVED,
    &policies::SECTION_REMOVED,
    &policies::SENTENCE_REMOVED,
    &policies::SENTENCE_CHANGED,
    &policies::SECTION_REWRITTEN,
    &approvals::REMOVED,
    &approvals::ALTERED,
    &approvals::REVIEW_REMOVED,
    &approvals::REVIEW_LOOSENED,
    &duties::CADENCE_LOOSENED,
    &duties::GRACE_RAISED,
    &duties::REVIEW_DROPPED,
    &duties::REQUIREMENT_LOWERED,
    &duties::SYSTEMS_NARROWED,
    &duties::POPULATION_DROPPED,
    &duties::TEST_REMOVED,
    &duties::KEY_LOWERED,
    &owners::REMOVED,
    &owners::VACATED,
    &evidence::REMOVED,
    &evidence::ARTIFACT_REMOVED,
    &evidence::CHANGED_AFTER_REVIEW,
    &evidence::BYTES_CHANGED,
    &outcomes::IMPROVED,
    &evidence::REVIEW_REMOVED,
    &evidence::REVIEW_ALTERED,
    &evidence::UNLINKED,
    &implementation::REMOVED,
    &implementation::UNLINKED,
    &incidents::EXCEPTION_REMOVED,
    &incidents::EXCEPTION_SOFTENED,
    &incidents::INCIDENT_REMOVED,
    &incidents::INCIDENT_SOFTENED,
    &incidents::RISK_REMOVED,
    &incidents::RISK_LOWERED,
    &people::REMOVED,
    &people::END_REMOVED,
    &people::BOT_MADE_PERSON,
    &people::NAME_REMOVED,
    &people::ROLE_REMOVED,
    &people::TENURE_REMOVED,
    &systems::OUT,
    &vendors::REMOVED,
    &vendors::TIER_LOWERED,
    &vendors::REPORT_REMOVED,
    &vendors::CSOC_REMOVED,
    &assurances::REMOVED,
    &assurances::UNPINNED,
    &rows::UNLINKED,
    &rows::OUT,
    &rows::NARRATIVE_REMOVED,
    &scope::NARROWED,
    &scope::NOT_RELEVANT,
    &audits::REMOVED,
    &audits::NARROWED,
    &agreements::ALTERED,
    &agreements::NARROWED,
    &handovers::ALTERED,
    &waivers::UNAPPROVED,
    &waivers::EXTENDED,
    &waivers::BROADENED,
    &waivers::ALTERED,
    &settings::LEVEL_LOWERED,
    &settings::MUTE_ADDED,
    &settings::NUMBER_LOOSENED,
    &settings::INTERVALS_REDRAWN,
    &settings::BEGINS_LATER,
    &keys::ADDED,
    &keys::WIDENED,
    &keys::REMOVED,
    &outcomes::FAILED,
    &outcomes::EXCEPTIONS,
    &incidents::EXCEPTION_ADDED,
    &incidents::INCIDENT_ADDED,
    &evidence::REJECTED,
    &evidence::REVIEWED_AGAIN,
    &evidence::DATE_CORRECTED,
    &controls::DEFICIENT,
    &controls::RETIRED,
    &controls::ADDED,
    &policies::REWORDING_APPROVED,
    &approvals::LAPSED,
    &people::LEFT,
    &people::NAME_ADDED,
    &people::PERSON_MADE_BOT,
    &people::VACATED,
    &incidents::RISK_ADDED,
    &incidents::RISK_ACCEPTED,
    &vendors::WEAK_REPORT,
    &vendors::ADDED,
    &vendors::ENDED,
    &systems::ENDED,
    &systems::ADDED,
    &waivers::ADDED,
    &rows::CHANGED,
    &agreements::AGREED,
    &audits::ISSUED,
    &settings::INTERVALS_CHANGED,
    &settings::BEGINS_SET,
    &keys::LISTED,
    &keys::ENDED,
    &unread::UNREAD,
    &criteria::COVERED,
    &owners::RESTORED,
    &people::FILLED,
    &controls::DESIGN_MENDED,
    &incidents::REMEDIATED,
    &waivers::REMOVED,
    &controls::REPLACED,
    &controls::RENAMED,
    &controls::STATUS,
    &controls::EARLIER,
    &controls::REWORDED,
    &controls::DRAFT_REMOVED,
    &mappings::MOVED,
    &mappings::ADDED,
    &duties::CADENCE_TIGHTENED,
    &owners::CHANGED,
    &controls::DETAIL,
    &implementation::LINKED,
    &policies::REPLACED,
    &policies::ADDED,
    &policies::REWORDED,
    &policies::DRAFT_REMOVED,
    &approvals::APPROVED,
    &approvals::REVIEWED,
    &evidence::FILED,
    &evidence::REVIEWED,
    &evidence::EDITED,
    &evidence::MOVED,
    &people::JOINED,
    &people::HANDED_OVER,
    &vendors::REPORT,
    &incidents::INCIDENT_UPDATED,
    &incidents::RISK_RESCORED,
    &assurances::ACKNOWLEDGED,
    &assurances::TRAINED,
    &assurances::HELD,
    &rows::NARRATIVE,
    &scope::WIDENED,
    &audits::WIDENED,
    &waivers::NARROWED,
    &waivers::RENAMED,
    &settings::LEVEL_RAISED,
    &settings::CHANGED,
];
