//! The lists of controls that an auditor agreed to test, in `audits/<id>/agreed.yaml`: what later changes of controls are
//! listed against.

use super::bundle::CommitId;
use super::control::Cadence;
use super::scalar::{Date, Sha256, Text};
use crate::record;
use crate::source::Spanned;

record! {
    /// A control as it was when the auditor agreed the list.
    pub struct AgreedControl ("agreed control") {
        /// Its id on that day.
        id: Option<Text> [required],
        /// How often it was performed.
        cadence: Option<Spanned<Cadence>>,
        /// Criteria it met.
        criteria: Vec<Text>,
        /// Systems it covered.
        systems: Vec<Text>,
        /// SHA-256 of its title and description as people read them, in 64 hex digits.
        wording: Option<Spanned<Sha256>> [required],
    }
}

record! {
    /// A list of controls that the auditor agreed.
    pub struct Agreement ("agreement") {
        /// The day on which the auditor agreed it.
        on: Option<Date> [required],
        /// The commit that holds the controls as they were, by its whole id.
        commit: Option<Spanned<CommitId>> [required],
        /// The controls.
        controls: Vec<AgreedControl> [required],
    }
}

record! {
    /// Every list that the auditor of one audit agreed, oldest first; the last one counts.
    pub struct Agreements ("agreements") {
        /// The lists; only ever added to.
        agreed: Vec<Agreement> [required],
    }
}
