//! What was handed to an auditor: one record for each bundle, in `audits/<id>/bundles.yaml`.

use super::scalar::{Date, Sha256, Text};
use crate::record;
use crate::record::{Form, Kind, Scalar, Seen, Unreadable};
use crate::source::Spanned;
use crate::text::{clip, safe};

/// The whole id of a commit: 40 hex digits, or 64 in a repository of that kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CommitId(pub Box<str>);

impl Scalar for CommitId {
    const KIND: Kind =
        Kind::Scalar(&Form::matching("a commit id", "^(?:[0-9a-f]{40}|[0-9a-f]{64})$", Seen::Text));

    fn parse(text: &str) -> Result<Self, Unreadable> {
        let digits = text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if digits && matches!(text.len(), 40 | 64) {
            return Ok(Self(text.into()));
        }
        Err(Unreadable {
            rule: "wrong-type",
            message: format!("`{}` is not a whole commit id", clip(&safe(text), 24)),
            help: "write the 40 lower-case hex digits that `git rev-parse COMMIT` prints".to_owned(),
        })
    }
}

record! {
    /// One archive that was handed over.
    pub struct Bundle ("bundle") {
        /// The commit it was made from, by its whole id.
        commit: Option<Spanned<CommitId>> [required],
        /// The day it was handed over.
        on: Option<Date> [required],
        /// The day its verdicts are for, if another.
        as_of: Option<Date>,
        /// The name of the file.
        file: Option<Text>,
        /// SHA-256 of the file, in 64 hex digits.
        sha256: Option<Spanned<Sha256>>,
    }
}

record! {
    /// Everything that was handed over for one audit, oldest first.
    pub struct Bundles ("bundles") {
        /// The bundles; only ever added to.
        bundles: Vec<Bundle> [required],
    }
}
