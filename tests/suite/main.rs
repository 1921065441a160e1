//! The one integration test binary: what needs the real program, real folders or the source tree itself.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test that fails says so"
)]

mod cases;
mod cases_people;
mod cases_registers;
mod check;
mod docs;
mod due;
mod evidence;
mod examples;
mod hostile;
mod init;
mod next;
mod output;
mod populations;
mod support;
mod tidy;
