//! Days on which a verdict can move though no file does. Every comparison with the as-of day or with the day of the
//! commit has a date of the files or of a slot on its other side, or such a date moved by the length of a limit; all of
//! them are collected, and the days beside them. One too many costs a little time, one too few would be wrong:
//! `tests/suite/lived.rs` compares with judging every day anew.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::model::{Cadence, Control};
use crate::program::EvidenceFolder;
use crate::timeline::calendar::moved;
use crate::timeline::{AuditStanding, Because, Clock, ControlStanding, Settings, Spell};

/// Days of yearly limits, before grace: half a year, a year, and twelve months of a leap year.
const LIMITS: [i64; 3] = [183, 365, 366];

/// The days of one group.
#[derive(Debug, Default)]
pub(super) struct Boundary {
    /// Sorted; none is in the past.
    days: Vec<Date>,
}

impl Boundary {
    /// Does a day of it lie between two clocks?
    pub(super) fn is_crossed(&self, old: Clock, new: Clock) -> bool {
        let within = |(from, to): (Option<Date>, Option<Date>)| match (from, to) {
            (Some(from), Some(to)) => {
                let next = self.days.partition_point(|day| *day <= from);
                self.days.get(next).is_some_and(|day| *day <= to)
            }
            (from, to) => from != to,
        };
        within((Some(old.as_of), Some(new.as_of))) || within((old.recorded, new.recorded))
    }
}

/// Collects the days of a group.
pub(super) struct Collector {
    after: Date,
    days: Vec<Date>,
}

impl Collector {
    /// For verdicts of a clock: only later days matter.
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            after: clock.recorded.map_or(clock.as_of, |recorded| recorded.min(clock.as_of)),
            days: Vec::new(),
        }
    }

    /// A day that is in view from itself on.
    fn seen_from(&mut self, day: Date) {
        if day > self.after {
            self.days.push(day);
        }
    }

    /// A day that something is compared with: what holds on it may not hold before or after it.
    fn day(&mut self, day: Date) {
        self.seen_from(day);
        self.seen_from(moved(day, 1.days()));
    }

    /// A control, its window and its slots.
    pub(super) fn control(
        &mut self,
        control: &Control,
        settings: &Settings,
        audit: &AuditStanding,
        standing: &ControlStanding,
    ) {
        let grace = grace(control, settings);
        for day in [audit.window.0, audit.window.1, moved(audit.window.1, grace.days())] {
            self.day(day);
        }
        let life = [&control.effective_from, &control.retired_at];
        for day in life.into_iter().flatten().map(|date| date.value) {
            self.day(day);
            self.limits(control, day, grace);
        }
        self.limits(control, audit.window.0, grace);
        for slot in &standing.slots {
            // An interval that nobody has filled is open until it is due; nothing else in it asks for the day.
            if matches!(slot.spell, Spell::Interval(_)) && is_periodic(control, settings) {
                if slot.filled_by.is_none() {
                    self.seen_from(moved(slot.due, 1.days()));
                }
                continue;
            }
            let (from, to) = slot.spell.days();
            for day in [from, to, slot.due] {
                self.day(day);
            }
            match slot.because {
                Some(Because::NextBy(day) | Because::Never(day) | Because::Stale(day, _)) => self.day(day),
                Some(Because::Gap(from, to, ..) | Because::PopulationShort(from, to)) => {
                    self.day(from);
                    self.day(to);
                }
                _ => {}
            }
        }
    }

    /// Days that manifests and logs of a group hold, for its controls.
    pub(super) fn evidence(
        &mut self,
        days: &[Date],
        folders: &[&EvidenceFolder],
        controls: &[(&Control, i64)],
    ) {
        let logged = folders.iter().flat_map(|folder| folder.tables.iter().flatten());
        let logged: Vec<Date> = logged.flat_map(|table| table.dated.iter().map(|(day, _)| *day)).collect();
        let yearly: Vec<_> = controls.iter().filter(|(control, _)| is_yearly(control)).collect();
        for day in days.iter().chain(&logged) {
            self.seen_from(*day);
            for (control, grace) in &yearly {
                self.limits(control, *day, *grace);
            }
        }
    }

    /// How long something done on a day lasts, where a control is judged by that.
    fn limits(&mut self, control: &Control, day: Date, grace: i64) {
        if is_yearly(control) {
            for limit in LIMITS {
                self.day(moved(day, limit.days()));
                self.day(moved(day, (limit + grace).days()));
            }
        }
    }

    pub(super) fn finish(mut self) -> Boundary {
        let after = self.after;
        self.days.retain(|day| *day > after);
        self.days.sort_unstable();
        self.days.dedup();
        Boundary { days: self.days }
    }
}

/// Is it judged by how long ago something was done?
fn is_yearly(control: &Control) -> bool {
    let cadence = control.cadence.as_ref().map(|cadence| cadence.value);
    matches!(cadence, Some(Cadence::Annual | Cadence::Semiannual | Cadence::Once))
}

/// Is it judged by intervals that each want one occurrence?
fn is_periodic(control: &Control, settings: &Settings) -> bool {
    let cadence = control.cadence.as_ref().map(|cadence| cadence.value);
    cadence.is_some_and(|cadence| {
        !is_yearly(control)
            && !matches!(cadence, Cadence::Event | Cadence::Continuous)
            && !settings.by_distance(cadence)
    })
}

/// The grace of a control.
pub(super) fn grace(control: &Control, settings: &Settings) -> i64 {
    control.cadence.as_ref().map_or(0, |cadence| settings.grace_of(control, cadence.value))
}
