//! What several rules share. Nothing here is a rule.

pub(super) mod artifacts;
pub(super) mod frameworks;
pub(super) mod reading;
pub(super) mod references;
