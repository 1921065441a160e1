//! `soc2 export`: what the programme holds, in the form that others work in. Each kind is a file of its own.

mod requests;

use std::path::Path;
use std::process::ExitCode;

use crate::error::Result;
use crate::ui::Ui;

/// Write what others work with: the auditor's list of requests with our answers.
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
