//! SOC 2 readiness as code: controls, policies and evidence in a git repository, judged over the audit's window.
//!
//! The modules stand in layers, each below what it may use; `tests/suite/tidy.rs` holds the whole table.

// words and failures
pub mod error;
pub mod text;

// text with places
pub mod diagnostic;
pub mod gap;
pub mod history;

pub mod source;
pub mod syntax;

// the vocabulary
pub mod catalogue;
pub mod framework;
pub mod model;
pub mod recipe;
pub mod record;
pub mod template;

// the loaded whole, judged
pub mod program;
pub mod report;
pub mod requests;
pub mod rows;
pub mod rules;
pub mod timeline;

// the outside world and what it is shown
pub mod adopt;
pub mod archive;
pub mod baseline;
pub mod bundle;
pub mod change;
pub mod diff;
pub mod document;
pub mod due;
pub mod exchange;
pub mod fresh;
pub mod gate;
pub mod git;
pub mod layout;
pub mod manifest;
pub mod next;
pub mod output;
pub mod page;
pub mod past;
pub mod provenance;
pub mod render;
pub mod replay;
pub mod rootfile;
pub mod scaffold;
pub mod scan;
pub mod schedule;
pub mod schema;
pub mod sheet;
pub mod show;
pub mod signing;
pub mod status;
pub mod table;
pub mod trend;
pub mod ui;
pub mod watch;

// the verbs
pub mod cli;
pub mod commands;
