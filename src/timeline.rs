//! The programme judged over the audits' windows as of a day. Pure: no disk, clock or environment; the same
//! programme, day and audits give the same judgement.

mod coverage;
pub mod people;
mod scope;
mod settings;

use jiff::civil::Date;
use jiff::tz::{TimeZone, TimeZoneDatabase};

pub use coverage::{CarriedBy, Carrier, Coverage, CriterionStanding, holes, in_effect};
pub use settings::{Settings, longest_grace};

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

/// A programme as seen on a day, for the audits that are judged.
#[derive(Debug)]
pub struct Judgement<'p> {
    pub program: &'p Program,
    pub as_of: Date,
    /// See [`Clock::recorded`].
    pub recorded: Option<Date>,
    pub settings: Settings,
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
    /// Every criterion in scope, in the framework's order.
    pub criteria: Vec<CriterionStanding>,
}

impl<'p> Judgement<'p> {
    /// Judges `program` as of a day for every audit that is not issued yet, or for the one of that id.
    pub fn new(program: &'p Program, clock: impl Into<Clock>, only: Option<&str>) -> Self {
        let Clock { as_of, recorded } = clock.into();
        let settings = Settings::of(program);
        let audits = scope::judged(program, as_of, only);
        let audits = audits.into_iter().map(|scope| coverage::stand(program, scope)).collect();
        Self { program, as_of, recorded, settings, audits, whole: only.is_none() }
    }

    /// The organisation's time zone, in which a bare date is a whole day; UTC when it names none that exists.
    pub fn zone(&self) -> TimeZone {
        zone(self.program)
    }
}

/// The organisation's time zone, from the zones in the binary; UTC when it names none that exists, which a rule tells.
pub fn zone(program: &Program) -> TimeZone {
    let organization = program.config.as_ref().and_then(|config| config.organization.as_ref());
    let name = organization.and_then(|organization| organization.timezone.as_ref());
    name.and_then(|name| TimeZoneDatabase::bundled().get(&name.value).ok()).unwrap_or(TimeZone::UTC)
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
