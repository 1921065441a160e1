use std::process::ExitCode;

use clap::Parser;

use soc2::cli::Cli;
use soc2::ui;

fn main() -> ExitCode {
    match Cli::parse().run() {
        Ok(code) => code,
        Err(error) => {
            ui::tell(&error.to_string());
            ExitCode::from(2)
        }
    }
}
