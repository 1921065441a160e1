//! A control: what the company does, how often, and what trace it leaves.

use super::evidence::EvidenceKind;
use super::scalar::{ControlRef, CriterionRef, Date, HolderRef, Id, PersonRef, PolicyRef, ProcedureRef};
use super::scalar::{RiskRef, SystemRef, Text, VendorRef};
use crate::record::Table;
use crate::source::Spanned;
use crate::{choice, record};

choice! {
    /// What the company claims of a control. Whether it operated is computed from evidence, never typed.
    pub enum Status ("control status") {
        /// Written down; nobody has agreed to it. Covers nothing.
        Draft = "draft",
        /// Agreed, not yet in place. Covers nothing.
        Planned = "planned",
        /// In place since `effective_from`.
        Implemented = "implemented",
        /// Given up; `retired_at` was its last day. Covers the days up to then.
        Retired = "retired",
    }
}

choice! {
    /// How often a control is performed; a periodic cadence makes one slot an interval.
    pub enum Cadence ("cadence") {
        /// One time, and again when what it describes changes.
        Once = "once",
        /// Once a year.
        Annual = "annual",
        /// Every half year.
        Semiannual = "semiannual",
        /// Every calendar quarter.
        Quarterly = "quarterly",
        /// Every month.
        Monthly = "monthly",
        /// Every week, Monday to Sunday.
        Weekly = "weekly",
        /// Every day.
        Daily = "daily",
        /// A setting that is on all the time.
        Continuous = "continuous",
        /// Each time something happens: a hire, a change, an incident.
        Event = "event",
    }
}

choice! {
    /// Who does the work.
    pub enum ControlType ("control type") {
        /// A person.
        Manual = "manual",
        /// A system, by its configuration.
        Automated = "automated",
        /// A person acting on a report that a system made.
        ItDependent = "it-dependent",
    }
}

choice! {
    /// What the control does about the risk.
    pub enum Nature ("control nature") {
        /// Keeps it from happening.
        Preventive = "preventive",
        /// Finds it when it happened.
        Detective = "detective",
        /// Mends what happened.
        Corrective = "corrective",
    }
}

choice! {
    /// Where the intervals of a cadence begin.
    pub enum Anchor ("anchor") {
        /// With the calendar: January, April, Monday.
        Calendar = "calendar",
        /// With the fiscal year.
        Fiscal = "fiscal",
        /// With the first day of the audit's window.
        Window = "window",
    }
}

choice! {
    /// Whether another person must look at each occurrence.
    pub enum Review ("review rule") {
        /// Evidence counts once another person has accepted it.
        Required = "required",
        /// Evidence counts without a review.
        NotRequired = "not-required",
    }
}

choice! {
    /// How an auditor would test the control.
    pub enum Method ("test method") {
        /// Asking; never enough alone.
        Inquiry = "inquiry",
        /// Watching it done.
        Observation = "observation",
        /// Reading documents, settings and records.
        Inspection = "inspection",
        /// Doing it again.
        Reperformance = "re-performance",
    }
}

choice! {
    /// What one piece of required evidence stands for.
    pub enum Per ("evidence unit") {
        /// One interval of the cadence; for event and continuous controls the window.
        Slot = "slot",
        /// One item of the population.
        Item = "item",
        /// One system of the control.
        System = "system",
    }
}

choice! {
    /// Whether the control applies to this company.
    pub enum Applies ("applicability") {
        /// We run it.
        Applicable = "applicable",
        /// It does not apply; `why`, `by` and `on` say who decided.
        NotApplicable = "not-applicable",
        /// A subservice organisation runs it.
        Inherited = "inherited",
        /// We and our customers each run a part.
        Shared = "shared",
    }
}

choice! {
    /// Judgement on the design: would it meet the criterion if it ran as written?
    pub enum DesignIs ("design judgement") {
        /// Nobody judged it yet.
        NotAssessed = "not-assessed",
        /// It would.
        Adequate = "adequate",
        /// It would not.
        Deficient = "deficient",
    }
}

record! {
    /// Whether a control applies, and who decided.
    pub struct Applicability ("applicability") {
        /// `applicable`, `not-applicable`, `inherited` or `shared`.
        is: Option<Spanned<Applies>> [required],
        /// The reason, in a sentence an auditor can accept.
        why: Option<Text>,
        /// Who decided.
        by: Option<PersonRef>,
        /// The day of the decision.
        on: Option<Date>,
        /// Inherited: the vendor that runs it.
        vendor: Option<VendorRef>,
    }
}

record! {
    /// A recorded judgement on the design.
    pub struct Design ("design") {
        /// `adequate`, `deficient` or `not-assessed`.
        is: Option<Spanned<DesignIs>> [required],
        /// The reason.
        why: Option<Text>,
        /// Who judged.
        by: Option<PersonRef>,
        /// The day of the judgement.
        on: Option<Date>,
    }
}

record! {
    /// Evidence that each occurrence has to leave.
    pub struct EvidenceRequired ("evidence required") {
        /// Kind of evidence: `soc2 explain evidence-kind`.
        kind: Option<Spanned<EvidenceKind>> [required],
        /// What it stands for: `slot`, `item` or `system`.
        per: Option<Spanned<Per>>,
        /// How many at least.
        min: Option<Spanned<u64>>,
        /// What it shows, in a few words.
        what: Option<Text>,
    }
}

record! {
    /// How the control is tested.
    pub struct Test ("test") {
        /// Stable name within the control.
        id: Id,
        /// `inquiry`, `observation`, `inspection` or `re-performance`.
        method: Option<Spanned<Method>> [required],
        /// What is looked at in each sampled item, by letter.
        attributes: Table,
    }
}

record! {
    /// The complete list of occurrences of an event control.
    pub struct ControlPopulation ("control population") {
        /// What the items are: `new-hires`.
        name: Option<Id> [required],
        /// The system the list comes from.
        source: Option<Text>,
        /// The column that tells the items apart.
        key: Option<Text>,
    }
}

record! {
    /// What the company does to meet criteria. One a file, or a list of them.
    pub struct Control ("control") {
        /// Stable name, never used again: `iam-access-review`.
        id: Id,
        /// What is done, in one short sentence.
        title: Option<Text> [required],
        /// The sentence the auditor tests: who does what, how often, on which system, leaving what trace.
        description: Option<Text> [required],
        /// The risk or outcome it is for.
        objective: Option<Text>,
        /// The person or role that answers for it.
        owner: Option<HolderRef>,
        /// Who performs it, if not the owner.
        operator: Option<HolderRef>,
        /// Who reviews it.
        reviewer: Option<HolderRef>,
        /// What the company claims: `draft`, `planned`, `implemented` or `retired`.
        status: Option<Spanned<Status>> [required],
        /// First day it was in place.
        effective_from: Option<Date>,
        /// Last day it was in place.
        retired_at: Option<Date>,
        /// The control that took its place.
        superseded_by: Option<ControlRef>,
        /// How often it is performed: `soc2 explain cadence`.
        cadence: Option<Spanned<Cadence>>,
        /// Where its intervals begin: `calendar` unless said.
        anchor: Option<Spanned<Anchor>>,
        /// Days after an interval in which it still counts as late.
        grace_days: Option<Spanned<u64>>,
        /// Criteria it meets, strongest first: `CC6.2`, `CC6.1/restrict-logical-access`, `iso27001-2022:A.5.15`.
        criteria: Vec<CriterionRef>,
        /// Policy sections that order it: `access-control#access-reviews`.
        policies: Vec<PolicyRef>,
        /// Procedures that explain it.
        procedures: Vec<ProcedureRef>,
        /// In-scope systems it covers; each is a slot of its own.
        systems: Vec<SystemRef>,
        /// Risks it treats.
        risks: Vec<RiskRef>,
        /// Product code in the same repository that does it: a path from the top of the repository, and after `#` a text that
        /// must stand in the file: `src/auth/mfa.rs#fn require_mfa`.
        implemented_by: Vec<Text>,
        /// Whether it prevents, detects or corrects.
        nature: Option<Spanned<Nature>>,
        /// Who does the work: `manual` unless said.
        r#type: Option<Spanned<ControlType>>,
        /// A key control: the criterion hangs on it.
        key: Option<Spanned<bool>>,
        /// Whether another person must accept the evidence; `required` for manual and it-dependent controls unless said.
        review: Option<Spanned<Review>>,
        /// A recorded judgement on its design.
        design: Option<Design>,
        /// Evidence each occurrence has to leave.
        evidence_required: Vec<EvidenceRequired>,
        /// How it is tested.
        tests: Vec<Test>,
        /// Event controls: the list of occurrences.
        population: Option<ControlPopulation>,
        /// Whether it applies here.
        applicability: Option<Applicability>,
        /// Controls that make up for it where duties cannot be separated.
        compensating: Vec<ControlRef>,
        /// The auditor's and other tools' names for it.
        aliases: Vec<Text>,
        /// The template it came from: `iam-access-review@1`.
        template: Option<Text>,
    }
}

impl Control {
    /// The claimed status, draft when absent or unreadable: never more than what was said.
    pub fn status(&self) -> Status {
        self.status.as_ref().map_or(Status::Draft, |status| status.value)
    }

    /// Who does the work; manual unless said.
    pub fn control_type(&self) -> ControlType {
        self.r#type.as_ref().map_or(ControlType::Manual, |kind| kind.value)
    }

    /// True unless it was decided that it does not apply.
    pub fn applies(&self) -> bool {
        self.applies_as() != Applies::NotApplicable
    }

    /// What was decided about it; applicable unless said.
    pub fn applies_as(&self) -> Applies {
        let decided = self.applicability.as_ref().and_then(|applicability| applicability.is.as_ref());
        decided.map_or(Applies::Applicable, |is| is.value)
    }
}
