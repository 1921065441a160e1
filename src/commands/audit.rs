//! Which audit a verb is about; and `soc2 audit`: the list of them, the one that comes next, the list of controls that its
//! auditor agreed.

mod agree;
mod listed;
mod next;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jiff::civil::Date;

use super::clock;
use super::place::{Place, Selectors};
use crate::error::{Error, Result};
use crate::git::{Commit, Repository};
use crate::program::Program;
use crate::source::ROOT_FILE;
use crate::text::{list, nearest, safe, word};
use crate::timeline::{self, AuditStanding, Judgement};
use crate::ui::{self, Ui};

/// List the audits, add the next one, record what its auditor agreed.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    Agree(agree::Args),
    List(listed::Args),
    Next(next::Args),
}

/// Runs the verb.
pub fn run(args: &Args, directory: &Path, ui: Ui) -> Result<ExitCode> {
    let Place { root, program, repository, commit, .. } =
        Selectors::default().without_history(directory, ui)?;
    let ground =
        Ground { root, today: clock::today(&program.zone()), program, repository, commit, directory, ui };
    match &args.verb {
        Verb::Agree(args) => agree::run(args, &ground),
        Verb::List(args) => listed::run(args, &ground),
        Verb::Next(args) => next::run(args, &ground),
    }
}

/// Where the verb works, and what it knows.
struct Ground<'d> {
    root: PathBuf,
    program: Program,
    today: Date,
    repository: Option<Repository>,
    /// The commit that is checked out.
    commit: Option<Commit>,
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
}

/// The one audit to judge; `None` when `soc2.toml` names none, so that the day alone is judged.
pub(super) fn one<'p>(program: &'p Program, as_of: Date, asked: Option<&'p str>) -> Result<Option<&'p str>> {
    if let Some(asked) = asked {
        known(program, asked)?;
    }
    timeline::choose(program, as_of, asked).map_err(|several| {
        let first = several.first().copied().unwrap_or_default();
        Error::new(format!("{} could be meant on {as_of}", list(&several, "and")))
            .hint(format!("say which audit: --audit {first}"))
    })
}

/// Refuses an audit that `soc2.toml` does not name.
pub(super) fn known(program: &Program, id: &str) -> Result<()> {
    if program.names.audits.contains_key(id) {
        return Ok(());
    }
    let known: Vec<&str> = program.names.audits.keys().map(AsRef::as_ref).collect();
    let error = Error::new(format!("there is no audit `{id}` in soc2.toml"));
    Err(match nearest(id, known.iter().copied()) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None if known.is_empty() => error.hint("soc2.toml names no audit yet: add an [[audit]]"),
        None => error.hint(format!("audits here: {}", list(&known, "and"))),
    })
}

/// The one audit that was judged. Nothing when `soc2.toml` cannot be read and so names none.
pub(super) fn judged<'j>(judgement: &'j Judgement<'_>) -> Option<&'j AuditStanding> {
    let sources = &judgement.program.sources;
    let unread = judgement.program.unread.iter().any(|file| sources.path(*file) == ROOT_FILE);
    judgement.audits.first().filter(|audit| audit.id.is_some() || !unread)
}

/// Says that no audit has days, which is a fault in soc2.toml.
pub(super) fn nothing_to_judge() -> Result<ExitCode> {
    ui::tell(
        "error: soc2.toml cannot be read, or no audit in it has days to judge\n  hint: soc2 check names the fault",
    );
    Ok(ExitCode::FAILURE)
}
