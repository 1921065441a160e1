//! What stands beside the state of a control in an audit.

use crate::gap::Subject;
use crate::model::Control;
use crate::rules::{Gaps, OpenGap};
use crate::source::Location;
use crate::timeline::{AuditStanding, ControlStanding, Judgement, Remark};

/// A remark with all it belongs to.
pub(in crate::rules) struct Remarked<'j, 'p> {
    pub(in crate::rules) audit: &'j AuditStanding,
    pub(in crate::rules) control: &'p Control,
    pub(in crate::rules) remark: &'j Remark,
}

/// Every remark of every audit on the controls in its scope.
pub(in crate::rules) fn remarks<'j, 'p>(
    judgement: &'j Judgement<'p>,
) -> impl Iterator<Item = Remarked<'j, 'p>> {
    let of = move |audit: &'j AuditStanding, standing: &'j ControlStanding| {
        let control = judgement.program.controls.get(standing.control)?;
        Some(standing.remarks.iter().map(move |remark| Remarked { audit, control, remark }))
    };
    judgement
        .audits
        .iter()
        .flat_map(move |audit| audit.in_scope().filter_map(move |standing| of(audit, standing)).flatten())
}

impl Remarked<'_, '_> {
    /// A gap about the control.
    pub(in crate::rules) fn gap<'g>(&self, gaps: &'g mut Gaps, at: Location, message: String) -> OpenGap<'g> {
        let subject = Subject::new("control", self.control.id.to_string());
        gaps.about(subject, at, message).audit(self.audit.id.as_deref())
    }

    /// Its cadence.
    pub(in crate::rules) fn cadence(&self) -> Location {
        self.control.cadence.as_ref().map_or(self.control.id.at, |cadence| cadence.at)
    }
}
