//! `soc2 import policies`: policies that are kept as Markdown or HTML.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::adopted::{self, Common, Source};
use crate::adopt::policies;
use crate::error::Result;
use crate::ui::Ui;

/// Take over policies that are kept as Markdown or HTML files.
///
/// Each becomes a draft with front matter: the id from the file's name, the title from its front matter or first heading.
/// Approvals of another system are not carried over. A page's scripts and looks are left out and told; what a word processor
/// or wiki wrote can be saved as HTML and imported.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder with the files.
    #[arg(value_name = "SRC")]
    dir: PathBuf,
    #[command(flatten)]
    common: Common,
}

/// Runs the verb.
pub(super) fn run(args: &Args, directory: &Path, ui: Ui) -> Result<ExitCode> {
    let source =
        Source { dir: &args.dir, noun: "folder of policies", wants: policies::wants, adopt: policies::adopt };
    adopted::run(&source, &args.common, directory, ui)
}
