//! Evidence that still stands for something on the day: no other takes its place, and it is in view.

use crate::program::{EvidenceFolder, Program};
use crate::timeline::population::{self, PopulationFile};
use crate::timeline::{EvidenceStanding, Flaw, Judgement};

/// Every manifest that nothing supersedes and that does not lie after the as-of day as a whole.
pub(in crate::rules) fn evidence<'p>(judgement: &Judgement<'p>) -> impl Iterator<Item = &'p EvidenceFolder> {
    with_standing(judgement).map(|(folder, _)| folder)
}

/// The same, each with what is known of it.
pub(in crate::rules) fn with_standing<'j, 'p>(
    judgement: &'j Judgement<'p>,
) -> impl Iterator<Item = (&'p EvidenceFolder, &'j EvidenceStanding)> {
    let all = judgement.program.evidence.iter().zip(&judgement.evidence);
    all.filter(|(_, standing)| !standing.out_of_view && !is_superseded(standing))
}

/// Does another piece of evidence take its place?
pub(in crate::rules) fn is_superseded(standing: &EvidenceStanding) -> bool {
    standing.flaws.iter().any(|flaw| matches!(flaw, Flaw::Superseded(_)))
}

/// Every manifest that nothing supersedes, on whatever day: for what the tree alone decides.
pub(in crate::rules) fn on_any_day(program: &Program) -> impl Iterator<Item = &EvidenceFolder> {
    let superseded = population::superseded(program);
    program.evidence.iter().filter(move |folder| !superseded.contains(program.evidence_id(folder)))
}

/// Their populations.
pub(in crate::rules) fn populations<'p>(
    judgement: &Judgement<'p>,
) -> impl Iterator<Item = PopulationFile<'p>> {
    evidence(judgement).flat_map(population::of)
}
