//! `soc2 next`: what to do now, in order.

use std::path::Path;
use std::process::ExitCode;

use super::audit;
use super::owner::Owner;
use super::place::{Place, Selectors};
use crate::error::{Error, Result};
use crate::next::{Stage, Step, earliest_start, human, json, steps};
use crate::output::{unless_work_tree, without_commands};
use crate::report::denied;
use crate::text::safe;
use crate::timeline::Judgement;
use crate::ui::{self, Ui};

/// Say what to do now, in order, with the command or file for each step.
///
/// Faults of the files come first, then scope and people, policies, controls in place, first evidence, the window, slots,
/// and what follows them.
/// About one audit: the one whose window holds the day, else the next, else the last.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only what is this person's or role's.
    #[arg(long, value_name = "ID")]
    owner: Option<String>,
    /// All steps instead of the first ten.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    selectors: Selectors,
    /// The audit the work is for.
    #[arg(long, value_name = "ID")]
    audit: Option<String>,
    /// Format: human or json.
    #[arg(long, value_name = "NAME", default_value = "human", value_parser = ["human", "json"])]
    format: String,
}

/// Steps shown unless all are asked for.
const FIRST: usize = 10;

/// Runs the verb.
pub fn run(args: &Args, directory: &Path, ui: Ui) -> Result<ExitCode> {
    let Place { program, clock, read, .. } = args.selectors.place(directory, ui)?;
    let chosen = audit::one(&program, clock.as_of, args.audit.as_deref())?;
    let owner = args.owner.as_deref().map(|name| Owner::of(&program, name)).transpose()?;
    let judgement = ui.busy("judging", || Judgement::new(&program, clock, chosen));
    let Some(audit) = judgement.audits.first() else {
        return Err(Error::new("soc2.toml cannot be read, so nothing says what to do")
            .hint("mend what `soc2 check` finds first"));
    };
    let faults = ui.busy("judging", || denied(&program));
    let mut all = steps(&judgement, audit, faults);
    if let Some(owner) = &owner {
        // Faults are everybody's: what is judged rests on files that can be read.
        all.retain(|step| step.stage == Stage::Faults || owner.is_one_of(&step.whose));
    }
    let shown: Vec<&Step> = all.iter().take(if args.all { usize::MAX } else { FIRST }).collect();
    let more = all.len() - shown.len();
    let start = earliest_start(&judgement, audit);
    let text = match args.format.as_str() {
        "json" => json::render(&judgement, audit, faults, &start, &shown, more, &read)
            .map_err(|e| Error::new("cannot write format `json`").because(e))?,
        _ => {
            let about = audit.id.as_ref().map_or(String::new(), |id| format!(", for {}", safe(id)));
            let heading = format!("Next, as of {}{about}{}", judgement.as_of, unless_work_tree(&read));
            human::render(&heading, &start, &shown, more)
        }
    };
    ui::print(&without_commands(text))?;
    Ok(ExitCode::SUCCESS)
}
