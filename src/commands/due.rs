//! `soc2 due`: what falls due, is late or was missed, by owner.

use std::path::Path;
use std::process::ExitCode;

use super::audit;
use super::owner::Owner;
use super::place::{Place, Selectors};
use crate::due::{List, MOST_DAYS, human, ics, json, markdown};
use crate::error::{Error, Result};
use crate::output::without_commands;
use crate::timeline::Judgement;
use crate::ui::{self, Ui};

/// List what falls due, is late or was missed, and whose it is.
///
/// Covers all audits that are not issued yet; what is due for several is listed once. Filled slots are not listed, however
/// late they were filled. Exits with 0; with --exit-code with 1 when something is missed, overdue, late or due today.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// How many days to look ahead.
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(i64).range(0..=MOST_DAYS))]
    days: i64,
    /// Only what is this person's or role's.
    #[arg(long, value_name = "ID")]
    owner: Option<String>,
    #[command(flatten)]
    selectors: Selectors,
    /// Only this audit.
    #[arg(long, value_name = "ID")]
    audit: Option<String>,
    /// Format: human, json, markdown (fit to be one pinned issue), ics (a calendar).
    #[arg(long, value_name = "NAME", default_value = "human", value_parser = ["human", "json", "markdown", "ics"])]
    format: String,
    /// Exit with 1 when something is missed, overdue, late or due today.
    #[arg(long)]
    exit_code: bool,
}

/// Runs the verb.
pub fn run(args: &Args, directory: &Path, ui: Ui) -> Result<ExitCode> {
    let Place { program, clock, read, .. } = args.selectors.place(directory, ui)?;
    if let Some(asked) = &args.audit {
        audit::known(&program, asked)?;
    }
    let owner = args.owner.as_deref().map(|name| Owner::of(&program, name)).transpose()?;
    let judgement = ui.busy("judging", || Judgement::new(&program, clock, args.audit.as_deref()));
    let mut list = List::new(&judgement, &judgement.audits, args.days);
    if let Some(owner) = &owner {
        list.items.retain(|item| owner.is_one_of(&item.who.names()));
    }
    let text = match args.format.as_str() {
        "json" => {
            json::render(&list, &read).map_err(|e| Error::new("cannot write format `json`").because(e))?
        }
        "markdown" => markdown::render(&list),
        "ics" => ics::render(&list),
        _ => human::render(&list, &read),
    };
    ui::print(&without_commands(text))?;
    Ok(ExitCode::from(u8::from(args.exit_code && list.is_pressing())))
}
