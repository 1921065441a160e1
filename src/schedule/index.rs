//! What several tables look up, gathered once.

use std::collections::{BTreeMap, BTreeSet};

use super::View;
use crate::model::registers::Waiver;
use crate::program::document;

/// By index or id, what belongs together.
pub(super) struct Index<'v> {
    /// The names of the criteria in scope, in the framework's order.
    names: Vec<String>,
    /// For each control, the criteria in scope that it names, as indices into these.
    criteria: BTreeMap<usize, Vec<usize>>,
    /// For each policy's id, the controls that rest on it.
    policies: BTreeMap<&'v str, Vec<usize>>,
    /// For each piece of evidence's id, its index.
    evidence: BTreeMap<&'v str, usize>,
    /// For each control's id, the auditor's requests about it.
    requests: BTreeMap<&'v str, Vec<&'v str>>,
    waivers: BTreeMap<&'v str, &'v Waiver>,
}

impl<'v> Index<'v> {
    pub(super) fn new(view: &View<'v>) -> Self {
        let program = view.program();
        let mut criteria: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (nth, criterion) in view.audit.criteria.iter().enumerate() {
            for control in &criterion.controls {
                criteria.entry(*control).or_default().push(nth);
            }
        }
        let names = view.audit.criteria.iter().map(|one| program.criterion_name(one.id)).collect();
        let mut policies: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, control) in program.controls.iter().enumerate() {
            for reference in &control.policies {
                let list = policies.entry(document(&reference.value.0)).or_default();
                if list.last() != Some(&index) {
                    list.push(index);
                }
            }
        }
        let folders = program.evidence.iter().enumerate();
        let evidence = folders.map(|(index, folder)| (program.evidence_id(folder), index)).collect();
        let mut requests: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for request in &program.registers.requests {
            for control in &request.controls {
                requests.entry(&control.value.0).or_default().push(request.id.value.trim());
            }
        }
        let waivers = view.judgement.terms.registers.waivers.iter();
        let waivers = waivers.map(|row| (&*row.id.value.0, row)).collect();
        Self { names, criteria, policies, evidence, requests, waivers }
    }

    /// The criteria in scope that some controls name, each once.
    pub(super) fn criteria(&self, controls: &[usize]) -> Vec<&str> {
        let named = controls.iter().filter_map(|control| self.criteria.get(control)).flatten();
        let named: BTreeSet<usize> = named.copied().collect();
        named.into_iter().filter_map(|nth| self.names.get(nth)).map(String::as_str).collect()
    }

    /// The controls that rest on a policy.
    pub(super) fn ordered_by(&self, policy: &str) -> &[usize] {
        self.policies.get(policy).map_or(&[], Vec::as_slice)
    }

    /// The index of a piece of evidence.
    pub(super) fn evidence(&self, id: &str) -> Option<usize> {
        self.evidence.get(id).copied()
    }

    /// The auditor's requests about a control.
    pub(super) fn requests(&self, control: &str) -> String {
        super::words::listed(self.requests.get(control).into_iter().flatten().copied())
    }

    /// A waiver by its id.
    pub(super) fn waiver(&self, id: &str) -> Option<&'v Waiver> {
        self.waivers.get(id).copied()
    }
}
