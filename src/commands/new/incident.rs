//! `soc2 new incident`: a row of the incidents.

use std::process::ExitCode;

use super::form::Form;
use super::{Ground, read};
use crate::error::{Error, Result};
use crate::model::registers::Severity;
use crate::rows::Written;

/// Add an incident: an event that hindered us or our customers.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Its id; made of the month and the title unless given.
    #[arg(value_name = "ID")]
    id: Option<String>,
    /// What happened, in a few words.
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// How bad it was: sev1 (customers are harmed) to sev4 (nobody noticed).
    #[arg(long, value_name = "SEVERITY")]
    severity: Option<String>,
    /// When it was noticed: 2026-03-03T09:12:00Z.
    #[arg(long, value_name = "TIME")]
    detected: Option<String>,
    /// When it stopped spreading.
    #[arg(long, value_name = "TIME")]
    contained: Option<String>,
    /// When service was whole again.
    #[arg(long, value_name = "TIME")]
    resolved: Option<String>,
    /// The person or role that leads the response.
    #[arg(long, value_name = "ID")]
    owner: Option<String>,
    /// Systems it touched.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    systems: Vec<String>,
    /// Was confidential data touched: yes or no.
    #[arg(long, value_name = "YES|NO")]
    confidential_data: Option<String>,
    /// Was personal data touched: yes or no.
    #[arg(long, value_name = "YES|NO")]
    personal_data: Option<String>,
    /// Why it happened.
    #[arg(long, value_name = "TEXT")]
    root_cause: Option<String>,
    /// Day of the post-mortem.
    #[arg(long, value_name = "DATE")]
    postmortem: Option<String>,
    /// Whether and how customers and authorities were told, and who decided.
    #[arg(long, value_name = "TEXT")]
    notification: Option<String>,
    /// What was done so that it does not come back; repeatable.
    #[arg(long = "action", value_name = "TEXT")]
    actions: Vec<String>,
    /// Show what would be written; write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Runs the verb.
pub(super) fn run(args: &Args, ground: &Ground<'_>) -> Result<ExitCode> {
    let mut form = Form::new(ground, "new incident");
    let ask = ("--title TEXT", "What happened? (a few words)", "what happened, in a few words");
    let title = form.need("title", args.title.as_deref(), ask, read::line)?;
    let ask = ("--severity SEVERITY", "Severity? (sev1, sev2, sev3, sev4)", "how bad it was: sev1 to sev4");
    let severity = form.need("severity", args.severity.as_deref(), ask, read::word::<Severity>)?;
    let ask = (
        "--detected TIME",
        "Noticed at? (2026-03-03T09:12:00Z)",
        "when it was noticed, with offset: 2026-03-03T09:12:00Z",
    );
    let detected = form.answer(args.detected.as_deref(), ask, read::past_moment)?;
    let mut last = detected.as_ref().map(|(moment, _)| *moment);
    let mut day = String::new();
    if let Some((moment, typed)) = &detected {
        day = ground.zone.to_datetime(*moment).date().strftime("%Y-%m").to_string();
        form.put("detected", Written::Text(typed.clone()));
    }
    for (key, given) in [("contained", &args.contained), ("resolved", &args.resolved)] {
        let Some(given) = given else { continue };
        let (moment, typed) = read::past_moment(ground, given)?;
        if last.is_some_and(|last| moment < last) {
            return Err(Error::new(format!("{key} at {typed}, before what came first"))
                .hint("an incident is noticed, contained, then resolved"));
        }
        last = Some(moment);
        form.put(key, Written::Text(typed));
    }
    let ask = (
        "--owner ID",
        "Who leads the response? (person or role)",
        "the person or role that leads the response",
    );
    form.need("owner", args.owner.as_deref(), ask, read::holder)?;
    form.list("systems", &args.systems, Some("Systems it touched? (ids, separated by `;`)"), read::system)?;
    let words = "Confidential data touched? (yes, no)";
    let confidential =
        form.bare("confidential_data", args.confidential_data.as_deref(), Some(words), read::truth)?;
    let words = "Personal data touched? (yes, no)";
    let personal = form.bare("personal_data", args.personal_data.as_deref(), Some(words), read::truth)?;
    form.may("root_cause", args.root_cause.as_deref(), Some("Why did it happen?"), read::text)?;
    form.may("postmortem", args.postmortem.as_deref(), None, read::day)?;
    form.may("notification", args.notification.as_deref(), None, read::text)?;
    form.list("actions", &args.actions, None, read::text)?;
    let taken = |id: &str| ground.program.registers.incidents.iter().any(|row| *row.id.value.0 == *id);
    form.id(args.id.as_deref(), title.map(|title| format!("{day} {title}")), "incident", taken)?;
    let fields = form.complete()?;
    let mut next = Vec::new();
    let touched = |said: &Option<String>| said.as_deref() == Some("true");
    if (touched(&confidential) || touched(&personal)) && args.notification.is_none() {
        next.push(
            "write down under `notification` whether customers and authorities are told, and who decided"
                .to_owned(),
        );
    }
    if args.root_cause.is_none() || args.postmortem.is_none() {
        next.push("add `resolved`, `root_cause` and `postmortem` once they are known".to_owned());
    }
    if matches!(severity.as_deref(), Some("sev1" | "sev2")) {
        next.push("say under `significant` whether it belongs into the system description (DC 4)".to_owned());
    }
    ground.add("incidents", "incident", &fields, args.dry_run, &next)
}
