//! The one integration test binary: what needs the real program, real folders or the source tree itself.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test that fails says so"
)]

#[cfg(unix)]
mod action;
mod adopt;
mod any_commit;
mod archive;
mod attacks;
mod audits;
mod bundle;
mod bundle_words;
#[cfg(unix)]
mod capture;
mod capture_told;
mod cases;
mod cases_evidence;
mod cases_gaps;
mod cases_history;
mod cases_people;
mod cases_policies;
mod cases_registers;
mod cases_time;
mod check;
mod commit;
mod company;
mod diff;
mod docs;
mod due;
mod due_once;
mod evidence;
mod examples;
mod filing;
#[cfg(unix)]
mod first_hour;
mod fresh;
mod fresh_rows;
mod gate;
mod gate_company;
#[cfg(unix)]
mod guides;
mod handed_out;
mod handed_over;
#[cfg(unix)]
mod hook;
mod hostile;
mod hostile_documents;
#[cfg(unix)]
mod hostile_git;
mod init;
mod kinds;
mod laws;
mod lists;
mod lived;
mod next;
mod odd_markdown;
mod output;
mod page;
mod past;
mod policy;
mod populations;
mod publish;
mod recheck;
mod recipes;
mod report;
mod repository;
mod requests;
mod reuse;
mod review;
mod rulings;
#[cfg(unix)]
mod runner;
mod scan;
mod schema;
mod schema_law;
mod settings;
mod show;
mod show_history;
mod size;
#[cfg(unix)]
mod standin;
mod status;
mod support;
mod tidy;
#[cfg(unix)]
mod tour;
mod vectors;
mod walk;
mod witness;
mod witness_packed;
mod witness_random;
mod witness_signatures;
#[cfg(unix)]
mod workflows;
mod world;
mod year;
