//! Evidence: a manifest beside its artefacts, saying what was performed, when, by whom and what the bytes show.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::audit::Period;
use super::scalar::{ControlRef, Date, EvidenceRef, PersonRef, Sha256, SystemRef, Text};
use crate::diagnostic::Diagnostic;
use crate::record::{Field, Kind, Table, Value, Visit, noun, wrong_type};
use crate::source::Spanned;
use crate::syntax::{Node, Value as Typed};
use crate::{choice, record};

choice! {
    /// What a piece of evidence is.
    pub enum EvidenceKind ("evidence kind") {
        /// Settings as the system shows or exports them.
        ConfigExport = "config-export",
        /// A list or report that a system made.
        SystemReport = "system-report",
        /// Lines of a log.
        LogExtract = "log-extract",
        /// A ticket with its history.
        Ticket = "ticket",
        /// A reviewed change of code.
        PullRequest = "pull-request",
        /// A picture of a screen with date and clock.
        Screenshot = "screenshot",
        /// A document somebody signed.
        SignedDocument = "signed-document",
        /// Minutes of a meeting.
        Minutes = "minutes",
        /// A version of a policy; shows design, not operation.
        PolicyVersion = "policy-version",
        /// A person's statement; inquiry only.
        Attestation = "attestation",
        /// A report by or about a vendor.
        VendorReport = "vendor-report",
        /// The result of a test.
        TestResult = "test-result",
        /// The result of a scan.
        ScanReport = "scan-report",
        /// Proof of training.
        TrainingRecord = "training-record",
        /// A certificate.
        Certificate = "certificate",
        /// A statement, with proof, that nothing happened.
        NilStatement = "nil-statement",
    }
}

choice! {
    /// How an occurrence came out.
    pub enum Outcome ("outcome") {
        /// It ran as written and found nothing unusual.
        AsExpected = "as-expected",
        /// It ran as written and found something to follow up.
        ExceptionsNoted = "exceptions-noted",
        /// It did not do what it is for.
        Failed = "failed",
    }
}

choice! {
    /// What a reviewer decided.
    pub enum Verdict ("review result") {
        /// It shows what it says.
        Accepted = "accepted",
        /// It does not.
        Rejected = "rejected",
    }
}

record! {
    /// When the control was performed, and by whom.
    pub struct Performed ("performance") {
        /// The day, in the organisation's time zone.
        on: Option<Date>,
        /// The moment, with offset, instead of `on`.
        at: Option<Spanned<Timestamp>>,
        /// The person or bot, never a role.
        by: Option<PersonRef> [required],
    }
}

record! {
    /// One of several performances that this evidence shows.
    pub struct Occurrence ("occurrence") {
        /// The day it was performed.
        on: Option<Date> [required],
        /// Who performed it.
        by: Option<PersonRef>,
        /// The slot it is for: `2026-Q1`.
        slot: Option<Text>,
        /// The item of the population.
        item: Option<Text>,
        /// The system it was performed on.
        system: Option<SystemRef>,
        /// How it came out.
        outcome: Option<Spanned<Outcome>>,
    }
}

record! {
    /// A dated log whose rows are occurrences.
    pub struct OccurrenceLog ("occurrence log") {
        /// The artefact that holds the rows.
        artifact: Option<Text> [required],
        /// The column with the date.
        date: Option<Text> [required],
        /// The column that tells rows apart.
        key: Option<Text>,
    }
}

/// Several performances in one manifest.
#[derive(Clone, Debug)]
pub enum Occurrences {
    Listed(Vec<Occurrence>),
    Log(OccurrenceLog),
}

impl Value for Occurrences {
    const KIND: Kind = Kind::Either(
        "a list of occurrences or a log",
        &[Kind::List(&Occurrence::KIND), Kind::Record(&OccurrenceLog::SHAPE)],
    );

    fn read(node: &Node<'_>, out: &mut Vec<Diagnostic>) -> Option<Self> {
        match &node.value {
            Typed::List(_) => Vec::read(Some(node), out).map(Self::Listed),
            Typed::Map(_) => OccurrenceLog::read(node, out).map(Self::Log),
            Typed::Broken => None,
            _ => {
                let help =
                    "write `- { on: 2026-03-28, by: alice }` lines, or `{ artifact: log.csv, date: column }`";
                out.push(wrong_type(node, noun(&Self::KIND), help));
                None
            }
        }
    }

    fn references(&self, visit: &mut Visit<'_>) {
        match self {
            Self::Listed(occurrences) => occurrences.references(visit),
            Self::Log(log) => log.references(visit),
        }
    }
}

record! {
    /// How it came out.
    pub struct Outcomes ("result") {
        /// `as-expected`, `exceptions-noted` or `failed`.
        outcome: Option<Spanned<Outcome>> [required],
        /// What was found, in a sentence.
        summary: Option<Text>,
        /// Evidence or tickets that show what was done about it.
        follow_up: Vec<Text>,
    }
}

record! {
    /// When the bytes were taken from their system.
    pub struct Collected ("collection") {
        /// The moment, with offset.
        at: Option<Spanned<Timestamp>>,
        /// The day, instead of `at`.
        on: Option<Date>,
        /// Who took them.
        by: Option<PersonRef>,
    }
}

record! {
    /// Another person's look at the evidence.
    pub struct Reviewed ("review") {
        /// The day.
        on: Option<Date> [required],
        /// Who looked; never who performed it.
        by: Option<PersonRef> [required],
        /// `accepted` or `rejected`.
        result: Option<Spanned<Verdict>> [required],
        /// SHA-256 of the manifest as reviewed, without this key.
        digest: Option<Spanned<Sha256>>,
        /// Small teams: the control that makes up for a missing second person.
        compensating: Option<ControlRef>,
        /// What the reviewer saw.
        notes: Option<Text>,
    }
}

record! {
    /// A complete list that the artefact holds.
    pub struct Population ("population") {
        /// What the items are: `github-users`.
        name: Option<Text>,
        /// The column that tells items apart.
        key: Option<Text>,
        /// The column with each item's date.
        date: Option<Text>,
        /// How many items the source shows.
        count: Option<Spanned<u64>>,
        /// Why nothing is missing: `3 of 3 pages`.
        completeness: Option<Text>,
        /// Why the values are right.
        accuracy: Option<Text>,
    }
}

record! {
    /// How a program made the bytes, as `soc2 evidence capture` saw it.
    pub struct Capture ("capture") {
        /// The recipe that was followed, if any: `github-members`.
        recipe: Option<Text>,
        /// What stood for the recipe's settings.
        settings: Table,
        /// The program and its arguments, one by one.
        command: Vec<Text>,
        /// What the program says of its version.
        version: Option<Text>,
        /// As whom the program was signed in.
        account: Option<Text>,
        /// When it was started, with offset.
        started: Option<Spanned<Timestamp>> [required],
        /// When it had ended.
        ended: Option<Spanned<Timestamp>> [required],
        /// Its exit status; nothing else than 0 is kept.
        exit: Option<Spanned<u64>>,
    }
}

record! {
    /// One file of evidence.
    pub struct Artifact ("artifact") {
        /// The file, below the manifest's folder.
        path: Option<Text>,
        /// Where the bytes are, if they are not in the repository.
        url: Option<Text>,
        /// SHA-256 of the bytes, in 64 hex digits.
        sha256: Option<Spanned<Sha256>> [required],
        /// Length in bytes.
        bytes: Option<Spanned<u64>>,
        /// The system it shows.
        system: Option<SystemRef>,
        /// `production`, or another environment.
        environment: Option<Text>,
        /// The exact query, command or address that made it.
        query: Option<Text>,
        /// What kind it is, if not the manifest's.
        kind: Option<Spanned<EvidenceKind>>,
        /// The days the content speaks about.
        covers: Option<Period>,
        /// The complete list it holds.
        population: Option<Box<Population>>,
        /// How a program made it, where `soc2 evidence capture` ran one.
        capture: Option<Box<Capture>>,
        /// Reserved: the data set a test reads it as.
        dataset: Option<Text>,
    }
}

record! {
    /// Something taken out of an artefact.
    pub struct Redaction ("redaction") {
        /// What was taken out.
        what: Option<Text> [required],
        /// Why.
        why: Option<Text> [required],
        /// Who did it.
        by: Option<PersonRef> [required],
        /// The file; every file of the manifest unless said.
        artifact: Option<Text>,
        /// What stands in its place still looks like a secret or personal number to this rule of the scan: `us-ssn`.
        rule: Option<Text>,
    }
}

choice! {
    /// Who may see it.
    pub enum Classification ("classification") {
        /// Anybody.
        Public = "public",
        /// Staff and the auditor.
        Internal = "internal",
        /// Named people and the auditor.
        Confidential = "confidential",
        /// Shown in a session, never handed out.
        Restricted = "restricted",
    }
}

record! {
    /// Proof of one or more occurrences of a control; the folder's other files are its artefacts.
    pub struct Evidence ("evidence manifest") {
        /// What it is, in a few words.
        title: Option<Text> [required],
        /// Controls it shows.
        controls: Vec<ControlRef>,
        /// What it is: `soc2 explain evidence-kind`.
        kind: Option<Spanned<EvidenceKind>> [required],
        /// When the control was performed, and by whom.
        performed: Option<Performed>,
        /// Several performances: a list, or a dated log.
        occurrences: Option<Box<Occurrences>>,
        /// The slot it is for, if the date alone does not say: `2026-Q1`.
        slot: Option<Text>,
        /// How it came out.
        result: Option<Outcomes>,
        /// When the bytes were taken from their system.
        collected: Option<Collected>,
        /// Another person's look at it.
        reviewed: Option<Reviewed>,
        /// The files, each with its hash.
        artifacts: Vec<Artifact>,
        /// Evidence this one takes the place of.
        supersedes: Vec<EvidenceRef>,
        /// Evidence whose open result this one follows up.
        follows_up: Vec<EvidenceRef>,
        /// Anything a reader should know.
        notes: Option<Text>,
        /// Who may see it: `internal` unless said.
        classification: Option<Spanned<Classification>>,
        /// What was taken out, why and by whom.
        redactions: Vec<Redaction>,
        /// The auditor's requests it answers.
        request: Vec<Text>,
    }
}

impl Collected {
    /// The local day on which the bytes were taken.
    pub fn day(&self, zone: &TimeZone) -> Option<jiff::civil::Date> {
        local_day(self.at.as_ref(), self.on.as_ref(), zone)
    }
}

impl Performed {
    /// The local day on which the control was performed.
    pub fn day(&self, zone: &TimeZone) -> Option<jiff::civil::Date> {
        local_day(self.at.as_ref(), self.on.as_ref(), zone)
    }
}

fn local_day(
    at: Option<&Spanned<Timestamp>>,
    on: Option<&Date>,
    zone: &TimeZone,
) -> Option<jiff::civil::Date> {
    at.map(|at| zone.to_datetime(at.value).date()).or_else(|| on.map(|on| on.value))
}

impl Evidence {
    /// The dated log whose rows are its occurrences.
    pub fn log(&self) -> Option<&OccurrenceLog> {
        match self.occurrences.as_deref() {
            Some(Occurrences::Log(log)) => Some(log),
            _ => None,
        }
    }

    /// Where its performances are listed, or the log that holds them is named.
    pub fn occurrences_place(&self) -> Option<crate::source::Location> {
        match self.occurrences.as_deref()? {
            Occurrences::Listed(listed) => listed.last().map(|one| one.place),
            Occurrences::Log(log) => Some(log.place),
        }
    }

    /// What each artefact is; without artefacts, what the manifest is.
    pub fn kinds(&self) -> impl Iterator<Item = &Spanned<EvidenceKind>> {
        let own = self.artifacts.iter().filter_map(|artifact| artifact.kind.as_ref().or(self.kind.as_ref()));
        own.chain(self.kind.as_ref().filter(|_| self.artifacts.is_empty()))
    }

    /// Is all of it of that kind, as far as it can be read?
    pub fn is_only(&self, kind: EvidenceKind) -> bool {
        let mut kinds = self.kinds().peekable();
        kinds.peek().is_some() && kinds.all(|one| one.value == kind) && !self.misread.holds("artifacts")
    }
}

impl OccurrenceLog {
    /// Is this the artefact that holds the rows?
    pub fn is_in(&self, artifact: &Artifact) -> bool {
        let (named, path) = (self.artifact.as_ref(), artifact.path.as_ref());
        named.zip(path).is_some_and(|(named, path)| named.value == path.value)
    }
}
