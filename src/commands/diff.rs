//! `soc2 diff`: what a change means, in words.

use std::path::Path;
use std::process::ExitCode;

use super::audit::known;
use super::place::{Place, Selectors, whole};
use crate::baseline;
use crate::change;
use crate::diff::{View, human, json, markdown};
use crate::error::{Error, Result};
use crate::ui::{self, Ui};

/// Say what a change means for the programme, in words.
///
/// Compares two commits, or a commit with the work tree. One entry each, worst first: what weakens the programme, what is
/// now known, what was repaired, what else was edited. Exits with 0 whatever it finds; `soc2 check --base` is the gate.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The state before: a revision, or the last commit on or before a day. HEAD unless said.
    #[arg(value_name = "REV|DATE", default_value = "HEAD")]
    before: String,
    /// The state after. The work tree unless said.
    #[arg(value_name = "REV|DATE")]
    after: Option<String>,
    /// Compare with the commit whose list of controls the auditor of this audit agreed, instead of with a state of one's own.
    #[arg(long, value_name = "AUDIT", conflicts_with_all = ["before", "after"])]
    agreed: Option<String>,
    /// Format: human, json, markdown (fit to be one comment of a pull request).
    #[arg(long, value_name = "NAME", default_value = "human", value_parser = ["human", "json", "markdown"])]
    format: String,
}

/// Runs the verb.
pub fn run(args: &Args, directory: &Path, ui: Ui) -> Result<ExitCode> {
    let of = |at: Option<&str>| Selectors { as_of: None, at: at.map(str::to_owned), staged: false };
    let before = match &args.agreed {
        Some(audit) => agreed(audit, directory, ui)?,
        None => args.before.clone(),
    };
    let sides = [of(Some(&before)), of(args.after.as_deref())];
    let side = |selectors: &Selectors| {
        let mut place = selectors.without_history(directory, ui)?;
        selectors.list_keys(&mut place);
        Ok::<_, Error>(place)
    };
    let (mut old, mut after) = (side(&sides[0])?, side(&sides[1])?);
    if change::asks_who_wrote(&old.program, &after.program) {
        sides[0].remember(&mut old, None, ui);
        sides[1].remember(&mut after, None, ui);
    }
    let Place { program, read, prefix, .. } = after;
    whole(&old.program, &before)?;
    whole(&program, args.after.as_deref().unwrap_or("work tree"))?;
    let changes = ui.busy("comparing", || change::changes(&old.program, &program));
    let view = View { before: &old.program, after: &program, changes: &changes, from: old.read, to: read };
    let mut page = view.page();
    page.prefix = prefix;
    let text = match args.format.as_str() {
        "json" => json::render(&page).map_err(|e| Error::new("cannot write format `json`").because(e))?,
        "markdown" => markdown::render(&page),
        _ => human::render(&page),
    };
    ui::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// The commit of the list that the auditor of an audit agreed.
fn agreed(audit: &str, directory: &Path, ui: Ui) -> Result<String> {
    let Place { program, .. } = Selectors::default().without_history(directory, ui)?;
    known(&program, audit)?;
    let commit = baseline::agreement(&program, audit).and_then(|list| list.commit.as_ref());
    commit.map(|commit| commit.value.0.to_string()).ok_or_else(|| {
        Error::new(format!("no list of controls was agreed for `{audit}` yet"))
            .hint(format!("once the auditor agreed it: soc2 audit agree {audit}"))
    })
}
