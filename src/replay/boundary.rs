//! Days on which a verdict can move though no file does. Every comparison with the as-of day or with the day of the
//! commit has a date of the files or of a slot on its other side, or such a date moved by the length of a limit; all of
//! them are collected, and the days beside them. One too many costs a little time, one too few would be wrong:
//! `tests/suite/lived.rs` compares with judging every day anew.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::model::{Cadence, Control};
use crate::program::Program;
use crate::timeline::calendar::moved;
use crate::timeline::{AuditStanding, Because, Clock, ControlStanding, Settings, Spell};

/// When the verdicts of one group can move next.
#[derive(Debug, Default)]
pub(super) struct Boundary {
    /// The first day after the as-of day.
    as_of: Option<Date>,
    /// The first day after the day of the commit.
    recorded: Option<Date>,
    /// The first day on which the grace of an interval is over that nobody filled.
    overdue: Option<Date>,
}

impl Boundary {
    /// One that is reached on any day.
    pub(super) fn now() -> Self {
        Self { as_of: Some(Date::MIN), recorded: None, overdue: None }
    }

    /// Has a later clock come to it?
    pub(super) fn is_reached(&self, clock: Clock) -> bool {
        by(self.as_of, clock.as_of) || by(self.recorded, recorded(clock))
    }

    /// Has a later clock come to where an interval has to be settled that nobody filled?
    pub(super) fn is_overdue(&self, clock: Clock) -> bool {
        by(self.overdue, clock.as_of)
    }
}

fn by(next: Option<Date>, now: Date) -> bool {
    next.is_some_and(|next| next <= now)
}

/// The last day on which what is read can have been written.
fn recorded(clock: Clock) -> Date {
    clock.recorded.unwrap_or(clock.as_of)
}

/// Looks through the days of a group for the next ones.
pub(super) struct Collector {
    clock: Clock,
    next: Boundary,
}

impl Collector {
    /// For verdicts of a clock: only later days matter.
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, next: Boundary::default() }
    }

    /// A day that is in view from itself on.
    fn seen_from(&mut self, day: Date) {
        let sooner = |next: &mut Option<Date>, now: Date| {
            if day > now && next.is_none_or(|next| day < next) {
                *next = Some(day);
            }
        };
        sooner(&mut self.next.as_of, self.clock.as_of);
        sooner(&mut self.next.recorded, recorded(self.clock));
    }

    /// A day that something is compared with: what holds on it may not hold before or after it.
    fn day(&mut self, day: Date) {
        self.seen_from(day);
        self.seen_after(day);
    }

    /// A day that is in view until it is over.
    fn seen_after(&mut self, day: Date) {
        self.seen_from(day.tomorrow().unwrap_or(day));
    }

    /// The last day of the grace of an interval that nobody filled.
    fn overdue_after(&mut self, due: Date) {
        let day = due.tomorrow().unwrap_or(due);
        if day > self.clock.as_of && self.next.overdue.is_none_or(|next| day < next) {
            self.next.overdue = Some(day);
        }
    }

    /// A control, its window and its slots.
    pub(super) fn control(
        &mut self,
        control: &Control,
        settings: &Settings,
        audit: &AuditStanding,
        standing: &ControlStanding,
    ) {
        let cadence = control.cadence.as_ref().map(|cadence| cadence.value);
        let grace = cadence.map_or(0, |cadence| settings.grace_of(control, cadence));
        for day in [audit.window.0, audit.window.1, moved(audit.window.1, grace.days())] {
            self.day(day);
        }
        let life = [&control.effective_from, &control.retired_at];
        for day in life.into_iter().flatten().map(|date| date.value) {
            self.day(day);
        }
        if let Some(gap) = longest_gap(control, settings) {
            let begins = control.effective_from.as_ref().map(|date| date.value).into_iter();
            let slots = standing.slots.iter().map(|slot| slot.spell.days().0);
            begins.chain([audit.window.0]).chain(slots).for_each(|day| self.too_far(day, gap));
        }
        for slot in &standing.slots {
            // An interval that nobody has filled is open until it is due; nothing else in it asks for the day.
            if matches!(slot.spell, Spell::Interval(_)) && is_periodic(control, settings) {
                if slot.filled_by.is_none() {
                    self.overdue_after(slot.due);
                }
                continue;
            }
            let (from, to) = slot.spell.days();
            for day in [from, to, slot.due] {
                self.day(day);
            }
            match slot.because {
                Some(Because::NextBy(day) | Because::Never(day) | Because::Stale(day, _)) => self.day(day),
                // A gap up to now is there tomorrow too; what would end it is a day of the evidence.
                Some(Because::Gap(from, to, ..)) if to == self.clock.as_of => self.day(from),
                Some(Because::Gap(from, to, ..) | Because::PopulationShort(from, to)) => {
                    self.day(from);
                    self.day(to);
                }
                _ => {}
            }
        }
    }

    /// The days on which people come and go, and those of the policies' approvals: what a design rests on beside its
    /// control's own file.
    pub(super) fn designs(&mut self, program: &Program) {
        let (people, roles) = (&program.registers.people, &program.registers.roles);
        let employed = people.iter().flat_map(|person| &person.employed).flat_map(|row| [&row.from, &row.to]);
        let held = roles.iter().flat_map(|role| &role.held).flat_map(|row| [&row.from, &row.to]);
        let approvals = program.policies.iter().flat_map(|policy| &policy.head.approvals);
        let approved = approvals.flat_map(|approval| [&approval.on, &approval.effective]);
        employed.chain(held).chain(approved).flatten().for_each(|date| self.day(date.value));
    }

    /// A day that a manifest or a log of a group holds, whose controls allow such gaps.
    pub(super) fn evidence(&mut self, day: Date, gaps: &[i64]) {
        self.seen_from(day);
        gaps.iter().for_each(|gap| self.too_far(day, *gap));
    }

    /// The first day that lies too far from what was done on a day.
    fn too_far(&mut self, day: Date, gap: i64) {
        self.seen_from(moved(day, (gap + 1).days()));
    }

    pub(super) fn finish(self) -> Boundary {
        self.next
    }
}

/// The days that may lie between two occurrences of a control, if it is judged by them.
pub(super) fn longest_gap(control: &Control, settings: &Settings) -> Option<i64> {
    let cadence = control.cadence.as_ref()?.value;
    let counts = cadence == Cadence::Once || settings.by_distance(cadence);
    counts.then(|| settings.longest_gap(control, cadence))
}

/// Is it judged by intervals that each want one occurrence?
fn is_periodic(control: &Control, settings: &Settings) -> bool {
    let cadence = control.cadence.as_ref().map(|cadence| cadence.value);
    cadence.is_some_and(|cadence| {
        !matches!(cadence, Cadence::Event | Cadence::Continuous | Cadence::Once)
            && !settings.by_distance(cadence)
    })
}
