//! A slot: an expected occurrence of a control on one system in one interval, and its state.

use jiff::civil::Date;

use super::calendar::Interval;

/// What became of a slot. Settled states come first, best to worst; the others are only counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SlotState {
    /// Performed inside its interval, with accepted evidence.
    OnTime,
    /// Performed after its interval, within the grace.
    Late,
    /// A yearly control in a shorter window: last performed before the window.
    OperatedBeforeWindow,
    /// Performed within the grace, but after the window's end.
    NeedsAuditorAgreement,
    /// Cannot be told: bytes that are not here, or files that cannot be read.
    Unknown,
    /// There is evidence for it, and none of it is accepted.
    InsufficientEvidence,
    /// Nothing was performed in time.
    Missed,
    /// It is known that the control did not do what it says.
    Deviation,
    /// Not due yet: its grace still runs, or its interval ends after the window.
    Open,
    /// The control, or its system, was not in place at its end.
    NotExpected,
    /// The interval began before the window, and the control was performed in that part.
    PerformedBeforeWindow,
    /// An event control: proof that there was nothing to perform it on.
    NoOccurrence,
}

impl SlotState {
    /// All states and what they mean, for `soc2 explain`.
    pub const MEANINGS: &'static [(Self, &'static str)] = &[
        (Self::OnTime, "performed inside its interval, with accepted evidence"),
        (Self::Late, "performed after its interval, within the grace; the auditor may ask why"),
        (
            Self::OperatedBeforeWindow,
            "a yearly control in a shorter window, last performed before it: design can be confirmed, operation in \
             the window cannot",
        ),
        (
            Self::NeedsAuditorAgreement,
            "performed within the grace but after the window's end; whether it counts is the auditor's decision",
        ),
        (
            Self::Unknown,
            "cannot be told: bytes are not here, a file cannot be read, an event control has no manifest at all, or there \
             are more slots than are judged; never counts as good",
        ),
        (
            Self::InsufficientEvidence,
            "there is evidence for it, and none of it can be accepted; each reason is listed",
        ),
        (Self::Missed, "nothing was performed before the grace ended; what comes later does not change it"),
        (Self::Deviation, "a row of the exceptions register says that the control did not do what it says"),
        (Self::Open, "not due yet: its grace still runs, or its interval ends after the window"),
        (Self::NotExpected, "the control or its system was not in place at the interval's end"),
        (
            Self::PerformedBeforeWindow,
            "the interval began before the window and the control was performed in that part; ask the auditor",
        ),
        (
            Self::NoOccurrence,
            "an event control whose population has no items, with query, completeness and period: nothing happened to \
             perform it on",
        ),
    ];

    /// The name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::OnTime => "on-time",
            Self::Late => "late",
            Self::OperatedBeforeWindow => "operated-before-window",
            Self::NeedsAuditorAgreement => "needs-auditor-agreement",
            Self::Unknown => "unknown",
            Self::InsufficientEvidence => "insufficient-evidence",
            Self::Missed => "missed",
            Self::Deviation => "deviation",
            Self::Open => "open",
            Self::NotExpected => "not-expected",
            Self::PerformedBeforeWindow => "performed-before-window",
            Self::NoOccurrence => "no-occurrence",
        }
    }

    /// Is its verdict in? The others are only counted.
    pub fn is_settled(self) -> bool {
        self <= Self::Deviation
    }

    /// Was accepted evidence found for it?
    pub fn is_filled(self) -> bool {
        matches!(
            self,
            Self::OnTime
                | Self::Late
                | Self::OperatedBeforeWindow
                | Self::NeedsAuditorAgreement
                | Self::PerformedBeforeWindow
        )
    }
}

/// The name of the slot of a control without intervals.
pub const WINDOW: &str = "window";

/// What a slot spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spell {
    /// An interval of a periodic cadence.
    Interval(Interval),
    /// The window, or the part of it in which the control was in place: once, continuous, event, yearly by distance.
    Window(Date, Date),
}

impl Spell {
    /// First and last day.
    pub fn days(self) -> (Date, Date) {
        match self {
            Self::Interval(interval) => interval.days(),
            Self::Window(from, to) => (from, to),
        }
    }

    /// The name a manifest, exception or waiver uses for it: `2026-Q1`; `window` where there are no intervals.
    pub fn name(self) -> String {
        match self {
            Self::Interval(interval) => interval.name(),
            Self::Window(..) => WINDOW.to_owned(),
        }
    }
}

/// The occurrence that fills a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Filler {
    pub on: Date,
    /// Index into the programme's evidence.
    pub evidence: usize,
}

impl Slot {
    /// The day by which it has to be performed, without grace.
    pub fn by(&self) -> Date {
        let last = self.spell.days().1;
        match self.because {
            Some(Because::NextBy(day)) => day.min(last),
            _ => last,
        }
    }
}

/// Evidence that fits a slot and is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refused {
    /// Index into the programme's evidence.
    pub evidence: usize,
    pub on: Date,
    pub flaws: Vec<super::flaw::Flaw>,
}

/// One of each piece of evidence, the first by date: a log would otherwise be told row by row.
pub(super) fn once_each(mut refused: Vec<Refused>) -> Vec<Refused> {
    let mut seen = std::collections::BTreeSet::new();
    refused.retain(|one| seen.insert(one.evidence));
    refused
}

/// An expected occurrence and what became of it.
#[derive(Clone, Debug)]
pub struct Slot {
    pub spell: Spell,
    /// The system, by index into the control's `systems`; `None` for a control without any.
    pub system: Option<usize>,
    /// Last day of its grace.
    pub due: Date,
    pub state: SlotState,
    /// The best accepted occurrence.
    pub filled_by: Option<Filler>,
    /// Other accepted evidence that its verdict rests on, by index: the other populations and items of an event control,
    /// the other looks at a continuous one, the occurrence before a yearly one.
    pub also: Vec<usize>,
    /// Evidence that fits and is not accepted, by date.
    pub refused: Vec<Refused>,
    /// The exception that names it, by index into the register.
    pub exception: Option<usize>,
    /// Why, where the state alone does not say it.
    pub because: Option<Because>,
}

/// Why a slot has its state, where more than dates is in play.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Because {
    /// More than the limit of days passed between two occurrences, or to the day judged: from, to, days, limit.
    Gap(Date, Date, i64, i64),
    /// A window of twelve months or more without an occurrence inside.
    NoneInYear,
    /// The next occurrence is due by this day.
    NextBy(Date),
    /// The interval ends after the window.
    EndsAfterWindow,
    /// The control was not yet, or no longer, in place at its end.
    NotInPlace,
    /// The control that took its place owns the interval, by index.
    OwnedBy(usize),
    /// An event control past its window without any manifest.
    NoManifest,
    /// An event control with evidence and no population.
    NoPopulation,
    /// Populations leave out days: first, last.
    PopulationShort(Date, Date),
    /// A population with items, and no item with evidence: how many items.
    NoItem(u64),
    /// Items with evidence, of how many.
    Items(u64, u64),
    /// Performances that name no item, beside a population of so many.
    Unnamed(u64, u64),
    /// Yearly by distance, never performed: in place since.
    Never(Date),
    /// A nil statement without proof.
    NilWithoutProof,
    /// Proven that nothing happened.
    NothingHappened,
    /// Type I: the newest evidence is older than it may be: its day, the limit in days.
    Stale(Date, i64),
    /// Type I: it has not run yet, which is acceptable.
    NeverRun,
    /// Type I: nothing shows a setting that is on all the time.
    NothingShown,
    /// Continuous: shown so many times, the first and the last.
    Shown(usize, Date, Date),
    /// Yearly by distance: the occurrence before, the days between, the limit.
    Apart(Date, i64, i64),
    /// A manifest that cannot be read stands where its evidence would.
    Unreadable,
    /// The window has more slots than are judged; this one stands for all of them.
    TooMany,
}
