//! Which change a gap came of.

use std::collections::BTreeMap;

use super::links::{Links, Thing, thing};
use crate::change::Change;
use crate::gap::Gap;
use crate::program::Program;

/// Which list a change is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Regression,
    Disclosure,
}

/// What each change is about: regressions, then disclosures, by index.
pub(super) struct Blame<'l, 'g> {
    regressions: BTreeMap<Thing<'g>, usize>,
    disclosures: BTreeMap<Thing<'g>, usize>,
    links: &'l Links<'g>,
}

impl<'l, 'g> Blame<'l, 'g> {
    pub(super) fn new(before: &Program, changes: [Vec<&'g Change>; 2], links: &'l Links<'g>) -> Self {
        // The first of a thing is the worst, so it is put in last.
        let [regressions, disclosures] = changes.map(|all| {
            let all = all.into_iter().enumerate().rev();
            all.map(|(index, change)| (thing(before, &change.subject), index)).collect()
        });
        Self { regressions, disclosures, links }
    }

    /// The change that opened a gap: one about the same thing, else a regression and then a disclosure of something near,
    /// else one of its audit.
    pub(super) fn opened(&self, after: &Program, gap: &'g Gap) -> Option<(Side, usize)> {
        let about = thing(after, &gap.subject);
        let near = self.links.near(&about);
        let audit = gap.audit.as_deref().map(|audit| ("audit", audit.into()));
        let of = |side: Side, thing: &Thing<'_>| {
            let map = if side == Side::Regression { &self.regressions } else { &self.disclosures };
            Some((side, *map.get(thing)?))
        };
        let same = |thing: &Thing<'_>| of(Side::Regression, thing).or_else(|| of(Side::Disclosure, thing));
        let around = |side: Side| near.iter().find_map(|thing| of(side, thing));
        same(&about)
            .or_else(|| around(Side::Regression))
            .or_else(|| around(Side::Disclosure))
            .or_else(|| same(&audit?))
    }

    /// The regression with which a gap of the base went away: one about the same thing, or about what it names.
    pub(super) fn hidden(&self, before: &Program, gap: &'g Gap) -> Option<usize> {
        let about = thing(before, &gap.subject);
        let audit = gap.audit.as_deref().map(|audit| ("audit", audit.into()));
        let of = |thing: &Thing<'_>| self.regressions.get(thing).copied();
        of(&about).or_else(|| self.links.beside(&about).find_map(of)).or_else(|| of(&audit?))
    }
}
