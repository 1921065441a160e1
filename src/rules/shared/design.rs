//! Controls whose design has a fault.

use crate::timeline::{AuditStanding, ControlStanding, Judgement};

/// Each control in scope with a fault of its design, once an audit.
pub(in crate::rules) fn all<'j>(
    judgement: &'j Judgement<'_>,
) -> impl Iterator<Item = (&'j AuditStanding, &'j ControlStanding)> {
    judgement.audits.iter().flat_map(|audit| {
        audit.in_scope().filter(|control| !control.design.is_empty()).map(move |control| (audit, control))
    })
}
