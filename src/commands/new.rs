//! `soc2 new`: one thing more in the programme: a control or policy, which are drafts, or a row of a register. Asks on a
//! terminal, takes flags otherwise, overwrites nothing, and approves nothing.

mod control;
mod exception;
mod form;
mod incident;
mod meeting;
mod policy;
mod read;
mod risk;
mod vendor;
mod waiver;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::clock;
use super::place::{Place, Selectors};
use super::put::{self, Change};
use crate::error::Result;
use crate::program::Program;
use crate::rows::Fields;
use crate::text::{safe, word};
use crate::ui::{self, Ui};

/// Add one thing: a control, policy, vendor, risk, incident, exception, meeting or waiver.
///
/// Asks on a terminal; every question has a flag. Controls and policies come from the catalogue where it has them, and are
/// drafts. Rows are added to the register's file, every other byte of which stays. Nothing is overwritten, nothing approved.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Debug, clap::Subcommand)]
enum Kind {
    Control(Box<control::Args>),
    Exception(Box<exception::Args>),
    Incident(Box<incident::Args>),
    Meeting(Box<meeting::Args>),
    Policy(Box<policy::Args>),
    Risk(Box<risk::Args>),
    Vendor(Box<vendor::Args>),
    Waiver(Box<waiver::Args>),
}

/// Runs the verb.
pub fn run(args: &Args, directory: &Path, ui: Ui) -> Result<ExitCode> {
    // Whether a waiver has a gap to let through is known only with the history.
    let place = match &args.kind {
        Kind::Waiver(_) => Selectors::default().place(directory, ui)?,
        _ => Selectors::default().without_history(directory, ui)?,
    };
    let Place { root, program, .. } = place;
    let zone = program.zone();
    let ground = Ground { root, today: clock::today(&zone), zone, program, directory, ui };
    match &args.kind {
        Kind::Control(args) => control::run(args, &ground),
        Kind::Exception(args) => exception::run(args, &ground),
        Kind::Incident(args) => incident::run(args, &ground),
        Kind::Meeting(args) => meeting::run(args, &ground),
        Kind::Policy(args) => policy::run(args, &ground),
        Kind::Risk(args) => risk::run(args, &ground),
        Kind::Vendor(args) => vendor::run(args, &ground),
        Kind::Waiver(args) => waiver::run(args, &ground),
    }
}

/// Where the verb works, and what it knows.
struct Ground<'d> {
    root: PathBuf,
    program: Program,
    zone: TimeZone,
    today: Date,
    /// As typed after `-C`.
    directory: &'d Path,
    ui: Ui,
}

impl Ground<'_> {
    /// A command to type next, in the same folder.
    fn command(&self, words: &str) -> String {
        match &*self.directory.to_string_lossy() {
            "." => format!("soc2 {words}"),
            folder => format!("soc2 -C {} {words}", word(&safe(folder))),
        }
    }

    /// Puts a row at the end of a register, and says what comes next.
    fn add(
        &self,
        register: &str,
        noun: &str,
        fields: &Fields,
        dry_run: bool,
        next: &[String],
    ) -> Result<ExitCode> {
        let change = Change::row(&self.root, &self.program, register, noun, fields)?;
        let id = fields.iter().find_map(|(key, value)| match value {
            crate::rows::Written::Text(id) if *key == "id" => Some(id.as_str()),
            _ => None,
        });
        let what = format!("{noun} `{}`", safe(id.unwrap_or_default()));
        self.put(&[change], &what, dry_run, next)
    }

    /// Writes the changes, once the programme reads well with them.
    fn put(&self, changes: &[Change], what: &str, dry_run: bool, next: &[String]) -> Result<ExitCode> {
        let notes = self.ui.busy("reading", || put::tried(&self.program, self.today, changes))?;
        let mut out = put::told(&self.root, changes, what, dry_run)?;
        let mut steps: Vec<String> = next.to_vec();
        let paths: Vec<String> = changes.iter().map(|change| word(&safe(&change.path))).collect();
        let said: String = what.chars().filter(|c| !matches!(c, '`' | '"' | '$' | '\\' | '!')).collect();
        let said = said.split(',').next().unwrap_or_default();
        steps.push(format!("git add {0} && git commit -m \"Add {said}\"", paths.join(" ")));
        if self.ui.verbosity >= 0 && !dry_run {
            for (nth, step) in steps.iter().enumerate() {
                out.push_str(&format!("{}{step}\n", if nth == 0 { "Next: " } else { "      " }));
            }
        }
        ui::print(&out)?;
        notes.iter().for_each(|note| ui::tell(&format!("note: {note}")));
        Ok(ExitCode::SUCCESS)
    }
}
