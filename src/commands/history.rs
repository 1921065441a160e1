//! `soc2 history`: the window as it was lived.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use clap::ValueEnum;
use jiff::civil::Date;

use super::audit;
use super::check::date;
use super::clock::today;
use super::place::{newest, not_a_repository, programme_at, root_file, selected};
use crate::error::{Error, Result};
use crate::git::{Commit, Repository, standing_on};
use crate::model::audit::AuditType;
use crate::output::without_commands;
use crate::replay::Asked;
use crate::text::safe;
use crate::trend::{self, Every, Trend, Wanted};
use crate::ui::{self, Ui};

/// Show how an audit's standing moved through time: each day as the commit of that day stood.
///
/// Reads the first-parent line of commits and nothing of the work tree. Each day is judged as `soc2 status --at DAY`
/// judges it, for the audit that holds the last day. Then tells which day or commit moved which state, and why.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// First day, instead of the day on which the audit's window or the history begins, whichever is later.
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Option<Date>,
    /// Last day, instead of the as-of day.
    #[arg(long, value_name = "DATE", value_parser = date)]
    to: Option<Date>,
    /// How far apart the points lie: day, week (its Sunday), or commit.
    #[arg(
        long,
        value_name = "STEP",
        default_value = "day",
        hide_possible_values = true,
        hide_default_value = true
    )]
    every: Step,
    /// Judge this audit.
    #[arg(long, value_name = "ID")]
    audit: Option<String>,
    /// Show only this control; can be given again.
    #[arg(long, value_name = "ID")]
    control: Vec<String>,
    /// Show only this criterion; can be given again.
    #[arg(long, value_name = "ID")]
    criterion: Vec<String>,
    /// Take this day for today in the organisation's time zone.
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
    /// Follow the first parents of this commit instead of those of the checked out one: a revision, or a day.
    #[arg(long, value_name = "REV|DATE")]
    at: Option<String>,
    /// What to print: human, json, or csv with a row for each day and control, criterion or policy.
    #[arg(
        long,
        value_name = "NAME",
        default_value = "human",
        hide_possible_values = true,
        hide_default_value = true
    )]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Human,
    Json,
    Csv,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Step {
    Day,
    Week,
    Commit,
}

/// Runs the verb.
pub fn run(args: &Args, directory: &Path, ui: Ui) -> Result<ExitCode> {
    let folder = fs::canonicalize(directory).map_err(|e| Error::io(directory, &e))?;
    let Some(repository) = Repository::discover(&folder)? else { return Err(not_a_repository(&folder)) };
    let (head, asked_day) = match &args.at {
        Some(at) => selected(&repository, at)?,
        None => (newest(&repository)?, None),
    };
    let name = args.at.as_deref().unwrap_or("HEAD");
    let repository = programme_at(&repository, head, name)?;
    let zone = root_file(&repository, head).zone();
    let end = match (args.as_of.or(asked_day), &args.at) {
        (Some(day), _) => day,
        (None, Some(_)) => head.day(&zone),
        (None, None) => today(&zone),
    };
    let to = args.to.unwrap_or(end);
    let every = match args.every {
        Step::Day => Every::Day,
        Step::Week => Every::Week,
        Step::Commit => Every::Commit,
    };
    let trend = ui.busy("reading the past", || {
        lived(&repository, head, every, (args.from, to), args.audit.as_deref())
    })?;
    let wanted = Wanted { controls: args.control.clone(), criteria: args.criterion.clone() };
    if let Some(id) = wanted.unknown(&trend) {
        return Err(Error::new(format!("no day knows a control or criterion `{}`", safe(id)))
            .hint("criteria are those in scope of the audit: soc2 status --all"));
    }
    let read = format!("commits up to {}", head.short());
    let text = match args.format {
        Format::Human => trend::human(&trend, &wanted, &read, ui),
        Format::Json => trend::json(&trend, &wanted, &read)
            .map_err(|fault| Error::new("cannot write format `json`").because(fault))?,
        Format::Csv => trend::csv(&trend, &wanted),
    };
    ui::print(&without_commands(text))?;
    Ok(ExitCode::SUCCESS)
}

/// The standing through time of the audit that holds the last day.
pub(super) fn lived(
    repository: &Repository,
    head: Commit,
    every: Every,
    (from, to): (Option<Date>, Date),
    audit: Option<&str>,
) -> Result<Trend> {
    let zone = root_file(repository, head).zone();
    let line = repository.first_parents(head)?;
    let Some(last) = standing_on(&line, to, &zone) else {
        let oldest = line.last().map_or(String::new(), |commit| commit.day(&zone).to_string());
        return Err(Error::new(format!("there is no commit on or before {to}"))
            .hint(format!("the oldest here is of {oldest}")));
    };
    // Only soc2.toml says which audit is meant; it is read as the last day had it.
    let seen = programme_at(repository, last, &last.short())?;
    let program = root_file(&seen, last);
    let chosen = audit::one(&program, to, audit)?;
    let of = chosen.and_then(|id| {
        let audits = program.config.as_ref().map_or(&[][..], |config| &config.audit);
        audits.iter().find(|audit| *audit.id.value.0 == *id)
    });
    let window = of.and_then(crate::model::Audit::days);
    let first = line.last().map_or(to, |commit| commit.day(&zone));
    let from = from.unwrap_or_else(|| window.map_or(first, |(from, _)| from.max(first)).min(to));
    if from > to {
        return Err(Error::new(format!("the first day, {from}, is after the last, {to}"))
            .hint("give --from and --to in that order"));
    }
    let asked = Asked { repository, line: &line, zone: &zone, from, to, every, audit: chosen };
    let points = asked.points()?;
    let r#type = of.and_then(|audit| audit.r#type.as_ref()).map_or(AuditType::Type1, |of| of.value);
    Ok(Trend { audit: chosen.map(str::to_owned), r#type, window, every, points })
}
