//! `soc2 evidence attest`: a person's statement over a period. Inquiry only: it stands beside evidence and fills no slot.

use std::process::ExitCode;

use super::Ground;
use super::add::{performer, title};
use super::answers::{Answers, Question, text};
use super::filing::{Content, file};
use super::lookup;
use crate::error::{Error, Result};
use crate::manifest::{ArtifactDraft, Draft, When};
use crate::model::evidence::EvidenceKind;
use crate::source::sha256;
use crate::ui;

/// Record what a person states about a control over a period.
///
/// A statement is inquiry only: it explains other evidence and fills no slot by itself.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Control the statement is about.
    #[arg(long, value_name = "ID")]
    control: Option<String>,
    /// First day it speaks about.
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// Last day it speaks about.
    #[arg(long, value_name = "DATE")]
    to: Option<String>,
    /// Person who states it.
    #[arg(long, value_name = "PERSON")]
    by: Option<String>,
    /// The statement, in the person's own words.
    #[arg(long, value_name = "TEXT")]
    statement: Option<String>,
    /// Day on which it was stated.
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
}

/// The name of the file that holds the statement.
const STATEMENT: &str = "statement.md";

/// Runs the verb.
pub(super) fn run(args: &Args, ground: &Ground<'_>) -> Result<ExitCode> {
    let mut answers = Answers::new("evidence attest");
    let ask = |flag, words, what| Question { flag, words, what };
    let question = ask("--control ID", "Control?", "which control the statement is about");
    let control =
        answers.need(args.control.as_deref(), &question, |text| lookup::control(&ground.program, text))?;
    let question = ask("--from DATE", "First day it speaks about?", "the first day it speaks about");
    let from = answers.need(args.from.as_deref(), &question, lookup::day)?;
    let question = ask("--to DATE", "Last day it speaks about?", "the last day it speaks about");
    let to = answers.need(args.to.as_deref(), &question, lookup::day)?;
    let question = ask("--on DATE", "Stated on? (year-month-day)", "the day on which it was stated");
    let on = answers.need(args.on.as_deref(), &question, |text| lookup::past_day(ground, text))?;
    let question = ask("--by PERSON", "By?", "who states it");
    let by = answers.need(args.by.as_deref(), &question, |text| stating(ground, text, on))?;
    let question = ask("--statement TEXT", "Statement?", "the statement, in the person's own words");
    let statement = answers.need(args.statement.as_deref(), &question, text)?;
    answers.complete()?;
    let all = (control, from, to, on, by, statement);
    let (Some(control), Some(from), Some(to), Some(on), Some(by), Some(statement)) = all else {
        return Err(Error::new("nothing was written"));
    };
    if from > to {
        return Err(Error::new(format!("the period ends on {to}, before it begins on {from}")));
    }
    if to > on {
        return Err(Error::new(format!("the period ends on {to}, after the statement of {on}"))
            .hint("nobody can state what is still to come: end the period on or before --on"));
    }
    let person = ground.person_id(by);
    let page = format!(
        "# Statement\n\nControl: {}\nPeriod: {from} to {to}\nStated by {person} on {on}\n\n{statement}\n",
        ground.control_id(control)
    );
    let performed = When::On(on);
    let period = format!("statement on {from} to {to}");
    let draft = |id: &str| Draft {
        id: id.to_owned(),
        title: title(ground, control, &performed, Some(&period), None),
        control: ground.control_id(control).to_owned(),
        kind: EvidenceKind::Attestation,
        performed: performed.clone(),
        by: person.to_owned(),
        slot: None,
        result: None,
        collected: None,
        occurrences: None,
        artifacts: vec![ArtifactDraft {
            path: Some(STATEMENT.to_owned()),
            sha256: sha256(page.as_bytes()),
            bytes: page.len() as u64,
            covers: Some((from, to)),
            ..ArtifactDraft::default()
        }],
        follows_up: Vec::new(),
    };
    let name = format!("statement-{on}");
    let id = file(ground, ground.control_id(control), &name, &[Content::Text(STATEMENT, &page)], draft)?;
    let mut out = format!("Wrote evidence/{id}/ with {STATEMENT}\n");
    out.push_str("It reads \"inquiry only\": a statement explains other evidence and fills no slot\n");
    if ground.ui.verbosity >= 0 {
        let add = ground.command(&format!("evidence add FILE --control {}", ground.control_id(control)));
        out.push_str(&format!("Next: what the system itself shows: {add}\n"));
    }
    ui::print(&out)?;
    Ok(ExitCode::SUCCESS)
}

/// A person; a program states nothing.
fn stating(ground: &Ground<'_>, name: &str, on: Option<jiff::civil::Date>) -> Result<usize> {
    let person = performer(ground, name, on)?;
    if lookup::is_bot(&ground.program, person) {
        return Err(Error::new(format!(
            "`{}` is a bot: a statement is a person's",
            ground.person_id(person)
        )));
    }
    Ok(person)
}
