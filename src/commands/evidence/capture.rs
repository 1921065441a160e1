//! `soc2 evidence capture`: runs a command that shows what a system holds, and files what it printed. Only on request, never
//! from `check`; the command is shown first, and a command that fails, or prints nothing, is no evidence.

mod draft;
mod due;
mod list;
mod measure;
mod plan;
mod run;
mod secret;

use std::process::ExitCode;

use super::Ground;
use super::answers::Answers;
use super::filing::{Content, file};
use super::{add, standing};
use crate::commands::ask::until;
use crate::error::{Error, Result};
use crate::model::Control;
use crate::model::control::ControlType;
use crate::source::hex;
use crate::text::count;
use crate::timeline::needs_review;
use crate::ui::{self, Ui};
use plan::Plan;

/// Run a command that shows what a system holds, and file what it printed.
///
/// The command is yours or that of a recipe (--list). It runs as you, with the account your own `gh`, `aws`, `kubectl` … is
/// signed in to; no shell is started. It is shown first and runs once you agree. What it prints is kept byte for byte,
/// with the command, the account, the program's version, the moments and how many items there are. A command that fails
/// or prints nothing is no evidence: nothing is written then, and the exit code is 1.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Args {
    /// Control that the output shows something of.
    #[arg(long, value_name = "ID")]
    control: Option<String>,
    /// Recipe to follow, as --list names it.
    #[arg(long, value_name = "NAME", conflicts_with = "command")]
    recipe: Option<String>,
    /// Value of a setting of the recipe; may be given several times.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    settings: Vec<String>,
    /// Person or bot that runs it; else the person that git says is working here.
    #[arg(long, value_name = "PERSON")]
    by: Option<String>,
    /// Slot it is for, such as 2026-Q1; without it the date decides.
    #[arg(long, value_name = "SLOT")]
    slot: Option<String>,
    /// System that the output shows.
    #[arg(long, value_name = "ID")]
    system: Option<String>,
    /// Environment that it shows: production, or another one.
    #[arg(long, value_name = "NAME")]
    environment: Option<String>,
    /// What the output is: system-report, config-export … (soc2 explain evidence-kind); a recipe knows.
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Name under which the output is kept; a recipe knows.
    #[arg(long, value_name = "NAME")]
    file: Option<String>,
    /// How the control came out, where a person does the work: as-expected, exceptions-noted, failed.
    #[arg(long, value_name = "OUTCOME")]
    result: Option<String>,
    /// What was found, in a sentence.
    #[arg(long, value_name = "TEXT", requires = "result")]
    summary: Option<String>,
    /// Keep what the command printed on stderr as a file of its own.
    #[arg(long)]
    keep_stderr: bool,
    /// Seconds after which the command is stopped.
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    timeout: u64,
    /// Show what would be run and written, and do nothing.
    #[arg(long)]
    dry_run: bool,
    /// Run it without asking.
    #[arg(long)]
    yes: bool,
    /// Write it though something stands against it, such as a control that is not in place yet.
    #[arg(long)]
    anyway: bool,
    /// List the recipes, with --control those for one control, with --recipe one in full.
    #[arg(long, conflicts_with_all = ["due", "dry_run", "command"])]
    list: bool,
    /// Run again what was captured before, for each control that is due.
    ///
    /// With --yes the settings are taken from --set alone: a manifest is a file that anybody's change can bring.
    #[arg(long, conflicts_with_all = ["recipe", "command", "slot", "kind", "file", "result"])]
    due: bool,
    /// With --due: how many days to look ahead.
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(i64).range(0..=366))]
    days: i64,
    /// Command of your own, behind `--`: the program and its arguments.
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<String>,
}

/// Runs the verb.
pub(super) fn run(args: &Args, ground: &Ground<'_>) -> Result<ExitCode> {
    if args.list {
        return list::run(args, ground);
    }
    if args.due {
        return due::run(args, ground);
    }
    let mut answers = Answers::new("evidence capture");
    let plan = plan::gather(args, ground, &mut answers)?;
    answers.complete()?;
    let Some(plan) = plan else { return Err(Error::new("nothing was run")) };
    let done = carry_out(args, ground, &plan, &answers)?;
    Ok(ExitCode::from(u8::from(!done)))
}

/// Shows the command, asks, runs it and files what it printed. False where that is no evidence, which was told.
fn carry_out(args: &Args, ground: &Ground<'_>, plan: &Plan, answers: &Answers) -> Result<bool> {
    ui::tell(&plan.shown(ground));
    if args.dry_run {
        return Ok(true);
    }
    if !args.yes && !agreed()? {
        ui::tell("it was not run; nothing was written");
        return Ok(true);
    }
    let Some(captured) = run::run(args, ground, plan)? else { return Ok(false) };
    let Some(measured) = measure::measure(plan, &captured)? else { return Ok(false) };
    let control = ground.program.controls.get(plan.control);
    let of_control = control.into_iter().flat_map(|control| of_control(args, control));
    for note in captured.notes(&measured).into_iter().chain(of_control) {
        ui::tell(&note);
    }
    let said = draft::said(args, ground, plan, &captured, &measured)?;
    answers.settle(&add::against(ground, &said), args.anyway)?;
    let slot = said.interval().map(str::to_owned);
    let name = plan.folder(ground, slot.as_deref(), captured.day(ground));
    let mut contents = vec![Content::Copy(&captured.file)];
    contents.extend(captured.decoded.iter().chain(&captured.stderr).map(Content::Copy));
    let control = ground.control_id(plan.control);
    let id =
        file(ground, control, &name, &contents, |id| draft::draft(args, ground, plan, &captured, &said, id))?;
    wrote(ground, plan, &captured, &measured, &id)?;
    Ok(true)
}

/// What keeps it from counting for the control, and what only a person can add.
fn of_control(args: &Args, control: &Control) -> Vec<String> {
    let by_hand = control.control_type() != ControlType::Automated && args.result.is_none();
    let hint = by_hand.then(|| {
        format!(
            "hint: a person does the work of `{}`: what they found goes in with --result and --summary",
            control.id.value
        )
    });
    add::not_in_place(control).into_iter().chain(hint).collect()
}

/// Does somebody at the terminal agree?
fn agreed() -> Result<bool> {
    if !Ui::can_ask() {
        return Err(Error::new("the command was not run: there is no terminal to ask on")
            .hint("look at it with --dry-run, then add --yes"));
    }
    until("evidence capture", "Run it? (yes/no) [no]", Some("no"), |text| match text {
        "y" | "yes" => Ok(true),
        "n" | "no" => Ok(false),
        _ => Err("write yes or no".to_owned()),
    })
}

fn wrote(
    ground: &Ground<'_>,
    plan: &Plan,
    captured: &run::Captured,
    measured: &measure::Measured,
    id: &str,
) -> Result<()> {
    let items = measured.items.map_or_else(String::new, |items| {
        format!("{}, ", count(usize::try_from(items).unwrap_or(usize::MAX), "item"))
    });
    let hash = hex(&captured.file.facts.sha256);
    let hash = hash.get(..8).unwrap_or("");
    let mut out = format!("Wrote evidence/{id}/ ({}, {items}sha256 {hash}…)\n", captured.file.name);
    if let Some(line) = standing::line(ground, id)? {
        out.push_str(&format!("{line}\n"));
    }
    if ground.ui.verbosity >= 0 {
        let control = ground.program.controls.get(plan.control);
        if control.is_some_and(needs_review) {
            let review = format!("evidence review {id} --by PERSON --on DATE --result accepted");
            let who = ground.person_id(plan.by);
            out.push_str(&format!("Next: someone other than {who}: {}\n", ground.command(&review)));
        } else {
            out.push_str(&format!("Next: {}\n", ground.command("check")));
        }
    }
    ui::print(&out)
}
