//! `soc2 evidence add`: files evidence of one performance of a control.

mod doubts;
mod log;
mod said;

use std::path::PathBuf;
use std::process::ExitCode;

use jiff::civil::Date;

use super::Ground;
use super::answers::Answers;
use super::filing::{Content, file};
use super::incoming::Incoming;
use super::{lookup, standing};
pub(super) use doubts::not_in_place;
use doubts::{doubts, hints};
use log::Log;
pub(super) use said::Said;
use said::gather;

use crate::error::{Error, Result};
use crate::manifest::{ArtifactDraft, Draft, OccurrencesDraft, When};
use crate::source::hex;
use crate::text::{count, is_hostile, safe, some};
use crate::timeline::needs_review;
use crate::ui;

/// File what one performance of a control left behind.
///
/// Copies the files into a folder of their own, with their hashes and a manifest to read. On a terminal it asks for what
/// the flags leave open. Nothing is filled in that was not given: no person, date, review or result.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Files to copy: exports, tickets, minutes.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Control that was performed.
    #[arg(long, value_name = "ID")]
    control: Option<String>,
    /// Slot it is for, such as 2026-Q1, or window where there are no intervals; without it the date decides.
    #[arg(long, value_name = "SLOT")]
    slot: Option<String>,
    /// Day on which the control was performed.
    #[arg(long, value_name = "DATE", conflicts_with = "at")]
    on: Option<String>,
    /// Moment at which it was performed, with offset: 2026-03-28T15:04:05Z.
    #[arg(long, value_name = "MOMENT")]
    at: Option<String>,
    /// Column with a date: each row of the one CSV is a performance of its own, on that day.
    #[arg(long, value_name = "COLUMN", conflicts_with_all = ["on", "at", "slot", "by_hash"])]
    log_date: Option<String>,
    /// Column that tells the rows of such a log apart.
    #[arg(long, value_name = "COLUMN", requires = "log_date")]
    log_key: Option<String>,
    /// Item it was done for, as the list of all of them (the population) calls it: a hire, a change, an incident.
    #[arg(long, value_name = "ID", conflicts_with_all = ["at", "log_date"])]
    item: Option<String>,
    /// Person or bot that performed it.
    #[arg(long, value_name = "PERSON")]
    by: Option<String>,
    /// System that the files show.
    #[arg(long, value_name = "ID")]
    system: Option<String>,
    /// What the files are: system-report, config-export, ticket … (soc2 explain evidence-kind).
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Exact query, command or address that made the files.
    #[arg(long, value_name = "TEXT")]
    query: Option<String>,
    /// How many items the source itself shows, where the file is a complete list (a population).
    #[arg(long, value_name = "N")]
    total: Option<u64>,
    /// Column of a CSV that tells its items apart.
    #[arg(long, value_name = "COLUMN")]
    key: Option<String>,
    /// Why nothing is missing from a complete list: "3 of 3 pages".
    #[arg(long, value_name = "TEXT")]
    completeness: Option<String>,
    /// How it came out: as-expected, exceptions-noted, failed.
    #[arg(long, value_name = "OUTCOME")]
    result: Option<String>,
    /// What was found, in a sentence.
    #[arg(long, value_name = "TEXT", requires = "result")]
    summary: Option<String>,
    /// Ticket or evidence of what was done about it; may be given several times.
    ///
    /// A ticket alone does not close an open result: evidence of what was done does, filed with --follows-up.
    #[arg(long, value_name = "TEXT", requires = "result")]
    follow_up: Vec<String>,
    /// Evidence whose open result this one closes; may be given several times.
    #[arg(long, value_name = "EVIDENCE")]
    follows_up: Vec<String>,
    /// First and last day that the content speaks about.
    #[arg(long, value_name = "FROM..TO")]
    covers: Option<String>,
    /// Title of the evidence; the control's and the slot unless given.
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// When the files were taken from their system: a day, or a moment with offset.
    #[arg(long, value_name = "MOMENT")]
    collected: Option<String>,
    /// Record the hash of the one file and where its bytes are kept, instead of a copy.
    #[arg(long, value_name = "URL")]
    by_hash: Option<String>,
    /// Write it though something stands against it, such as bytes that are filed already.
    #[arg(long)]
    anyway: bool,
}

/// Runs the verb.
pub(super) fn run(args: &Args, ground: &Ground<'_>) -> Result<ExitCode> {
    if let Some(url) = &args.by_hash {
        address(url)?;
    }
    if args.title.as_deref().is_some_and(|title| title.trim().is_empty()) {
        return Err(
            Error::new("the title is empty").hint("leave --title out to have one made of control and slot")
        );
    }
    let files = incoming(args, ground)?;
    let log = Log::read(args, ground, &files)?;
    let rows = |file: &Incoming| match &log {
        Some(log) => [vec![log.words(&file.name)], file.secret_notes()].concat(),
        None => file.notes(args.key.is_some()),
    };
    for note in files.iter().flat_map(rows) {
        ui::tell(&note);
    }
    let mut answers = Answers::new("evidence add");
    let said = gather(args, ground, &files, log.as_ref(), &mut answers)?;
    for hint in hints(args, ground, said.as_ref(), &files) {
        ui::tell(&hint);
    }
    answers.complete()?;
    let Some(said) = said else { return Err(Error::new("nothing was written")) };
    answers.settle(&doubts(ground, &said, log.as_ref(), &files), args.anyway)?;
    let control = ground.control_id(said.control);
    let day = said.performed.day(&ground.zone);
    let contents: Vec<Content<'_>> =
        if args.by_hash.is_some() { Vec::new() } else { files.iter().map(Content::Copy).collect() };
    let days = log.as_ref().map(Log::days);
    let system = said.system.map(|system| ground.system_id(system));
    let days = days.map(|days| days.replace(' ', "-"));
    let name = folder_name(days.as_deref().or(said.interval()), day, system);
    let id =
        file(ground, control, &name, &contents, |id| draft(args, ground, &said, log.as_ref(), &files, id))?;
    tell(ground, &said, &files, &id)
}

/// `2026-q1-github`, or the day where no slot is named.
pub(super) fn folder_name(slot: Option<&str>, day: Date, system: Option<&str>) -> String {
    let name = slot.map_or_else(|| day.to_string(), str::to_ascii_lowercase);
    system.map_or_else(|| name.clone(), |system| format!("{name}-{system}"))
}

/// What stands against evidence that a program made a moment ago. That the same bytes were filed before is nothing then: the
/// run is another one.
pub(super) fn against(ground: &Ground<'_>, said: &Said) -> Vec<String> {
    doubts(ground, said, None, &[])
}

/// Looks at every file before anything is asked.
fn incoming(args: &Args, ground: &Ground<'_>) -> Result<Vec<Incoming>> {
    if args.files.len() > 1 {
        let alone = [
            ("--by-hash", args.by_hash.is_some()),
            ("--total", args.total.is_some()),
            ("--key", args.key.is_some()),
            ("--completeness", args.completeness.is_some()),
            ("--log-date", args.log_date.is_some()),
        ];
        if let Some((flag, _)) = alone.iter().find(|(_, given)| *given) {
            return Err(Error::new(format!(
                "`{flag}` speaks of one file, and {} are given",
                args.files.len()
            ))
            .hint("file the list alone, and the others beside it with a second `soc2 evidence add`"));
        }
    }
    let mut files: Vec<Incoming> = Vec::new();
    for path in &args.files {
        let file = Incoming::read(ground, path, args.key.as_deref())?;
        if files.iter().any(|other| other.name.to_lowercase() == file.name.to_lowercase()) {
            return Err(Error::new(format!("two files are named `{}`", safe(&file.name)))
                .hint("copy one of them under another name: they go into one folder"));
        }
        files.push(file);
    }
    Ok(files)
}

/// An address that may stand in a repository.
fn address(url: &str) -> Result<()> {
    let error = |why: &str| Err(Error::new(format!("`{}` is not an address: {why}", safe(url))));
    let Some((scheme, rest)) = url.split_once("://") else { return error("write https://…") };
    let host = rest.split(['/', '?', '#']).next().unwrap_or("");
    if scheme.is_empty() || host.is_empty() {
        error("write https://…")
    } else if url.chars().any(|c| c.is_whitespace() || is_hostile(c)) {
        error("it holds a blank or an invisible character")
    } else if host.contains('@') {
        Err(Error::new("the address holds a user name or password")
            .hint("leave out what stands before the `@`"))
    } else {
        Ok(())
    }
}

/// Who performed it and works here then.
pub(super) fn performer(ground: &Ground<'_>, name: &str, day: Option<Date>) -> Result<usize> {
    let person = lookup::person(ground, name, day)?;
    if let Some(day) = day {
        lookup::works_here(ground, person, day)?;
    }
    Ok(person)
}

fn draft(
    args: &Args,
    ground: &Ground<'_>,
    said: &Said,
    log: Option<&Log>,
    files: &[Incoming],
    id: &str,
) -> Draft {
    let system = said.system.map(|system| ground.system_id(system).to_owned());
    let artifact = |file: &Incoming| ArtifactDraft {
        path: args.by_hash.is_none().then(|| file.name.clone()),
        url: args.by_hash.clone(),
        sha256: file.facts.sha256,
        bytes: file.facts.bytes,
        system: system.clone(),
        query: said.query.clone(),
        covers: said.covers,
        population: said.population.clone(),
        ..ArtifactDraft::default()
    };
    Draft {
        id: id.to_owned(),
        title: args.title.clone().unwrap_or_else(|| {
            let days = log.map(Log::days);
            let when = days.as_deref().or(said.interval());
            title(ground, said.control, &said.performed, when, system.as_deref())
        }),
        control: ground.control_id(said.control).to_owned(),
        kind: said.kind,
        performed: said.performed.clone(),
        by: ground.person_id(said.by).to_owned(),
        slot: said.slot.clone(),
        result: said.result.clone(),
        collected: said.collected.clone(),
        occurrences: match &said.item {
            Some(item) => Some(OccurrencesDraft::Item { item: item.clone(), system: system.clone() }),
            None => log.map(|log| log.draft(files)),
        },
        artifacts: files.iter().map(artifact).collect(),
        follows_up: said.follows_up.clone(),
    }
}

/// The control's title, the slot or day, and the system.
pub(super) fn title(
    ground: &Ground<'_>,
    control: usize,
    performed: &When,
    slot: Option<&str>,
    system: Option<&str>,
) -> String {
    let when = slot.map_or_else(|| performed.day(&ground.zone).to_string(), str::to_owned);
    let parts = [Some(ground.title(control)), Some(when), system.map(str::to_owned)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn tell(ground: &Ground<'_>, said: &Said, files: &[Incoming], id: &str) -> Result<ExitCode> {
    let hashes: Vec<String> =
        files.iter().map(|file| format!("{}…", &hex(&file.facts.sha256)[..8])).collect();
    let what = match hashes.as_slice() {
        [one] => format!("sha256 {one}"),
        several => format!("{}, sha256 {}", count(several.len(), "file"), some(several, 4)),
    };
    let mut out = format!("Wrote evidence/{id}/ ({what})\n");
    if let Some(line) = standing::line(ground, id)? {
        out.push_str(&format!("{line}\n"));
    }
    if ground.ui.verbosity >= 0 {
        let review = ground.command(&format!("evidence review {id} --by PERSON --on DATE --result accepted"));
        let control = ground.program.controls.get(said.control);
        if control.is_some_and(needs_review) {
            out.push_str(&format!("Next: someone other than {}: {review}\n", ground.person_id(said.by)));
        } else {
            out.push_str(&format!("Next: {}\n", ground.command("check")));
        }
    }
    ui::print(&out)?;
    Ok(ExitCode::SUCCESS)
}
