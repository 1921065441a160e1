//! `soc2 import evidence`: a folder of files taken into the programme, each as a piece of evidence.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jiff::civil::Date;

use crate::commands::check::date;
use crate::commands::evidence::{Asked, import_folder};
use crate::error::Result;
use crate::ui::Ui;

/// Take a folder of files as evidence of one control: each file, or each folder in it, is a piece of its own.
///
/// Files are copied and hashed. What is not given is left out, never guessed: evidence without the day it was performed and
/// who did it counts for nothing until its manifest says so. Where names of files say slot, system or day, file them with
/// `soc2 evidence import`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder with the files.
    #[arg(value_name = "SRC")]
    dir: PathBuf,
    /// Control that the files are evidence of.
    #[arg(long, value_name = "ID")]
    control: String,
    /// What the files are: system-report, config-export, ticket … (soc2 explain evidence-kind).
    #[arg(long, value_name = "KIND")]
    kind: String,
    /// Day on which the control was performed, if it is the same for all.
    #[arg(long, value_name = "DATE", value_parser = date)]
    on: Option<Date>,
    /// Person or bot that performed it, if it is the same for all.
    #[arg(long, value_name = "PERSON")]
    by: Option<String>,
    /// System that the files show, if it is the same for all.
    #[arg(long, value_name = "ID")]
    system: Option<String>,
    /// Take the files that can be filed, and tell which cannot; without it one that cannot be filed stops all.
    #[arg(long)]
    skip_unreadable: bool,
    /// Show what would be written; write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Runs the verb.
pub(super) fn run(args: &Args, directory: &Path, ui: Ui) -> Result<ExitCode> {
    let asked = Asked {
        dir: &args.dir,
        control: &args.control,
        kind: &args.kind,
        on: args.on,
        by: args.by.as_deref(),
        system: args.system.as_deref(),
        skip: args.skip_unreadable,
        dry_run: args.dry_run,
    };
    import_folder(&asked, directory, ui)
}
