use crate::model::{Framework, Text};
use crate::program::Program;
use crate::record::Table;

/// What `[scope]` or one audit says of its scope.
pub(in crate::rules) struct Scope<'p> {
    /// The framework as typed, or the one it inherits.
    pub typed: Option<&'p str>,
    /// `None` when the framework it names is unknown.
    pub framework: Option<&'p Framework>,
    /// Categories were typed that could not be read.
    pub misread: bool,
    /// Its own categories, or those it inherits.
    pub categories: &'p [Text],
    /// Only what it says itself.
    pub excluded: &'p Table,
    /// Only what it says itself.
    pub not_relevant: &'p Table,
}

/// `[scope]` and each audit.
pub(in crate::rules) fn scopes(program: &Program) -> Vec<Scope<'_>> {
    let Some(config) = &program.config else { return Vec::new() };
    let Some(scope) = &config.scope else { return Vec::new() };
    let named = |id: &str| program.framework(id).and_then(|index| program.frameworks.get(index));
    let typed = scope.framework.as_ref().map(|id| &*id.value.0);
    let misread = scope.misread.holds("categories");
    let mut out = vec![Scope {
        typed,
        framework: typed.and_then(named),
        misread,
        categories: &scope.categories,
        excluded: &scope.excluded,
        not_relevant: &scope.not_relevant,
    }];
    out.extend(config.audit.iter().map(|audit| Scope {
        typed: audit.framework.as_ref().map(|id| &*id.value.0).or(typed),
        framework: audit.framework.as_ref().map(|id| &*id.value.0).or(typed).and_then(named),
        misread: audit.misread.holds("categories") || (audit.categories.is_empty() && misread),
        categories: if audit.categories.is_empty() { &scope.categories } else { &audit.categories },
        excluded: &audit.excluded,
        not_relevant: &audit.not_relevant,
    }));
    out
}
