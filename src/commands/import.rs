//! `soc2 import`: other people's data taken into the programme. Each kind is a file of its own.

mod adopted;
mod comply;
mod evidence;
mod foreign;
mod jupiterone;
mod policies;
mod requests;
mod told;

use std::path::Path;
use std::process::ExitCode;

use crate::error::Result;
use crate::ui::Ui;

/// Take what others keep into the programme: another tool's repository, policies as files, the auditor's list of requests.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Debug, clap::Subcommand)]
enum Kind {
    Comply(comply::Args),
    Evidence(evidence::Args),
    Jupiterone(jupiterone::Args),
    Policies(policies::Args),
    Requests(requests::Args),
}

/// Runs the verb.
pub fn run(args: &Args, directory: &Path, ui: Ui) -> Result<ExitCode> {
    match &args.kind {
        Kind::Comply(args) => comply::run(args, directory, ui),
        Kind::Evidence(args) => evidence::run(args, directory, ui),
        Kind::Jupiterone(args) => jupiterone::run(args, directory, ui),
        Kind::Policies(args) => policies::run(args, directory, ui),
        Kind::Requests(args) => requests::run(args, directory, ui),
    }
}
