//! What to do now, in order.

use crate::timeline::{AuditStanding, Judgement};

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What, as an order: `raj approves 2 policies`.
    pub what: String,
    /// Why it comes now.
    pub why: String,
    /// Whose it is: a person or role, if one is known.
    pub who: Option<String>,
    /// What to type, or which file to open.
    pub command: String,
}

/// The work for an audit, the most urgent first.
pub fn steps(_judgement: &Judgement<'_>, _audit: &AuditStanding) -> Vec<Step> {
    Vec::new()
}
