//! Every rule: its name, what it finds, why an auditor cares, and examples that are its tests. Rules read the
//! programme and nothing else. Adding one: a file in `rules/` and two lines here.

use crate::diagnostic::{Diagnostic, Level};
use crate::gap::{Class, Gap, Subject};
use crate::program::Program;
use crate::source::Location;
use crate::timeline::Judgement;

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
        let gap = Gap {
            rule: self.rule,
            class: self.class,
            subject,
            audit: None,
            slot: None,
            system: None,
            since: None,
            at,
            message: message.into(),
            help: None,
            waiver: None,
        };
        self.found.push(gap);
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

    /// The day it opened.
    pub fn since(self, day: jiff::civil::Date) -> Self {
        self.0.since = Some(day);
        self
    }
}

/// The rule of that name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}

/// Runs every rule of the tree.
pub fn faults(program: &Program) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for rule in RULES {
        found.extend(faults_of(rule, program));
    }
    found
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
    RULES.iter().flat_map(|rule| gaps_of(rule, judgement)).collect()
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

mod audit_without_days;
mod automated_with_manual_evidence;
mod bot_as_owner;
mod catch_all_control;
mod category_twice;
mod commitment_without_control;
mod control_without_cadence;
mod control_without_criteria;
mod control_without_owner;
mod criterion_out_of_scope;
mod criterion_planned_only;
mod csoc_vendor_not_subservice;
mod duplicate_key;
mod implemented_without_date;
mod inverted_period;
mod not_applicable_without_reason;
mod not_relevant_common_criterion;
mod not_relevant_without_reason;
mod policy_without_control;
mod residual_risk_above_inherent;
mod retired_control_referenced;
mod retired_without_date;
mod risk_acceptance_incomplete;
mod risk_score_out_of_scale;
mod risk_without_treatment;
mod shared;
mod superseded_by_unretired;
mod timezone_unknown;
mod uniform_risk_scores;
mod unknown_criterion;
mod vague_wording;

/// Every rule, by name.
pub static RULES: &[&Rule] = &[
    &audit_without_days::RULE,
    &automated_with_manual_evidence::RULE,
    &bot_as_owner::RULE,
    &catch_all_control::RULE,
    &category_twice::RULE,
    &commitment_without_control::RULE,
    &control_without_cadence::RULE,
    &control_without_criteria::RULE,
    &control_without_owner::RULE,
    &criterion_out_of_scope::RULE,
    &criterion_planned_only::RULE,
    &csoc_vendor_not_subservice::RULE,
    &duplicate_key::RULE,
    &implemented_without_date::RULE,
    &inverted_period::RULE,
    &not_applicable_without_reason::RULE,
    &not_relevant_common_criterion::RULE,
    &not_relevant_without_reason::RULE,
    &policy_without_control::RULE,
    &residual_risk_above_inherent::RULE,
    &retired_control_referenced::RULE,
    &retired_without_date::RULE,
    &risk_acceptance_incomplete::RULE,
    &risk_score_out_of_scale::RULE,
    &risk_without_treatment::RULE,
    &superseded_by_unretired::RULE,
    &timezone_unknown::RULE,
    &uniform_risk_scores::RULE,
    &unknown_criterion::RULE,
    &vague_wording::RULE,
];
