//! The one integration test binary: what needs the real program, real folders or the source tree itself.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test that fails says so"
)]

mod cases;
mod cases_evidence;
mod cases_gaps;
mod cases_people;
mod cases_registers;
mod cases_time;
mod check;
mod commit;
mod company;
mod docs;
mod due;
mod evidence;
mod examples;
mod filing;
mod hostile;
mod init;
mod laws;
mod lived;
mod next;
mod output;
mod page;
mod populations;
mod repository;
mod review;
mod rulings;
mod settings;
mod show;
mod size;
mod status;
mod support;
mod tidy;
mod vectors;
mod walk;
mod world;
mod year;
