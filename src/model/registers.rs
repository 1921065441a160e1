//! The registers: people, systems, vendors, risks and the other lists an audit draws on. YAML or CSV with the
//! same keys; one row is one item.

use jiff::Timestamp;

use super::audit::{OpenPeriod, Period};
use super::evidence::Classification;
use super::scalar::{
    AuditRef, ControlRef, CriterionRef, Date, HolderRef, Id, PersonRef, PolicyRef, RiskRef, Sha256,
    SystemRef, Text, VendorRef,
};
use crate::record::{Shape, Value, Visit};
use crate::source::{Location, Spanned};
use crate::syntax::{Node, Value as Typed};
use crate::{choice, record};

choice! {
    /// What a person is to the company.
    pub enum PersonKind ("person kind") {
        /// On the payroll.
        Employee = "employee",
        /// Works for us without being on the payroll.
        Contractor = "contractor",
        /// A program that acts under its own name; it can perform, never review.
        Bot = "bot",
    }
}

record! {
    /// Somebody who acts in the programme.
    pub struct Person ("person") {
        /// Stable name: `alice`.
        id: Id,
        /// Name for people.
        name: Option<Text> [required],
        /// E-mail addresses, also those git commits carry.
        emails: Vec<Text>,
        /// Other names records use for the same person.
        aliases: Vec<Text>,
        /// `employee`, `contractor` or `bot`.
        kind: Option<Spanned<PersonKind>> [required],
        /// Who they report to.
        manager: Option<PersonRef>,
        /// When they worked here; a rehire is a second row.
        employed: Vec<OpenPeriod> [required],
        /// Day the company learned that they leave.
        notified: Option<Date>,
        /// Day their background check was complete.
        background_check: Option<Date>,
        /// Day they signed confidentiality terms.
        confidentiality_agreement: Option<Date>,
        /// Day they signed the code of conduct.
        code_of_conduct: Option<Date>,
        /// Anything a reader should know.
        notes: Option<Text>,
    }
}

record! {
    /// A time in which somebody held a role.
    pub struct Tenure ("tenure") {
        /// Who.
        by: Option<PersonRef> [required],
        /// First day.
        from: Option<Date> [required],
        /// Last day; absent while it goes on.
        to: Option<Date>,
    }
}

record! {
    /// A duty that somebody holds; policies name roles, people come and go. Shares its names with people.
    pub struct Role ("role") {
        /// Stable name: `security-lead`.
        id: Id,
        /// Name for people.
        title: Option<Text>,
        /// What it answers for.
        duties: Option<Text>,
        /// Who held it, and when; empty while it is vacant.
        held: Vec<Tenure>,
    }
}

record! {
    /// A system that controls may cover.
    pub struct System ("system") {
        /// Stable name: `github`.
        id: Id,
        /// Name for people.
        name: Option<Text>,
        /// Whether it is inside the boundary of the audit.
        in_scope: Option<Spanned<bool>> [required],
        /// Why it is in or out.
        reason: Option<Text>,
        /// The person or role that answers for it.
        owner: Option<HolderRef> [required],
        /// Who runs it for us.
        vendor: Option<VendorRef>,
        /// First day in use.
        from: Option<Date>,
        /// Last day in use.
        to: Option<Date>,
    }
}

choice! {
    /// How much hangs on a vendor.
    pub enum Tier ("tier") {
        /// We cannot keep our promises without it.
        Critical = "critical",
        /// It holds customer data or reaches production.
        High = "high",
        /// It matters to us, not to customers.
        Medium = "medium",
        /// It could be replaced tomorrow.
        Low = "low",
    }
}

choice! {
    /// How a subservice organisation stands in the report.
    pub enum Subservice ("subservice method") {
        /// Its controls are left out and assumed (CSOCs).
        CarveOut = "carve-out",
        /// Its controls are described and tested with ours.
        Inclusive = "inclusive",
        /// It is a vendor, not a subservice organisation.
        None = "none",
    }
}

choice! {
    /// What a vendor shows of itself.
    pub enum ReportKind ("report kind") {
        /// SOC 2 over a period.
        Soc2Type2 = "soc2-type2",
        /// SOC 2 as of a date.
        Soc2Type1 = "soc2-type1",
        /// SOC 1.
        Soc1 = "soc1",
        /// The public summary.
        Soc3 = "soc3",
        /// ISO/IEC 27001 certificate.
        Iso27001 = "iso27001",
        /// Management's letter for the time after the report.
        BridgeLetter = "bridge-letter",
        /// Anything else.
        Other = "other",
    }
}

record! {
    /// Who looked at something, and when.
    pub struct Act ("act") {
        /// Who.
        by: Option<PersonRef> [required],
        /// The day.
        on: Option<Date> [required],
    }
}

record! {
    /// A report that a vendor gave us.
    pub struct VendorReport ("vendor report") {
        /// What it is: `soc2-type2`, `iso27001`, `bridge-letter`, …
        kind: Option<Spanned<ReportKind>> [required],
        /// The days it speaks about.
        period: Option<Period>,
        /// The auditor who wrote it.
        auditor: Option<Text>,
        /// What the auditor concluded: `unqualified`, `qualified`.
        opinion: Option<Text>,
        /// Exceptions that matter to us.
        exceptions: Option<Text>,
        /// What we make of a report that is weak for us, or of an opinion that is not unqualified.
        assessment: Option<Text>,
        /// Who read it for us.
        reviewed: Option<Act>,
        /// What the reader noted; user-entity controls mapped to ours.
        notes: Option<Text>,
    }
}

record! {
    /// A company whose service we use.
    pub struct Vendor ("vendor") {
        /// Stable name: `aws`.
        id: Id,
        /// Name for people.
        name: Option<Text>,
        /// What they do for us.
        service: Option<Text> [required],
        /// The person or role that answers for it.
        owner: Option<HolderRef> [required],
        /// `critical`, `high`, `medium` or `low`.
        tier: Option<Spanned<Tier>> [required],
        /// `carve-out` or `inclusive` for subservice organisations.
        subservice: Option<Spanned<Subservice>>,
        /// Classes of data they hold.
        data: Vec<Text>,
        /// They hold personal data.
        personal_data: Option<Spanned<bool>>,
        /// Day of the data processing agreement.
        dpa: Option<Date>,
        /// Day of the confidentiality terms.
        nda: Option<Date>,
        /// Contract dates.
        contract: Option<OpenPeriod>,
        /// Reports they gave us.
        reports: Vec<VendorReport>,
        /// Our last review.
        reviewed: Option<Act>,
        /// Day we stopped using them.
        ended: Option<Date>,
        /// Anything a reader should know.
        notes: Option<Text>,
    }
}

record! {
    /// A control we assume at a carved-out subservice organisation.
    pub struct Csoc ("CSOC") {
        /// Stable name.
        id: Id,
        /// The subservice organisation.
        vendor: Option<VendorRef> [required],
        /// Criteria it serves.
        criteria: Vec<CriterionRef> [required],
        /// What they do.
        text: Option<Text> [required],
        /// Our control that watches it.
        monitored_by: Option<ControlRef>,
    }
}

record! {
    /// A control our customers must run.
    pub struct Cuec ("CUEC") {
        /// Stable name.
        id: Id,
        /// What they have to do.
        text: Option<Text> [required],
        /// Criteria it serves.
        criteria: Vec<CriterionRef> [required],
        /// Where customers are told.
        published: Option<Text>,
    }
}

record! {
    /// A promise to customers.
    pub struct Commitment ("commitment") {
        /// Stable name.
        id: Id,
        /// The promise.
        text: Option<Text> [required],
        /// The document that makes it.
        source: Option<Text> [required],
        /// Category it belongs to: `availability`.
        category: Option<Text>,
        /// Its measure: `99.9 %`.
        metric: Option<Text>,
        /// Controls that keep it.
        controls: Vec<ControlRef>,
        /// The person or role that answers for it.
        owner: Option<HolderRef>,
    }
}

choice! {
    /// What is done about a risk.
    pub enum Response ("risk response") {
        /// Controls bring it down.
        Mitigate = "mitigate",
        /// It is borne; somebody above the owner agreed, for a time.
        Accept = "accept",
        /// Insurance or a contract bears it.
        Transfer = "transfer",
        /// The cause is given up.
        Avoid = "avoid",
    }
}

record! {
    /// Likelihood and impact, each 1 to 5.
    pub struct Score ("risk score") {
        /// 1 rare to 5 almost certain.
        likelihood: Option<Spanned<u64>> [required],
        /// 1 slight to 5 severe.
        impact: Option<Spanned<u64>> [required],
    }
}

impl Score {
    /// Likelihood times impact, when both are within 1 to 5.
    pub fn product(&self) -> Option<u64> {
        let (likelihood, impact) = (self.likelihood.as_ref()?.value, self.impact.as_ref()?.value);
        ((1..=5).contains(&likelihood) && (1..=5).contains(&impact)).then_some(likelihood * impact)
    }

    /// From the first key to the last value.
    pub fn whole(&self) -> Location {
        let mut whole = self.place;
        for number in [&self.likelihood, &self.impact].into_iter().flatten() {
            whole.span.end = whole.span.end.max(number.at.span.end);
        }
        whole
    }
}

record! {
    /// A decision to bear a risk.
    pub struct Acceptance ("risk acceptance") {
        /// Who agreed; not the owner.
        by: Option<PersonRef>,
        /// The day.
        on: Option<Date>,
        /// Last day it holds, at most twelve months later.
        expires: Option<Date>,
    }
}

record! {
    /// What could go wrong.
    pub struct Risk ("risk") {
        /// Stable name.
        id: Id,
        /// Cause, event and effect.
        statement: Option<Text> [required],
        /// Kind of risk: `fraud`, `vendor`, `change`, …
        category: Option<Text>,
        /// The person or role that answers for it.
        owner: Option<HolderRef> [required],
        /// The score before controls.
        inherent: Option<Score> [required],
        /// The score after controls.
        residual: Option<Score>,
        /// `mitigate`, `accept`, `transfer` or `avoid`.
        response: Option<Spanned<Response>> [required],
        /// Controls that treat it.
        controls: Vec<ControlRef>,
        /// What is still to be done.
        action: Option<Text>,
        /// By when.
        due: Option<Date>,
        /// The decision to bear it.
        accepted: Option<Acceptance>,
        /// Criteria it threatens.
        criteria: Vec<CriterionRef>,
        /// The last look at it.
        reviewed: Option<Act>,
    }
}

record! {
    /// A thing that holds or handles information.
    pub struct Asset ("asset") {
        /// Stable name.
        id: Id,
        /// Name for people.
        name: Option<Text> [required],
        /// What it is: `database`, `laptop`.
        r#type: Option<Text>,
        /// The person or role that answers for it.
        owner: Option<HolderRef> [required],
        /// Inside the boundary of the audit.
        in_scope: Option<Spanned<bool>>,
        /// Where it is.
        location: Option<Text>,
        /// `production`, or another environment.
        environment: Option<Text>,
        /// Class of the data on it.
        classification: Option<Spanned<Classification>>,
        /// Its data is encrypted.
        encrypted: Option<Spanned<bool>>,
        /// Its data is backed up.
        backed_up: Option<Spanned<bool>>,
        /// The system it belongs to.
        system: Option<SystemRef>,
        /// Who runs it for us.
        vendor: Option<VendorRef>,
        /// Last day somebody checked that it is there.
        verified: Option<Date>,
        /// Day it was disposed of.
        disposed: Option<Date>,
        /// How it was disposed of.
        disposal: Option<Text>,
    }
}

choice! {
    /// How bad an incident was.
    pub enum Severity ("severity") {
        /// Customers are harmed.
        Sev1 = "sev1",
        /// Customers are hindered.
        Sev2 = "sev2",
        /// We are hindered.
        Sev3 = "sev3",
        /// Nobody noticed.
        Sev4 = "sev4",
    }
}

record! {
    /// An event that hindered us or our customers.
    pub struct Incident ("incident") {
        /// Stable name.
        id: Id,
        /// What happened, in a few words.
        title: Option<Text> [required],
        /// `sev1` to `sev4`.
        severity: Option<Spanned<Severity>> [required],
        /// When it was noticed.
        detected: Option<Spanned<Timestamp>> [required],
        /// When it stopped spreading.
        contained: Option<Spanned<Timestamp>>,
        /// When service was whole again.
        resolved: Option<Spanned<Timestamp>>,
        /// The person or role that led the response.
        owner: Option<HolderRef> [required],
        /// Systems it touched.
        systems: Vec<SystemRef>,
        /// Confidential data was touched.
        confidential_data: Option<Spanned<bool>>,
        /// Personal data was touched.
        personal_data: Option<Spanned<bool>>,
        /// Why it happened.
        root_cause: Option<Text>,
        /// Day of the post-mortem.
        postmortem: Option<Date>,
        /// Whether and how customers and authorities were told, and who decided.
        notification: Option<Text>,
        /// It belongs in the system description (DC 4).
        significant: Option<Spanned<bool>>,
        /// What was done so that it does not come back.
        actions: Vec<Text>,
    }
}

record! {
    /// A deviation that was found: a control did not do what it says.
    pub struct Exception ("exception") {
        /// Stable name.
        id: Id,
        /// The control.
        control: Option<ControlRef> [required],
        /// The slot it belongs to: `2026-Q1`.
        slot: Option<Text>,
        /// The item of the population.
        item: Option<Text>,
        /// The system.
        system: Option<SystemRef>,
        /// Who found it, and when.
        found: Option<Act> [required],
        /// Why it happened.
        cause: Option<Text> [required],
        /// What came of it.
        effect: Option<Text>,
        /// When it was mended.
        remediated: Option<Remediation>,
        /// What management says to the auditor.
        response: Option<Text>,
        /// The person or role that answers for it.
        owner: Option<HolderRef>,
    }
}

record! {
    /// When and how a deviation was mended.
    pub struct Remediation ("remediation") {
        /// The day.
        on: Option<Date> [required],
        /// Who mended it.
        by: Option<PersonRef>,
        /// What was done.
        what: Option<Text>,
    }
}

record! {
    /// A gap that is let through for a time. It opens the gate and changes no verdict.
    pub struct Waiver ("waiver") {
        /// Stable name.
        id: Id,
        /// The gap's rule: `role-vacant`.
        rule: Option<Text> [required],
        /// What the gap is about: a control, criterion, policy, role, …
        subject: Option<Text> [required],
        /// Only this slot.
        slot: Option<Text>,
        /// Only this system.
        system: Option<SystemRef>,
        /// Only this audit.
        audit: Option<AuditRef>,
        /// Why it may wait.
        reason: Option<Text> [required],
        /// Who asked, and when.
        requested: Option<Act> [required],
        /// Who agreed, and when; another person. Without it the waiver lets nothing through.
        approved: Option<Act>,
        /// Last day it holds, at most twelve months after the approval.
        expires: Option<Date> [required],
        /// The control that makes up for it meanwhile.
        compensating: Option<ControlRef>,
    }
}

record! {
    /// A meeting of a body that oversees the programme.
    pub struct Meeting ("meeting") {
        /// Stable name.
        id: Id,
        /// Which body: `board`, `security-steering`.
        body: Option<Text> [required],
        /// The day.
        on: Option<Date> [required],
        /// Who was there.
        attendees: Vec<Text> [required],
        /// A member from outside was there.
        independent: Option<Spanned<bool>>,
        /// What was talked about.
        agenda: Vec<Text>,
        /// What was decided.
        decisions: Vec<Text>,
        /// The minutes.
        minutes: Option<Text>,
    }
}

record! {
    /// A person's acknowledgement of a policy's version.
    pub struct Acknowledgement ("acknowledgement") {
        /// Who.
        person: Option<PersonRef> [required],
        /// Which policy.
        policy: Option<PolicyRef> [required],
        /// Which version.
        version: Option<Text> [required],
        /// The day.
        on: Option<Date> [required],
    }
}

record! {
    /// A training that a person was given.
    pub struct Training ("training") {
        /// Who.
        person: Option<PersonRef> [required],
        /// Which course.
        course: Option<Text> [required],
        /// Which version.
        version: Option<Text>,
        /// Day it was assigned.
        assigned: Option<Date>,
        /// Day it was finished.
        completed: Option<Date>,
    }
}

choice! {
    /// Where a request stands.
    pub enum RequestStatus ("request status") {
        /// Nothing was handed over yet.
        Open = "open",
        /// Evidence was handed over.
        Submitted = "submitted",
        /// The auditor took it.
        Accepted = "accepted",
        /// The auditor wants more.
        Returned = "returned",
        /// The auditor no longer asks for it.
        Withdrawn = "withdrawn",
    }
}

record! {
    /// A piece of evidence as it was when the auditor took it.
    pub struct AcceptedEvidence ("accepted evidence") {
        /// Its name at the time: its folder below `evidence/`.
        id: Option<Text> [required],
        /// The digest of its manifest at the time, as a review pins it.
        digest: Option<Spanned<Sha256>> [required],
    }
}

record! {
    /// What the auditor took as the answer to a request.
    pub struct AcceptedAnswer ("accepted answer") {
        /// The day on which we learned of it.
        on: Option<Date> [required],
        /// The evidence, as it was on that day.
        evidence: Vec<AcceptedEvidence>,
    }
}

record! {
    /// A line of the auditor's list.
    pub struct Request ("request") {
        /// The auditor's reference.
        id: Text,
        /// The audit whose list it is on.
        audit: Option<AuditRef>,
        /// What is asked for.
        text: Option<Text> [required],
        /// Controls it is about.
        controls: Vec<ControlRef>,
        /// Criteria it is about.
        criteria: Vec<CriterionRef>,
        /// Days it is about.
        period: Option<Period>,
        /// By when.
        due: Option<Date>,
        /// The person or role that answers it.
        owner: Option<HolderRef>,
        /// Where it stands.
        status: Option<Spanned<RequestStatus>> [required],
        /// Where it stands in the auditor's words, as their list has it.
        auditor_status: Option<Text>,
        /// What the auditor wrote.
        comment: Option<Text>,
        /// What we say to the auditor.
        answer: Option<Text>,
        /// Evidence that answers it.
        evidence: Vec<super::scalar::EvidenceRef>,
        /// What the auditor took; evidence that changes afterwards reopens the request.
        accepted: Option<AcceptedAnswer>,
        /// Risks it is about.
        risks: Vec<RiskRef>,
    }
}

macro_rules! registers {
    ($( $file:ident : $row:ident ),* $(,)?) => {
        /// Every register, by the name of its file.
        #[derive(Clone, Debug, Default)]
        pub struct Registers {
            $( #[doc = concat!("`registers/", stringify!($file), "`.")] pub $file: Vec<$row>, )*
        }

        impl Registers {
            /// The name of each register's file and the shape of its rows.
            pub const SHAPES: &'static [(&'static str, &'static Shape)] =
                &[ $( (stringify!($file), &$row::SHAPE), )* ];

            /// Adds the rows of the register `name`; false when there is no such register.
            pub fn read(&mut self, name: &str, node: &Node<'_>, out: &mut Vec<crate::diagnostic::Diagnostic>) -> bool {
                match name {
                    $( stringify!($file) => { rows(node, &mut self.$file, out); true } )*
                    _ => false,
                }
            }

            /// Visits every reference of every row.
            pub fn references(&self, visit: &mut Visit<'_>) {
                $( for row in &self.$file { row.references(visit); } )*
            }
        }
    };
}

registers! {
    people: Person,
    roles: Role,
    systems: System,
    vendors: Vendor,
    csocs: Csoc,
    cuecs: Cuec,
    commitments: Commitment,
    risks: Risk,
    assets: Asset,
    incidents: Incident,
    exceptions: Exception,
    waivers: Waiver,
    meetings: Meeting,
    acknowledgements: Acknowledgement,
    training: Training,
    requests: Request,
}

fn rows<T: Value>(node: &Node<'_>, into: &mut Vec<T>, out: &mut Vec<crate::diagnostic::Diagnostic>) {
    match &node.value {
        Typed::List(items) => into.extend(items.iter().filter_map(|item| T::read(item, out))),
        Typed::Null | Typed::Broken => {}
        _ => {
            let help = "start each row with `- `, then its keys: `- { id: …, … }`";
            out.push(crate::record::wrong_type(node, "a list of rows", help));
        }
    }
}
