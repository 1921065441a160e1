//! Periodic controls: one slot an interval and system.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;

use super::AuditStanding;
use super::calendar::{Grid, Interval, days_between, eve, moved};
use super::coverage::{in_effect, overlap};
use super::flaw::Flaw;
use super::matching::{self, Candidate, Named, Place};
use super::occurrence::Occurrence;
use super::operation::{Case, ControlStanding, InScope, Remark, Shown};
use super::slot::{Because, Refused, Slot, SlotState, Spell};
use super::used::{Fills, Used, same};
use crate::model::audit::{AuditType, LONGEST_WINDOW};
use crate::model::control::Anchor;

pub(super) fn judge(
    case: &Case<'_, '_>,
    audit: &AuditStanding,
    systems: &[InScope],
    standing: &mut ControlStanding,
) {
    let Some(grid) = grid(case, audit) else { return };
    let reused = reused(case.shown, |shown| may_fill(case, grid, audit.window, &shown.one));
    let (mut over, mut intervals) = (None, Vec::new());
    for (system, in_use) in systems {
        let Some(life) = overlap(case.life, *in_use) else { continue };
        let Some(days) = reach(audit.window, life) else { continue };
        // Most systems are in use all the time.
        if over.replace(days) != Some(days) {
            intervals = grid.over(days);
        }
        standing.slots.reserve(intervals.len());
        let track = Track { case, audit, grid, system: *system, life };
        let (candidates, refused) = track.candidates(&reused);
        let places = track.places(&intervals, &candidates);
        track.clustered(&places, standing);
        let early = intervals.iter().filter(|interval| interval.to < life.0.max(audit.window.0));
        standing.slots.extend(early.map(|interval| track.not_expected(*interval, Because::NotInPlace)));
        standing.slots.extend(places.iter().map(|place| track.slot(place, &refused)));
    }
}

/// The grid of a control that is judged by intervals; `None` for the others.
pub(super) fn grid(case: &Case<'_, '_>, audit: &AuditStanding) -> Option<Grid> {
    let anchor = case.control.anchor.as_ref().map(|anchor| anchor.value);
    if audit.r#type == AuditType::Type1 || anchor.is_none() && case.settings.by_distance(case.cadence) {
        return None;
    }
    let anchor = anchor.unwrap_or(Anchor::Calendar);
    Grid::new(case.cadence, anchor, case.settings.fiscal_year_starts, audit.window.0)
}

/// The days whose intervals are looked at: the window, but no further from the control's life than a window may span.
pub(super) fn reach(window: (Date, Date), life: (Date, Date)) -> Option<(Date, Date)> {
    let around = LONGEST_WINDOW.months();
    overlap(window, (life.0.checked_sub(around).unwrap_or(Date::MIN), moved(life.1, around)))
}

/// An occurrence that fills nothing.
struct NotOne {
    /// Index into what the control shows, which is in order of dates.
    shown: usize,
    on: Date,
    /// Reasons beside those it has for every slot.
    flaws: Vec<Flaw>,
}

/// Occurrences that fill nothing: those that name no interval by date, the others by the start of theirs. A slot looks
/// only at its own; there may be a hundred thousand of them.
#[derive(Default)]
struct NotAccepted {
    dated: Vec<NotOne>,
    named: Vec<(Date, NotOne)>,
}

impl NotAccepted {
    fn push(&mut self, one: NotOne, named: Option<Interval>) {
        match named {
            Some(interval) => self.named.push((interval.from, one)),
            None => self.dated.push(one),
        }
    }

    /// What fits a place, one of each piece of evidence, by date.
    fn of(&self, case: &Case<'_, '_>, place: &Place) -> Vec<Refused> {
        let (from, due) = (place.interval.from, place.due);
        let first = self.dated.partition_point(|one| one.on < from);
        let dated = self.dated.iter().skip(first).take_while(|one| one.on <= due);
        let first = self.named.partition_point(|(interval, _)| *interval < from);
        let named = self.named.iter().skip(first).take_while(|(interval, _)| *interval == from);
        let mut fitting: Vec<&NotOne> = dated.chain(named.map(|(_, one)| one)).collect();
        fitting.sort_by_key(|one| one.shown);
        let mut seen = BTreeSet::new();
        let shown = fitting.into_iter().filter_map(|one| Some((one, case.shown.get(one.shown)?)));
        let shown = shown.filter(|(_, shown)| seen.insert(shown.evidence));
        shown
            .map(|(one, shown)| {
                let mut refused = shown.refused();
                refused.flaws.extend(one.flaws.iter().cloned());
                refused
            })
            .collect()
    }
}

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
    fn candidates(&self, reused: &[Option<Flaw>]) -> (Vec<Candidate>, NotAccepted) {
        let system =
            self.system.and_then(|index| self.case.control.systems.get(index)).map(|id| &*id.value.0);
        let (mut candidates, mut refused) = (Vec::new(), NotAccepted::default());
        for ((index, shown), reused) in self.case.shown.iter().enumerate().zip(reused) {
            let on = shown.one.on;
            if !shown.is_of(system) || on < self.life.0 || on > self.life.1 {
                continue;
            }
            let mut flaws: Vec<Flaw> = reused.iter().cloned().collect();
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
            if flaws.is_empty() && shown.is_accepted() {
                candidates.push(Candidate { filler: shown.filler(), named });
            } else {
                refused.push(NotOne { shown: index, on, flaws }, named);
            }
        }
        refused.named.sort_by_key(|(from, _)| *from);
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

    fn slot(&self, place: &Place, refused: &NotAccepted) -> Slot {
        let to = place.interval.to;
        if to > self.life.1 {
            let mut slot = self.not_expected(place.interval, self.cut());
            slot.filled_by = place.filler;
            return slot;
        }
        let refused = match place.filler {
            Some(_) => Vec::new(),
            None => refused.of(self.case, place),
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
        let next = self.case.life.1.tomorrow().ok();
        let owns = successor.filter(|index| {
            let Some(other) = program.controls.get(**index) else { return false };
            let same_cadence =
                other.cadence.as_ref().is_some_and(|cadence| cadence.value == self.case.cadence);
            let goes_on =
                in_effect(other).zip(next).is_some_and(|((from, to), next)| from <= next && next <= to);
            same_cadence && goes_on && *other.id.value.0 != *control.id.value.0
        });
        owns.map_or(Because::NotInPlace, |index| Because::OwnedBy(*index))
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
/// occurrence may fill from others.
pub(super) fn reused(
    shown: &[Shown<'_>],
    may_fill: impl Fn(&Shown<'_>) -> Option<Fills>,
) -> Vec<Option<Flaw>> {
    let mut used = Used::default();
    // For each manifest, what it fills.
    let mut fills: std::collections::BTreeMap<usize, Vec<Fills>> = std::collections::BTreeMap::new();
    shown
        .iter()
        .map(|one| {
            if !one.is_accepted() || one.of_log {
                return None;
            }
            let of = may_fill(one)?;
            let earlier: Option<Vec<usize>> =
                one.artifacts.iter().map(|mark| used.before(*mark, one.evidence, of)).collect();
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
            for mark in &*one.artifacts {
                used.add(*mark, one.evidence, of);
            }
            None
        })
        .collect()
}
