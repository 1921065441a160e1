//! `soc2 import`: other people's data taken into the programme. Each kind is a file of its own; lists from spreadsheets share one.

mod adopted;
mod comply;
mod evidence;
mod foreign;
mod jupiterone;
mod lists;
mod policies;
mod requests;
mod told;

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use crate::error::{Error, Result};
use crate::exchange::Kind as Of;
use crate::sheet::FILE_CAP;
use crate::ui::Ui;

/// Take what others keep into the programme: another tool's repository, policies as files, lists from spreadsheets, the
/// auditor's list of requests.
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
    /// Add acknowledgements of policies from a list to registers/acknowledgements.yaml.
    ///
    /// Shows how the columns are understood, then adds each acknowledgement that is not here: who, which policy, which version,
    /// when. People are found by address, name or id, policies by title or id. A second run changes nothing.
    Acknowledgements(lists::Args),
    /// Add controls from a list, such as a control matrix, as drafts: a file each below controls/.
    ///
    /// Shows how the columns are understood, then writes a draft for each control that is not here. Ids of criteria are read in any
    /// spelling, and one that does not exist is kept for `soc2 check` to name; the wording of criteria is never read. The list's own
    /// ids are kept as aliases. What is here is never changed: what the list says otherwise is told. A second run changes nothing.
    Controls(lists::StatedArgs),
    /// Add people from an HR list to registers/people.yaml.
    ///
    /// Shows how the columns are understood, then adds everybody who is not here, by address, name or id. Rows of people who are here
    /// are never changed: what the list says otherwise is told. Several rows of a person are several employments. Salaries, birthdays,
    /// home addresses and the like are never read. A second run changes nothing.
    People(lists::Args),
    Requests(requests::Args),
    /// Add risks from a list to registers/risks.yaml.
    ///
    /// Shows how the columns are understood, then adds each risk that is not here. Scores are 1 to 5, as numbers or in the words of the
    /// usual scale. What is here is never changed: what the list says otherwise is told. A second run changes nothing.
    Risks(lists::StatedArgs),
    /// Add training records from a list to registers/training.yaml.
    ///
    /// Shows how the columns are understood, then adds each record that is not here: who, which course, when assigned and when
    /// completed. People are found by address, name or id. A second run changes nothing.
    Training(lists::Args),
    /// Add vendors from a list to registers/vendors.yaml.
    ///
    /// Shows how the columns are understood, then adds each vendor that is not here, by id or name. What is here is never changed: what
    /// the list says otherwise is told. A second run changes nothing.
    Vendors(lists::StatedArgs),
}

/// Runs the verb.
pub fn run(args: &Args, directory: &Path, ui: Ui) -> Result<ExitCode> {
    match &args.kind {
        Kind::Comply(args) => comply::run(args, directory, ui),
        Kind::Evidence(args) => evidence::run(args, directory, ui),
        Kind::Jupiterone(args) => jupiterone::run(args, directory, ui),
        Kind::Policies(args) => policies::run(args, directory, ui),
        Kind::Acknowledgements(args) => lists::run(Of::Acknowledgements, args, directory, ui),
        Kind::Controls(args) => lists::run_stated(Of::Controls, args, directory, ui),
        Kind::People(args) => lists::run(Of::People, args, directory, ui),
        Kind::Requests(args) => requests::run(args, directory, ui),
        Kind::Risks(args) => lists::run_stated(Of::Risks, args, directory, ui),
        Kind::Training(args) => lists::run(Of::Training, args, directory, ui),
        Kind::Vendors(args) => lists::run_stated(Of::Vendors, args, directory, ui),
    }
}

/// A list's bytes, one more than a list may have at most: whoever reads it says so.
fn bytes(path: &Path) -> Result<Vec<u8>> {
    let failed = |e: &std::io::Error| Error::io(path, e);
    let file = fs::File::open(path).map_err(|e| failed(&e))?;
    let mut bytes = Vec::new();
    let cap = u64::try_from(FILE_CAP).unwrap_or(u64::MAX);
    file.take(cap + 1).read_to_end(&mut bytes).map_err(|e| failed(&e))?;
    Ok(bytes)
}
