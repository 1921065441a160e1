//! The gap report: what is missing or wrong, worst first, then what falls due, what did not occur, what does not apply, and
//! the waivers in force. A gap that a waiver lets through stays where it is; a slot that is still open is not due, never
//! missing.

mod about;
mod apart;

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;

use super::View;
use super::index::Index;
use super::words::plain;
use crate::gap::{Class, Gap};
use crate::status::Status;
use crate::table::{Cell, Column, Table};
use crate::text::{count, some};
use crate::timeline::calendar::moved;
use crate::timeline::{SlotCount, Support};
pub(super) use about::About;

/// Days ahead in which what falls due is listed on its own.
const SOON: i64 = 30;

const COLUMNS: [Column; 13] = [
    Column::new("Class", 18),
    Column::new("Criterion", 13),
    Column::new("Control", 24),
    Column::new("About", 26),
    Column::new("Slot", 17),
    Column::new("What is missing", 56),
    Column::new("Since", 11),
    Column::new("Until", 11),
    Column::new("Owner", 26),
    Column::new("Due", 11),
    Column::new("What to do", 50),
    Column::new("Rule", 26),
    Column::new("Waiver", 18),
];

/// The parts of the report, in order.
#[derive(Clone, Copy)]
pub(super) enum Part {
    Blocking,
    AtRisk,
    Soon,
    Note,
    NoOccurrence,
    Apart,
    Waivers,
}

impl Part {
    /// Sorted by name they stand in order.
    fn name(self) -> &'static str {
        match self {
            Self::Blocking => "1 blocking",
            Self::AtRisk => "2 at risk",
            Self::Soon => "3 due within 30 days",
            Self::Note => "4 note",
            Self::NoOccurrence => "5 no occurrence",
            Self::Apart => "6 does not apply, or carved out",
            Self::Waivers => "7 waiver in force",
        }
    }

    fn of(class: Class) -> Self {
        match class {
            Class::Blocking => Self::Blocking,
            Class::AtRisk => Self::AtRisk,
            Class::Note => Self::Note,
        }
    }
}

/// A line of the report.
#[derive(Default)]
pub(super) struct Line {
    criteria: String,
    control: Cell,
    about: String,
    slot: String,
    what: String,
    since: Option<Date>,
    until: Option<Date>,
    owner: String,
    due: Option<Date>,
    todo: String,
    rule: &'static str,
    waiver: String,
}

impl Line {
    fn row(self, part: Part) -> Vec<Cell> {
        vec![
            Cell::text(part.name()),
            Cell::text(self.criteria),
            self.control,
            Cell::text(self.about),
            Cell::text(self.slot),
            Cell::text(plain(&self.what)),
            Cell::day(self.since),
            Cell::day(self.until),
            Cell::text(self.owner),
            Cell::day(self.due),
            Cell::text(plain(&self.todo)),
            Cell::text(self.rule),
            Cell::text(self.waiver),
        ]
    }
}

/// Every gap of the audit and what stands beside them.
pub fn gaps(view: &View<'_>) -> Table {
    let mut table = view.judged("gap-report", "Gap report", COLUMNS.to_vec());
    let index = Index::new(view);
    let about = About { view, index: &index };
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut used: BTreeSet<String> = BTreeSet::new();
    let shown: Vec<&Gap> = view.report.gaps.iter().filter(|gap| of_audit(view, gap)).collect();
    for class in Class::ALL {
        let of_class = shown.iter().filter(|gap| gap.class == *class);
        for line in of_class.filter_map(|gap| about.line(gap)) {
            used.insert(line.waiver.clone());
            rows.push(line.row(Part::of(*class)));
        }
        if *class == Class::AtRisk {
            rows.extend(soon(view, &about).into_iter().map(|line| line.row(Part::Soon)));
        }
    }
    rows.extend(apart::no_occurrence(&about).into_iter().map(|line| line.row(Part::NoOccurrence)));
    rows.extend(apart::apart(&about).into_iter().map(|line| line.row(Part::Apart)));
    rows.extend(apart::waivers(view, &used).into_iter().map(|line| line.row(Part::Waivers)));
    table.notes.extend(summary(view, &rows));
    table.notes.extend(supported(view, &about));
    table.rows = rows;
    table
}

/// Is it judged for this audit, or for any?
fn of_audit(view: &View<'_>, gap: &Gap) -> bool {
    gap.audit.is_none() || gap.audit == view.audit.id
}

/// Why a criterion can be supported although a blocking line names it or its controls.
fn supported(view: &View<'_>, about: &About<'_, '_>) -> Option<String> {
    let beside = about.beside_support();
    let of = beside.keys().filter_map(|nth| view.audit.criteria.get(*nth));
    let names: Vec<String> = of.map(|one| view.program().criterion_name(one.id)).collect();
    (!names.is_empty()).then(|| {
        format!(
            "Supported and named by blocking lines: {}. Both are true: support is reached from coverage, from the design of \
             the controls and from their due slots; these lines are about something else, such as a result that nothing follows \
             up, an acknowledgement that is overdue, or a date that its commit contradicts. They change no state; what they weigh \
             is the auditor's decision.",
            some(&names, names.len())
        )
    })
}

/// Slots that fall due soon, those of a control together: not due yet, and nothing is missing.
fn soon(view: &View<'_>, about: &About<'_, '_>) -> Vec<Line> {
    let as_of = view.judgement.as_of;
    let until = moved(as_of, SOON.days());
    let mut status = Status::new(view.judgement, view.audit, view.report, view.read);
    status.controls = view.controls();
    let mut lines = Vec::new();
    for one in status.open() {
        let (Some(first), Some(ends)) = (one.next.first(), one.next.iter().map(|slot| slot.by()).min())
        else {
            continue;
        };
        // A slot that ends after the window stays open for ever.
        if ends > until || one.due < as_of {
            continue;
        }
        let why = view.judgement.why_slot(view.audit, one.control, first);
        let later = one.slots.saturating_sub(one.next.len());
        let state = if ends < as_of { "late, and its grace runs" } else { "not due yet" };
        let mut line = about.control(one.control.control);
        line.slot = status.next_slots(&one);
        line.what = format!("{state}: {}", why.because);
        if later > 0 {
            line.what.push_str(&format!("; {} later", count(later, "more open slot")));
        }
        (line.due, line.until) = (Some(ends), Some(one.due));
        line.todo = why.change.unwrap_or_default();
        lines.push(line);
    }
    lines
}

/// Counts by part and by state; no score.
fn summary(view: &View<'_>, rows: &[Vec<Cell>]) -> Vec<String> {
    let parts = [
        Part::Blocking,
        Part::AtRisk,
        Part::Soon,
        Part::Note,
        Part::NoOccurrence,
        Part::Apart,
        Part::Waivers,
    ];
    let counts = parts.map(|part| {
        let cell = Cell::text(part.name());
        let n = rows.iter().filter(|row| row.first() == Some(&cell)).count();
        let name = part.name().split_once(' ').map_or("", |(_, name)| name);
        format!("{name} {n}")
    });
    let waived = rows.iter().filter(|row| {
        let listed = row.last().is_some_and(|waiver| *waiver != Cell::Blank);
        listed && row.first() != Some(&Cell::text(Part::Waivers.name()))
    });
    let waived = match waived.count() {
        0 => String::new(),
        n => format!("; {n} of them let through by a waiver, which changes no state"),
    };
    let slots = SlotCount::of(view.audit.in_scope());
    let audit = view.audit;
    vec![
        format!("Lines: {}{waived}.", counts.join(", ")),
        format!(
            "Criteria: {} judged, {} supported, {} at risk, {} not supported, {} carved out.",
            audit.judged(),
            audit.supported(Support::Supported),
            audit.supported(Support::AtRisk),
            audit.supported(Support::NotSupported),
            audit.supported(Support::CarvedOut)
        ),
        format!(
            "Slots: {} due, {} evidenced ({} of them not on time), {} lacking, {} open and not due yet.",
            slots.due, slots.evidenced, slots.late, slots.lacking, slots.open
        ),
    ]
}
