//! `soc2 import comply`: a repository of strongdm/comply taken over.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::adopted::{self, Common, Source};
use crate::adopt::comply;
use crate::error::Result;
use crate::ui::Ui;

/// Take over a repository of strongdm/comply: policies, narratives and procedures, and drafts of controls.
///
/// A criterion that a document is cited for counts there as satisfied; here it becomes a draft control, one for each document
/// and group of criteria, to be split by hand. Nothing is approved. Ids of criteria that do not exist are kept, so that
/// `soc2 check` names them. The wording of standards is not carried over.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The repository, checked out: the folder with comply.yml.
    #[arg(value_name = "SRC")]
    dir: PathBuf,
    #[command(flatten)]
    common: Common,
}

/// Runs the verb.
pub(super) fn run(args: &Args, directory: &Path, ui: Ui) -> Result<ExitCode> {
    let source =
        Source { dir: &args.dir, noun: "comply repository", wants: comply::wants, adopt: comply::adopt };
    adopted::run(&source, &args.common, directory, ui)
}
