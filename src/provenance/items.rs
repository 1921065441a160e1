//! Names of items in logs whose bytes are withheld: those that something else in the bundle names stay as they are, because
//! a verdict may rest on their being the same; any other becomes a number.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::evidence::Occurrences;
use crate::program::{Program, TableRead};
use crate::source::FileId;

/// How each item is shown.
pub(super) struct Items<'p> {
    known: BTreeSet<&'p str>,
    numbers: BTreeMap<&'p str, usize>,
}

impl<'p> Items<'p> {
    pub(super) fn of(
        program: &'p Program,
        tables: &BTreeMap<FileId, Vec<TableRead<'p>>>,
        packed: &dyn Fn(FileId) -> bool,
    ) -> Self {
        let rows = |inside: bool| {
            let some = tables.iter().filter(move |(file, _)| packed(**file) == inside);
            let facts = some.flat_map(|(_, read)| read.iter().map(|read| read.facts));
            facts.flat_map(|facts| facts.dated.iter().map(|(_, item)| &**item))
        };
        let hidden: BTreeSet<&str> = rows(false).collect();
        if hidden.is_empty() {
            return Self { known: hidden, numbers: BTreeMap::new() };
        }
        let mut known: BTreeSet<&str> = rows(true).filter(|item| hidden.contains(item)).collect();
        let listed =
            program.evidence.iter().flat_map(|folder| match folder.manifest.occurrences.as_deref() {
                Some(Occurrences::Listed(list)) => &list[..],
                _ => &[],
            });
        known.extend(listed.filter_map(|one| one.item.as_ref()).map(|item| &*item.value));
        let named = program.registers.exceptions.iter().filter_map(|row| row.item.as_ref());
        known.extend(named.map(|item| &*item.value));
        let unknown = hidden.into_iter().filter(|item| !item.is_empty() && !known.contains(item));
        let numbers = unknown.enumerate().map(|(nth, item)| (item, nth + 1)).collect();
        Self { known, numbers }
    }

    pub(super) fn shown(&self, item: &str) -> String {
        match self.numbers.get(item) {
            Some(number) if !self.known.contains(item) => format!("withheld item {number}"),
            _ => item.to_owned(),
        }
    }
}
