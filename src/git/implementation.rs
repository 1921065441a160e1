//! Whether the product code that controls name is there: in a commit, in the index or in the work tree.

use std::collections::BTreeMap;

use super::Repository;
use super::look::{Looked, Product};
use crate::program::{IMPLEMENTATION_CAP, Implementation, Implementations, Presence, Program};

/// More names than any programme has; what goes beyond is not looked at.
const NAME_CAP: usize = 10_000;

impl Repository {
    /// Looks for everything that the controls of a programme name under `implemented_by`.
    pub fn implementations(&self, program: &Program, product: Product<'_>) -> Implementations {
        let typed = program.controls.iter().flat_map(|control| &control.implemented_by);
        let named: BTreeMap<&str, Implementation<'_>> = typed
            .filter_map(|typed| Some((&*typed.value, Implementation::of(&typed.value)?)))
            .take(NAME_CAP)
            .collect();
        if named.is_empty() {
            return Implementations::new();
        }
        let looked_at = named.into_iter().map(|(typed, named)| {
            let presence = match self.look(product, named.path, IMPLEMENTATION_CAP) {
                Looked::Bytes(bytes) => named.presence(&bytes),
                Looked::NoFile => Presence::NoFile,
                Looked::Unknown => Presence::Unknown,
            };
            (typed.into(), presence)
        });
        looked_at.collect()
    }
}
