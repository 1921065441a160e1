//! Why an occurrence is not accepted: in words, with what would change it and the rule that tells it.

use jiff::civil::Date;

use super::population;
use crate::model::EvidenceKind;
use crate::program::Program;
use crate::text::safe;

/// A reason why evidence does not fill a slot. The order is that in which they are told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flaw {
    /// `soc2 check` finds faults in the manifest.
    Misread,
    /// Another manifest takes its place, by index.
    Superseded(usize),
    NoPerformance,
    /// Dated after the last day on which it can have been written.
    InFuture(Date),
    CollectedBeforePerformed,
    NoPerformer,
    PerformerUnknown(Box<str>),
    PerformerNotEmployed(Box<str>, Date),
    /// A bot performed a control that is not automated.
    BotPerformed(Box<str>),
    NoArtifacts,
    ArtifactMissing(Box<str>),
    ArtifactEmpty(Box<str>),
    ArtifactChanged(Box<str>),
    ArtifactNotHere(Box<str>),
    ArtifactWithoutHash(Box<str>),
    NotProduction(Box<str>),
    /// A population from which no sample can be drawn: its file, and why.
    Population(Box<str>, population::Flaw),
    /// A population said to cover days after it was collected.
    CoversAfterCollected(Box<str>),
    /// A dated log with rows that cannot be taken as occurrences.
    Log(Box<str>),
    InquiryOnly,
    DesignOnly,
    /// Of a kind that the control does not ask for.
    OtherKind(EvidenceKind),
    /// The control has systems and the evidence names none of them.
    NamesNoSystem,
    NoResult,
    NoReview,
    /// Its review is dated after the as-of day.
    ReviewedLater(Date),
    ReviewRejected,
    ReviewerUnknown(Box<str>),
    ReviewerIsBot(Box<str>),
    ReviewerNotEmployed(Box<str>, Date),
    ReviewedBeforePerformed,
    SelfReview(Box<str>),
    /// Who took the bytes from their system reviewed them.
    CollectorReviewed(Box<str>),
    ChangedSinceReview,
    /// The slot it names is none of the control's.
    NoSuchSlot(Box<str>),
    /// Its date lies outside the slot it names: first day, last day with grace.
    SlotContradictsDate(Box<str>, Date, Date),
    /// All its artefacts were used by earlier evidence, by index.
    Reused(usize),
    /// A single manifest shows more intervals than it has artefacts.
    OneArtifactForMany,
}

impl Flaw {
    /// Is it that another person has not accepted it by the as-of day?
    pub fn awaits_review(&self) -> bool {
        matches!(self, Self::NoReview | Self::ReviewedLater(_))
    }

    /// True when nothing is known to be wrong: the bytes are not here, or could not be read.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::ArtifactNotHere(_))
    }

    /// The rule of `soc2 check` that tells it; `None` when several do.
    pub fn rule(&self) -> Option<&'static str> {
        Some(match self {
            Self::Misread => return None,
            Self::Superseded(_) => return None,
            Self::NoPerformance => "evidence-without-performance",
            Self::InFuture(_) => "evidence-in-future",
            Self::CollectedBeforePerformed => "evidence-collected-before-performed",
            Self::NoPerformer => "evidence-without-performance",
            Self::PerformerUnknown(_) | Self::ReviewerUnknown(_) => "unknown-person",
            Self::PerformerNotEmployed(..) | Self::ReviewerNotEmployed(..) => "actor-not-employed",
            Self::BotPerformed(_) => "bot-performed-manual-control",
            Self::NoArtifacts => "evidence-without-artifacts",
            Self::ArtifactMissing(_) => "artifact-missing",
            Self::ArtifactEmpty(_) => "artifact-empty",
            Self::ArtifactChanged(_) => "artifact-changed",
            Self::ArtifactNotHere(_) => "artifact-not-here",
            Self::ArtifactWithoutHash(_) => "missing-key",
            Self::NotProduction(_) => "environment-not-production",
            Self::Population(_, flaw) => flaw.rule(),
            Self::CoversAfterCollected(_) => "covers-after-collected",
            Self::Log(_) => "table-unreadable",
            Self::InquiryOnly => "inquiry-only",
            Self::DesignOnly => "policy-as-evidence",
            Self::OtherKind(_) => "evidence-of-other-kind",
            Self::NamesNoSystem => "evidence-names-no-system",
            Self::NoResult => "evidence-without-result",
            Self::NoReview | Self::ReviewedLater(_) => "evidence-awaits-review",
            Self::ReviewRejected => "review-rejected",
            Self::ReviewerIsBot(_) => "reviewer-is-bot",
            Self::ReviewedBeforePerformed => "reviewed-before-performed",
            Self::CollectorReviewed(_) => return None,
            Self::SelfReview(_) => "self-review",
            Self::ChangedSinceReview => "changed-since-review",
            Self::NoSuchSlot(_) => "slot-unknown",
            Self::SlotContradictsDate(..) => "slot-contradicts-date",
            Self::Reused(_) | Self::OneArtifactForMany => "artifact-reused",
        })
    }

    /// What is wrong, as a clause: `nobody else has accepted it`.
    pub fn words(&self, program: &Program) -> String {
        let id =
            |index: &usize| program.evidence.get(*index).map_or("", |folder| program.evidence_id(folder));
        match self {
            Self::Misread => "its manifest has faults".to_owned(),
            Self::Superseded(by) => format!("`{}` takes its place", safe(id(by))),
            Self::NoPerformance => "it does not say when the control was performed".to_owned(),
            Self::InFuture(day) => format!("it is dated {day}, in the future"),
            Self::CollectedBeforePerformed => "it was collected before it was performed".to_owned(),
            Self::NoPerformer => "it does not say who performed the control".to_owned(),
            Self::PerformerUnknown(name) => {
                format!("`{}`, who performed it, is nobody in the people register", safe(name))
            }
            Self::PerformerNotEmployed(name, day) => {
                format!("`{}`, who performed it, did not work here on {day}", safe(name))
            }
            Self::BotPerformed(name) => {
                format!("the bot `{}` performed a control that people perform", safe(name))
            }
            Self::NoArtifacts => "it has no artefacts".to_owned(),
            Self::ArtifactMissing(path) if path.is_empty() => "an artefact names no file".to_owned(),
            Self::ArtifactMissing(path) => format!("`{}` is missing", safe(path)),
            Self::ArtifactEmpty(path) => format!("`{}` is empty", safe(path)),
            Self::ArtifactChanged(path) => format!("`{}` is not what was recorded", safe(path)),
            Self::ArtifactNotHere(path) => format!("the bytes of `{}` are not here", safe(path)),
            Self::ArtifactWithoutHash(path) => format!("`{}` has no hash", safe(path)),
            Self::NotProduction(name) => format!("it shows `{}`, not production", safe(name)),
            Self::Population(path, flaw) => format!("the population `{}` {}", safe(path), flaw.words()),
            Self::CoversAfterCollected(path) => {
                format!("the population `{}` speaks about days after it was collected", safe(path))
            }
            Self::Log(path) => format!("the log `{}` cannot be read row by row", safe(path)),
            Self::InquiryOnly => "it is a statement: inquiry only".to_owned(),
            Self::DesignOnly => "a policy shows design, not operation".to_owned(),
            Self::OtherKind(kind) => format!("its kind `{}` is not one the control asks for", kind.word()),
            Self::NamesNoSystem => "it names no system, and the control has some".to_owned(),
            Self::NoResult => "it has no result".to_owned(),
            Self::NoReview => "nobody else has accepted it yet".to_owned(),
            Self::ReviewedLater(day) => format!("it was reviewed on {day}, after the as-of day"),
            Self::ReviewRejected => "its reviewer rejected it".to_owned(),
            Self::ReviewerUnknown(name) => {
                format!("its reviewer `{}` is nobody in the people register", safe(name))
            }
            Self::ReviewerIsBot(name) => format!("its reviewer `{}` is a bot", safe(name)),
            Self::ReviewerNotEmployed(name, day) => {
                format!("its reviewer `{}` did not work here on {day}", safe(name))
            }
            Self::ReviewedBeforePerformed => "it was reviewed before it was performed".to_owned(),
            Self::CollectorReviewed(name) => format!("`{}` reviewed it and also collected it", safe(name)),
            Self::SelfReview(name) => format!("`{}` reviewed it and also performed it", safe(name)),
            Self::ChangedSinceReview => "it was changed after its review".to_owned(),
            Self::NoSuchSlot(name) => format!("the control has no slot `{}`", safe(name)),
            Self::SlotContradictsDate(name, from, to) => {
                format!("it names {}, which takes dates from {from} to {to}", safe(name))
            }
            Self::Reused(first) => format!("`{}` used all of its artefacts before", safe(id(first))),
            Self::OneArtifactForMany => "it shows more intervals than it has artefacts".to_owned(),
        }
    }

    /// What would make it count, as an order: `have another person review it`.
    pub fn mend(&self) -> &'static str {
        match self {
            Self::Misread => "mend the faults that `soc2 check` names in its manifest",
            Self::Superseded(_) => "look at the evidence that takes its place",
            Self::NoPerformance | Self::NoPerformer => {
                "write when it was performed and by whom under `performed`"
            }
            Self::InFuture(_) => "correct the date, or wait until the control was performed",
            Self::CollectedBeforePerformed => "correct the dates",
            Self::PerformerUnknown(_) | Self::ReviewerUnknown(_) => {
                "correct the name, or add the person to the people register"
            }
            Self::PerformerNotEmployed(..) | Self::ReviewerNotEmployed(..) => {
                "correct the name or the date, or the days of employment"
            }
            Self::BotPerformed(_) => {
                "name the person who performed it, or set `type: automated` if no person does"
            }
            Self::NoArtifacts => "add the files that show it",
            Self::ArtifactMissing(_) => "bring the file back from git",
            Self::ArtifactEmpty(_) => "export it again",
            Self::ArtifactChanged(_) => "bring the recorded bytes back, or record and review the new ones",
            Self::ArtifactNotHere(name) if name.contains("://") => {
                "put the file itself into the evidence folder; until then only its hash is known here"
            }
            Self::ArtifactNotHere(_) => "run `git lfs pull`, or put the file itself into the evidence folder",
            Self::ArtifactWithoutHash(_) => "record its SHA-256",
            Self::NotProduction(_) => "export it from production",
            Self::Population(..) | Self::CoversAfterCollected(_) | Self::Log(_) => {
                "export the list again and record what the source shows"
            }
            Self::InquiryOnly => "add a record that shows it: an export, a ticket, a signed document",
            Self::DesignOnly => "add a record of the control being performed",
            Self::OtherKind(_) => "add evidence of a kind under `evidence_required`, or add this kind there",
            Self::NamesNoSystem => "write `system:` beside each artefact",
            Self::NoResult => "write `result: { outcome: as-expected }`, or what was found",
            Self::NoReview => "have another person review it: soc2 evidence review",
            Self::ReviewedLater(_) => "nothing: it counts as of the day of its review",
            Self::ReviewRejected => "perform it again, or mend what the reviewer named",
            Self::ReviewerIsBot(_) | Self::SelfReview(_) | Self::CollectorReviewed(_) => {
                "have another person review it"
            }
            Self::ReviewedBeforePerformed => "have it reviewed again",
            Self::ChangedSinceReview => "have it reviewed again: soc2 evidence review --replace",
            Self::NoSuchSlot(_) => "name a slot of the control, or leave `slot` out: the date decides",
            Self::SlotContradictsDate(..) => {
                "correct the slot or the date; leave `slot` out and the date decides"
            }
            Self::Reused(_) => "add what this performance itself left behind",
            Self::OneArtifactForMany => "add an artefact for each interval, or a dated log",
        }
    }
}
