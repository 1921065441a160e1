//! Where `soc2.toml` sets the scope that an audit is judged in.

use crate::model::config::Scope;
use crate::model::scalar::FrameworkRef;
use crate::model::{Audit, Control, Text};
use crate::program::{CriterionId, Program};
use crate::source::Location;
use crate::timeline::AuditStanding;

/// The audit as written; `None` when the as-of day alone is judged.
pub(in crate::rules) fn audit<'p>(program: &'p Program, standing: &AuditStanding) -> Option<&'p Audit> {
    let id = standing.id.as_deref()?;
    program.config.as_ref()?.audit.iter().find(|audit| &*audit.id.value.0 == id)
}

/// `[scope]`, as far as it could be read.
pub(in crate::rules) fn scope(program: &Program) -> Option<&Scope> {
    program.config.as_ref()?.scope.as_ref()
}

/// The categories as typed: the audit's own, else those of `[scope]`.
pub(in crate::rules) fn categories<'p>(program: &'p Program, audit: Option<&'p Audit>) -> &'p [Text] {
    let own = audit.map(|audit| &audit.categories[..]).filter(|categories| !categories.is_empty());
    own.or_else(|| scope(program).map(|scope| &scope.categories[..])).unwrap_or(&[])
}

/// The framework as typed: the audit's own, else that of `[scope]`.
pub(in crate::rules) fn framework<'p>(
    program: &'p Program,
    audit: Option<&'p Audit>,
) -> Option<&'p FrameworkRef> {
    let own = audit.and_then(|audit| audit.framework.as_ref());
    own.or_else(|| scope(program).and_then(|scope| scope.framework.as_ref()))
}

/// Where a control names a criterion, else its id.
pub(in crate::rules) fn mapping(control: &Control, program: &Program, id: CriterionId) -> Location {
    let names =
        |typed: &str| program.criterion(typed).is_ok_and(|found| CriterionId { point: None, ..found } == id);
    control.criteria.iter().find(|typed| names(typed)).map_or(control.id.at, |typed| typed.at)
}
