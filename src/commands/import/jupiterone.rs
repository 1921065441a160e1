//! `soc2 import jupiterone`: the policy builder's folder taken over.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::adopted::{self, Common, Source};
use crate::adopt::jupiterone;
use crate::error::Result;
use crate::ui::Ui;

/// Take over policies and procedures of JupiterOne's policy builder, and what they are mapped to.
///
/// Reads config.json, the templates it names, and the standards beside them (JSON or CSV). The organization's values become
/// variables in soc2.toml; a procedure that is mapped to criteria becomes a draft control, to be written by hand. Nothing is
/// approved, and the wording of standards is not carried over.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder with config.json, or with templates/config.json.
    #[arg(value_name = "SRC")]
    dir: PathBuf,
    #[command(flatten)]
    common: Common,
}

/// Runs the verb.
pub(super) fn run(args: &Args, directory: &Path, ui: Ui) -> Result<ExitCode> {
    let noun = "policy builder's folder";
    let source = Source { dir: &args.dir, noun, wants: jupiterone::wants, adopt: jupiterone::adopt };
    adopted::run(&source, &args.common, directory, ui)
}
