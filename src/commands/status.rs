//! `soc2 status`: where an audit stands.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jiff::civil::Date;

use super::{audit, check, clock};
use crate::error::{Error, Result};
use crate::page;
use crate::report::Report;
use crate::timeline::Judgement;
use crate::ui::{self, Ui};

/// Show where an audit stands: policies, slots, criteria and controls, each with its reasons.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Judge as of this day instead of today in the organisation's time zone.
    #[arg(long, value_name = "DATE", value_parser = check::date)]
    as_of: Option<Date>,
    /// Judge this audit, if the day alone does not say which.
    #[arg(long, value_name = "ID")]
    audit: Option<String>,
    /// Write one self-contained page to this file.
    #[arg(long, value_name = "FILE")]
    html: PathBuf,
}

/// Runs the verb.
pub fn run(args: &Args, directory: &Path, ui: Ui) -> Result<ExitCode> {
    let (_, program) = check::load(directory, ui)?;
    let clock = clock::clock(args.as_of, &program);
    let audit = audit::one(&program, clock.as_of, args.audit.as_deref())?;
    let judgement = Judgement::new(&program, clock, audit);
    let report = ui.busy("judging", || Report::new(&judgement));
    write_page(&args.html, &judgement, &report, ui)?;
    // Taking a large programme apart piece by piece would only delay the end of the process.
    std::mem::forget((report, judgement.audits, judgement.evidence));
    Ok(ExitCode::SUCCESS)
}

/// Writes the page about the one audit that was judged.
fn write_page(file: &Path, judgement: &Judgement<'_>, report: &Report, ui: Ui) -> Result<()> {
    let Some(audit) = judgement.audits.first() else {
        return Err(Error::new("soc2.toml names no days to judge").hint(
            "give the audit its `period` (Type II) or `as_of` (Type I); soc2 check tells what cannot be read",
        ));
    };
    let view = page::View { judgement, audit, report, read: "work tree" };
    let html = ui
        .busy("writing", || page::render(&view))
        .map_err(|e| Error::new("the page could not be written").because(e))?;
    ui::write_file(file, html.as_bytes())
}
