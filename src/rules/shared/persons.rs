//! Whether two names stand for one person.

use crate::model::scalar::PersonRef;
use crate::program::Program;

/// Do both names stand for one person, through aliases and e-mail addresses in any case?
pub(in crate::rules) fn same_person(program: &Program, a: &PersonRef, b: &PersonRef) -> bool {
    match (program.person(a), program.person(b)) {
        (Some(a), Some(b)) => a == b,
        (None, None) => a.to_lowercase() == b.to_lowercase(),
        _ => false,
    }
}
