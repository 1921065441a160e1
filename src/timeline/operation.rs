//! A control in an audit: design and operation, judged apart. Its operation is its worst settled slot.

use jiff::civil::Date;

use super::acceptance::{self, EvidenceStanding, Ground};
use super::coverage::{in_effect, overlap};
use super::flaw::Flaw;
use super::occurrence::{self, Occurrence};
use super::slot::{Filler, Refused, Slot, SlotState, Spell};
use super::used::{self, Mark};
use super::{AuditStanding, Settings, budget, design, distance, event, exceptions, periodic, spot, type1};
use crate::model::audit::AuditType;
use crate::model::control::Applies;
use crate::model::evidence::Outcome;
use crate::model::{Cadence, Control};

/// Flaws of a manifest that are kept with each of its occurrences.
const FLAWS: usize = 20;

/// How a control operated. The settled states of slots, and what only a control can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    /// Type II: the worst settled state of its slots.
    Settled(SlotState),
    /// Type II: no slot is settled yet.
    NotDue,
    /// Type II: an event control, and it is proven that nothing happened.
    NoOccurrence,
    /// Type I: designed, in place and shown.
    InPlace,
    /// Type I: designed and in place; it has not run yet, which is acceptable.
    NotYetOperated,
    /// Draft, planned, or not in place on any judged day.
    NotImplemented,
    /// Decided not to apply.
    NotApplicable,
    /// A subservice organisation runs it.
    Inherited,
}

impl Operation {
    /// The states that only a control can have, and what they mean, for `soc2 explain`.
    pub const MEANINGS: &'static [(Self, &'static str)] = &[
        (Self::NotDue, "no slot is settled yet"),
        (
            Self::NoOccurrence,
            "an event control with proof that nothing happened in the window; stays visible",
        ),
        (Self::InPlace, "Type I: designed, in place, and shown by evidence that is recent enough"),
        (Self::NotYetOperated, "Type I: designed and in place, never run so far; acceptable at Type I"),
        (Self::NotImplemented, "draft, planned, or not in place on any judged day; covers nothing"),
        (Self::NotApplicable, "decided not to apply, with reason, person and date; leaves every count"),
        (Self::Inherited, "run by a subservice organisation; our monitoring of it is what is tested"),
    ];

    /// The name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Settled(state) => state.name(),
            Self::NotDue => "not-due",
            Self::NoOccurrence => "no-occurrence",
            Self::InPlace => "in-place",
            Self::NotYetOperated => "not-yet-operated",
            Self::NotImplemented => "not-implemented",
            Self::NotApplicable => "not-applicable",
            Self::Inherited => "inherited",
        }
    }

    /// Unknown or worse: a criterion with such a control is not supported.
    pub fn is_bad(self) -> bool {
        matches!(self, Self::Settled(state) if state >= SlotState::Unknown)
    }

    /// Late, before the window, or awaiting the auditor's agreement.
    pub fn is_at_risk(self) -> bool {
        matches!(self, Self::Settled(state) if SlotState::OnTime < state && state < SlotState::Unknown)
    }

    /// Is there a verdict?
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Settled(_) | Self::NoOccurrence | Self::InPlace)
    }
}

/// What stands beside a state without changing it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// In place on so many of the window's days.
    PartialPeriod { days: i64, of: i64 },
    /// Two occurrences that fill neighbouring slots lie this many days apart.
    Clustered { system: Option<usize>, first: Filler, second: Filler, days: i64 },
    /// Of a continuous control only one point of the window is shown.
    ShownOnce,
    /// None of its systems is in scope of the audit.
    NoSystemInScope,
    /// An occurrence noted exceptions or failed, and no evidence follows it up yet.
    ResultOpen { evidence: usize, on: Date },
    /// Evidence that lies outside the window: how many.
    OutsideWindow(usize),
}

/// A control in an audit.
#[derive(Debug)]
pub struct ControlStanding {
    /// Index into [`crate::program::Program::controls`].
    pub control: usize,
    /// The judged days on which it was in place: first, last.
    pub in_place: Option<(Date, Date)>,
    pub operation: Operation,
    /// Why its design is deficient; empty when nothing says so.
    pub design: Vec<design::DesignFault>,
    /// By system, then by day.
    pub slots: Vec<Slot>,
    pub remarks: Vec<Remark>,
}

/// An occurrence as a control sees it: what keeps it from being accepted, if anything.
pub(super) struct Shown<'p> {
    pub(super) evidence: usize,
    pub(super) one: Occurrence<'p>,
    pub(super) flaws: Vec<Flaw>,
    /// The manifest's artefacts show these; empty: none is named.
    pub(super) systems: std::sync::Arc<[&'p str]>,
    /// What tells each of its artefacts from others.
    pub(super) artifacts: std::sync::Arc<[Mark]>,
    /// Each row of the manifest is an occurrence, so its artefact may fill many intervals.
    pub(super) of_log: bool,
}

impl Shown<'_> {
    pub(super) fn filler(&self) -> Filler {
        Filler { on: self.one.on, evidence: self.evidence }
    }

    pub(super) fn refused(&self) -> Refused {
        Refused { evidence: self.evidence, on: self.one.on, flaws: self.flaws.clone() }
    }

    pub(super) fn is_accepted(&self) -> bool {
        self.flaws.is_empty()
    }

    /// Does it speak of the system? A control without systems takes all.
    pub(super) fn is_of(&self, system: Option<&str>) -> bool {
        match (system, self.one.system) {
            (None, _) => true,
            // An occurrence speaks of no system that its own artefacts do not show.
            (Some(system), Some(own)) => {
                own == system && (self.systems.is_empty() || self.systems.contains(&own))
            }
            // What names no system is shown beside each, as refused.
            (Some(system), None) => self.systems.is_empty() || self.systems.contains(&system),
        }
    }
}

/// Everything that the judgement of one control needs.
pub(super) struct Case<'g, 'p> {
    pub(super) ground: &'g Ground<'p>,
    pub(super) settings: &'g Settings,
    pub(super) control: &'p Control,
    pub(super) cadence: Cadence,
    /// First and last day it was in place.
    pub(super) life: (Date, Date),
    /// In order of dates, then of paths.
    pub(super) shown: &'g [Shown<'p>],
    /// A manifest of its folder could not be read.
    pub(super) unreadable: bool,
}

impl Case<'_, '_> {
    pub(super) fn as_of(&self) -> Date {
        self.ground.clock.as_of
    }

    /// Days after an interval in which an occurrence is late: the control's own, else the cadence's.
    pub(super) fn grace(&self) -> i64 {
        self.settings.grace_of(self.control, self.cadence)
    }

    /// What an unfilled, overdue slot is: the best that can be said of what was refused.
    pub(super) fn unfilled(&self, refused: &[Refused]) -> SlotState {
        if self.unreadable { SlotState::Unknown } else { unfilled(refused) }
    }
}

/// The same where every manifest could be read.
fn unfilled(refused: &[Refused]) -> SlotState {
    let unknown = |one: &Refused| one.flaws.iter().all(Flaw::is_unknown);
    if refused.iter().any(unknown) {
        SlotState::Unknown
    } else if refused.is_empty() {
        SlotState::Missed
    } else {
        SlotState::InsufficientEvidence
    }
}

/// The occurrences of a control in view, in order of dates, each with what keeps it from being accepted.
pub(super) fn shown<'p>(
    ground: &Ground<'p>,
    control: &'p Control,
    evidence: &[EvidenceStanding],
    of_control: &[u32],
    cut: &[u32],
    compensated: &dyn Fn(usize) -> bool,
) -> Vec<Shown<'p>> {
    let mut all = Vec::new();
    let needs_review = acceptance::needs_review(control);
    for (index, is_cut) in of_control.iter().map(|index| (*index as usize, cut.binary_search(index).is_ok()))
    {
        let (Some(folder), Some(standing)) = (ground.program.evidence.get(index), evidence.get(index)) else {
            continue;
        };
        if standing.out_of_view {
            continue;
        }
        let manifest = &*folder.manifest;
        let systems: std::sync::Arc<[&str]> = occurrence::systems(manifest).into();
        let artifacts: std::sync::Arc<[Mark]> = used::marks(manifest).into();
        let of_log = occurrence::is_log(manifest);
        let made_up_for = standing.compensating.is_some_and(compensated);
        let mut common = few(&standing.flaws);
        if needs_review {
            let forgiven = |flaw: &&Flaw| !(made_up_for && matches!(flaw, Flaw::SelfReview(_)));
            common.extend(standing.review.iter().filter(forgiven).cloned());
        }
        let most = match is_cut {
            true => {
                let name =
                    manifest.log().and_then(|log| log.artifact.as_ref()).map_or("", |name| &*name.value);
                common.push(Flaw::Log(name.into()));
                1
            }
            false => usize::MAX,
        };
        let found = occurrence::first_of(folder, &ground.zone, most);
        for one in found.into_iter().filter(|one| !ground.later(one.on)) {
            let mut flaws = common.clone();
            flaws.extend(acceptance::for_control(ground.program, control, manifest, &one));
            if systems.is_empty()
                && one.system.is_none()
                && !control.systems.is_empty()
                && !control.is_event()
            {
                flaws.push(Flaw::NamesNoSystem);
            }
            flaws.sort();
            flaws.dedup();
            all.push(Shown {
                evidence: index,
                one,
                flaws,
                systems: systems.clone(),
                artifacts: artifacts.clone(),
                of_log,
            });
        }
    }
    all.sort_by_key(|shown| (shown.one.on, shown.evidence));
    all
}

/// The flaws of a manifest that each of its occurrences is told with: a manifest of thousands of occurrences may have
/// thousands of flaws. What is known to be wrong is never left out in favour of what is unknown.
fn few(flaws: &[Flaw]) -> Vec<Flaw> {
    let (first, rest) = flaws.split_at(flaws.len().min(FLAWS - 1));
    let last = rest.iter().find(|flaw| !flaw.is_unknown()).or(rest.first());
    first.iter().chain(last).cloned().collect()
}

/// What every control is judged with.
pub(super) struct Judge<'g, 'p> {
    pub(super) ground: &'g Ground<'p>,
    pub(super) settings: &'g Settings,
    pub(super) evidence: &'g [EvidenceStanding],
    pub(super) policies: &'g [super::policies::PolicyStanding],
}

/// Judges one control for one audit.
pub(super) fn stand(
    judge: &Judge<'_, '_>,
    audit: &AuditStanding,
    index: usize,
    shown: &[Shown<'_>],
    unreadable: bool,
    too_many: bool,
) -> Option<ControlStanding> {
    let Judge { ground, settings, policies, .. } = *judge;
    let control = ground.program.controls.get(index)?;
    let life = in_effect(control);
    let in_place = life.and_then(|life| overlap(life, audit.days));
    let mut standing = ControlStanding {
        control: index,
        in_place,
        operation: Operation::NotImplemented,
        design: Vec::new(),
        slots: Vec::new(),
        remarks: Vec::new(),
    };
    match control.applies_as() {
        Applies::NotApplicable => standing.operation = Operation::NotApplicable,
        Applies::Inherited => standing.operation = Operation::Inherited,
        Applies::Applicable | Applies::Shared => {}
    }
    let (Some(life), Some(_), Operation::NotImplemented) = (life, in_place, standing.operation) else {
        return Some(standing);
    };
    standing.design = design::faults(ground.program, control, policies, audit.days.1);
    let Some(cadence) = control.cadence.as_ref().map(|cadence| cadence.value) else {
        // Without a cadence nothing says when it is due: that can never count as good.
        standing.operation = Operation::Settled(SlotState::Unknown);
        return Some(standing);
    };
    let case = Case { ground, settings, control, cadence, life, shown, unreadable };
    if audit.r#type == AuditType::Type1 && too_many {
        standing.slots.extend(budget::stand_in(&standing));
        standing.operation = Operation::Settled(SlotState::Unknown);
        return Some(standing);
    }
    if audit.r#type == AuditType::Type1 {
        type1::judge(&case, audit, &mut standing);
        return Some(standing);
    }
    let systems = systems(&case, audit);
    if systems.is_empty() {
        standing.remarks.push(Remark::NoSystemInScope);
    }
    match cadence {
        _ if too_many => standing.slots.extend(budget::stand_in(&standing)),
        Cadence::Event => event::judge(&case, audit, &mut standing),
        Cadence::Continuous | Cadence::Once => spot::judge(&case, audit, &systems, &mut standing),
        _ if periodic::grid(&case, audit).is_none() => {
            distance::judge(&case, audit, &systems, &mut standing);
        }
        _ => periodic::judge(&case, audit, &systems, &mut standing),
    }
    exceptions::mark(&case, audit, &mut standing);
    if standing.operation == Operation::NotImplemented {
        standing.operation = worst(&standing.slots);
    }
    remarks(&case, audit, &mut standing);
    Some(standing)
}

/// What the settled slots come to.
fn worst(slots: &[Slot]) -> Operation {
    let worst = slots.iter().map(|slot| slot.state).filter(|state| state.is_settled()).max();
    worst.map_or(Operation::NotDue, Operation::Settled)
}

/// Settles the intervals that nobody filled and whose grace is over by now; nothing else of a standing rests on the clock
/// alone. Every manifest of the control could be read.
fn settle(standing: &mut ControlStanding, as_of: Date) {
    let is_over = |slot: &&mut Slot| {
        slot.state == SlotState::Open
            && matches!(slot.spell, Spell::Interval(_))
            && slot.filled_by.is_none()
            && slot.because.is_none()
            && slot.due < as_of
    };
    let mut any = false;
    for slot in standing.slots.iter_mut().filter(is_over) {
        slot.state = unfilled(&slot.refused);
        any = true;
    }
    if any {
        standing.operation = worst(&standing.slots);
    }
}

/// A standing that is kept, with its days and what they settle as of another day, and its design unless that is kept too.
pub(super) fn again(
    judge: &Judge<'_, '_>,
    audit: &AuditStanding,
    mut standing: ControlStanding,
    designs: bool,
) -> ControlStanding {
    let Judge { ground, policies, .. } = *judge;
    let Some(control) = ground.program.controls.get(standing.control) else { return standing };
    let applies = matches!(control.applies_as(), Applies::Applicable | Applies::Shared);
    standing.in_place = in_effect(control).and_then(|life| overlap(life, audit.days));
    settle(&mut standing, ground.clock.as_of);
    if applies && standing.in_place.is_some() && !designs {
        standing.design = design::faults(ground.program, control, policies, audit.days.1);
    }
    standing
}

/// A system of a control in the scope of an audit, by index into the control's list, with the days it is in use.
pub(super) type InScope = (Option<usize>, (Date, Date));

/// The systems that each need an occurrence; one of `None` for a control without systems.
pub(super) fn systems(case: &Case<'_, '_>, audit: &AuditStanding) -> Vec<InScope> {
    let program = case.ground.program;
    if case.control.systems.is_empty() || case.cadence == Cadence::Event {
        return vec![(None, (Date::MIN, Date::MAX))];
    }
    let mut seen = std::collections::BTreeSet::new();
    let mut found = Vec::new();
    for (index, system) in case.control.systems.iter().enumerate() {
        let id: &str = &system.value.0;
        if !seen.insert(id) {
            continue;
        }
        let row = program.names.systems.get(id).and_then(|row| program.registers.systems.get(*row));
        let in_scope = match row {
            _ if !audit.systems.is_empty() => audit.systems.iter().any(|named| **named == *id),
            Some(row) => row.in_scope.as_ref().is_none_or(|in_scope| in_scope.value),
            None => true,
        };
        let day =
            |date: &Option<crate::model::scalar::Date>, open| date.as_ref().map_or(open, |date| date.value);
        if in_scope {
            let life = row.map(|row| (day(&row.from, Date::MIN), day(&row.to, Date::MAX)));
            found.push((Some(index), life.unwrap_or((Date::MIN, Date::MAX))));
        }
    }
    found
}

/// What stands beside the states of a Type II.
fn remarks(case: &Case<'_, '_>, audit: &AuditStanding, standing: &mut ControlStanding) {
    let window = audit.window;
    if let Some(part) = overlap(case.life, window).filter(|part| *part != window) {
        let (days, of) = (super::calendar::length(part), super::calendar::length(window));
        standing.remarks.push(Remark::PartialPeriod { days, of });
    }
    let mut open = Vec::new();
    for shown in case.shown.iter().filter(|shown| shown.one.on >= window.0 && shown.one.on <= window.1) {
        // Also where the evidence is not accepted, or other evidence takes its place: what went wrong did so all the same.
        if case.is_unusual(shown) && open.last() != Some(&shown.evidence) {
            open.push(shown.evidence);
        }
    }
    open.sort_unstable();
    open.dedup();
    for evidence in open {
        let on = case.shown.iter().find(|shown| shown.evidence == evidence && case.is_unusual(shown));
        let Some(on) = on.map(|shown| shown.one.on) else { continue };
        if !case.is_followed_up(evidence, on) {
            standing.remarks.push(Remark::ResultOpen { evidence, on });
        }
    }
    let outside = case.shown.iter().filter(|shown| shown.one.on < window.0 || shown.one.on > window.1);
    let counted: std::collections::BTreeSet<usize> = standing
        .slots
        .iter()
        .flat_map(|slot| slot.filled_by.iter().map(|by| by.evidence).chain(slot.also.iter().copied()))
        .collect();
    let outside = outside.filter(|shown| !counted.contains(&shown.evidence)).count();
    if outside > 0 {
        standing.remarks.push(Remark::OutsideWindow(outside));
    }
}

impl Case<'_, '_> {
    /// Did it note exceptions or fail, by its own outcome or its manifest's?
    fn is_unusual(&self, shown: &Shown<'_>) -> bool {
        let result =
            self.ground.program.evidence.get(shown.evidence).and_then(|of| of.manifest.result.as_ref());
        let whole = result.and_then(|result| result.outcome.as_ref()).map(|outcome| outcome.value);
        shown.one.outcome.into_iter().chain(whole).any(|outcome| outcome != Outcome::AsExpected)
    }

    /// Does evidence of the same control, accepted and as expected, follow up the result of a day?
    fn is_followed_up(&self, evidence: usize, on: Date) -> bool {
        let follow_ups = self.ground.follow_ups.get(&evidence).map_or(&[][..], Vec::as_slice);
        let names = |shown: &Shown<'_>| follow_ups.binary_search(&shown.evidence).is_ok();
        !follow_ups.is_empty()
            && self.shown.iter().any(|shown| shown.one.on >= on && shown.is_accepted() && names(shown))
    }
}
