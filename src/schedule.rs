//! The tables that an auditor reads: the control matrix, the gap report, readiness, changes, policies, evidence, registers.
//! Each is a function from a view of one audit to a [`Table`]. Everything in them was judged or typed elsewhere; nothing is
//! judged here.

mod acknowledgements;
mod approvals;
mod assurance;
mod changes;
mod controls;
mod evidence;
mod exceptions;
mod gaps;
mod index;
mod matrix;
mod people;
mod policies;
mod populations;
mod readiness;
mod registers;
mod risks;
mod scope;
mod vendors;
mod withheld;
mod words;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

pub use acknowledgements::acknowledgements;
pub use approvals::approvals;
pub use assurance::{commitments, csocs, cuecs, meetings, training};
pub use changes::changes;
pub use controls::controls;
pub use evidence::{belonging, evidence, slots};
pub use exceptions::exceptions;
pub use gaps::gaps;
pub use matrix::control_matrix;
pub use people::people;
pub use policies::{InForce, in_force, policies};
pub use populations::populations;
pub use readiness::readiness;
pub use registers::{assets, incidents, systems};
pub use risks::risks;
pub use vendors::{vendor_reports, vendors};
pub use withheld::{Withheld, withheld};
pub use words::{criterion, holder, person};

use crate::baseline::{self, Since};
use crate::model::Control;
use crate::program::{CriterionId, Program};
use crate::report::Report;
use crate::status::{OWN_VIEW, audit_words, names, phase};
use crate::table::{Cell, Column, Table};
use crate::text::{count, safe};
use crate::timeline::{AuditStanding, ControlStanding, CriterionStanding, Judgement, Operation};

/// Said on everything that a prospect is given.
const NOT_EXAMINED: &str = "prepared by management, not examined by a CPA";

/// What the tables are made of.
#[derive(Clone, Copy)]
pub struct View<'v> {
    pub judgement: &'v Judgement<'v>,
    /// The one audit of the judgement that the tables are about.
    pub audit: &'v AuditStanding,
    pub report: &'v Report,
    /// What was read: `work tree`, `commit 3fa9c1e`.
    pub read: &'v str,
    /// States, reasons and gaps are shown. Without them the tables are a prospect's: what is written, not how it stands.
    pub verdicts: bool,
    /// Controls that are not in place are listed too: what the company plans is no auditor's business.
    pub plans: bool,
    /// What the tables are narrowed to.
    pub only: &'v Only,
    /// Where things lie in the bundle.
    pub places: &'v Places,
}

/// A part of an audit; all of it where nothing is named.
#[derive(Clone, Debug, Default)]
pub struct Only {
    /// Controls, by index.
    pub controls: Option<BTreeSet<usize>>,
    /// Criteria, without points of focus.
    pub criteria: Option<BTreeSet<CriterionId>>,
    /// In words, what is left: `controls that name CC6.2`.
    pub words: Vec<String>,
}

/// Paths of files below the root of the bundle; cells lead to what is named here.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// The sheet of each control, by index.
    pub controls: BTreeMap<usize, String>,
    /// The page or folder of each piece of evidence, by index.
    pub evidence: BTreeMap<usize, String>,
    /// Each artefact, by the index of its evidence and its own in the manifest.
    pub artifacts: BTreeMap<(usize, usize), String>,
    /// Each version of a policy, by the policy's index and that of the approval.
    pub policies: BTreeMap<(usize, usize), String>,
}

impl<'v> View<'v> {
    fn program(&self) -> &'v Program {
        self.judgement.program
    }

    /// The criteria that are shown, in the framework's order.
    pub fn criteria(&self) -> impl Iterator<Item = &'v CriterionStanding> {
        let view = *self;
        self.audit.criteria.iter().filter(move |criterion| view.shows_criterion(criterion))
    }

    /// Is the criterion shown?
    fn shows_criterion(&self, criterion: &CriterionStanding) -> bool {
        self.only.criteria.as_ref().is_none_or(|wanted| wanted.contains(&criterion.id))
    }

    /// The controls that are shown: named by a criterion that is, and in place on a judged day or run by a subservice
    /// organisation, unless plans are shown too.
    pub fn controls(&self) -> Vec<&'v ControlStanding> {
        let named: BTreeSet<usize> =
            self.criteria().flat_map(|criterion| criterion.controls.iter().copied()).collect();
        let standings = named.into_iter().filter_map(|index| self.audit.controls.get(index));
        standings.filter(|standing| self.shows(standing)).collect()
    }

    /// Is the control shown where a criterion that is shown names it?
    fn shows(&self, standing: &ControlStanding) -> bool {
        let wanted = self.only.controls.as_ref().is_none_or(|wanted| wanted.contains(&standing.control));
        wanted && (self.plans || standing.in_place.is_some() || standing.operation == Operation::Inherited)
    }

    fn control(&self, standing: &ControlStanding) -> Option<&'v Control> {
        self.program().controls.get(standing.control)
    }

    /// The id of a control, leading to its sheet.
    fn control_cell(&self, index: usize) -> Cell {
        let to = self.places.controls.get(&index).map(String::as_str);
        Cell::link(self.judgement.control_name(index), to)
    }

    /// The day on which people are named: the last one that is judged.
    fn day(&self) -> Date {
        self.audit.days.1
    }

    /// The window, which records have to touch to be listed.
    fn window(&self) -> (Date, Date) {
        self.audit.window
    }

    /// A table of that heading, with the notes that all have.
    fn table(&self, name: &'static str, title: &str, columns: Vec<Column>) -> Table {
        let mut of = vec![names(self.program()), audit_words(self.audit)];
        of.push(format!("as of {}", self.judgement.as_of));
        let phase = phase(self.audit, self.judgement.as_of);
        of.extend(Some(phase).filter(|phase| !phase.is_empty() && self.verdicts));
        of.push(format!("{}, soc2 {}", safe(self.read), env!("CARGO_PKG_VERSION")));
        of.retain(|part| !part.is_empty());
        let mut notes = vec![of.join(" · ")];
        if !self.verdicts {
            notes.push(sentence(NOT_EXAMINED));
        }
        if !self.only.words.is_empty() {
            notes.push(format!("Only {}.", self.only.words.join(" and ")));
        }
        Table { name, title: title.to_owned(), notes, columns, rows: Vec::new() }
    }

    /// A table that shows states, with whose view they are.
    fn judged(&self, name: &'static str, title: &str, columns: Vec<Column>) -> Table {
        let mut table = self.table(name, title, columns);
        if self.verdicts {
            table.notes.push(sentence(OWN_VIEW));
        }
        table
    }

    /// How the controls differ from the list that the auditor agreed, where there is one; a prospect is not told.
    fn since_agreed(&self) -> Option<BTreeMap<String, (Option<usize>, Since)>> {
        if !self.verdicts {
            return None;
        }
        baseline::since(self.program(), self.audit, self.judgement.as_of)
    }

    /// Says how many controls are not listed because they are not in place.
    fn note_plans(&self, table: &mut Table) {
        if self.plans {
            return;
        }
        let all = Self { plans: true, ..*self }.controls().len();
        let left = all.saturating_sub(self.controls().len());
        let (was, is) = if left == 1 { ("was", "is") } else { ("were", "are") };
        if left > 0 {
            table.notes.push(format!(
                "{} of criteria in scope {was} in place on no judged day (draft, planned, or retired before) and {is} not listed.",
                count(left, "control")
            ));
        }
    }
}

/// A clause as a sentence of its own.
fn sentence(clause: &str) -> String {
    let clause = crate::text::capitalized(clause);
    if clause.is_empty() || clause.ends_with(['.', '!', '?']) { clause } else { clause + "." }
}
