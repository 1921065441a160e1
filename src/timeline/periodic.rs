//! Periodic controls: one slot an interval and system.

use jiff::ToSpan;
use jiff::civil::Date;

use super::AuditStanding;
use super::calendar::{Grid, Interval, days_between, eve, moved};
use super::coverage::overlap;
use super::flaw::Flaw;
use super::matching::{self, Candidate, Named, Place};
use super::occurrence::Occurrence;
use super::operation::{Case, ControlStanding, InScope, Remark, Shown};
use super::slot::{Because, Slot, SlotState, Spell, once_each};
use crate::model::control::Anchor;

pub(super) fn judge(
    case: &Case<'_, '_>,
    audit: &AuditStanding,
    systems: &[InScope],
    standing: &mut ControlStanding,
) {
    let anchor = case.control.anchor.as_ref().map_or(Anchor::Calendar, |anchor| anchor.value);
    let Some(grid) = Grid::new(case.cadence, anchor, case.settings.fiscal_year_starts, audit.window.0) else {
        return;
    };
    let intervals = grid.over(audit.window);
    let reused = reused(case.shown, |shown| may_fill(case, grid, audit.window, &shown.one));
    for (system, in_use) in systems {
        let Some(life) = overlap(case.life, *in_use) else { continue };
        let mut track = Track { case, audit, grid, system: *system, life };
        let (candidates, refused) = track.candidates(&reused);
        let places = track.places(&intervals, &candidates);
        track.clustered(&places, standing);
        let early = intervals.iter().filter(|interval| interval.to < life.0.max(audit.window.0));
        standing.slots.extend(early.map(|interval| track.not_expected(*interval, Because::NotInPlace)));
        standing.slots.extend(places.iter().map(|place| track.slot(place, &refused)));
    }
}

/// An occurrence that fills nothing, with every reason.
type NotAccepted = (super::slot::Refused, Option<Interval>);

/// One system of a control in one window.
struct Track<'c, 'g, 'p> {
    case: &'c Case<'g, 'p>,
    audit: &'c AuditStanding,
    grid: Grid,
    system: Option<usize>,
    /// Days on which the control was in place and the system in use.
    life: (Date, Date),
}

impl Track<'_, '_, '_> {
    fn due(&self, interval: Interval) -> Date {
        due(self.case, interval)
    }

    /// Occurrences that may fill a slot, and those that may not.
    fn candidates(&mut self, reused: &[Option<Flaw>]) -> (Vec<Candidate>, Vec<NotAccepted>) {
        let system =
            self.system.and_then(|index| self.case.control.systems.get(index)).map(|id| &*id.value.0);
        let (mut candidates, mut refused) = (Vec::new(), Vec::new());
        for (shown, reused) in self.case.shown.iter().zip(reused) {
            let on = shown.one.on;
            if !shown.is_of(system) || on < self.life.0 || on > self.life.1 {
                continue;
            }
            let mut flaws = shown.flaws.clone();
            flaws.extend(reused.clone());
            let mut named = None;
            match shown.one.slot.map(|name| (name, matching::named(self.grid, name, on, |i| self.due(i)))) {
                Some((_, Named::Interval(interval))) => named = Some(interval),
                Some((name, Named::Nothing)) => flaws.push(Flaw::NoSuchSlot(name.into())),
                Some((name, Named::Contradicts(interval))) => {
                    named = Some(interval);
                    flaws.push(Flaw::SlotContradictsDate(name.into(), interval.from, self.due(interval)));
                }
                None => {}
            }
            if flaws.is_empty() {
                candidates.push(Candidate { filler: shown.filler(), named });
            } else {
                refused.push((super::slot::Refused { evidence: shown.evidence, on, flaws }, named));
            }
        }
        (candidates, refused)
    }

    /// The intervals that the control's life reaches, with who fills them.
    fn places(&self, intervals: &[Interval], candidates: &[Candidate]) -> Vec<Place> {
        let built: Vec<(Interval, Date)> = intervals
            .iter()
            .filter(|interval| interval.to >= self.life.0.max(self.audit.window.0))
            .map(|interval| (*interval, self.due(*interval)))
            .collect();
        matching::place(&built, candidates, self.audit.window.0)
    }

    fn not_expected(&self, interval: Interval, because: Because) -> Slot {
        Slot {
            spell: Spell::Interval(interval),
            system: self.system,
            due: self.due(interval),
            state: SlotState::NotExpected,
            filled_by: None,
            also: Vec::new(),
            refused: Vec::new(),
            exception: None,
            because: Some(because),
        }
    }

    fn slot(&self, place: &Place, refused: &[NotAccepted]) -> Slot {
        let (from, to) = place.interval.days();
        if to > self.life.1 {
            let mut slot = self.not_expected(place.interval, self.cut());
            slot.filled_by = place.filler;
            return slot;
        }
        let fits = |(one, named): &&NotAccepted| match named {
            Some(interval) => *interval == place.interval,
            None => from <= one.on && one.on <= place.due,
        };
        let refused: Vec<_> = match place.filler {
            Some(_) => Vec::new(),
            None => once_each(refused.iter().filter(fits).map(|(one, _)| one.clone()).collect()),
        };
        let window = self.audit.window;
        let as_of = self.case.as_of();
        let (state, because) = match place.filler.map(|filler| filler.on) {
            _ if to > window.1 => (SlotState::Open, Some(Because::EndsAfterWindow)),
            Some(on) if on < window.0 => (SlotState::PerformedBeforeWindow, None),
            Some(on) if on <= to => (SlotState::OnTime, None),
            Some(on) if on <= window.1 => (SlotState::Late, None),
            Some(_) => (SlotState::NeedsAuditorAgreement, None),
            None if as_of <= place.due => (SlotState::Open, None),
            None => {
                let state = self.case.unfilled(&refused);
                let unreadable = state == SlotState::Unknown && self.case.unreadable;
                (state, unreadable.then_some(Because::Unreadable))
            }
        };
        Slot {
            spell: Spell::Interval(place.interval),
            system: self.system,
            due: place.due,
            state,
            filled_by: place.filler,
            also: Vec::new(),
            refused,
            exception: None,
            because,
        }
    }

    /// Why an interval that outlasts the control is not expected.
    fn cut(&self) -> Because {
        let program = self.case.ground.program;
        let control = self.case.control;
        let successor =
            control.superseded_by.as_ref().and_then(|id| program.names.controls.get(&*id.value.0));
        let same_cadence = successor.filter(|index| {
            let of = program.controls.get(**index).and_then(|other| other.cadence.as_ref());
            of.is_some_and(|cadence| cadence.value == self.case.cadence)
        });
        same_cadence.map_or(Because::NotInPlace, |index| Because::OwnedBy(*index))
    }

    /// Two occurrences of neighbouring slots that lie closer than a third of the cadence.
    fn clustered(&self, places: &[Place], standing: &mut ControlStanding) {
        for pair in places.windows(2) {
            let [first, second] = pair else { continue };
            let Some((one, other)) = first.filler.zip(second.filler) else { continue };
            let days = days_between(one.on, other.on).abs();
            if other.on >= self.audit.window.0 && (days as f64) < self.grid.third() {
                standing.remarks.push(Remark::Clustered {
                    system: self.system,
                    first: one,
                    second: other,
                    days,
                });
            }
        }
    }
}

/// Last day of an interval's grace.
fn due(case: &Case<'_, '_>, interval: Interval) -> Date {
    moved(interval.to, case.grace().days())
}

/// The starts of the first and the last interval that an occurrence may fill; none when it names one wrongly.
fn may_fill(
    case: &Case<'_, '_>,
    grid: Grid,
    window: (Date, Date),
    one: &Occurrence<'_>,
) -> Option<(Date, Date)> {
    if let Some(name) = one.slot {
        return match matching::named(grid, name, one.on, |interval| due(case, interval)) {
            Named::Interval(interval) => Some((interval.from, interval.from)),
            Named::Nothing | Named::Contradicts(_) => None,
        };
    }
    let own = grid.containing(one.on);
    let before = grid.containing(eve(own.from));
    if before.to < window.0.max(case.life.0) || due(case, before) < one.on {
        return Some((own.from, own.from));
    }
    Some((before.from, if own.from > window.1 { before.from } else { own.from }))
}

/// For each occurrence, whether earlier evidence used all of its artefacts for another interval, or its own manifest
/// fills as many intervals as it has artefacts. `may_fill` gives what tells the first and the last interval that an
/// occurrence may fill from others; two that may each fill one of two intervals could fill both, so they differ.
pub(super) fn reused(
    shown: &[Shown<'_>],
    may_fill: impl Fn(&Shown<'_>) -> Option<(Date, Date)>,
) -> Vec<Option<Flaw>> {
    use std::collections::BTreeMap;
    let same = |one: (Date, Date), other: (Date, Date)| one == other && one.0 == one.1;
    // For each artefact, the first evidence that used it, and for what.
    let mut used: BTreeMap<[u8; 32], (usize, (Date, Date))> = BTreeMap::new();
    // For each manifest, what it fills.
    let mut fills: BTreeMap<usize, Vec<(Date, Date)>> = BTreeMap::new();
    shown
        .iter()
        .map(|one| {
            if !one.is_accepted() || one.of_log {
                return None;
            }
            let of = may_fill(one)?;
            let others = |hash: &[u8; 32]| {
                let (by, when) = used.get(hash)?;
                (*by != one.evidence && !same(*when, of)).then_some(*by)
            };
            let earlier: Option<Vec<usize>> = one.artifacts.iter().map(others).collect();
            if let Some(by) = earlier.as_deref().and_then(<[usize]>::first) {
                return Some(Flaw::Reused(*by));
            }
            let own = fills.entry(one.evidence).or_default();
            if !own.iter().any(|fills| same(*fills, of)) {
                if own.len() >= one.artifacts.len() {
                    return Some(Flaw::OneArtifactForMany);
                }
                own.push(of);
            }
            for hash in &*one.artifacts {
                used.entry(*hash).or_insert((one.evidence, of));
            }
            None
        })
        .collect()
}
