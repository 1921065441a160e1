//! New controls and policies as texts: from the catalogue where it has them, else from what was told. Pure: it neither asks nor
//! writes. Whatever it makes is a draft.

mod control;
mod policy;
mod variables;

pub use control::{NewControl, from_catalogue};
pub use policy::{NewPolicy, from_template, with_head};
pub use variables::lacking;
