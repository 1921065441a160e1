//! `soc2 policy list`: every policy, what it is on the day, and who has acknowledged it.

use std::path::Path;
use std::process::ExitCode;

use crate::commands::place::{Place, Selectors};
use crate::error::Result;
use crate::output::without_commands;
use crate::show::policies;
use crate::timeline::Judgement;
use crate::ui::{self, Ui};

/// List the policies: state, version, in force since, next review, acknowledged by how many of how many.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    selectors: Selectors,
}

/// Runs the verb.
pub(super) fn run(args: &Args, directory: &Path, ui: Ui) -> Result<ExitCode> {
    let Place { program, clock, read, .. } = args.selectors.place(directory, ui)?;
    let judgement = ui.busy("judging", || Judgement::new(&program, clock, None));
    ui::print(&without_commands(policies(&judgement, &read, ui)))?;
    Ok(ExitCode::SUCCESS)
}
