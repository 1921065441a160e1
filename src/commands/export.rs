//! `soc2 export`: what the programme holds, in the form that others work in. Each kind is a file of its own; tables share one.

mod lists;
mod requests;

use std::path::Path;
use std::process::ExitCode;

use self::lists::What;
use crate::error::Result;
use crate::exchange::Kind as Of;
use crate::ui::Ui;

/// Write what others work with: tables for spreadsheets, the auditor's list of requests with our answers.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Debug, clap::Subcommand)]
enum Kind {
    /// Write the controls as a table, one row each, which `soc2 import controls` reads.
    Controls(lists::Args),
    /// Write the evidence as a table, one row for each manifest.
    Evidence(lists::Args),
    /// Write the people as a table, one row each, which `soc2 import people` reads.
    People(lists::Args),
    /// Write the policies and how they stand on a day as a table, one row each.
    Policies(lists::Args),
    Requests(requests::Args),
    /// Write the risks as a table, one row each, which `soc2 import risks` reads.
    Risks(lists::Args),
    /// Write the vendors as a table, one row each, which `soc2 import vendors` reads.
    Vendors(lists::Args),
}

/// Runs the verb.
pub fn run(args: &Args, directory: &Path, ui: Ui) -> Result<ExitCode> {
    match &args.kind {
        Kind::Controls(args) => lists::run(What::Of(Of::Controls), args, directory, ui),
        Kind::Evidence(args) => lists::run(What::Evidence, args, directory, ui),
        Kind::People(args) => lists::run(What::Of(Of::People), args, directory, ui),
        Kind::Policies(args) => lists::run(What::Policies, args, directory, ui),
        Kind::Requests(args) => requests::run(args, directory, ui),
        Kind::Risks(args) => lists::run(What::Of(Of::Risks), args, directory, ui),
        Kind::Vendors(args) => lists::run(What::Of(Of::Vendors), args, directory, ui),
    }
}
