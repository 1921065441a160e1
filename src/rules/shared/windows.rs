//! The windows of Type II audits, one after the other.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::model::{Audit, AuditType};
use crate::program::Program;
use crate::source::Location;

/// The window of a Type II audit.
#[derive(Clone)]
pub(in crate::rules) struct AuditWindow<'p> {
    pub(in crate::rules) audit: &'p Audit,
    /// Index of its framework.
    pub(in crate::rules) framework: usize,
    /// Systems in scope; none stands for all.
    systems: BTreeSet<&'p str>,
    pub(in crate::rules) from: Date,
    pub(in crate::rules) to: Date,
    /// Where its first day is typed.
    pub(in crate::rules) at: Location,
}

/// Every Type II audit whose window can be read, issued or not, by first day.
pub(in crate::rules) fn windows(program: &Program) -> Vec<AuditWindow<'_>> {
    let audits = program.config.as_ref().map_or(&[][..], |config| &config.audit);
    let of = |audit: &Audit| match &audit.framework {
        Some(framework) => program.framework(framework),
        None => Some(program.scope_framework()),
    };
    let mut all: Vec<AuditWindow<'_>> = audits
        .iter()
        .filter(|audit| audit.r#type.as_ref().is_some_and(|kind| kind.value == AuditType::Type2))
        .filter_map(|audit| {
            let (from, to) = audit.days()?;
            let at = audit.period.as_ref()?.from.as_ref()?.at;
            let systems = audit.systems.iter().map(|system| &*system.value.0).collect();
            Some(AuditWindow { audit, framework: of(audit)?, systems, from, to, at })
        })
        .collect();
    all.sort_by_key(|window| (window.from, window.to));
    all
}

/// Each window and the one before it: the one it `follows`, else the one of the same framework and systems that ends
/// last among those that began no later.
pub(in crate::rules) fn successions<'w, 'p>(
    windows: &'w [AuditWindow<'p>],
) -> Vec<(&'w AuditWindow<'p>, &'w AuditWindow<'p>)> {
    let mut pairs = Vec::new();
    for (index, window) in windows.iter().enumerate() {
        let before = match &window.audit.follows {
            Some(follows) => windows.iter().find(|other| *other.audit.id.value.0 == *follows.value.0),
            None => {
                let earlier = windows.get(..index).unwrap_or_default();
                earlier.iter().filter(|other| alike(window, other)).max_by_key(|other| other.to)
            }
        };
        pairs.extend(
            before.filter(|other| other.audit.id.at != window.audit.id.at).map(|other| (other, window)),
        );
    }
    pairs
}

/// Two audits of different systems may run side by side.
fn alike(a: &AuditWindow<'_>, b: &AuditWindow<'_>) -> bool {
    let all = a.systems.is_empty() || b.systems.is_empty();
    a.framework == b.framework && (all || !a.systems.is_disjoint(&b.systems))
}
