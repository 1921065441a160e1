//! Which framework a scope or an audit speaks of.

use crate::model::{Audit, Framework};
use crate::program::Program;

/// The framework of an audit, or of `[scope]`; `None` when the one it names does not exist, which is told.
pub(in crate::rules) fn framework_for<'p>(
    program: &'p Program,
    audit: Option<&Audit>,
) -> Option<&'p Framework> {
    let scope = program.config.as_ref().and_then(|config| config.scope.as_ref());
    let inherited = scope.and_then(|scope| scope.framework.as_ref());
    let index = match audit.and_then(|audit| audit.framework.as_ref()).or(inherited) {
        Some(name) => program.framework(name)?,
        None => program.scope_framework(),
    };
    program.frameworks.get(index)
}
