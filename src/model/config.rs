//! `soc2.toml`: who we are, what is in scope, which audits, our numbers.

use super::audit::Audit;
use super::control::Cadence;
use super::scalar::{Date, FrameworkRef, Text};
use crate::record;
use crate::record::Table;
use crate::source::Spanned;

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
        /// File of the SSH keys whose signatures make a commit witnessed, as ssh-keygen(1) describes it; `allowed_signers` if
        /// left out. It is read from the commit that a change is compared with. A key counts for what came in after it was
        /// listed, or from its `valid-after` on.
        allowed_signers: Option<Text>,
        /// File of OpenPGP keys, armoured, with which your forge signs merges; those of GitHub are known.
        forge_keys: Option<Text>,
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
    /// Numbers on which firms differ; each has a usual value. Where your auditor says otherwise, the auditor wins.
    pub struct TimelineSettings ("timeline settings") {
        /// Days after an interval in which an occurrence is late instead of missed, by cadence: `{ quarterly = 15 }`.
        grace_days: Table,
        /// Month in which the fiscal year starts, 1 to 12: 1 unless said.
        fiscal_year_starts: Option<Spanned<u64>>,
        /// Cadences judged by the distance between occurrences instead of calendar intervals, `annual` or
        /// `semiannual`: `["annual"]` unless said.
        by_distance: Vec<Spanned<Cadence>>,
        /// Type I: how old evidence may be on the date, in days: 90 unless said.
        type1_max_age_days: Option<Spanned<u64>>,
        /// With fewer people than this a compensating control may stand in for the second person: 5 unless said.
        small_team: Option<Spanned<u64>>,
        /// Days a new hire has to acknowledge a policy, and everybody a new version: 30 unless said.
        acknowledgement_days: Option<Spanned<u64>>,
        /// Days after hiring in which the security training is due: 30 unless said.
        training_days: Option<Spanned<u64>>,
        /// Months after which a yearly review of a policy, risk, vendor or training is due again: 12 unless said.
        review_months: Option<Spanned<u64>>,
        /// Days after that in which it still counts as in time: 30 unless said.
        review_grace_days: Option<Spanned<u64>>,
        /// Months after the end of its period in which a vendor's report can be relied on: 12 unless said.
        vendor_report_months: Option<Spanned<u64>>,
        /// Days after a window that a bridge letter can speak for: 92 unless said.
        bridge_days: Option<Spanned<u64>>,
        /// Days from a performance to the first commit of its evidence, after which it counts as back-filled: 30 unless
        /// said.
        back_filled_days: Option<Spanned<u64>>,
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
        /// Grace and other numbers of practice.
        timeline: Option<TimelineSettings>,
    }
}
