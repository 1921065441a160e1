//! What reading already told.

use std::collections::BTreeSet;

use crate::program::Program;
use crate::source::FileId;

/// Faults of reading after which a value is absent although something was typed.
const LOSES_A_VALUE: &[&str] = &["invalid-date", "unknown-key", "wrong-type", "yaml-feature-refused"];

/// Files in which a value was lost in reading: what seems absent there may only be mistyped, and that is told.
pub(in crate::rules) fn with_lost_values(program: &Program) -> BTreeSet<FileId> {
    let lost = program.diagnostics.iter().filter(|fault| LOSES_A_VALUE.contains(&fault.rule));
    lost.map(|fault| fault.at.file).collect()
}
