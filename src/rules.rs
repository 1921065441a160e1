//! Every rule: its name, what it finds, why an auditor cares, and examples that are its tests. Rules read the
//! programme and nothing else. Adding one: a file in `rules/` and two lines here.

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Level};
use crate::gap::{Class, Gap, Subject};
use crate::program::Program;
use crate::source::Location;
use crate::timeline::Judgement;

pub use shared::acknowledgements::{Outstanding, outstanding_acknowledgements};

/// A rule.
pub struct Rule {
    /// Kebab-case statement of the fault; the one name everywhere.
    pub name: &'static str,
    /// The fault in a few words, for lists: `only draft or planned controls`.
    pub brief: &'static str,
    pub check: Check,
    /// Markdown: what it means, `## Why it matters`, `## Example`, `## Fixed`.
    pub docs: &'static str,
}

/// What a rule looks at, and how much its finds matter.
pub enum Check {
    /// Found while reading files.
    Loading(Level),
    /// Found in the loaded programme.
    Tree(Level, fn(&Program, &mut Faults)),
    /// About the company, on a day, for the audits judged.
    Gap(Class, fn(&Judgement<'_>, &mut Gaps)),
}

impl Rule {
    /// The level of a diagnostic rule; `None` for gaps.
    pub fn level(&self) -> Option<Level> {
        match self.check {
            Check::Loading(level) | Check::Tree(level, _) => Some(level),
            Check::Gap(..) => None,
        }
    }

    /// The class of a gap rule; `None` for diagnostics.
    pub fn class(&self) -> Option<Class> {
        match self.check {
            Check::Gap(class, _) => Some(class),
            _ => None,
        }
    }

    /// The paragraph under `## Why it matters`, on one line.
    pub fn why(&self) -> String {
        let section = self.docs.split("## Why it matters").nth(1).unwrap_or("");
        let text = section.split("\n## ").next().unwrap_or("").trim();
        text.split("\n\n").next().unwrap_or("").replace('\n', " ")
    }
}

/// Collects what a rule of the tree finds.
pub struct Faults {
    rule: &'static str,
    pub found: Vec<Diagnostic>,
}

impl Faults {
    /// A fault at a place.
    pub fn at(&mut self, at: Location, message: impl Into<String>) -> Fault<'_> {
        self.found.push(Diagnostic::new(self.rule, at, message));
        let last = self.found.len() - 1;
        Fault(&mut self.found[last])
    }
}

/// A fault just reported, to be told more of.
pub struct Fault<'f>(&'f mut Diagnostic);

impl Fault<'_> {
    /// What to type.
    pub fn help(self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// Another place that matters.
    pub fn related(self, at: Location, label: impl Into<String>) -> Self {
        self.0.related.push((at, label.into()));
        self
    }
}

/// Collects what a rule about the company finds.
pub struct Gaps {
    rule: &'static str,
    class: Class,
    pub found: Vec<Gap>,
}

impl Gaps {
    /// A gap of a subject, shown at a place.
    pub fn about(&mut self, subject: Subject, at: Location, message: impl Into<String>) -> OpenGap<'_> {
        self.found.push(Gap::new(self.rule, self.class, subject, at, message));
        let last = self.found.len() - 1;
        OpenGap(&mut self.found[last])
    }
}

/// A gap just reported, to be told more of.
pub struct OpenGap<'g>(&'g mut Gap);

impl OpenGap<'_> {
    /// What to do.
    pub fn help(self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// The audit it is judged for.
    pub fn audit(self, id: Option<&str>) -> Self {
        self.0.audit = id.map(str::to_owned);
        self
    }

    /// The slot it is about: its name, its last day, the last day of its grace.
    pub fn slot(self, name: String, ends: (jiff::civil::Date, jiff::civil::Date)) -> Self {
        self.0.slot = Some(name);
        self.0.slot_ends = Some(ends);
        self
    }

    /// The system it is about.
    pub fn system(self, id: &str) -> Self {
        self.0.system = Some(id.to_owned());
        self
    }

    /// The day it opened.
    pub fn since(self, day: jiff::civil::Date) -> Self {
        self.0.since = Some(day);
        self
    }
}

/// Diagnostics that no comment and no level can soften: verdicts rest on what they say.
const FIRM: &[&str] = &[
    "artifact-changed",
    "artifact-empty",
    "artifact-is-pointer",
    "artifact-line-endings",
    "artifact-missing",
    "artifact-path-refused",
    "artifact-without-place",
    "audit-too-long",
    "audit-without-days",
    "duplicate-id",
    "duplicate-key",
    "grace-too-long",
    "ignore-without-reason",
    "input-too-large",
    "invalid-csv",
    "invalid-date",
    "invalid-hash",
    "invalid-id",
    "invalid-toml",
    "invalid-yaml",
    "inverted-period",
    "level-refused",
    "missing-front-matter",
    "missing-key",
    "not-relevant-common-criterion",
    "not-relevant-without-reason",
    "not-utf8",
    "path-case-clash",
    "submodule-not-read",
    "symlink-refused",
    "timeline-setting-refused",
    "unknown-person",
    "unknown-rule",
    "unknown-word",
    "unreadable-file",
    "wrong-type",
    "yaml-feature-refused",
];

/// Gaps that are seen in commits only: of what is not committed yet nothing can be said.
const SEEN_IN_COMMITS: &[&str] = &[
    "approval-before-last-edit",
    "approved-by-author",
    "bundle-commit-lost",
    "commit-dated-back",
    "commit-signature-bad",
    "control-back-dated",
    "control-changed-in-window",
    "control-id-reused",
    "dated-after-commit",
    "evidence-back-filled",
    "evidence-edited-after-review",
    "records-before-history",
    "review-recorded-by-performer",
    "self-merged",
    "slots-committed-together",
];

/// Is this gap seen in commits only?
pub fn is_seen_in_commits(name: &str) -> bool {
    SEEN_IN_COMMITS.contains(&name)
}

/// Can neither a comment nor a level soften this diagnostic?
pub fn is_firm(name: &str) -> bool {
    FIRM.contains(&name)
}

/// The rule of that name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}

/// Runs every rule of the tree, side by side; the order of what they find is that of the rules.
pub fn faults(program: &Program) -> Vec<Diagnostic> {
    RULES.par_iter().flat_map_iter(|rule| faults_of(rule, program)).collect()
}

/// Runs one rule of the tree.
pub fn faults_of(rule: &Rule, program: &Program) -> Vec<Diagnostic> {
    let Check::Tree(_, check) = rule.check else { return Vec::new() };
    let mut faults = Faults { rule: rule.name, found: Vec::new() };
    check(program, &mut faults);
    faults.found
}

/// Runs every rule about the company.
pub fn gaps(judgement: &Judgement<'_>) -> Vec<Gap> {
    RULES.par_iter().flat_map_iter(|rule| gaps_of(rule, judgement)).collect()
}

/// Runs one rule about the company.
pub fn gaps_of(rule: &Rule, judgement: &Judgement<'_>) -> Vec<Gap> {
    let Check::Gap(class, check) = rule.check else { return Vec::new() };
    let mut gaps = Gaps { rule: rule.name, class, found: Vec::new() };
    check(judgement, &mut gaps);
    gaps.found
}

#[cfg(test)]
mod tests;

mod shared;

mod absolute_claim;
mod acknowledgement_due;
mod acknowledgement_missing;
mod acknowledgement_not_counted;
mod actor_not_employed;
mod approval_before_last_edit;
mod approved_by_author;
mod approved_text_unknown;
mod approver_not_employed;
mod artifact_changed;
mod artifact_empty;
mod artifact_is_pointer;
mod artifact_line_endings;
mod artifact_listed_twice;
mod artifact_missing;
mod artifact_not_here;
mod artifact_path_refused;
mod artifact_reused;
mod artifact_unlisted;
mod artifact_without_place;
mod asset_owner_left;
mod audit_too_long;
mod audit_windows_gap;
mod audit_windows_overlap;
mod audit_without_days;
mod automated_with_manual_evidence;
mod boilerplate_left;
mod bot_as_owner;
mod bot_performed_manual_control;
mod bridge_too_long;
mod broken_link;
mod bundle_commit_lost;
mod byte_order_mark;
mod cadence_conflicts_policy;
mod carved_out_without_monitoring;
mod catch_all_control;
mod category_twice;
mod changed_since_review;
mod commit_dated_back;
mod commit_signature_bad;
mod commitment_without_control;
mod compensating_not_in_place;
mod compensating_not_supported;
mod continuous_shown_once;
mod control_back_dated;
mod control_changed_in_window;
mod control_changed_since_agreed;
mod control_id_reused;
mod control_partial_period;
mod control_systems_out_of_scope;
mod control_without_cadence;
mod control_without_criteria;
mod control_without_owner;
mod control_without_policy;
mod covers_after_collected;
mod criterion_carved_out;
mod criterion_not_addressed;
mod criterion_out_of_scope;
mod criterion_partial;
mod criterion_planned_only;
mod crlf_line_endings;
mod csoc_vendor_not_subservice;
mod dated_after_commit;
mod decision_left_open;
mod design_deficient;
mod duplicate_anchor;
mod duplicate_id;
mod duplicate_key;
mod environment_not_production;
mod event_items_without_evidence;
mod event_without_manifest;
mod event_without_population;
mod evidence_awaits_review;
mod evidence_back_filled;
mod evidence_collected_before_performed;
mod evidence_edited_after_review;
mod evidence_in_future;
mod evidence_names_no_system;
mod evidence_of_other_kind;
mod evidence_only_linked;
mod evidence_out_of_view;
mod evidence_outside_window;
mod evidence_stale;
mod evidence_without_artifacts;
mod evidence_without_control;
mod evidence_without_performance;
mod evidence_without_result;
mod exception_without_slot;
mod excluded_without_reason;
mod expression_refused;
mod figure_missing;
mod file_ignored;
mod file_not_read;
mod grace_too_long;
mod heading_order;
mod history_incomplete;
mod ignore_without_reason;
mod implementation_missing;
mod implemented_without_date;
mod incident_dates_out_of_order;
mod incident_without_notification_decision;
mod incident_without_root_cause;
mod input_too_large;
mod inquiry_only;
mod invalid_csv;
mod invalid_date;
mod invalid_hash;
mod invalid_id;
mod invalid_toml;
mod invalid_yaml;
mod inverted_period;
mod joiner_check_late;
mod level_refused;
mod lone_control;
mod merge_conflict_marker;
mod missing_front_matter;
mod missing_key;
mod nil_without_proof;
mod no_fraud_risk;
mod not_applicable_without_reason;
mod not_relevant_common_criterion;
mod not_relevant_without_reason;
mod not_utf8;
mod not_yet_operated;
mod numbers_disagree;
mod occurrences_clustered;
mod operated_before_window;
mod owner_gap;
mod owner_left;
mod path_case_clash;
mod performed_before_window;
mod placeholder_left;
mod points_of_focus_unnamed;
mod policy_as_evidence;
mod policy_changed_since_approval;
mod policy_in_force_late;
mod policy_not_approved;
mod policy_not_in_force;
mod policy_review_overdue;
mod policy_weaker_than_commitment;
mod policy_without_control;
mod population_column_missing;
mod population_count_differs;
mod population_duplicate_key;
mod population_empty;
mod population_incomplete;
mod population_roll_forward;
mod population_round_count;
mod population_rows_outside_period;
mod population_too_short;
mod population_truncated;
mod promise_without_control;
mod records_before_history;
mod redaction_not_logged;
mod request_overdue;
mod request_reopened;
mod request_without_evidence;
mod required_evidence_missing;
mod required_version;
mod residual_risk_above_inherent;
mod result_open;
mod retired_control_referenced;
mod retired_without_date;
mod review_recorded_by_performer;
mod review_rejected;
mod review_without_digest;
mod reviewed_before_performed;
mod reviewer_is_bot;
mod risk_acceptance_expired;
mod risk_acceptance_incomplete;
mod risk_review_overdue;
mod risk_score_out_of_scale;
mod risk_without_treatment;
mod role_vacant;
mod screenshot_without_date;
mod self_merged;
mod self_review;
mod slot_after_window;
mod slot_contradicts_date;
mod slot_deviation;
mod slot_insufficient_evidence;
mod slot_late;
mod slot_missed;
mod slot_unknown;
mod slot_unverified;
mod slots_committed_together;
mod submodule_not_read;
mod subservice_without_csoc;
mod superseded_by_itself;
mod superseded_by_unretired;
mod symlink_refused;
mod system_without_control;
mod table_unreadable;
mod timeline_setting_refused;
mod timezone_unknown;
mod training_missing;
mod uniform_risk_scores;
mod unknown_anchor;
mod unknown_audit;
mod unknown_category;
mod unknown_control;
mod unknown_criterion;
mod unknown_evidence;
mod unknown_framework;
mod unknown_key;
mod unknown_owner;
mod unknown_person;
mod unknown_policy;
mod unknown_procedure;
mod unknown_request;
mod unknown_risk;
mod unknown_rule;
mod unknown_system;
mod unknown_variable;
mod unknown_vendor;
mod unknown_word;
mod unportable_path;
mod unreadable_file;
mod unused_ignore;
mod unused_variable;
mod vague_wording;
mod variable_name_refused;
mod vendor_report_expired;
mod vendor_report_missing;
mod vendor_report_unread;
mod vendor_report_weak;
mod vendor_review_overdue;
mod waiver_after_deviation;
mod waiver_awaits_approval;
mod waiver_expired;
mod waiver_self_approved;
mod waiver_too_long;
mod waiver_unused;
mod wrong_type;
mod yaml_feature_refused;

/// Every rule, by name.
pub static RULES: &[&Rule] = &[
    &absolute_claim::RULE,
    &acknowledgement_due::RULE,
    &acknowledgement_missing::RULE,
    &acknowledgement_not_counted::RULE,
    &actor_not_employed::RULE,
    &approval_before_last_edit::RULE,
    &approved_by_author::RULE,
    &approved_text_unknown::RULE,
    &approver_not_employed::RULE,
    &artifact_changed::RULE,
    &artifact_empty::RULE,
    &artifact_is_pointer::RULE,
    &artifact_line_endings::RULE,
    &artifact_listed_twice::RULE,
    &artifact_missing::RULE,
    &artifact_not_here::RULE,
    &artifact_path_refused::RULE,
    &artifact_reused::RULE,
    &artifact_unlisted::RULE,
    &artifact_without_place::RULE,
    &asset_owner_left::RULE,
    &audit_too_long::RULE,
    &audit_windows_gap::RULE,
    &audit_windows_overlap::RULE,
    &audit_without_days::RULE,
    &automated_with_manual_evidence::RULE,
    &boilerplate_left::RULE,
    &bot_as_owner::RULE,
    &bot_performed_manual_control::RULE,
    &bridge_too_long::RULE,
    &broken_link::RULE,
    &bundle_commit_lost::RULE,
    &byte_order_mark::RULE,
    &cadence_conflicts_policy::RULE,
    &carved_out_without_monitoring::RULE,
    &catch_all_control::RULE,
    &category_twice::RULE,
    &changed_since_review::RULE,
    &commit_dated_back::RULE,
    &commit_signature_bad::RULE,
    &commitment_without_control::RULE,
    &compensating_not_in_place::RULE,
    &compensating_not_supported::RULE,
    &continuous_shown_once::RULE,
    &control_back_dated::RULE,
    &control_changed_in_window::RULE,
    &control_changed_since_agreed::RULE,
    &control_id_reused::RULE,
    &control_partial_period::RULE,
    &control_systems_out_of_scope::RULE,
    &control_without_cadence::RULE,
    &control_without_criteria::RULE,
    &control_without_owner::RULE,
    &control_without_policy::RULE,
    &covers_after_collected::RULE,
    &criterion_carved_out::RULE,
    &criterion_not_addressed::RULE,
    &criterion_out_of_scope::RULE,
    &criterion_partial::RULE,
    &criterion_planned_only::RULE,
    &crlf_line_endings::RULE,
    &csoc_vendor_not_subservice::RULE,
    &dated_after_commit::RULE,
    &decision_left_open::RULE,
    &design_deficient::RULE,
    &duplicate_anchor::RULE,
    &duplicate_id::RULE,
    &duplicate_key::RULE,
    &environment_not_production::RULE,
    &event_items_without_evidence::RULE,
    &event_without_manifest::RULE,
    &event_without_population::RULE,
    &evidence_awaits_review::RULE,
    &evidence_back_filled::RULE,
    &evidence_collected_before_performed::RULE,
    &evidence_edited_after_review::RULE,
    &evidence_in_future::RULE,
    &evidence_names_no_system::RULE,
    &evidence_of_other_kind::RULE,
    &evidence_only_linked::RULE,
    &evidence_out_of_view::RULE,
    &evidence_outside_window::RULE,
    &evidence_stale::RULE,
    &evidence_without_artifacts::RULE,
    &evidence_without_control::RULE,
    &evidence_without_performance::RULE,
    &evidence_without_result::RULE,
    &exception_without_slot::RULE,
    &excluded_without_reason::RULE,
    &expression_refused::RULE,
    &figure_missing::RULE,
    &file_ignored::RULE,
    &file_not_read::RULE,
    &grace_too_long::RULE,
    &heading_order::RULE,
    &history_incomplete::RULE,
    &ignore_without_reason::RULE,
    &implementation_missing::RULE,
    &implemented_without_date::RULE,
    &incident_dates_out_of_order::RULE,
    &incident_without_notification_decision::RULE,
    &incident_without_root_cause::RULE,
    &input_too_large::RULE,
    &inquiry_only::RULE,
    &invalid_csv::RULE,
    &invalid_date::RULE,
    &invalid_hash::RULE,
    &invalid_id::RULE,
    &invalid_toml::RULE,
    &invalid_yaml::RULE,
    &inverted_period::RULE,
    &joiner_check_late::RULE,
    &level_refused::RULE,
    &lone_control::RULE,
    &merge_conflict_marker::RULE,
    &missing_front_matter::RULE,
    &missing_key::RULE,
    &nil_without_proof::RULE,
    &no_fraud_risk::RULE,
    &not_applicable_without_reason::RULE,
    &not_relevant_common_criterion::RULE,
    &not_relevant_without_reason::RULE,
    &not_utf8::RULE,
    &not_yet_operated::RULE,
    &numbers_disagree::RULE,
    &occurrences_clustered::RULE,
    &operated_before_window::RULE,
    &owner_gap::RULE,
    &owner_left::RULE,
    &path_case_clash::RULE,
    &performed_before_window::RULE,
    &placeholder_left::RULE,
    &points_of_focus_unnamed::RULE,
    &policy_as_evidence::RULE,
    &policy_changed_since_approval::RULE,
    &policy_in_force_late::RULE,
    &policy_not_approved::RULE,
    &policy_not_in_force::RULE,
    &policy_review_overdue::RULE,
    &policy_weaker_than_commitment::RULE,
    &policy_without_control::RULE,
    &population_column_missing::RULE,
    &population_count_differs::RULE,
    &population_duplicate_key::RULE,
    &population_empty::RULE,
    &population_incomplete::RULE,
    &population_roll_forward::RULE,
    &population_round_count::RULE,
    &population_rows_outside_period::RULE,
    &population_too_short::RULE,
    &population_truncated::RULE,
    &promise_without_control::RULE,
    &records_before_history::RULE,
    &redaction_not_logged::RULE,
    &request_overdue::RULE,
    &request_reopened::RULE,
    &request_without_evidence::RULE,
    &required_evidence_missing::RULE,
    &required_version::RULE,
    &residual_risk_above_inherent::RULE,
    &result_open::RULE,
    &retired_control_referenced::RULE,
    &retired_without_date::RULE,
    &review_recorded_by_performer::RULE,
    &review_rejected::RULE,
    &review_without_digest::RULE,
    &reviewed_before_performed::RULE,
    &reviewer_is_bot::RULE,
    &risk_acceptance_expired::RULE,
    &risk_acceptance_incomplete::RULE,
    &risk_review_overdue::RULE,
    &risk_score_out_of_scale::RULE,
    &risk_without_treatment::RULE,
    &role_vacant::RULE,
    &screenshot_without_date::RULE,
    &self_merged::RULE,
    &self_review::RULE,
    &slot_after_window::RULE,
    &slot_contradicts_date::RULE,
    &slot_deviation::RULE,
    &slot_insufficient_evidence::RULE,
    &slot_late::RULE,
    &slot_missed::RULE,
    &slot_unknown::RULE,
    &slot_unverified::RULE,
    &slots_committed_together::RULE,
    &submodule_not_read::RULE,
    &subservice_without_csoc::RULE,
    &superseded_by_itself::RULE,
    &superseded_by_unretired::RULE,
    &symlink_refused::RULE,
    &system_without_control::RULE,
    &table_unreadable::RULE,
    &timeline_setting_refused::RULE,
    &timezone_unknown::RULE,
    &training_missing::RULE,
    &uniform_risk_scores::RULE,
    &unknown_anchor::RULE,
    &unknown_audit::RULE,
    &unknown_category::RULE,
    &unknown_control::RULE,
    &unknown_criterion::RULE,
    &unknown_evidence::RULE,
    &unknown_framework::RULE,
    &unknown_key::RULE,
    &unknown_owner::RULE,
    &unknown_person::RULE,
    &unknown_policy::RULE,
    &unknown_procedure::RULE,
    &unknown_request::RULE,
    &unknown_risk::RULE,
    &unknown_rule::RULE,
    &unknown_system::RULE,
    &unknown_variable::RULE,
    &unknown_vendor::RULE,
    &unknown_word::RULE,
    &unportable_path::RULE,
    &unreadable_file::RULE,
    &unused_ignore::RULE,
    &unused_variable::RULE,
    &vague_wording::RULE,
    &variable_name_refused::RULE,
    &vendor_report_expired::RULE,
    &vendor_report_missing::RULE,
    &vendor_report_unread::RULE,
    &vendor_report_weak::RULE,
    &vendor_review_overdue::RULE,
    &waiver_after_deviation::RULE,
    &waiver_awaits_approval::RULE,
    &waiver_expired::RULE,
    &waiver_self_approved::RULE,
    &waiver_too_long::RULE,
    &waiver_unused::RULE,
    &wrong_type::RULE,
    &yaml_feature_refused::RULE,
];
