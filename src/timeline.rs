//! The programme judged over the audits' windows as of a day. Pure: no disk, clock or environment; the same
//! programme, day and audits give the same judgement.

mod coverage;
mod scope;

use jiff::civil::Date;

pub use coverage::{Coverage, CriterionStanding};

use crate::program::Program;

/// A programme as seen on a day, for the audits that are judged.
#[derive(Debug)]
pub struct Judgement<'p> {
    pub program: &'p Program,
    pub as_of: Date,
    pub audits: Vec<AuditStanding>,
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
        Self { program, as_of, audits }
    }
}

impl AuditStanding {
    /// How many criteria stand at a coverage.
    pub fn count(&self, coverage: Coverage) -> usize {
        self.criteria.iter().filter(|c| c.coverage == coverage).count()
    }
}
