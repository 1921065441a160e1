//! `soc2 evidence review`: another person's look at evidence, written into its manifest with a digest of what was seen.

use std::collections::BTreeSet;
use std::fs;
use std::process::ExitCode;

use jiff::civil::Date;

use super::answers::{Answers, Question, text};
use super::performed::{days, performers};
use super::{Ground, lookup, standing};
use crate::commands::init::behind_a_link;
use crate::error::{Error, Result};
use crate::manifest::{Review, with_review};
use crate::model::evidence::{Occurrences, Verdict};
use crate::model::scalar::Sha256;
use crate::program::{EvidenceFolder, review_digest};
use crate::source::hex;
use crate::text::{count, safe, some};
use crate::timeline::Settings;
use crate::timeline::people::head_count;
use crate::ui;

/// Record that another person looked at evidence, and what they decided.
///
/// Writes `reviewed` into the manifest and leaves everything else as it is. The digest pins what was reviewed: a later
/// change of the manifest asks for a new review.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The evidence: its folder below evidence/, or the end of it.
    #[arg(value_name = "EVIDENCE")]
    id: String,
    /// Person who reviewed it; never who performed it.
    #[arg(long, value_name = "PERSON")]
    by: Option<String>,
    /// Day of the review.
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// What was decided: accepted or rejected.
    #[arg(long, value_name = "RESULT")]
    result: Option<String>,
    /// What the reviewer saw.
    #[arg(long, value_name = "TEXT")]
    notes: Option<String>,
    /// Small teams: the control that makes up for it where the performer is the only one who can review.
    #[arg(long, value_name = "CONTROL")]
    compensating: Option<String>,
    /// Put this review in the place of the one that is there.
    #[arg(long)]
    replace: bool,
}

/// Runs the verb.
pub(super) fn run(args: &Args, ground: &Ground<'_>) -> Result<ExitCode> {
    let folder = lookup::evidence(&ground.program, &args.id)?;
    let id = ground.program.evidence_id(folder);
    unchanged(ground, folder)?;
    if ground.ui.verbosity >= 0 {
        ui::tell(&shown(ground, folder));
    }
    let mut answers = Answers::new("evidence review");
    let ask = |flag, words, what| Question { flag, words, what };
    let question = ask("--on DATE", "Reviewed on? (year-month-day)", "the day of the review");
    let on = answers.need(args.on.as_deref(), &question, |text| after_performance(ground, folder, text))?;
    let question = ask("--by PERSON", "By?", "who reviewed it, another person than performed it");
    let compensating = args.compensating.as_deref();
    let by = answers
        .need(args.by.as_deref(), &question, |text| reviewer(ground, folder, text, on, compensating))?;
    let question =
        ask("--result RESULT", "Result? (accepted, rejected)", "what was decided: accepted or rejected");
    let result: Option<Verdict> = answers.need(args.result.as_deref(), &question, lookup::word)?;
    let notes = answers.may(args.notes.as_deref(), "Notes?", "none", text)?;
    answers.complete()?;
    let (Some(on), Some(by), Some(result)) = (on, by, result) else {
        return Err(Error::new("nothing was written"));
    };
    let collected = folder.manifest.collected.as_ref().and_then(|collected| collected.by.as_ref());
    if collected.is_some_and(|name| ground.program.person(name) == Some(by)) {
        ui::tell(&format!(
            "warning: `{}` also collected it; an auditor may ask for a third person",
            ground.person_id(by)
        ));
    }
    let by = ground.person_id(by).to_owned();
    let compensating = args.compensating.clone();
    let digest = write(ground, folder, args.replace, |digest| Review {
        on,
        by: by.clone(),
        result,
        digest,
        compensating,
        notes,
    })?;
    let mut out = format!(
        "Wrote the review into evidence/{id}/manifest.yaml: {} by {by} on {on} (digest {}…)\n",
        result.word(),
        &digest[..8]
    );
    if let Some(line) = standing::line(ground, id)? {
        out.push_str(&format!("{line}\n"));
    }
    if ground.ui.verbosity >= 0 {
        out.push_str(&match result {
            Verdict::Accepted => format!("Next: {}, then commit\n", ground.command("check")),
            Verdict::Rejected => {
                "Next: file what is missing as evidence of its own, with `supersedes` naming this one\n"
                    .to_owned()
            }
        });
    }
    ui::print(&out)?;
    Ok(ExitCode::SUCCESS)
}

/// Refuses when an artefact is not what the manifest records: what would be reviewed is not what is on record.
fn unchanged(ground: &Ground<'_>, folder: &EvidenceFolder) -> Result<()> {
    let mut wrong = Vec::new();
    for (artifact, file) in folder.manifest.artifacts.iter().zip(folder.files.iter()) {
        let Some(path) = &artifact.path else { continue };
        let facts = file.and_then(|file| ground.program.facts(file));
        let why = match (facts, &artifact.sha256) {
            (None, _) => "is not there",
            (Some(_), None) => "has no hash in the manifest",
            (Some(facts), _) if facts.lfs.is_some() => "is a Git LFS pointer: git lfs pull",
            (Some(facts), Some(recorded)) if recorded.value.0 != facts.sha256 => "is not what its hash says",
            (Some(facts), _)
                if artifact.bytes.as_ref().is_some_and(|recorded| recorded.value != facts.bytes) =>
            {
                "is not as long as recorded"
            }
            _ => continue,
        };
        wrong.push(format!("`{}` {why}", safe(path)));
    }
    if wrong.is_empty() {
        return Ok(());
    }
    let id = safe(ground.program.evidence_id(folder));
    Err(Error::new(format!("`{id}` is not what its manifest records: {}", some(&wrong, 5))).hint(
        "bring the recorded files back, or file the new ones as evidence of their own; soc2 check says more",
    ))
}

/// What is about to be reviewed.
fn shown(ground: &Ground<'_>, folder: &EvidenceFolder) -> String {
    let manifest = &folder.manifest;
    let title = manifest.title.as_ref().map_or("", |title| title);
    let names: Vec<String> = manifest
        .artifacts
        .iter()
        .filter_map(|artifact| artifact.path.as_ref().or(artifact.url.as_ref()))
        .map(|name| safe(name))
        .collect();
    let by: BTreeSet<String> = performers(&folder.manifest).map(|by| safe(by)).collect();
    let by: Vec<String> = by.into_iter().collect();
    let on = days(ground, &folder.manifest).map_or_else(String::new, |(_, day)| format!(" on {day}"));
    let elsewhere = manifest.artifacts.iter().filter(|artifact| artifact.path.is_none()).count();
    let elsewhere = if elsewhere > 0 {
        format!(" ({} elsewhere: not compared with the recorded hash)", count(elsewhere, "file"))
    } else {
        String::new()
    };
    format!("{}: performed{on} by {}; files: {}{elsewhere}", safe(title), some(&by, 4), some(&names, 8))
}

/// A day that is neither to come nor before the performance.
fn after_performance(ground: &Ground<'_>, folder: &EvidenceFolder, text: &str) -> Result<Date> {
    let on = lookup::past_day(ground, text)?;
    match days(ground, &folder.manifest) {
        Some((_, performed)) if on < performed => {
            Err(Error::new(format!("reviewed on {on}, before the control was performed on {performed}"))
                .hint("nobody reviews what has not happened: correct --on, or `performed` of the manifest"))
        }
        _ => Ok(on),
    }
}

/// Who may review it on that day.
fn reviewer(
    ground: &Ground<'_>,
    folder: &EvidenceFolder,
    name: &str,
    on: Option<Date>,
    compensating: Option<&str>,
) -> Result<usize> {
    let program = &ground.program;
    let person = lookup::person(ground, name, on)?;
    let id = ground.person_id(person);
    if lookup::is_bot(program, person) {
        return Err(Error::new(format!("`{id}` is a bot: a review is a person's judgement")));
    }
    if let Some(control) = compensating {
        lookup::control(program, control)?;
        if folder.manifest.controls.iter().any(|named| &*named.value.0 == control) {
            return Err(Error::new(format!("`{}` cannot make up for itself", safe(control)))
                .hint("name the control that looks back at it, such as a monthly look by management"));
        }
    }
    if let Some(day) = on {
        lookup::works_here(ground, person, day)?;
    }
    let log = matches!(folder.manifest.occurrences.as_deref(), Some(Occurrences::Log(_)));
    if performers(&folder.manifest).next().is_none() && !log {
        return Err(Error::new("the manifest does not say who performed the control")
            .hint("write `performed: { on: …, by: … }` first: nobody can tell whether the reviewer is another person"));
    }
    let performed = performers(&folder.manifest).any(|by| program.person(by) == Some(person));
    match (performed, compensating, on) {
        (false, None, _) => Ok(person),
        (false, Some(_), _) => {
            Err(Error::new(format!("`{id}` did not perform it: nothing needs compensating"))
                .hint("leave --compensating out"))
        }
        (true, None, _) => Err(Error::new(format!("`{id}` performed it and cannot review it"))
            .hint("an auditor counts a self-review as none: have another person look at it")),
        (true, Some(_), None) => Ok(person),
        (true, Some(_), Some(day)) => {
            let (heads, small) = (head_count(program, day), Settings::of(program).small_team);
            if heads < small {
                return Ok(person);
            }
            Err(Error::new(format!(
                "`{id}` performed it, and {} worked here on {day}",
                count(heads, "person")
            ))
            .hint(format!("--compensating is for fewer than {small}: have another person look at it")))
        }
    }
}

/// Writes the review; gives the digest. The file is read again, so that nothing written meanwhile is lost.
fn write(
    ground: &Ground<'_>,
    folder: &EvidenceFolder,
    replace: bool,
    review: impl FnOnce(Sha256) -> Review,
) -> Result<String> {
    let path = ground.program.sources.path(folder.file);
    let disk = ground.root.join(path);
    let linked =
        disk.symlink_metadata().is_ok_and(|meta| meta.is_symlink()) || behind_a_link(&ground.root, &disk);
    if linked {
        return Err(
            Error::new(format!("`{}` is behind a link", safe(path))).hint("review the file it leads to")
        );
    }
    let refused = |why: &str| Error::new(format!("`{}` is left as it is: {why}", safe(path)));
    let bytes = fs::read(&disk).map_err(|e| Error::io(&disk, &e))?;
    let text = String::from_utf8(bytes).map_err(|_| refused("it is not UTF-8"))?;
    let body = text.strip_prefix('\u{feff}').unwrap_or(&text);
    if body != ground.program.sources.text(folder.file) {
        return Err(refused("it changed meanwhile").hint("run the command again"));
    }
    let digest = review_digest(body).ok_or_else(|| refused("it has faults").hint("soc2 check names them"))?;
    let edited = with_review(&text, &review(digest), replace).map_err(|why| {
        let error = refused(&why);
        if why.ends_with("already") {
            error.hint("to put this review in its place: --replace")
        } else {
            error
        }
    })?;
    ui::write_file(&disk, edited.as_bytes())?;
    Ok(hex(&digest.0))
}
