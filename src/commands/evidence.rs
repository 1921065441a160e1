//! `soc2 evidence`: filing what a control left behind, a review of it, and the list of what is there. Nothing is filled in
//! that was not given: no person, date, review or result.

mod add;
pub(super) mod answers;
mod attest;
mod capture;
mod filing;
mod folder;
mod import;
mod incoming;
mod list;
pub(super) mod lookup;
mod performed;
mod review;
mod slot;
mod standing;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::clock;
use super::place::{Place, Selectors};
use crate::error::Result;
use crate::git::Repository;
use crate::program::Program;
use crate::text::safe;
use crate::ui::Ui;

pub(super) use folder::Asked;

/// File evidence, review it, list it.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    Add(Box<add::Args>),
    Attest(attest::Args),
    Capture(Box<capture::Args>),
    Review(review::Args),
    List(list::Args),
    Import(Box<import::Args>),
}

/// Runs the verb.
pub fn run(args: &Args, directory: &Path, ui: Ui) -> Result<ExitCode> {
    let chosen = match &args.verb {
        Verb::List(list) => list.selectors.clone(),
        _ => Selectors::default(),
    };
    let Place { root, program, clock, read, repository, .. } = chosen.place(directory, ui)?;
    let zone = program.zone();
    let ground = Ground { root, today: clock::today(&zone), zone, program, repository, directory, ui };
    match &args.verb {
        Verb::Add(args) => add::run(args, &ground),
        Verb::Attest(args) => attest::run(args, &ground),
        Verb::Capture(args) => capture::run(args, &ground),
        Verb::Review(args) => review::run(args, &ground),
        Verb::List(args) => {
            let as_of = chosen.as_of.or(chosen.at.is_some().then_some(clock.as_of));
            list::run(args, as_of, &read, &ground)
        }
        Verb::Import(args) => import::run(args, &ground),
    }
}

/// `soc2 import evidence`: a folder of files, each a piece of evidence of one control.
pub(super) fn import_folder(asked: &Asked<'_>, directory: &Path, ui: Ui) -> Result<ExitCode> {
    let Place { root, program, repository, .. } = Selectors::default().without_history(directory, ui)?;
    let zone = program.zone();
    folder::run(asked, &Ground { root, today: clock::today(&zone), zone, program, repository, directory, ui })
}

/// Where a verb works, and what it knows.
struct Ground<'d> {
    root: PathBuf,
    program: Program,
    zone: TimeZone,
    today: Date,
    repository: Option<Repository>,
    /// As typed after `-C`.
    directory: &'d Path,
    ui: Ui,
}

impl Ground<'_> {
    /// A command to type next, in the same folder.
    fn command(&self, words: &str) -> String {
        let folder = self.directory.to_string_lossy();
        if folder == "." {
            return format!("soc2 {words}");
        }
        let plain = folder.chars().all(|c| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_'));
        let quote = if plain { "" } else { "\"" };
        format!("soc2 -C {quote}{}{quote} {words}", safe(&folder))
    }

    /// A control's title, or its id where it has none.
    fn title(&self, control: usize) -> String {
        let title = self.program.title(control);
        let id = self.program.controls.get(control).map_or("", |control| &*control.id.value);
        if title.is_empty() { id.to_owned() } else { title.into_owned() }
    }

    fn control_id(&self, control: usize) -> &str {
        self.program.controls.get(control).map_or("", |control| &*control.id.value)
    }

    fn person_id(&self, person: usize) -> &str {
        self.program.registers.people.get(person).map_or("", |person| &*person.id.value)
    }

    fn system_id(&self, system: usize) -> &str {
        self.program.registers.systems.get(system).map_or("", |system| &*system.id.value)
    }
}
