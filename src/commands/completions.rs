//! `soc2 completions`: tab completion for shells.

use std::process::ExitCode;

use clap_complete::Shell;

use crate::error::Result;
use crate::ui;

/// Print a completion script for a shell.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shell.
    shell: Shell,
}

/// Runs the verb.
pub fn run(args: &Args, command: &mut clap::Command) -> Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, command, "soc2", &mut script);
    ui::print(&String::from_utf8_lossy(&script))?;
    Ok(ExitCode::SUCCESS)
}
