//! `soc2 policy`: an approval or a review of a policy, recorded for the person who runs it; and the list of policies. No
//! approval is written for anybody else without what shows it.

mod approve;
mod list;
mod review;
mod version;
mod who;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jiff::civil::Date;

use super::clock;
use super::init::behind_a_link;
use super::place::{Place, Selectors};
use crate::error::{Error, Result};
use crate::git::Repository;
use crate::manifest::with_item;
use crate::model::Policy;
use crate::program::Program;
use crate::record::Target;
use crate::text::{clip, nearest, safe};
use crate::timeline::Clock;
use crate::ui::{self, Ui};

/// Approve a policy, record a review of it, list the policies.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    Approve(approve::Args),
    Review(review::Args),
    List(list::Args),
}

/// Runs the verb.
pub fn run(args: &Args, directory: &Path, ui: Ui) -> Result<ExitCode> {
    match &args.verb {
        Verb::Approve(args) => approve::run(args, &Ground::here(directory, ui)?),
        Verb::Review(args) => review::run(args, &Ground::here(directory, ui)?),
        Verb::List(args) => list::run(args, directory, ui),
    }
}

/// Where a verb works, and what it knows.
struct Ground<'d> {
    root: PathBuf,
    program: Program,
    repository: Option<Repository>,
    clock: Clock,
    today: Date,
    /// As typed after `-C`.
    directory: &'d Path,
    ui: Ui,
}

impl<'d> Ground<'d> {
    /// The work tree, today.
    fn here(directory: &'d Path, ui: Ui) -> Result<Self> {
        let Place { root, program, repository, .. } = Selectors::default().place(directory, ui)?;
        let today = clock::today(&program.zone());
        Ok(Self { root, clock: Clock::today(today), program, repository, today, directory, ui })
    }

    /// The policy of that id, and which one it is.
    fn policy(&self, id: &str) -> Result<(usize, &Policy)> {
        let index = self.program.names.policies.get(id).copied();
        let found = index.and_then(|index| Some((index, self.program.policies.get(index)?)));
        found.ok_or_else(|| {
            let error = Error::new(format!("there is no policy `{}`", clip(&safe(id), 60)));
            match nearest(id, self.program.candidates(Target::Policy)) {
                Some(near) => error.hint(format!("did you mean `{}`?", safe(near))),
                None => error.hint("policies are in policies/: the id is under `id` in the front matter"),
            }
        })
    }

    /// A command to type next, in the same folder.
    fn command(&self, words: &str) -> String {
        let folder = self.directory.to_string_lossy();
        if folder == "." { format!("soc2 {words}") } else { format!("soc2 -C {} {words}", safe(&folder)) }
    }

    /// Adds an item to a list of a policy's front matter. The file is read again, so that nothing written meanwhile is lost.
    fn write(&self, policy: &Policy, key: &str, item: &[(&str, String)]) -> Result<()> {
        let path = self.program.sources.path(policy.file);
        let disk = self.root.join(path);
        let linked = disk.symlink_metadata().is_ok_and(|meta| meta.is_symlink());
        if linked || behind_a_link(&self.root, &disk) {
            return Err(
                Error::new(format!("`{}` is behind a link", safe(path))).hint("edit the file it leads to")
            );
        }
        let refused = |why: &str| Error::new(format!("`{}` is left as it is: {why}", safe(path)));
        let bytes = fs::read(&disk).map_err(|e| Error::io(&disk, &e))?;
        let text = String::from_utf8(bytes).map_err(|_| refused("it is not UTF-8"))?;
        if text.strip_prefix('\u{feff}').unwrap_or(&text) != self.program.sources.text(policy.file) {
            return Err(refused("it changed meanwhile").hint("run the command again"));
        }
        let edited = with_item(&text, key, item).map_err(|why| refused(&why))?;
        ui::write_file(&disk, edited.as_bytes())
    }
}
