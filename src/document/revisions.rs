//! The versions of a policy: its approvals, newest first, and what git says of each.

use super::{Revision, titles};
use crate::model::Policy;
use crate::program::Program;
use crate::text::clip;
use crate::timeline::witness;

/// Longest version, proof and name in a table.
const CELL: usize = 200;

/// Every approval, newest first.
pub(super) fn of(program: &Program, policy: &Policy) -> Vec<Revision> {
    let zone = program.zone();
    let one = |approval: &crate::model::policy::Approval| {
        let text = |text: &crate::model::Text| clip(text.value.trim(), CELL);
        let by = approval.by.as_ref();
        let places = [by.map(|by| by.at), approval.on.as_ref().map(|on| on.at)];
        let places: Vec<_> = places.into_iter().flatten().collect();
        let commit = witness::wrote(program, &places);
        Revision {
            version: approval.version.as_ref().map_or_else(String::new, text),
            effective: approval.effective.as_ref().map(|day| day.value),
            approved_by: by.map_or_else(String::new, |by| titles::person(program, &by.value.0)),
            approved_on: approval.on.as_ref().map(|day| day.value),
            proof: approval.proof.as_ref().map(text),
            recorded: commit.map(|commit| format!("{} in {}", commit.day(&zone), commit.short())),
        }
    };
    policy.head.approvals.iter().rev().map(one).collect()
}
