//! Policies and procedures: front matter and a body of Markdown with variables.

use super::scalar::{Date, HolderRef, Id, PersonRef, Sha256, Text};
use crate::source::Spanned;
use crate::syntax::markdown::Heading;
use crate::{choice, record};

choice! {
    /// How often a document is looked at.
    pub enum ReviewCadence ("review cadence") {
        /// Every year.
        Annual = "annual",
        /// Every half year.
        Semiannual = "semiannual",
        /// Every quarter.
        Quarterly = "quarterly",
    }
}

record! {
    /// A person's approval of a text.
    pub struct Approval ("approval") {
        /// Version that was approved.
        version: Option<Text> [required],
        /// Who approved; another person than the author.
        by: Option<PersonRef> [required],
        /// The day of the approval.
        on: Option<Date> [required],
        /// First day it is in force.
        effective: Option<Date> [required],
        /// SHA-256 of the rendered text that was approved.
        text: Option<Spanned<Sha256>> [required],
        /// Signed PDF, minutes or pull request that shows it.
        proof: Option<Text>,
    }
}

record! {
    /// A look at a document that may change nothing.
    pub struct DocumentReview ("document review") {
        /// Who looked.
        by: Option<PersonRef> [required],
        /// The day.
        on: Option<Date> [required],
        /// What came of it: `no-change`.
        result: Option<Text> [required],
    }
}

record! {
    /// What a policy says of itself.
    pub struct PolicyHead ("policy") {
        /// Stable name: `access-control`.
        id: Id,
        /// Name for people.
        title: Option<Text> [required],
        /// The person or role that answers for it.
        owner: Option<HolderRef> [required],
        /// How often it is reviewed.
        review: Option<Spanned<ReviewCadence>>,
        /// Approvals, oldest first; only ever added to.
        approvals: Vec<Approval>,
        /// Reviews, also those that changed nothing.
        reviews: Vec<DocumentReview>,
        /// Who may read it: `internal` unless said.
        classification: Option<Spanned<super::evidence::Classification>>,
        /// Who has to acknowledge it: `everyone` unless said.
        audience: Option<Text>,
        /// What it applies to.
        scope: Option<Text>,
        /// The template it came from: `access-control@1`.
        template: Option<Text>,
        /// Policies it takes the place of.
        supersedes: Vec<Text>,
    }
}

record! {
    /// What a procedure says of itself.
    pub struct ProcedureHead ("procedure") {
        /// Stable name: `offboarding`.
        id: Id,
        /// Name for people.
        title: Option<Text> [required],
        /// The person or role that answers for it.
        owner: Option<HolderRef>,
        /// The template it came from.
        template: Option<Text>,
    }
}

record! {
    /// What a narrative says of itself; all of it may be left out.
    pub struct NarrativeHead ("narrative") {
        /// Stable name; the file's name unless said.
        id: Option<Text>,
        /// Name for people; the first heading unless said.
        title: Option<Text>,
        /// The person or role that answers for it.
        owner: Option<HolderRef>,
        /// The template it came from.
        template: Option<Text>,
    }
}

/// A document as people read it: variables filled in, LF line ends, no trailing blanks, one final newline.
#[derive(Clone, Debug, Default)]
pub struct Rendered {
    /// The canonical text; approvals rest on its hash. `None` when a variable or expression failed.
    pub text: Option<Box<str>>,
    /// SHA-256 of the canonical text.
    pub sha256: Option<Sha256>,
    /// Headings of the canonical text.
    pub headings: Vec<Heading>,
    /// Headings of the text as typed, with places in the file.
    pub typed: Vec<Heading>,
}

impl Rendered {
    /// Can this anchor be reached?
    pub fn has_anchor(&self, anchor: &str) -> bool {
        self.headings.iter().any(|heading| heading.anchor == anchor)
    }
}

/// A policy: what must be done.
#[derive(Clone, Debug)]
pub struct Policy {
    pub head: PolicyHead,
    pub file: crate::source::FileId,
    pub body: Rendered,
}

/// A narrative: what management says of the system, in its own words.
#[derive(Clone, Debug)]
pub struct Narrative {
    /// `None` when it has no front matter.
    pub head: Option<NarrativeHead>,
    pub file: crate::source::FileId,
    pub body: Rendered,
}

/// A procedure: how it is done.
#[derive(Clone, Debug)]
pub struct Procedure {
    pub head: ProcedureHead,
    pub file: crate::source::FileId,
    pub body: Rendered,
}
