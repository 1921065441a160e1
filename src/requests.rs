//! The auditor's list of requests: where each one stands; reading the workbook it comes in; answers written back into it.
//! Nothing here opens a file, and nothing is decided for the auditor: their words are taken over as they are.

mod standing;

pub use standing::{Standing, State, evidence_of, standing};
