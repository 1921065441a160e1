//! Which audits are judged, on which days, with which criteria.

use jiff::civil::Date;

use crate::model::audit::AuditType;
use crate::model::{Audit, Text};
use crate::program::Program;
use crate::record::Table;

/// An audit with everything inherited from `[scope]`.
pub(super) struct AuditScope {
    pub(super) id: Option<String>,
    pub(super) framework: usize,
    pub(super) categories: Vec<String>,
    pub(super) r#type: AuditType,
    pub(super) window: (Date, Date),
    pub(super) days: (Date, Date),
    /// Criteria with a reason why they do not apply.
    pub(super) not_relevant: Vec<String>,
    pub(super) systems: Vec<String>,
}

/// The audits that `soc2 check` judges: all not yet issued, or the one asked for. Without any, the day itself.
pub(super) fn judged(program: &Program, as_of: Date, only: Option<&str>) -> Vec<AuditScope> {
    let Some(config) = &program.config else { return Vec::new() };
    let scope = config.scope.as_ref();
    let inherit = |audit: Option<&Audit>, window: (Date, Date)| {
        let own = audit.map(|a| &a.categories).filter(|categories| !categories.is_empty());
        let categories = own.or(scope.map(|s| &s.categories)).map_or(&[][..], |c| c);
        let framework = audit.and_then(|a| a.framework.as_ref()).and_then(|id| program.framework(id));
        let own_reasons = audit.map(|a| &a.not_relevant).filter(|table| !table.0.is_empty());
        let reasons = own_reasons.or(scope.map(|s| &s.not_relevant));
        AuditScope {
            id: audit.map(|a| a.id.to_string()),
            framework: framework.unwrap_or_else(|| program.scope_framework()),
            categories: categories.iter().map(|text: &Text| text.value.to_string()).collect(),
            r#type: audit.and_then(|a| a.r#type.as_ref()).map_or(AuditType::Type1, |t| t.value),
            window,
            days: judged_days(window, as_of),
            systems: audit
                .map_or_else(Vec::new, |a| a.systems.iter().map(|s| s.value.0.to_string()).collect()),
            not_relevant: reasons.map(with_reason).unwrap_or_default(),
        }
    };
    if config.audit.is_empty() {
        return vec![inherit(None, (as_of, as_of))];
    }
    let open = |audit: &&Audit| match only {
        Some(id) => *audit.id.value.0 == *id,
        // A report cannot be issued before its last day; such a date takes no audit out of judgement.
        None => match (&audit.issued, audit.days()) {
            (Some(issued), Some((_, last))) => issued.value > as_of || issued.value < last,
            _ => true,
        },
    };
    let audits = config.audit.iter().filter(open);
    audits.filter_map(|audit| audit.days().map(|window| inherit(Some(audit), window))).collect()
}

/// The window up to as-of; before it begins, the day it starts.
fn judged_days((from, to): (Date, Date), as_of: Date) -> (Date, Date) {
    (from, to.min(as_of.max(from)))
}

/// A criterion without a reason stays in scope.
fn with_reason(table: &Table) -> Vec<String> {
    let given = table.0.iter().filter(|(_, reason)| !reason.value.trim().is_empty());
    given.map(|(criterion, _)| criterion.value.to_string()).collect()
}
