//! `soc2 status`: where the programme stands in one audit.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::audit;
use super::history::lived;
use super::place::{Place, Selectors};
use crate::error::{Error, Result};
use crate::output::without_commands;
use crate::page;
use crate::record::Target;
use crate::report::Report;
use crate::status::{self, Status};
use crate::text::{list, nearest, safe};
use crate::timeline::Judgement;
use crate::trend::Every;
use crate::ui::{self, Ui};
use clap::ValueEnum;

/// Show where the programme stands in an audit: policies in force, due slots evidenced, criteria supported.
///
/// Judges the audit whose window holds the day, else the next to begin, else the last to end. Prints what is late,
/// missed, insufficient or unknown with the reason and what would change it, then criteria by series, controls by
/// owner, and each control that needs eyes.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    selectors: Selectors,
    /// Judge this audit.
    #[arg(long, value_name = "ID")]
    audit: Option<String>,
    /// Show only controls that this role or person answers for.
    #[arg(long, value_name = "ID")]
    owner: Option<String>,
    /// Show only this series of criteria: CC6, A1.
    #[arg(long, value_name = "SERIES")]
    series: Option<String>,
    /// List every control and every row, not only what needs eyes.
    #[arg(long)]
    all: bool,
    /// What to print: human, json, markdown, or csv with a row for each slot.
    #[arg(
        long,
        value_name = "NAME",
        default_value = "human",
        hide_possible_values = true,
        hide_default_value = true
    )]
    format: Format,
    /// Write one self-contained page to this file instead; it opens in any browser, without a network.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["format", "owner", "series", "all"])]
    html: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Human,
    Json,
    Markdown,
    Csv,
}

/// Runs the verb.
pub fn run(args: &Args, directory: &Path, ui: Ui) -> Result<ExitCode> {
    let Place { program, clock, read, repository, commit, .. } = args.selectors.place(directory, ui)?;
    let chosen = audit::one(&program, clock.as_of, args.audit.as_deref())?;
    let judgement = ui.busy("judging", || Judgement::new(&program, clock, chosen));
    let Some(standing) = audit::judged(&judgement) else {
        return audit::nothing_to_judge();
    };
    let report = ui.busy("judging", || Report::new(&judgement));
    if let Some(file) = &args.html {
        let trend = repository.as_ref().zip(commit).and_then(|(repository, commit)| {
            let until = (None, clock.as_of);
            let lived = || lived(repository, commit, Every::Week, until, standing.id.as_deref());
            // The page is whole without it: a past that cannot be told is left out.
            ui.busy("reading the past", lived).ok()
        });
        let trend = trend.as_ref();
        write_page(
            file,
            &page::View { judgement: &judgement, audit: standing, report: &report, read: &read, trend },
            ui,
        )?;
        std::mem::forget((report, judgement.audits, judgement.evidence));
        return Ok(ExitCode::SUCCESS);
    }
    let mut view = Status::new(&judgement, standing, &report, &read);
    view.all = args.all;
    if let Some(owner) = &args.owner
        && !view.only_owner(owner)
    {
        let error = Error::new(format!("`{}` is no role and no person", safe(owner)));
        return Err(match nearest(owner, program.candidates(Target::Holder)) {
            Some(near) => error.hint(format!("did you mean `{}`?", safe(near))),
            None => error.hint("name an id of the roles or people register"),
        });
    }
    if let Some(series) = &args.series
        && !view.only_series(series)
    {
        let framework = program.frameworks.get(standing.framework);
        let known: Vec<String> =
            framework.map_or_else(Vec::new, |of| of.series.iter().map(|one| safe(&one.id.value)).collect());
        return Err(Error::new(format!("there is no series `{}`", safe(series)))
            .hint(format!("series are {}", list(&known, "and"))));
    }
    let text = match args.format {
        Format::Human => status::human(&view, ui),
        Format::Json => {
            status::json(&view).map_err(|fault| Error::new("cannot write format `json`").because(fault))?
        }
        Format::Markdown => status::markdown(&view),
        Format::Csv => status::csv(&view),
    };
    ui::print(&without_commands(text))?;
    // Taking a large programme apart piece by piece would only delay the end of the process.
    drop(view);
    std::mem::forget((report, judgement));
    std::mem::forget(program);
    Ok(ExitCode::SUCCESS)
}

/// Writes the page and says where it is.
fn write_page(file: &Path, view: &page::View<'_>, ui: Ui) -> Result<()> {
    let html = ui
        .busy("writing", || page::render(view))
        .map_err(|fault| Error::new("the page could not be written").because(fault))?;
    ui::write_file(file, html.as_bytes())?;
    ui::tell(&format!("Wrote {}; open it in a browser", safe(&file.display().to_string())));
    Ok(())
}
