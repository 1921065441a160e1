//! What the manifest will say but its files: from the flags, else asked.

use jiff::civil::Date;

use super::super::answers::{Answers, Question, text};
use super::super::incoming::Incoming;
use super::super::{Ground, lookup, slot};
use super::log::Log;
use super::{Args, performer};
use crate::error::{Error, Result};
use crate::manifest::{PopulationDraft, ResultDraft, When};
use crate::model::Control;
use crate::model::control::ControlType;
use crate::model::evidence::{EvidenceKind, Outcome};
use crate::record::Scalar;
use crate::text::list;
use crate::timeline::WINDOW;

/// Everything the manifest will say but its files.
pub(in crate::commands::evidence) struct Said {
    pub(in crate::commands::evidence) control: usize,
    pub(in crate::commands::evidence) performed: When,
    pub(in crate::commands::evidence) by: usize,
    pub(in crate::commands::evidence) slot: Option<String>,
    pub(in crate::commands::evidence) item: Option<String>,
    pub(in crate::commands::evidence) kind: EvidenceKind,
    pub(in crate::commands::evidence) system: Option<usize>,
    pub(in crate::commands::evidence) query: Option<String>,
    pub(in crate::commands::evidence) covers: Option<(Date, Date)>,
    pub(in crate::commands::evidence) population: Option<PopulationDraft>,
    pub(in crate::commands::evidence) result: Option<ResultDraft>,
    pub(in crate::commands::evidence) collected: Option<When>,
    pub(in crate::commands::evidence) follows_up: Vec<String>,
}

impl Said {
    /// The interval it names; the window as a whole is none.
    pub(in crate::commands::evidence) fn interval(&self) -> Option<&str> {
        self.slot.as_deref().filter(|slot| *slot != WINDOW)
    }
}

/// Every answer; `None` when one is missing that the rest hangs on.
pub(super) fn gather(
    args: &Args,
    ground: &Ground<'_>,
    files: &[Incoming],
    log: Option<&Log>,
    answers: &mut Answers,
) -> Result<Option<Said>> {
    let program = &ground.program;
    let question = Question { flag: "--control ID", words: "Control?", what: "which control was performed" };
    let control = answers.need(args.control.as_deref(), &question, |text| lookup::control(program, text))?;
    let performed = match log {
        Some(log) => Some(When::On(log.last)),
        None => performed(args, ground, answers)?,
    };
    let day = performed.as_ref().map(|when| when.day(&ground.zone));
    let question = Question {
        flag: "--by PERSON",
        words: "By?",
        what: "who performed it: a person or bot of registers/people",
    };
    let by = answers.need(args.by.as_deref(), &question, |text| {
        let by = performer(ground, text, day)?;
        log.map_or(Ok(()), |log| log.worked_here(ground, by))?;
        Ok(by)
    })?;
    let record = control.and_then(|control| program.controls.get(control));
    let slot = match (control, day) {
        (Some(control), Some(day)) if log.is_none() => which_slot(args, ground, answers, control, day)?,
        _ => args.slot.as_deref().map(lookup::slot).transpose()?,
    };
    let item = args.item.as_deref().map(|item| which_item(item, record)).transpose()?;
    let kind = which_kind(args, record, answers)?;
    let system = which_system(args, ground, record, answers)?;
    let query = match (&args.query, kind.is_some_and(is_export)) {
        (None, false) => None,
        (given, _) => {
            answers.may(given.as_deref(), "Query, command or address that made it?", "none", text)?
        }
    };
    // The rows of a log are performances, not the list they are drawn from.
    let counted = if log.is_some() { &[] } else { files };
    let population = population(args, counted, answers)?;
    let covers = match (&args.covers, &population) {
        (None, None) => None,
        (given, _) => {
            answers.may(given.as_deref(), "Days the list speaks about? (FROM..TO)", "none", lookup::period)?
        }
    };
    let result = result(args, record, answers)?;
    let collected = args.collected.as_deref().map(|text| lookup::past(ground, text)).transpose()?;
    in_order(ground, performed.as_ref(), collected.as_ref())?;
    let follows_up = follows_up(args, ground)?;
    let all = (control, performed, by, kind);
    let (Some(control), Some(performed), Some(by), Some(kind)) = all else { return Ok(None) };
    Ok(Some(Said {
        control,
        performed,
        by,
        slot,
        item,
        kind,
        system,
        query,
        covers,
        population,
        result,
        collected,
        follows_up,
    }))
}

/// The item; only what happens has some.
fn which_item(item: &str, control: Option<&Control>) -> Result<String> {
    if let Some(control) = control.filter(|control| !control.is_event()) {
        return Err(Error::new(format!(
            "`{}` is performed at intervals: items are of controls that are performed each time something happens",
            control.id.value
        ))
        .hint("leave --item out"));
    }
    text(item)
}

/// The ids in full of the evidence it follows up, each once.
fn follows_up(args: &Args, ground: &Ground<'_>) -> Result<Vec<String>> {
    let mut ids: Vec<String> = Vec::new();
    for typed in &args.follows_up {
        let id = ground.program.evidence_id(lookup::evidence(&ground.program, typed)?);
        if !ids.iter().any(|other| other == id) {
            ids.push(id.to_owned());
        }
    }
    Ok(ids)
}

/// Does a query or command make files of that kind?
fn is_export(kind: EvidenceKind) -> bool {
    matches!(
        kind,
        EvidenceKind::SystemReport
            | EvidenceKind::ConfigExport
            | EvidenceKind::LogExtract
            | EvidenceKind::ScanReport
    )
}

fn performed(args: &Args, ground: &Ground<'_>, answers: &mut Answers) -> Result<Option<When>> {
    if let Some(at) = &args.at {
        When::moment(at).map_err(Error::new)?;
        return lookup::past(ground, at).map(Some);
    }
    let question = Question {
        flag: "--on DATE",
        words: "Performed on? (year-month-day)",
        what: "the day on which the control was performed, or --at MOMENT",
    };
    answers.need(args.on.as_deref(), &question, |text| lookup::past_day(ground, text).map(When::On))
}

fn which_slot(
    args: &Args,
    ground: &Ground<'_>,
    answers: &Answers,
    control: usize,
    day: Date,
) -> Result<Option<String>> {
    match slot::proposed(ground, control, day) {
        Some(proposal) => {
            answers.may(args.slot.as_deref(), "Slot? (`none`: the date decides)", &proposal, lookup::slot)
        }
        None => args.slot.as_deref().map(lookup::slot).transpose(),
    }
}

fn which_kind(args: &Args, control: Option<&Control>, answers: &mut Answers) -> Result<Option<EvidenceKind>> {
    let wanted = control.map_or(&[][..], |control| &control.evidence_required);
    let mut wanted: Vec<&str> =
        wanted.iter().filter_map(|row| row.kind.as_ref()).map(|kind| kind.value.word()).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let what = match wanted.as_slice() {
        [] => "what the files are: `soc2 explain evidence-kind` lists the words".to_owned(),
        wanted => format!("what the files are; the control asks for {}", list(wanted, "and")),
    };
    let words = match wanted.as_slice() {
        [] => "Kind? (system-report, config-export, ticket, minutes …)".to_owned(),
        wanted => format!("Kind? (the control asks for {})", wanted.join(", ")),
    };
    let question = Question { flag: "--kind KIND", words: &words, what: &what };
    answers.need(args.kind.as_deref(), &question, lookup::word)
}

fn which_system(
    args: &Args,
    ground: &Ground<'_>,
    control: Option<&Control>,
    answers: &mut Answers,
) -> Result<Option<usize>> {
    let read = |text: &str| lookup::system(&ground.program, text);
    let systems = control.map_or(&[][..], |control| &control.systems);
    let systems: Vec<&str> = systems.iter().map(|system| &*system.value.0).collect();
    if systems.is_empty() {
        return args.system.as_deref().map(read).transpose();
    }
    let words = format!("System? ({})", systems.join(", "));
    let what = format!("the control is judged for each of its systems: {}", list(&systems, "and"));
    let question = Question { flag: "--system ID", words: &words, what: &what };
    answers.need(args.system.as_deref(), &question, read)
}

/// What is said of a complete list.
fn population(args: &Args, files: &[Incoming], answers: &Answers) -> Result<Option<PopulationDraft>> {
    let read = |text: &str| u64::parse(text).map_err(|fault| Error::new(fault.message).hint(fault.help));
    let count = match (args.total, files) {
        (Some(total), _) => Some(total),
        (None, [Incoming { rows: Some(rows), .. }]) => {
            let words = format!("{} rows; total shown by the source?", rows.count);
            answers.may(None, &words, "none", read)?
        }
        _ => None,
    };
    let completeness = match (&args.completeness, count) {
        (None, None) => None,
        (given, _) => {
            answers.may(given.as_deref(), "Why is nothing missing? (3 of 3 pages)", "none", text)?
        }
    };
    let given = count.is_some() || completeness.is_some() || args.key.is_some();
    Ok(given.then(|| PopulationDraft {
        key: args.key.clone(),
        count,
        completeness,
        ..PopulationDraft::default()
    }))
}

/// How it came out: needed where a person did the work.
fn result(args: &Args, control: Option<&Control>, answers: &mut Answers) -> Result<Option<ResultDraft>> {
    let by_hand = control.is_none_or(|control| control.control_type() != ControlType::Automated);
    let question = Question {
        flag: "--result OUTCOME",
        words: "Result? (as-expected, exceptions-noted, failed)",
        what: "how it came out: as-expected, exceptions-noted or failed",
    };
    let outcome: Option<Outcome> = match (&args.result, by_hand) {
        (None, false) => None,
        (given, _) => answers.need(given.as_deref(), &question, lookup::word)?,
    };
    let Some(outcome) = outcome else { return Ok(None) };
    let summary = answers.may(args.summary.as_deref(), "Summary, in a sentence?", "none", text)?;
    let mut follow_up = args.follow_up.iter().map(|item| text(item)).collect::<Result<Vec<String>>>()?;
    if outcome != Outcome::AsExpected && follow_up.is_empty() {
        follow_up.extend(answers.may(None, "Ticket or evidence of what was done about it?", "none", text)?);
    }
    Ok(Some(ResultDraft { outcome, summary, follow_up }))
}

/// What was taken from a system before the control was performed shows something else.
fn in_order(ground: &Ground<'_>, performed: Option<&When>, collected: Option<&When>) -> Result<()> {
    let (Some(performed), Some(collected)) = (performed, collected) else { return Ok(()) };
    let (performed_on, collected_on) = (performed.day(&ground.zone), collected.day(&ground.zone));
    let early = match (performed, collected) {
        (When::At(performed, _), When::At(collected, _)) => collected < performed,
        _ => collected_on < performed_on,
    };
    if !early {
        return Ok(());
    }
    Err(Error::new(format!(
        "collected on {collected_on}, before the control was performed on {performed_on}"
    ))
    .hint("an export that was made first cannot show what was done later: correct one of the two"))
}
