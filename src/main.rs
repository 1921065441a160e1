use std::process::ExitCode;

use clap::Parser;

use soc2::cli::Cli;
use soc2::{commands, ui};

fn main() -> ExitCode {
    match commands::run(Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            ui::tell(&error.to_string());
            ExitCode::from(2)
        }
    }
}
