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

/// The audits that `soc2 check` judges: all not yet issued, or the one asked for. Without any, the day itself. Scope and
/// audits are those of `terms`, frameworks those of the programme.
pub(super) fn judged(program: &Program, terms: &Program, as_of: Date, only: Option<&str>) -> Vec<AuditScope> {
    let Some(config) = &terms.config else { return Vec::new() };
    let scope = config.scope.as_ref();
    let inherit = |audit: Option<&Audit>, window: (Date, Date)| {
        let own = audit.map(|a| &a.categories).filter(|categories| !categories.is_empty());
        let categories = own.or(scope.map(|s| &s.categories)).map_or(&[][..], |c| c);
        let named = audit.and_then(|a| a.framework.as_ref()).and_then(|id| terms.framework(id));
        let framework = in_program(program, terms, named.unwrap_or_else(|| terms.scope_framework()));
        let own_reasons = audit.map(|a| &a.not_relevant).filter(|table| !table.0.is_empty());
        let reasons = own_reasons.or(scope.map(|s| &s.not_relevant));
        AuditScope {
            id: audit.map(|a| a.id.to_string()),
            framework,
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

/// The index that a framework of the terms has in the programme; one that is gone from it has no criteria.
fn in_program(program: &Program, terms: &Program, index: usize) -> usize {
    let id = terms.frameworks.get(index).map(|framework| &*framework.id.value.0);
    id.and_then(|id| program.framework(id)).unwrap_or(usize::MAX)
}

/// The one audit that verbs about a single audit judge: the one asked for, else the one whose window holds the day, else
/// the next to begin, else the last to end. `None` without audits; several ids when the day alone does not decide.
pub fn choose<'p>(
    program: &'p Program,
    as_of: Date,
    asked: Option<&'p str>,
) -> Result<Option<&'p str>, Vec<&'p str>> {
    if asked.is_some() {
        return Ok(asked);
    }
    let audits = program.config.as_ref().map_or(&[][..], |config| &config.audit);
    let dated: Vec<(&str, (Date, Date))> =
        audits.iter().filter_map(|audit| Some((&*audit.id.value.0, audit.days()?))).collect();
    let ids = |wanted: &dyn Fn((Date, Date)) -> bool| {
        let mut ids: Vec<&str> = dated.iter().filter(|(_, days)| wanted(*days)).map(|(id, _)| *id).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    let mut found = ids(&|(from, to)| from <= as_of && as_of <= to);
    if found.is_empty() {
        let next = dated.iter().map(|(_, (from, _))| *from).filter(|from| *from > as_of).min();
        let last = dated.iter().map(|(_, (_, to))| *to).max();
        found = match (next, last) {
            (Some(next), _) => ids(&|(from, _)| from == next),
            (None, Some(last)) => ids(&|(_, to)| to == last),
            (None, None) => Vec::new(),
        };
    }
    match found.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        _ => Err(found),
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;
    use jiff::civil::date;

    const AUDITS: &str = "
[[audit]]\nid = \"t1\"\ntype = \"type1\"\nas_of = 2025-12-31\nissued = 2026-02-01
[[audit]]\nid = \"y26\"\ntype = \"type2\"\nperiod = { from = 2026-01-01, to = 2026-12-31 }
[[audit]]\nid = \"h1\"\ntype = \"type2\"\nperiod = { from = 2026-01-01, to = 2026-06-30 }
[[audit]]\nid = \"y28\"\ntype = \"type2\"\nperiod = { from = 2028-01-01, to = 2028-12-31 }
[[audit]]\nid = \"undated\"\ntype = \"type2\"
";

    fn program(audits: &str) -> Program {
        Program::load(Sources::from_memory(vec![("soc2.toml".to_owned(), audits.as_bytes().to_vec())]))
    }

    #[test]
    fn one_audit_holds_the_day_or_is_the_next_or_the_last() {
        let program = program(AUDITS);
        let chosen = |day| choose(&program, day, None);
        assert_eq!(chosen(date(2025, 12, 31)), Ok(Some("t1")));
        assert_eq!(chosen(date(2026, 3, 1)), Err(vec!["h1", "y26"]), "both windows hold it");
        assert_eq!(chosen(date(2026, 7, 1)), Ok(Some("y26")));
        assert_eq!(chosen(date(2027, 5, 1)), Ok(Some("y28")), "the next");
        assert_eq!(chosen(date(2030, 1, 1)), Ok(Some("y28")), "the last");
        assert_eq!(choose(&program, date(2026, 3, 1), Some("h1")), Ok(Some("h1")));
    }

    #[test]
    fn without_a_dated_audit_none_is_chosen() {
        assert_eq!(choose(&program(""), date(2026, 1, 1), None), Ok(None));
        let undated = program("[[audit]]\nid = \"a\"\ntype = \"type2\"\n");
        assert_eq!(choose(&undated, date(2026, 1, 1), None), Ok(None));
    }
}
