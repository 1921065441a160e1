//! The auditor's list of requests: where each one stands; reading the workbook it comes in; answers written back into it.
//! Nothing here opens a file, and nothing is decided for the auditor: their words are taken over as they are.

mod answers;
mod columns;
mod days;
mod grid;
mod kept;
mod list;
mod listed;
mod merge;
mod separated;
mod standing;
mod status;
mod workbook;

pub use answers::{Answers, answers, table};
pub use columns::{Columns, Field, Told};
pub use days::Order;
pub use grid::letters;
pub use kept::{answered, kept, kept_bytes, kept_path};
pub use list::{Answer, List};
pub use listed::{Listed, listed};
pub use merge::{Plan, REGISTER, merge};

pub use standing::{Standing, State, audit_of, evidence_of, standing, standing_of_all};
pub use workbook::FILE_CAP;
