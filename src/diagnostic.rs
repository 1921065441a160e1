//! A diagnostic: something wrong with the text of the repository. It depends on the tree alone; no day,
//! audit or history can make one appear.

use crate::source::Location;

/// How much a diagnostic matters; `soc2.toml` may set another level for a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Not reported.
    Allow,
    /// Reported; the exit code stays 0.
    Warn,
    /// Reported; `soc2 check` exits with 1.
    Deny,
}

impl Level {
    /// The name used in `soc2.toml` and in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }

    /// The level of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Allow, Self::Warn, Self::Deny].into_iter().find(|level| level.name() == name)
    }
}

/// One fault of the text, where it stands and what would mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Name of the rule, kebab-case; it is registered in `rules`.
    pub rule: &'static str,
    /// Where the fault stands.
    pub at: Location,
    /// What is wrong: lower case, no full stop, user text in backticks.
    pub message: String,
    /// What to type.
    pub help: Option<String>,
    /// Other places that matter, each with a label.
    pub related: Vec<(Location, String)>,
}

impl Diagnostic {
    /// A fault of `rule` at a place.
    pub fn new(rule: &'static str, at: Location, message: impl Into<String>) -> Self {
        Self { rule, at, message: message.into(), help: None, related: Vec::new() }
    }

    /// Adds what to type.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn related(mut self, at: Location, label: impl Into<String>) -> Self {
        self.related.push((at, label.into()));
        self
    }
}
