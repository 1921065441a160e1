//! The programme judged over the audits' windows as of a day. Pure: no disk, clock or environment; the same
//! programme, day and audits give the same judgement.

mod coverage;
pub mod people;
mod scope;

use jiff::civil::Date;
use jiff::tz::{TimeZone, TimeZoneDatabase};

pub use coverage::{CarriedBy, Carrier, Coverage, CriterionStanding, in_effect};

use crate::program::Program;

/// A programme as seen on a day, for the audits that are judged.
#[derive(Debug)]
pub struct Judgement<'p> {
    pub program: &'p Program,
    pub as_of: Date,
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
    /// First and last day that are judged.
    pub days: (Date, Date),
    /// Every criterion in scope, in the framework's order.
    pub criteria: Vec<CriterionStanding>,
}

impl<'p> Judgement<'p> {
    /// Judges `program` as of a day for every audit that is not issued yet, or for the one of that id.
    pub fn new(program: &'p Program, as_of: Date, only: Option<&str>) -> Self {
        let audits = scope::judged(program, as_of, only);
        let audits = audits.into_iter().map(|scope| coverage::stand(program, scope)).collect();
        Self { program, as_of, audits, whole: only.is_none() }
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
