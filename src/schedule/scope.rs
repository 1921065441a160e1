//! What an audit leaves out, with the reasons that are written down.

use super::View;
use crate::model::Audit;
use crate::record::Table;

/// The audit as it is typed in `soc2.toml`.
pub(super) fn typed<'v>(view: &View<'v>) -> Option<&'v Audit> {
    let audits = &view.judgement.terms.config.as_ref()?.audit;
    audits.iter().find(|audit| view.audit.id.as_deref() == Some(&*audit.id.value.0))
}

/// Why a criterion of an included category does not apply (DC 8).
pub(super) fn not_relevant<'v>(view: &View<'v>, name: &str) -> Option<&'v str> {
    let scope = view.judgement.terms.config.as_ref().and_then(|config| config.scope.as_ref());
    said(typed(view).map(|audit| &audit.not_relevant), scope.map(|scope| &scope.not_relevant))?
        .get(name)
        .map(|reason| reason.value.trim())
}

/// Categories that are left out, with the reasons.
pub(super) fn excluded<'v>(view: &View<'v>) -> Vec<(&'v str, &'v str)> {
    let scope = view.judgement.terms.config.as_ref().and_then(|config| config.scope.as_ref());
    let table = said(typed(view).map(|audit| &audit.excluded), scope.map(|scope| &scope.excluded));
    let rows = table.map_or(&[][..], |table| &table.0).iter();
    let included = |name: &str| view.audit.categories.iter().any(|category| category == name);
    let rows = rows.filter(|(name, _)| !included(&name.value));
    rows.map(|(name, reason)| (&*name.value, reason.value.trim())).collect()
}

/// What the audit says; where it says nothing, what all inherit.
fn said<'v>(own: Option<&'v Table>, all: Option<&'v Table>) -> Option<&'v Table> {
    own.filter(|table| !table.0.is_empty()).or(all)
}
