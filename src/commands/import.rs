//! `soc2 import`: other people's data taken into the programme. Each kind is a file of its own.

mod requests;

use std::path::Path;
use std::process::ExitCode;

use crate::error::Result;
use crate::ui::Ui;

/// Take what others keep into the programme: the auditor's list of requests.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Debug, clap::Subcommand)]
enum Kind {
    Requests(requests::Args),
}

/// Runs the verb.
pub fn run(args: &Args, directory: &Path, ui: Ui) -> Result<ExitCode> {
    match &args.kind {
        Kind::Requests(args) => requests::run(args, directory, ui),
    }
}
