//! The programme judged over the audits' windows as of a day. Pure: no disk, clock or environment; the same
//! programme, day and audits give the same judgement.

mod acceptance;
mod budget;
pub mod calendar;
mod coverage;
mod design;
mod distance;
mod event;
mod exceptions;
mod flaw;
pub mod log;
mod matching;
mod occurrence;
mod operate;
mod operation;
pub mod people;
mod periodic;
mod policies;
pub mod population;
mod reason;
mod scope;
mod settings;
mod slot;
mod spot;
mod support;
mod type1;
mod used;
pub mod witness;

use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;

pub use acceptance::{EvidenceStanding, is_production, needs_review};
pub use coverage::{CarriedBy, Carrier, Coverage, CriterionStanding, Spoken, holes, in_effect};
pub use design::DesignFault;
pub use flaw::Flaw;
pub use occurrence::{Occurrence, is_log, occurrences, systems};
pub use operation::{ControlStanding, Operation, Remark};
pub use policies::{ApprovedText, Held, PolicyStanding, PolicyState};
pub use reason::Reason;
pub use scope::choose;
pub use settings::{Settings, longest_grace, sensible};
pub use slot::{Because, Filler, Refused, Slot, SlotState, Spell, WINDOW};
pub use support::{Cause, SlotCount, Support};

use acceptance::Ground;
use coverage::overlap;

use crate::model::audit::AuditType;
use crate::program::Program;

/// Which day it is, and until when records can have been written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// The day verdicts are for.
    pub as_of: Date,
    /// The last day on which what is read can have been written: the commit's, or today for a work tree. Unknown when a
    /// work tree is judged as of another day; then what is dated after as-of is out of view instead of impossible.
    pub recorded: Option<Date>,
}

impl Clock {
    /// A work tree, today.
    pub fn today(today: Date) -> Self {
        Self { as_of: today, recorded: Some(today) }
    }
}

impl From<Date> for Clock {
    fn from(as_of: Date) -> Self {
        Self { as_of, recorded: None }
    }
}

/// What an earlier judgement found and this one need not find again: whoever says so knows that nothing it rests on moved.
#[derive(Debug, Default)]
pub struct Kept {
    /// Controls of the first audit, by index, that keep their slots and operation, but for intervals that nobody filled
    /// and whose grace is over by now. The days on which they are in place are looked at anew.
    pub controls: Vec<Option<ControlStanding>>,
    /// These controls keep their design too.
    pub designs: bool,
    /// Evidence, by index, whatever takes its place.
    pub evidence: Vec<Option<EvidenceStanding>>,
    pub spoken: Option<Arc<Spoken>>,
}

/// A programme as seen on a day, for the audits that are judged.
#[derive(Debug)]
pub struct Judgement<'p> {
    pub program: &'p Program,
    /// Whose audits, scope, settings, levels and waivers hold: the programme's own, or those of the state that a change
    /// is compared with. Places and indices in it are of its own sources.
    pub terms: &'p Program,
    pub as_of: Date,
    /// See [`Clock::recorded`].
    pub recorded: Option<Date>,
    pub settings: Settings,
    /// Of each policy of the programme, in its order.
    pub policies: Vec<PolicyStanding>,
    /// Of each piece of evidence of the programme, in its order.
    pub evidence: Vec<EvidenceStanding>,
    /// For each control of the programme, the evidence that names it.
    pub evidence_of: Vec<Vec<u32>>,
    pub audits: Vec<AuditStanding>,
    /// False when one audit was asked for: what concerns the others is not known then.
    pub whole: bool,
}

/// One audit's scope, days and criteria.
#[derive(Debug)]
pub struct AuditStanding {
    /// `None` when `soc2.toml` names no audit; then the as-of day alone is judged.
    pub id: Option<String>,
    /// Index into [`Program::frameworks`].
    pub framework: usize,
    /// Categories in scope besides those that always are.
    pub categories: Vec<String>,
    /// Type I as of a date, Type II over a window. Without an audit the as-of day is judged as a Type I would be.
    pub r#type: AuditType,
    /// First and last day of the window; both the same for a Type I.
    pub window: (Date, Date),
    /// First and last day that are judged: the window up to as-of; before it begins, the day it starts.
    pub days: (Date, Date),
    /// Systems in scope, if the audit names some; else those of the register that are.
    pub systems: Vec<String>,
    /// Every criterion in scope, in the framework's order.
    pub criteria: Vec<CriterionStanding>,
    /// Every control of the programme, in its order.
    pub controls: Vec<ControlStanding>,
}

impl<'p> Judgement<'p> {
    /// Judges `program` as of a day for every audit that is not issued yet, or for the one of that id.
    pub fn new(program: &'p Program, clock: impl Into<Clock>, only: Option<&str>) -> Self {
        Self::under(program, program, clock, only)
    }

    /// The same under the terms of another state of the programme, so that no change can excuse itself.
    pub fn under(
        program: &'p Program,
        terms: &'p Program,
        clock: impl Into<Clock>,
        only: Option<&str>,
    ) -> Self {
        Self::judge(program, terms, clock.into(), only, Kept::default())
    }

    /// The same where some of what was found before is kept.
    pub fn keeping(program: &'p Program, clock: impl Into<Clock>, only: Option<&str>, kept: Kept) -> Self {
        Self::judge(program, program, clock.into(), only, kept)
    }

    fn judge(program: &'p Program, terms: &'p Program, clock: Clock, only: Option<&str>, kept: Kept) -> Self {
        let settings = Settings::of(terms);
        let audits = scope::judged(program, terms, clock.as_of, only);
        let spoken = kept.spoken.unwrap_or_else(|| Arc::new(Spoken::of(program)));
        let mut audits: Vec<AuditStanding> =
            audits.into_iter().map(|scope| coverage::stand(program, scope, &spoken)).collect();
        let ground = Ground::new(program, clock, &settings);
        let policies = policies::stand(&ground);
        let evidence = ground.stand(kept.evidence);
        let evidence_of = evidence_of(program);
        let judge = operation::Judge {
            ground: &ground,
            settings: &settings,
            evidence: &evidence,
            policies: &policies,
        };
        operate::judge(&judge, &evidence_of, &mut audits, kept.controls, kept.designs);
        let unread = program.may_be_defined_in_unread("controls/");
        for audit in &mut audits {
            for index in 0..audit.criteria.len() {
                let (support, causes) = support::roll_up(&audit.criteria[index], &audit.controls, unread);
                audit.criteria[index].support = support;
                audit.criteria[index].causes = causes;
            }
        }
        Self {
            program,
            terms,
            as_of: clock.as_of,
            recorded: clock.recorded,
            settings,
            policies,
            evidence,
            evidence_of,
            audits,
            whole: only.is_none(),
        }
    }

    /// The organisation's time zone, in which a bare date is a whole day; UTC when it names none that exists.
    pub fn zone(&self) -> TimeZone {
        self.program.zone()
    }
}

/// For each control, the evidence that names it, in order of paths.
fn evidence_of(program: &Program) -> Vec<Vec<u32>> {
    let mut of = vec![Vec::new(); program.controls.len()];
    for (index, folder) in (0u32..).zip(&program.evidence) {
        for name in &folder.manifest.controls {
            let control = program.names.controls.get(&*name.value.0).and_then(|control| of.get_mut(*control));
            if let Some(list) = control.filter(|list: &&mut Vec<u32>| list.last() != Some(&index)) {
                list.push(index);
            }
        }
    }
    of
}

impl AuditStanding {
    /// How many criteria stand at a coverage.
    pub fn count(&self, coverage: Coverage) -> usize {
        self.criteria.iter().filter(|c| c.coverage == coverage).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;
    use jiff::civil::date;

    fn local_day(timezone: &str, moment: &str) -> Date {
        let config = format!("[organization]\nname = \"Acme\"\n{timezone}\n");
        let program =
            Program::load(Sources::from_memory(vec![("soc2.toml".to_owned(), config.into_bytes())]));
        let judgement = Judgement::new(&program, date(2026, 6, 30), None);
        judgement.zone().to_datetime(moment.parse().unwrap()).date()
    }

    #[test]
    fn a_moment_belongs_to_the_local_day() {
        let moment = "2026-12-31T23:30:00-08:00";
        assert_eq!(local_day("timezone = \"America/Los_Angeles\"", moment), date(2026, 12, 31));
        assert_eq!(local_day("timezone = \"UTC\"", moment), date(2027, 1, 1));
        assert_eq!(local_day("", moment), date(2027, 1, 1));
        assert_eq!(local_day("timezone = \"Mars/Olympus\"", moment), date(2027, 1, 1));
    }
}
