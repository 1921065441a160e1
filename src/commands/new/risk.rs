//! `soc2 new risk`: a row of the risks.

use std::process::ExitCode;

use super::form::Form;
use super::{Ground, read};
use crate::error::{Error, Result};
use crate::model::registers::Response;
use crate::rows::Written;

/// Add a risk: what could go wrong.
///
/// The decision to bear one is a person's own and is never written here.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Its id; made of the statement unless given.
    #[arg(value_name = "ID")]
    id: Option<String>,
    /// Cause, event and effect, in a sentence.
    #[arg(long, value_name = "TEXT")]
    statement: Option<String>,
    /// Kind of risk: fraud, vendor, change, …
    #[arg(long, value_name = "TEXT")]
    category: Option<String>,
    /// The person or role that answers for it.
    #[arg(long, value_name = "ID")]
    owner: Option<String>,
    /// Before controls: 1 rare to 5 almost certain.
    #[arg(long, value_name = "1-5")]
    likelihood: Option<String>,
    /// Before controls: 1 slight to 5 severe.
    #[arg(long, value_name = "1-5")]
    impact: Option<String>,
    /// After controls.
    #[arg(long, value_name = "1-5", requires = "residual_impact")]
    residual_likelihood: Option<String>,
    /// After controls.
    #[arg(long, value_name = "1-5", requires = "residual_likelihood")]
    residual_impact: Option<String>,
    /// What is done about it: mitigate, accept, transfer or avoid.
    #[arg(long, value_name = "RESPONSE")]
    response: Option<String>,
    /// Controls that treat it.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    controls: Vec<String>,
    /// What is still to be done.
    #[arg(long, value_name = "TEXT")]
    action: Option<String>,
    /// By when.
    #[arg(long, value_name = "DATE")]
    due: Option<String>,
    /// Criteria it threatens.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    criteria: Vec<String>,
    /// Show what would be written; write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Runs the verb.
pub(super) fn run(args: &Args, ground: &Ground<'_>) -> Result<ExitCode> {
    let mut form = Form::new(ground, "new risk");
    let ask = (
        "--statement TEXT",
        "What could go wrong? (cause, event, effect)",
        "cause, event and effect, in a sentence",
    );
    let statement = form.need("statement", args.statement.as_deref(), ask, read::text)?;
    form.may("category", args.category.as_deref(), Some("Category? (fraud, vendor, change, …)"), read::line)?;
    let ask = ("--owner ID", "Owner? (person or role)", "the person or role that answers for it");
    form.need("owner", args.owner.as_deref(), ask, read::holder)?;
    let ask =
        ("--likelihood 1-5", "Likelihood before controls? (1 to 5)", "how likely it is before controls");
    let likelihood = form.answer(args.likelihood.as_deref(), ask, read::score)?;
    let ask = ("--impact 1-5", "Impact before controls? (1 to 5)", "how bad it is before controls");
    let impact = form.answer(args.impact.as_deref(), ask, read::score)?;
    let score = |likelihood: String, impact: String| {
        Written::Map(vec![("likelihood", Written::Bare(likelihood)), ("impact", Written::Bare(impact))])
    };
    if let (Some(likelihood), Some(impact)) = (likelihood, impact) {
        form.put("inherent", score(likelihood, impact));
    }
    if let (Some(likelihood), Some(impact)) = (&args.residual_likelihood, &args.residual_impact) {
        form.put("residual", score(read::score(ground, likelihood)?, read::score(ground, impact)?));
    }
    let ask = (
        "--response RESPONSE",
        "Response? (mitigate, accept, transfer, avoid)",
        "mitigate, accept, transfer or avoid",
    );
    let response = form.need("response", args.response.as_deref(), ask, read::word::<Response>)?;
    if response.as_deref() == Some("accept") {
        return Err(Error::new("to bear a risk is a person's decision, and is never written here")
            .hint("add it as `mitigate` first; whoever decides then writes `response: accept` into the row, with")
            .hint("accepted: { by: PERSON, on: DATE, expires: DATE }, by somebody above the owner, for twelve months at most"));
    }
    let words = "Controls that treat it? (ids, separated by `;`)";
    let treated = form.list("controls", &args.controls, Some(words), read::control)?;
    form.may("action", args.action.as_deref(), Some("What is still to be done?"), read::text)?;
    form.may("due", args.due.as_deref(), None, read::day)?;
    form.list("criteria", &args.criteria, None, read::criterion)?;
    let taken = |id: &str| ground.program.names.risks.contains_key(id);
    form.id(args.id.as_deref(), statement, "risk", taken)?;
    let fields = form.complete()?;
    let next = match (response.as_deref(), treated.is_empty()) {
        (Some("mitigate"), true) => vec!["name the controls that bring it down under `controls`".to_owned()],
        _ => Vec::new(),
    };
    ground.add("risks", "risk", &fields, args.dry_run, &next)
}
