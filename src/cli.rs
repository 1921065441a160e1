//! Flags and verbs, as typed, and which function each verb is. No logic.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ArgAction, CommandFactory, Parser, Subcommand};

use crate::commands::{
    audit, bundle, check, completions, diff, due, evidence, explain, export, history, hook, import, init,
    new, next, policy, render, report, schema, show, status, verify,
};
use crate::error::Result;
use crate::ui::Ui;

/// SOC 2 readiness as code: controls, policies and evidence in git, checked in every pull request.
#[derive(Debug, Parser)]
#[command(name = "soc2", version, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    /// Folder of the programme, instead of the current one.
    #[arg(
        short = 'C',
        long = "directory",
        global = true,
        value_name = "DIR",
        default_value = ".",
        display_order = 100
    )]
    pub directory: PathBuf,
    /// Print no advice at the end.
    #[arg(short, long, global = true, conflicts_with = "verbose", display_order = 101)]
    pub quiet: bool,
    /// Print each gap with its place and what to do.
    #[arg(short, long, global = true, action = ArgAction::Count, display_order = 102)]
    pub verbose: u8,
    #[command(subcommand)]
    pub command: Command,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    Audit(audit::Args),
    Bundle(Box<bundle::Args>),
    Check(check::Args),
    Completions(completions::Args),
    Diff(diff::Args),
    Due(due::Args),
    Evidence(Box<evidence::Args>),
    Explain(explain::Args),
    Export(export::Args),
    Hook(hook::Args),
    History(history::Args),
    Import(import::Args),
    Init(Box<init::Args>),
    New(new::Args),
    Next(next::Args),
    Policy(policy::Args),
    Render(render::Args),
    Report(report::Args),
    Schema(schema::Args),
    Show(show::Args),
    Status(status::Args),
    Verify(verify::Args),
}

impl Cli {
    /// Runs the verb that was typed.
    pub fn run(self) -> Result<ExitCode> {
        let verbosity = if self.quiet { -1 } else { i8::try_from(self.verbose).unwrap_or(i8::MAX) };
        let ui = Ui::detect(verbosity);
        match self.command {
            Command::Audit(args) => audit::run(&args, &self.directory, ui),
            Command::Bundle(args) => bundle::run(&args, &self.directory, ui),
            Command::Check(args) => check::run(&args, &self.directory, ui),
            Command::Completions(args) => completions::run(&args, &mut Self::command()),
            Command::Diff(args) => diff::run(&args, &self.directory, ui),
            Command::Due(args) => due::run(&args, &self.directory, ui),
            Command::Evidence(args) => evidence::run(&args, &self.directory, ui),
            Command::Explain(args) => explain::run(&args),
            Command::Export(args) => export::run(&args, &self.directory, ui),
            Command::Hook(args) => hook::run(&args, &self.directory),
            Command::History(args) => history::run(&args, &self.directory, ui),
            Command::Import(args) => import::run(&args, &self.directory, ui),
            Command::Init(args) => init::run(&args, &self.directory, ui),
            Command::New(args) => new::run(&args, &self.directory, ui),
            Command::Next(args) => next::run(&args, &self.directory, ui),
            Command::Policy(args) => policy::run(&args, &self.directory, ui),
            Command::Render(args) => render::run(&args, &self.directory, ui),
            Command::Report(args) => report::run(&args, &self.directory, ui),
            Command::Schema(args) => schema::run(&args, ui),
            Command::Show(args) => show::run(&args, &self.directory, ui),
            Command::Status(args) => status::run(&args, &self.directory, ui),
            Command::Verify(args) => verify::run(&args, ui),
        }
    }
}
