//! The vocabulary as plain data: what a user writes, each record with the documentation of its keys. No IO,
//! no verdicts, no output formats.

pub mod agreed;
pub mod audit;
pub mod bundle;
pub mod config;
pub mod control;
pub mod evidence;
pub mod framework;
pub mod policy;
pub mod registers;
pub mod scalar;

pub use agreed::{Agreement, Agreements};
pub use audit::{Audit, AuditType, Period};
pub use bundle::{Bundle, Bundles};
pub use config::Config;
pub use control::{Cadence, Control, ControlType, Status};
pub use evidence::{Evidence, EvidenceKind};
pub use framework::{Criterion, Framework, PointOfFocus};
pub use policy::{Narrative, Policy, Procedure};
pub use registers::Registers;
pub use scalar::{Id, Text};
