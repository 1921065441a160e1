//! What was found so far, and the two states it was found in.

use std::collections::{BTreeMap, BTreeSet};

use super::pairs::{Pairs, pairs};
use super::{Change, KINDS, Kind, Place};
use crate::gap::Subject;
use crate::model::{Control, Policy};
use crate::program::Program;
use crate::source::Location;

/// Changes of one kind above this are counted, not listed.
const MOST: usize = 1_000;

/// Collects changes; knows which controls and policies of the two states are the same.
pub(super) struct Found<'p> {
    pub(super) before: &'p Program,
    pub(super) after: &'p Program,
    pub(super) controls: Pairs,
    pub(super) policies: Pairs,
    /// Criteria that lost their last control, so that nothing else is told of the mapping.
    pub(super) lost: BTreeSet<String>,
    changes: Vec<Change>,
}

impl<'p> Found<'p> {
    pub(super) fn new(before: &'p Program, after: &'p Program) -> Self {
        let id = |control: &Control| control.id.value.0.clone();
        let mut controls = pairs(&before.controls, &after.controls, id);
        controls.follow(
            |index| Some(id(before.controls.get(index)?)),
            |index| {
                let aliases = after.controls.get(index).map_or(&[][..], |control| &control.aliases);
                aliases.iter().map(|alias| alias.value.clone()).collect()
            },
        );
        let id = |policy: &Policy| policy.head.id.value.0.clone();
        let mut policies = pairs(&before.policies, &after.policies, id);
        policies.follow(
            |index| Some(id(before.policies.get(index)?)),
            |index| {
                let replaced = after.policies.get(index).map_or(&[][..], |policy| &policy.head.supersedes);
                replaced.iter().map(|name| name.value.clone()).collect()
            },
        );
        if after.may_be_defined_in_unread("controls/") {
            controls.gone.clear();
        }
        if after.may_be_defined_in_unread("policies/") {
            policies.gone.clear();
        }
        if before.may_be_defined_in_unread("controls/") {
            controls.new.clear();
        }
        if before.may_be_defined_in_unread("policies/") {
            policies.new.clear();
        }
        Self { before, after, controls, policies, lost: BTreeSet::new(), changes: Vec::new() }
    }

    /// Rows of a register that are gone, new or in both states; nothing is claimed where the register could not be read.
    pub(super) fn rows<T>(
        &self,
        register: &str,
        of: impl Fn(&'p Program) -> &'p [T],
        id: impl Fn(&T) -> Box<str>,
    ) -> Pairs
    where
        T: 'p,
    {
        let mut pairs = pairs(of(self.before), of(self.after), id);
        let file = format!("registers/{register}.");
        if self.after.may_be_defined_in_unread(&file) {
            pairs.gone.clear();
        }
        if self.before.may_be_defined_in_unread(&file) {
            pairs.new.clear();
        }
        pairs
    }

    /// Something that stood before and is gone.
    pub(super) fn gone(
        &mut self,
        kind: &'static Kind,
        subject: Subject,
        at: Location,
        message: impl Into<String>,
    ) -> &mut Change {
        self.push(kind, subject, Place::Before(at), message.into())
    }

    /// Something that stands now.
    pub(super) fn now(
        &mut self,
        kind: &'static Kind,
        subject: Subject,
        at: Location,
        message: impl Into<String>,
    ) -> &mut Change {
        self.push(kind, subject, Place::After(at), message.into())
    }

    fn push(&mut self, kind: &'static Kind, subject: Subject, place: Place, message: String) -> &mut Change {
        self.changes.push(Change { kind, subject, place, message, help: None });
        let last = self.changes.len() - 1;
        &mut self.changes[last]
    }

    /// Everything, worst first: kinds in the order of their registry, then by subject and place.
    pub(super) fn told(self) -> Vec<Change> {
        let rank: BTreeMap<&str, usize> =
            KINDS.iter().enumerate().map(|(nth, kind)| (kind.name, nth)).collect();
        let rank = |change: &Change| rank.get(change.kind.name).copied().unwrap_or(0);
        let place = |change: &Change| match change.place {
            Place::Before(at) => (0, at),
            Place::After(at) => (1, at),
        };
        let mut changes = self.changes;
        changes.sort_by(|a, b| {
            let key = |change: &Change| (change.kind.effect, rank(change));
            key(a)
                .cmp(&key(b))
                .then_with(|| (&a.subject, place(a), &a.message).cmp(&(&b.subject, place(b), &b.message)))
        });
        first_of_each(changes)
    }
}

/// Keeps the first changes of each kind; the last one kept says how many more there are.
fn first_of_each(changes: Vec<Change>) -> Vec<Change> {
    let mut kept = Vec::with_capacity(changes.len().min(MOST));
    let mut changes = changes.into_iter().peekable();
    while let Some(first) = changes.next() {
        let kind = first.kind.name;
        let mut of_kind = vec![first];
        let mut more = 0;
        while let Some(next) = changes.next_if(|next| next.kind.name == kind) {
            if of_kind.len() < MOST { of_kind.push(next) } else { more += 1 }
        }
        if let Some(last) = of_kind.last_mut().filter(|_| more > 0) {
            last.message = format!("{} (and {more} more like it)", last.message);
        }
        kept.append(&mut of_kind);
    }
    kept
}
