//! What a gap is about: the criteria and control behind it, and who answers for it.

use std::collections::BTreeMap;

use super::Line;
use crate::gap::{Class, Gap};
use crate::program::document;
use crate::schedule::View;
use crate::schedule::index::Index;
use crate::schedule::words::holder;
use crate::table::Cell;
use crate::text::some;
use crate::timeline::{Support, WINDOW};

/// Controls and criteria named in one cell.
const MOST: usize = 8;

pub(in crate::schedule) struct About<'a, 'v> {
    pub(in crate::schedule) view: &'a View<'v>,
    pub(in crate::schedule) index: &'a Index<'v>,
}

impl About<'_, '_> {
    /// A gap as a line; `None` where the report is narrowed to something else.
    pub(super) fn line(&self, gap: &Gap) -> Option<Line> {
        let (controls, own) = self.controls(gap);
        if !self.wanted(gap, &controls) {
            return None;
        }
        let mut line = match controls.as_slice() {
            [one] => self.control(*one),
            many => self.several(many),
        };
        if gap.subject.kind == "criterion" {
            line.criteria = gap.subject.id.clone();
        }
        let owner = own.map(|name| holder(self.view.program(), name, self.view.day()));
        line.owner = owner.unwrap_or(line.owner);
        // The control's own column says it already.
        if gap.subject.kind != "control" {
            line.about = format!("{} {}", gap.subject.kind, gap.subject.id);
        }
        let slot = gap.slot.as_deref().filter(|slot| *slot != WINDOW);
        line.slot = slot.into_iter().chain(gap.system.as_deref()).collect::<Vec<_>>().join(" ");
        line.what = gap.message.clone();
        line.since = gap.since.or(gap.slot_ends.map(|(ends, _)| ends));
        // What opened before the slot's last day, as a deviation does, is not mended by then.
        let due = gap.slot_ends.map(|(_, grace)| grace);
        line.due = due.filter(|due| gap.since.is_none_or(|since| since > *due));
        line.todo = gap.help.clone().unwrap_or_default();
        line.rule = gap.rule;
        if let Some(id) = &gap.waiver {
            line.waiver = id.clone();
            let expires = self.index.waiver(id).and_then(|row| row.expires.as_ref());
            line.until = expires.map(|day| day.value);
        }
        Some(line)
    }

    /// The criteria in scope that a gap is about, as indices into those of the audit.
    fn standings(&self, gap: &Gap) -> Vec<usize> {
        let program = self.view.program();
        let own = match gap.subject.kind {
            "criterion" => program.criterion(&gap.subject.id).ok(),
            _ => None,
        };
        let own = own.and_then(|id| self.view.audit.criteria.iter().position(|one| one.id == id));
        let (controls, _) = if own.is_some() { (Vec::new(), None) } else { self.controls(gap) };
        own.into_iter()
            .chain(controls.iter().flat_map(|index| self.index.standings(*index)).copied())
            .collect()
    }

    /// For each supported criterion in scope, by index, its blocking gaps, if it has any.
    pub(in crate::schedule) fn beside_support(&self) -> BTreeMap<usize, usize> {
        let mut found = BTreeMap::new();
        let blocking = self.view.report.gaps.iter().filter(|gap| gap.class == Class::Blocking);
        for gap in blocking.filter(|gap| super::of_audit(self.view, gap)) {
            let mut about = self.standings(gap);
            about.sort_unstable();
            about.dedup();
            for nth in about {
                let criterion = self.view.audit.criteria.get(nth);
                if criterion.is_some_and(|one| one.support == Support::Supported) {
                    *found.entry(nth).or_insert(0) += 1;
                }
            }
        }
        found
    }

    /// A line about one control.
    pub(super) fn control(&self, index: usize) -> Line {
        let control = self.view.program().controls.get(index);
        let owner = control.and_then(|control| control.owner.as_ref());
        Line {
            criteria: self.index.criteria(&[index]).join(", "),
            control: self.view.control_cell(index),
            owner: owner
                .map_or_else(String::new, |name| holder(self.view.program(), &name.value.0, self.view.day())),
            ..Line::default()
        }
    }

    /// A line about several controls, or none.
    fn several(&self, controls: &[usize]) -> Line {
        let names: Vec<String> =
            controls.iter().map(|index| self.view.judgement.control_name(*index)).collect();
        let criteria = self.index.criteria(controls);
        Line { criteria: some(&criteria, MOST), control: Cell::text(some(&names, MOST)), ..Line::default() }
    }

    /// The controls behind a gap, and the name of who answers for what it is about, where that is not the control's owner.
    fn controls(&self, gap: &Gap) -> (Vec<usize>, Option<&str>) {
        let program = self.view.program();
        let (names, registers) = (&program.names, &program.registers);
        let id = gap.subject.id.as_str();
        match gap.subject.kind {
            "control" => (names.controls.get(id).copied().into_iter().collect(), None),
            "evidence" => {
                let folder = self.index.evidence(id).and_then(|index| program.evidence.get(index));
                let named = folder.into_iter().flat_map(|folder| &folder.manifest.controls);
                let named = named.filter_map(|name| names.controls.get(&*name.value.0).copied());
                (named.collect(), None)
            }
            "policy" => {
                let policy = names.policies.get(id).and_then(|index| program.policies.get(*index));
                let owner = policy.and_then(|policy| policy.head.owner.as_ref());
                (self.index.ordered_by(document(id)).to_vec(), owner.map(|name| &*name.value.0))
            }
            "criterion" => {
                let found = program.criterion(id).ok();
                let of = self.view.audit.criteria.iter().find(|one| Some(one.id) == found);
                (of.map_or_else(Vec::new, |of| of.controls.clone()), None)
            }
            kind => {
                let owner = match kind {
                    "vendor" => {
                        let row = names.vendors.get(id).and_then(|index| registers.vendors.get(*index));
                        row.and_then(|row| row.owner.as_ref())
                    }
                    "risk" => {
                        let row = names.risks.get(id).and_then(|index| registers.risks.get(*index));
                        row.and_then(|row| row.owner.as_ref())
                    }
                    "asset" => {
                        let row = names.assets.get(id).and_then(|index| registers.assets.get(*index));
                        row.and_then(|row| row.owner.as_ref())
                    }
                    "system" => {
                        let row = names.systems.get(id).and_then(|index| registers.systems.get(*index));
                        row.and_then(|row| row.owner.as_ref())
                    }
                    "incident" => {
                        let row = registers.incidents.iter().find(|row| *row.id.value.0 == *id);
                        row.and_then(|row| row.owner.as_ref())
                    }
                    _ => None,
                };
                (Vec::new(), owner.map(|name| &*name.value.0))
            }
        }
    }

    /// Is it about what the report is narrowed to? What names no control is about the whole.
    fn wanted(&self, gap: &Gap, controls: &[usize]) -> bool {
        let only = self.view.only;
        if only.controls.is_none() && only.criteria.is_none() {
            return true;
        }
        let criteria = |index: &usize| {
            let Some(wanted) = &only.criteria else { return true };
            let named = self.index.standings(*index).iter();
            let named = named.filter_map(|nth| self.view.audit.criteria.get(*nth));
            named.into_iter().any(|one| wanted.contains(&one.id))
        };
        if gap.subject.kind == "criterion" && only.controls.is_none() {
            let found = self.view.program().criterion(&gap.subject.id).ok();
            return only.criteria.as_ref().is_none_or(|wanted| found.is_some_and(|id| wanted.contains(&id)));
        }
        let named = |index: &usize| only.controls.as_ref().is_none_or(|wanted| wanted.contains(index));
        controls.iter().any(|index| named(index) && criteria(index))
    }
}
