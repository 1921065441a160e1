//! What several rules ask; no rules.

pub(super) mod absence;
pub(super) mod duties;
pub(super) mod performed;
pub(super) mod persons;
pub(super) mod scope;
