//! A gap: something people did or did not do, or when. It may depend on the day, the audit and history; a waiver
//! can let it through for a time, and never makes it go away.

use jiff::civil::Date;

use crate::source::Location;

/// How much a gap matters, fixed by its rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// An auditor would note it as an exception; fails `soc2 check --strict`. Whether a criterion is supported follows from
    /// the verdicts, not from gaps.
    Blocking,
    /// An auditor will ask.
    AtRisk,
    /// Worth knowing.
    Note,
}

impl Class {
    /// The name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Blocking => "blocking",
            Self::AtRisk => "at-risk",
            Self::Note => "note",
        }
    }

    /// All classes, worst first.
    pub const ALL: &'static [Self] = &[Self::Blocking, Self::AtRisk, Self::Note];
}

/// What a gap is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// The field's noun: `control`, `criterion`, `role`.
    pub kind: &'static str,
    pub id: String,
}

impl Subject {
    /// A thing of a kind.
    pub fn new(kind: &'static str, id: impl Into<String>) -> Self {
        Self { kind, id: id.into() }
    }
}

/// One gap, what it is about and what would close it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Name of the rule.
    pub rule: &'static str,
    pub class: Class,
    pub subject: Subject,
    /// The audit it is judged for; `None` when it stands for any.
    pub audit: Option<String>,
    pub slot: Option<String>,
    /// Last day of the slot, and last day of its grace: a waiver covers it only if it was approved by the first and had
    /// not expired on the second.
    pub slot_ends: Option<(Date, Date)>,
    pub system: Option<String>,
    /// The day it opened, where there is one.
    pub since: Option<Date>,
    /// Where the reader should look.
    pub at: Location,
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Id of the waiver that lets it through.
    pub waiver: Option<String>,
}

impl Gap {
    /// A gap of a rule, shown at a place.
    pub fn new(
        rule: &'static str,
        class: Class,
        subject: Subject,
        at: Location,
        message: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            class,
            subject,
            audit: None,
            slot: None,
            slot_ends: None,
            system: None,
            since: None,
            at,
            message: message.into(),
            help: None,
            waiver: None,
        }
    }
}
