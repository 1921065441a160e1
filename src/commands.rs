//! The verbs, one file each. They read the clock once, ask the layers below, and decide the exit code: 0 done, 1 the
//! answer is bad, 2 could not work.

pub mod audit;
pub mod bundle;
pub mod check;
pub mod completions;
pub mod diff;
pub mod due;
pub mod evidence;
pub mod explain;
pub mod export;
pub mod history;
pub mod hook;
pub mod import;
pub mod init;
pub mod new;
pub mod next;
pub mod policy;
pub mod render;
pub mod report;
pub mod schema;
pub mod show;
pub mod signed;
pub mod status;
pub mod verify;

mod ask;
mod base;
mod clock;
mod owner;
mod place;
mod published;
mod put;
mod register;
