//! Evidence that still stands for something: no other takes its place.

use crate::program::{EvidenceFolder, Program};
use crate::timeline::population::{self, PopulationFile};

/// Every manifest that nothing supersedes.
pub(in crate::rules) fn evidence(program: &Program) -> impl Iterator<Item = &EvidenceFolder> {
    let superseded = population::superseded(program);
    program.evidence.iter().filter(move |folder| !superseded.contains(program.evidence_id(folder)))
}

/// Their populations.
pub(in crate::rules) fn populations(program: &Program) -> impl Iterator<Item = PopulationFile<'_>> {
    evidence(program).flat_map(population::of)
}
