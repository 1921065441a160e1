//! Flags and verbs, as typed. No logic.

use std::path::PathBuf;

use clap::{ArgAction, Parser, Subcommand};

use crate::commands;

/// SOC 2 readiness as code: controls, policies and evidence in git, checked in every pull request.
#[derive(Debug, Parser)]
#[command(name = "soc2", version, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    /// Folder to work in, instead of the current one.
    #[arg(short = 'C', long = "directory", global = true, value_name = "DIR", default_value = ".")]
    pub directory: PathBuf,
    /// Print less.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Print more.
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    #[command(subcommand)]
    pub command: Command,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    Check(commands::check::Args),
    Completions(commands::completions::Args),
    Explain(commands::explain::Args),
    Init(Box<commands::init::Args>),
}
