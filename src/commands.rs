//! The verbs, one file each. They read the clock once, ask the layers below, and decide the exit code: 0 done, 1 the
//! answer is bad, 2 could not work.

pub mod check;
pub mod completions;
pub mod explain;
pub mod init;

mod clock;

use std::process::ExitCode;

use crate::cli::{Cli, Command};
use crate::error::Result;
use crate::ui::Ui;

/// Runs the verb that was typed.
pub fn run(cli: Cli) -> Result<ExitCode> {
    let verbosity = if cli.quiet { -1 } else { i8::try_from(cli.verbose).unwrap_or(i8::MAX) };
    let ui = Ui::detect(verbosity);
    match cli.command {
        Command::Check(args) => check::run(&args, &cli.directory, ui),
        Command::Completions(args) => completions::run(&args),
        Command::Explain(args) => explain::run(&args, &cli.directory, ui),
        Command::Init(args) => init::run(&args, &cli.directory, ui),
    }
}
