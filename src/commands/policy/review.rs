//! `soc2 policy review`: a look at a policy in force, by the person who runs it, also when nothing changes.

use std::process::ExitCode;

use jiff::civil::Date;

use super::{Ground, who};
use crate::commands::check::date;
use crate::error::{Error, Result};
use crate::text::safe;
use crate::timeline::{Judgement, PolicyState};
use crate::ui;

/// Record that the person that git says is working here has read a policy again.
///
/// Adds person, day and result to `reviews` in the policy's front matter, and changes nothing else. What is changed needs an
/// approval instead.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The policy.
    #[arg(value_name = "ID")]
    id: String,
    /// Day of the review; today unless said.
    #[arg(long, value_name = "DATE", value_parser = date)]
    on: Option<Date>,
    /// What came of it.
    #[arg(long, value_name = "TEXT", default_value = UNCHANGED)]
    result: String,
}

const UNCHANGED: &str = "no-change";

/// Runs the verb.
pub(super) fn run(args: &Args, ground: &Ground<'_>) -> Result<ExitCode> {
    let (index, policy) = ground.policy(&args.id)?;
    let by = who::runner(ground)?;
    let on = args.on.unwrap_or(ground.today);
    if on > ground.today {
        return Err(Error::new(format!("{on} is in the future: today is {}", ground.today)));
    }
    who::may_act(ground, by, on, "a review")?;
    let result = args.result.trim();
    if result.is_empty() {
        return Err(Error::new("the result is empty").hint("leave --result out where nothing changed"));
    }
    let judgement = ground.ui.busy("judging", || Judgement::new(&ground.program, ground.clock, None));
    let state = judgement.policies.get(index).map_or(PolicyState::Draft, |standing| standing.state);
    let id = &policy.head.id;
    match state {
        PolicyState::Draft => {
            return Err(Error::new(format!(
                "`{id}` is a draft: nobody has approved it, so there is nothing to review"
            ))
            .hint(format!("soc2 policy approve {id} --version 1.0 --effective DATE")));
        }
        PolicyState::Changed if result == UNCHANGED => {
            return Err(Error::new(format!(
                "`{id}` was changed since its approval, so `{UNCHANGED}` is not what came of it"
            ))
            .hint(
                "have the text as it stands approved: soc2 policy approve; or bring the approved one back",
            ));
        }
        _ => {}
    }
    let first =
        policy.head.approvals.iter().filter_map(|approval| approval.on.as_ref()).map(|on| on.value).min();
    if let Some(first) = first.filter(|first| on < *first) {
        return Err(Error::new(format!("reviewed on {on}, before its first approval on {first}")));
    }
    let by = who::id(ground, by).to_owned();
    let item = [("by", by.clone()), ("on", on.to_string()), ("result", result.to_owned())];
    ground.write(policy, "reviews", &item)?;
    let path = safe(ground.program.sources.path(policy.file));
    let mut out = format!("Wrote the review by {by} on {on} into {path}: {}\n", safe(result));
    if ground.ui.verbosity >= 0 {
        out.push_str(&format!("Next: commit it: git commit -m \"Review {id}\" {path}\n"));
    }
    ui::print(&out)?;
    Ok(ExitCode::SUCCESS)
}
