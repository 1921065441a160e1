//! The auditor's list of requests: where each one stands; reading the workbook it comes in; answers written back into it.
//! Nothing here opens a file, and nothing is decided for the auditor: their words are taken over as they are.

mod answers;
mod columns;
mod kept;
mod list;
mod listed;
mod merge;
mod standing;
mod status;

pub use answers::{Answers, answers, table};
pub use columns::{Columns, Field, Told};
pub use kept::{answered, kept, kept_bytes, kept_path};
pub use list::{Answer, List};
pub use listed::{Listed, listed};
pub use merge::{Plan, REGISTER, merge};

pub use crate::sheet::{FILE_CAP, Order, letters};
pub use standing::{Standing, State, audit_of, evidence_of, standing, standing_of_all};
