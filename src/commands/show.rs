//! `soc2 show`: one thing of the programme, with reasons.

use std::path::Path;
use std::process::ExitCode;

use super::audit;
use super::place::{Place, Selectors};
use crate::error::{Error, Result};
use crate::output::without_commands;
use crate::past::{self, Of};
use crate::program::Program;
use crate::report::Report;
use crate::show::{Past, Show, Thing};
use crate::text::{list, safe};
use crate::timeline::Judgement;
use crate::ui::{self, Ui};
use clap::ValueEnum;

/// Show one thing with everything known of it and why: a control, criterion, person, role, system, policy, audit, or a
/// piece of evidence.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Its id: iam-access-review, CC6.1, alice, iam-access-review/2026-q1.
    what: String,
    /// What it is, where several things share the id: audit, control, criterion, evidence, person, policy, role, system.
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(Thing::KINDS), hide_possible_values = true)]
    kind: Option<String>,
    /// Show how it came to be as it is instead: what each commit changed, who says so and what vouches for it.
    #[arg(long)]
    history: bool,
    #[command(flatten)]
    selectors: Selectors,
    /// Judge this audit.
    #[arg(long, value_name = "ID")]
    audit: Option<String>,
    /// What to print: human or json.
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
}

/// Runs the verb.
pub fn run(args: &Args, directory: &Path, ui: Ui) -> Result<ExitCode> {
    if args.history {
        return history(args, directory, ui);
    }
    let Place { program, clock, read, .. } = args.selectors.place(directory, ui)?;
    let thing = find(&program, &args.what, args.kind.as_deref())?;
    let asked = args.audit.as_deref();
    let asked = asked.or_else(|| matches!(thing, Thing::Audit(_)).then_some(&*args.what));
    let chosen = audit::one(&program, clock.as_of, asked)?;
    let judgement = ui.busy("judging", || Judgement::new(&program, clock, chosen));
    let Some(standing) = audit::judged(&judgement) else {
        return audit::nothing_to_judge();
    };
    let report = ui.busy("judging", || Report::new(&judgement));
    let show = Show { judgement: &judgement, audit: standing, report: &report, read: &read };
    let text = match args.format {
        Format::Human => show.human(thing, ui),
        Format::Json => {
            show.json(thing).map_err(|fault| Error::new("cannot write format `json`").because(fault))?
        }
    };
    ui::print(&without_commands(text))?;
    // Taking a large programme apart piece by piece would only delay the end of the process.
    std::mem::forget((report, judgement));
    std::mem::forget(program);
    Ok(ExitCode::SUCCESS)
}

/// What each commit did to a thing.
fn history(args: &Args, directory: &Path, ui: Ui) -> Result<ExitCode> {
    let Place { program, read, repository, commit, .. } = args.selectors.place(directory, ui)?;
    let of = of(&program, &args.what, args.kind.as_deref())?;
    let told = match (&repository, commit) {
        (Some(repository), Some(commit)) => {
            ui.busy("reading history", || past::story(repository, commit, &program, &of))
        }
        _ => Vec::new(),
    };
    let past = Past { program: &program, of: &of, told: &told, read: &read };
    let text = match args.format {
        Format::Human => past.human(ui),
        Format::Json => {
            past.json().map_err(|fault| Error::new("cannot write format `json`").because(fault))?
        }
    };
    ui::print(&without_commands(text))?;
    Ok(ExitCode::SUCCESS)
}

/// What a story is wanted of: a thing of the programme, or a control that is gone.
fn of(program: &Program, id: &str, kind: Option<&str>) -> Result<Of> {
    let known = program.history.controls.contains_key(id) && !program.names.controls.contains_key(id);
    let thing = match find(program, id, kind) {
        Err(_) if known && kind.is_none_or(|kind| kind == "control") => {
            return Ok(Of::Control(id.to_owned()));
        }
        found => found?,
    };
    Ok(match thing {
        Thing::Control(_) => Of::Control(id.to_owned()),
        Thing::Criterion(id) => Of::Criterion(id),
        Thing::Person(index) => Of::Person(index),
        Thing::Role(index) => Of::Role(index),
        Thing::Evidence(index) => Of::Evidence(index),
        Thing::System(index) => Of::System(index),
        Thing::Policy(index) => Of::Policy(index),
        Thing::Audit(_) => {
            return Err(Error::new("an audit has no history of its own")
                .hint("its keys stand in soc2.toml: git log -p soc2.toml"));
        }
    })
}

/// The one thing of that id.
fn find(program: &Program, id: &str, kind: Option<&str>) -> Result<Thing> {
    let all = Thing::named(program, id);
    let of_kind = |thing: &&Thing| kind.is_none_or(|kind| thing.kind() == kind);
    let found: Vec<&Thing> = all.iter().filter(of_kind).collect();
    let kinds: Vec<&str> = all.iter().map(|thing| thing.kind()).collect();
    match found.as_slice() {
        [one] => Ok(**one),
        [] => {
            let what = kind.map_or_else(|| "nothing here".to_owned(), |kind| format!("no {kind}"));
            let error = Error::new(format!("{what} has the id `{}`", safe(id)));
            let meant = if kind.is_none() { Thing::meant(program, id) } else { Vec::new() };
            let series = Thing::series(program, id).filter(|_| kind.is_none());
            Err(match Thing::nearest(program, id, kind) {
                _ if !kinds.is_empty() => error.hint(format!("it is the id of {}", list(&kinds, "and"))),
                _ if series.is_some() => {
                    let series = series.map_or_else(String::new, safe);
                    error.hint(format!("{series} is a series of criteria: soc2 status --series {series}"))
                }
                _ if !meant.is_empty() => error.hint(format!("did you mean {}?", list(&meant, "or"))),
                Some(near) => error.hint(format!("did you mean `{}`?", safe(near))),
                None => error.hint(format!("give the id of one of these: {}", Thing::KINDS.join(", "))),
            })
        }
        [first, ..] => Err(Error::new(format!("`{}` is the id of {}", safe(id), list(&kinds, "and")))
            .hint(format!("to see the {0}: --kind {0}", first.kind()))),
    }
}
