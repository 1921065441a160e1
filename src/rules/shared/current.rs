//! Evidence that still stands for something on the day: no other takes its place, and it is in view.

use crate::program::{EvidenceFolder, Program};
use crate::timeline::population::{self, PopulationFile};
use crate::timeline::{Flaw, Judgement};

/// Every manifest that nothing supersedes and that does not lie after the as-of day as a whole.
pub(in crate::rules) fn evidence<'p>(judgement: &Judgement<'p>) -> impl Iterator<Item = &'p EvidenceFolder> {
    let stands = judgement.evidence.iter().map(|standing| {
        !standing.out_of_view && !standing.flaws.iter().any(|flaw| matches!(flaw, Flaw::Superseded(_)))
    });
    judgement.program.evidence.iter().zip(stands).filter_map(|(folder, stands)| stands.then_some(folder))
}

/// Every manifest that nothing supersedes, for rules of the tree, which know no day.
pub(in crate::rules) fn unsuperseded(program: &Program) -> impl Iterator<Item = &EvidenceFolder> {
    let superseded = population::superseded(program);
    program.evidence.iter().filter(move |folder| !superseded.contains(program.evidence_id(folder)))
}

/// Their populations.
pub(in crate::rules) fn populations<'p>(
    judgement: &Judgement<'p>,
) -> impl Iterator<Item = PopulationFile<'p>> {
    evidence(judgement).flat_map(population::of)
}
