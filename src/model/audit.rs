//! An examination: Type I as of a date, Type II over a window.

use jiff::ToSpan;

use super::scalar::{AuditRef, CriterionRef, Date, FrameworkRef, Id, SystemRef, Text};
use crate::record::Table;
use crate::source::Spanned;
use crate::{choice, record};

choice! {
    /// What the auditor reports on.
    pub enum AuditType ("audit type") {
        /// The design of controls as of one date (`as_of`).
        Type1 = "type1",
        /// Design and operation over a window (`period`).
        Type2 = "type2",
    }
}

record! {
    /// First and last day, both included.
    pub struct Period ("period") {
        /// First day.
        from: Option<Date> [required],
        /// Last day.
        to: Option<Date> [required],
    }
}

record! {
    /// A period that may still be open.
    pub struct OpenPeriod ("open period") {
        /// First day.
        from: Option<Date> [required],
        /// Last day; absent while it goes on.
        to: Option<Date>,
    }
}

record! {
    /// One examination. Keys left out inherit `[scope]`.
    pub struct Audit ("audit") {
        /// Stable name: `2026-type2`.
        id: Id,
        /// `type1` or `type2`.
        r#type: Option<Spanned<AuditType>> [required],
        /// Type II: the window, both days included.
        period: Option<Period>,
        /// Type I: the date.
        as_of: Option<Date>,
        /// Criteria set, if not that of `[scope]`.
        framework: Option<FrameworkRef>,
        /// Categories in scope, if not those of `[scope]`.
        categories: Vec<Text>,
        /// Categories left out, each with its reason.
        excluded: Table,
        /// Criteria of an included category that do not apply, each with the reason the description gives (DC 8).
        not_relevant: Table,
        /// Systems in scope, if not all of the register that are.
        systems: Vec<SystemRef>,
        /// The CPA firm.
        firm: Option<Text>,
        /// When the auditors are at work.
        fieldwork: Option<OpenPeriod>,
        /// Date of the report; from then on `soc2 check` no longer judges this audit.
        issued: Option<Date>,
        /// The audit whose window ends the day before this one starts.
        follows: Option<AuditRef>,
        /// Date on which the auditor agreed the list of controls.
        agreed: Option<Date>,
        /// Criteria the auditor asked about in particular.
        criteria: Vec<CriterionRef>,
    }
}

/// Months that the window of a Type II may span.
pub const LONGEST_WINDOW: i32 = 36;

impl Audit {
    /// Is it a Type II over more months than a window may span?
    pub fn is_too_long(&self) -> bool {
        self.r#type.as_ref().is_some_and(|of| of.value == AuditType::Type2)
            && self.days().is_some_and(|(from, to)| {
                from.checked_add(LONGEST_WINDOW.months()).is_ok_and(|end| end <= to)
            })
    }

    /// First and last day that are judged: the window, or the one date of a Type I.
    pub fn days(&self) -> Option<(jiff::civil::Date, jiff::civil::Date)> {
        match self.r#type.as_ref()?.value {
            AuditType::Type1 => self.as_of.as_ref().map(|date| (date.value, date.value)),
            AuditType::Type2 => {
                let period = self.period.as_ref()?;
                let (from, to) = (period.from.as_ref()?.value, period.to.as_ref()?.value);
                (from <= to).then_some((from, to))
            }
        }
    }
}
