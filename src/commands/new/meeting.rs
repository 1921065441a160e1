//! `soc2 new meeting`: a row of the meetings.

use std::process::ExitCode;

use super::form::Form;
use super::{Ground, read};
use crate::error::Result;
use crate::rows::Written;

/// Add a meeting of a body that oversees the programme.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Its id; made of the body and the day unless given.
    #[arg(value_name = "ID")]
    id: Option<String>,
    /// Which body: board, security-steering.
    #[arg(long, value_name = "TEXT")]
    body: Option<String>,
    /// The day.
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// Somebody who was there; repeatable.
    #[arg(long = "attendee", value_name = "NAME")]
    attendees: Vec<String>,
    /// Was a member from outside there: yes or no.
    #[arg(long, value_name = "YES|NO")]
    independent: Option<String>,
    /// What was talked about; repeatable.
    #[arg(long, value_name = "TEXT")]
    agenda: Vec<String>,
    /// What was decided; repeatable.
    #[arg(long = "decision", value_name = "TEXT")]
    decisions: Vec<String>,
    /// Where the minutes are.
    #[arg(long, value_name = "PATH")]
    minutes: Option<String>,
    /// Show what would be written; write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Runs the verb.
pub(super) fn run(args: &Args, ground: &Ground<'_>) -> Result<ExitCode> {
    let mut form = Form::new(ground, "new meeting");
    let ask =
        ("--body TEXT", "Which body? (board, security-steering)", "which body met: board, security-steering");
    let body = form.need("body", args.body.as_deref(), ask, read::line)?;
    let ask = ("--on DATE", "Held on? (year-month-day)", "the day on which it was held");
    let on = form.answer(args.on.as_deref(), ask, read::past_day)?;
    if let Some(on) = on {
        form.put("on", Written::Text(on.to_string()));
    }
    let ask = ("--attendee NAME", "Who was there? (names, separated by `;`)", "who was there, one flag each");
    form.some("attendees", &args.attendees, ask, read::line)?;
    let words = "Was a member from outside there? (yes, no)";
    form.bare("independent", args.independent.as_deref(), Some(words), read::truth)?;
    form.list("agenda", &args.agenda, Some("What was talked about? (separated by `;`)"), read::line)?;
    form.list("decisions", &args.decisions, Some("What was decided? (separated by `;`)"), read::line)?;
    form.may("minutes", args.minutes.as_deref(), None, read::line)?;
    let taken = |id: &str| ground.program.registers.meetings.iter().any(|row| *row.id.value.0 == *id);
    let words = body.zip(on).map(|(body, on)| format!("{body} {on}"));
    form.id(args.id.as_deref(), words, "meeting", taken)?;
    let fields = form.complete()?;
    let next = if args.minutes.is_none() {
        vec![format!(
            "file the minutes: {}, and name them under `minutes`",
            ground.command("evidence add FILE --control ID")
        )]
    } else {
        Vec::new()
    };
    ground.add("meetings", "meeting", &fields, args.dry_run, &next)
}
