//! What several rules share. Nothing here is a rule.

pub(super) mod absence;
pub(super) mod acknowledgements;
pub(super) mod artifacts;
pub(super) mod cadences;
pub(super) mod current;
pub(super) mod dates;
pub(super) mod design;
pub(super) mod duties;
pub(super) mod frameworks;
pub(super) mod missing_days;
pub(super) mod performed;
pub(super) mod persons;
pub(super) mod policies;
pub(super) mod reading;
pub(super) mod references;
pub(super) mod refusals;
pub(super) mod remarks;
pub(super) mod scope;
pub(super) mod scopes;
pub(super) mod staff;
pub(super) mod tables;
pub(super) mod vendors;
pub(super) mod verdicts;
pub(super) mod window;
pub(super) mod windows;
