//! `soc2.toml`: who we are, what is in scope, which audits, our numbers.

use super::audit::Audit;
use super::scalar::{Date, FrameworkRef, Text};
use crate::record;
use crate::record::Table;

record! {
    /// The organisation that is examined.
    pub struct Organization ("organization") {
        /// Legal name, as the report will print it.
        name: Option<Text> [required],
        /// Time zone in which a bare date is a whole day: `America/New_York`.
        timezone: Option<Text>,
    }
}

record! {
    /// The system that is examined.
    pub struct SystemName ("system name") {
        /// Name of the product or service.
        name: Option<Text> [required],
    }
}

record! {
    /// What the audits cover unless they say otherwise.
    pub struct Scope ("scope") {
        /// Criteria set: `soc2-2017-rev2022`.
        framework: Option<FrameworkRef> [required],
        /// Categories in scope; the common criteria always are.
        categories: Vec<Text> [required],
        /// Categories left out, each with its reason.
        excluded: Table,
        /// Criteria of an included category that do not apply, each with the reason the description gives (DC 8).
        not_relevant: Table,
    }
}

record! {
    /// What git can witness.
    pub struct History ("history") {
        /// Day the programme came into git; older records are brought in on it, never witnessed.
        begins: Option<Date>,
    }
}

record! {
    /// How `soc2 check` judges.
    pub struct Check ("check settings") {
        /// Level of a diagnostic rule: `allow`, `warn` or `deny`.
        levels: Table,
    }
}

record! {
    /// The root file of a programme.
    pub struct Config ("soc2.toml") {
        /// Versions of this program that may judge the programme: `>=0.1, <0.2`.
        required_version: Option<Text>,
        /// Who is examined.
        organization: Option<Organization> [required],
        /// What is examined.
        system: Option<SystemName>,
        /// What is in scope.
        scope: Option<Scope> [required],
        /// Examinations, one `[[audit]]` each.
        audit: Vec<Audit>,
        /// Numbers and words that policies and controls use: `password_min_length = 14`.
        variables: Table,
        /// What git can witness.
        history: Option<History>,
        /// Levels of rules.
        check: Option<Check>,
    }
}
