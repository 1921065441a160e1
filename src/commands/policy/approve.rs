//! `soc2 policy approve`: the text as it stands, agreed to by the person who runs it.

use std::cmp::Ordering;
use std::process::ExitCode;

use jiff::civil::Date;

use super::version::compare;
use super::{Ground, who};
use crate::commands::check::date;
use crate::diagnostic::Level;
use crate::error::{Error, Result};
use crate::model::Policy;
use crate::report::Report;
use crate::show::readers;
use crate::source::hex;
use crate::text::{clip, count, safe, some};
use crate::timeline::{Judgement, PolicyState, Settings, people, witness};
use crate::ui;

/// Approve the text of a policy as it stands, as the person that git says is working here.
///
/// Adds version, person, days and the SHA-256 of the text as people read it to `approvals` in the policy's front matter, and
/// changes nothing else. Whoever wrote the last edit of the text cannot approve it. The approval of a person who does not use
/// git is recorded by somebody else with --by, --on and --proof.
#[derive(Debug, clap::Args)]
#[command(disable_version_flag = true)]
pub(super) struct Args {
    /// The policy.
    #[arg(value_name = "ID")]
    id: String,
    /// Version that is approved; greater than the last one.
    #[arg(long, value_name = "VERSION")]
    version: String,
    /// First day it is in force.
    #[arg(long, value_name = "DATE", value_parser = date)]
    effective: Date,
    /// Person who approved it, if another than the one who runs this; needs --on and --proof.
    #[arg(long, value_name = "PERSON")]
    by: Option<String>,
    /// Day of the approval; today unless said, and an earlier day needs --proof.
    #[arg(long, value_name = "DATE", value_parser = date)]
    on: Option<Date>,
    /// What shows the approval: a signed PDF, minutes, a pull request.
    #[arg(long, value_name = "TEXT")]
    proof: Option<String>,
}

/// An approval about to be recorded.
struct Approval<'a> {
    by: usize,
    on: Date,
    version: &'a str,
    proof: Option<&'a str>,
    /// The person who runs this is the one who approves.
    own: bool,
}

/// Runs the verb.
pub(super) fn run(args: &Args, ground: &Ground<'_>) -> Result<ExitCode> {
    let (index, policy) = ground.policy(&args.id)?;
    let approval = approval(args, ground)?;
    who::may_act(ground, approval.by, approval.on, "an approval")?;
    if args.effective < approval.on {
        return Err(Error::new(format!(
            "in force from {}, before the approval on {}: an approval cannot be dated back",
            args.effective, approval.on
        ))
        .hint(format!("--effective {}, or later", approval.on)));
    }
    let judgement = ground.ui.busy("judging", || Judgement::new(&ground.program, ground.clock, None));
    let text = readable(ground, &judgement, policy)?;
    let hash = policy.body.sha256.map(|hash| hex(&hash.0)).unwrap_or_default();
    new_text(&judgement, index, policy)?;
    greater(policy, approval.version)?;
    not_the_author(ground, policy, &approval)?;
    let by = who::id(ground, approval.by).to_owned();
    let mut item = vec![
        ("version", approval.version.to_owned()),
        ("by", by.clone()),
        ("on", approval.on.to_string()),
        ("effective", args.effective.to_string()),
        ("text", hash.clone()),
    ];
    item.extend(approval.proof.map(|proof| ("proof", proof.to_owned())));
    ground.write(policy, "approvals", &item)?;
    let path = safe(ground.program.sources.path(policy.file));
    let mut out = format!(
        "Wrote the approval of version {} by {by} on {} into {path}\n",
        safe(approval.version),
        approval.on
    );
    let words = text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count();
    let words = count(words, "word");
    out.push_str(&format!("  {words} as people read them, sha256 {hash}\n"));
    out.push_str(&format!("  in force from {}\n", args.effective));
    if !approval.own {
        out.push_str(
            "  claimed: whoever commits this speaks for another; keep what shows it with the records\n",
        );
    }
    if ground.ui.verbosity >= 0 {
        out.push_str(&next(ground, &judgement, policy, args, &path));
    }
    ui::print(&out)?;
    Ok(ExitCode::SUCCESS)
}

/// Who approves, when, and what shows it.
fn approval<'a>(args: &'a Args, ground: &Ground<'_>) -> Result<Approval<'a>> {
    let proof = args.proof.as_deref().map(str::trim).filter(|proof| !proof.is_empty());
    let version = args.version.trim();
    if version.is_empty() || version.len() > 40 || version.chars().any(char::is_control) {
        return Err(Error::new("the version is empty, or no version").hint("--version 1.0"));
    }
    let runner = who::runner(ground);
    let by = args.by.as_deref().map(|name| who::named(ground, name)).transpose()?;
    let own = by.is_none_or(|by| runner.as_ref().is_ok_and(|runner| *runner == by));
    let by = match by {
        Some(by) => by,
        None => runner.map_err(|error| {
            error.hint("for somebody who does not use git: --by PERSON --on DATE --proof TEXT")
        })?,
    };
    let id = who::id(ground, by);
    if !own && proof.is_none() {
        return Err(Error::new(format!(
            "nobody approves for `{id}`, and git does not say that `{id}` runs this"
        ))
        .hint("have them run it; or say what shows their approval: --proof \"minutes of 2026-01-04\""));
    }
    let on = match args.on {
        None if own => ground.today,
        None => {
            return Err(Error::new(format!("the day on which `{id}` approved it is missing"))
                .hint("--on DATE: the day that the proof shows"));
        }
        Some(on) if on > ground.today => {
            return Err(Error::new(format!("{on} is in the future: today is {}", ground.today))
                .hint("approve today; --effective may be a later day"));
        }
        Some(on) if on < ground.today && proof.is_none() => {
            return Err(Error::new(format!("an approval given on {on} needs what shows it"))
                .hint("--proof TEXT; or leave --on out to approve it today"));
        }
        Some(on) => on,
    };
    Ok(Approval { by, on, version, proof, own })
}

/// The text as people read it; refuses one that cannot be filled in, or that has faults which `check` denies.
fn readable<'p>(ground: &Ground<'_>, judgement: &Judgement<'_>, policy: &'p Policy) -> Result<&'p str> {
    let path = ground.program.sources.path(policy.file);
    let report = Report::new(judgement);
    let faults =
        report.diagnostics.iter().filter(|found| found.level == Level::Deny && found.at.file == policy.file);
    let faults: Vec<String> = faults
        .map(|found| format!("line {}: {}", ground.program.sources.position(found.at).line, found.message))
        .collect();
    match policy.body.text.as_deref() {
        Some(text) if faults.is_empty() && !text.trim().is_empty() => Ok(text),
        Some(_) if faults.is_empty() => Err(Error::new(format!("`{}` has no text to approve", safe(path)))),
        _ => {
            Err(Error::new(format!("`{}` cannot be approved as it stands: {}", safe(path), some(&faults, 3)))
                .hint(format!("mend it first; {} says how", ground.command("check -v"))))
        }
    }
}

/// Refuses a text of which an approval holds already.
fn new_text(judgement: &Judgement<'_>, index: usize, policy: &Policy) -> Result<()> {
    let state = judgement.policies.get(index).map(|standing| standing.state);
    if matches!(state, None | Some(PolicyState::Draft | PolicyState::Changed)) {
        return Ok(());
    }
    let held = policy
        .head
        .approvals
        .iter()
        .rev()
        .find(|one| one.text.as_ref().map(|text| text.value) == policy.body.sha256);
    let Some(held) = held else { return Ok(()) };
    let word = |text: Option<String>| text.unwrap_or_else(|| "?".to_owned());
    Err(Error::new(format!(
        "this very text is approved already: version {} by {} on {}",
        word(held.version.as_ref().map(|version| safe(version))),
        word(held.by.as_ref().map(|by| safe(by))),
        word(held.on.as_ref().map(|on| on.to_string())),
    ))
    .hint(format!("to record that it was read again and stays: soc2 policy review {}", policy.head.id)))
}

/// Refuses a version that is not greater than the last one.
fn greater(policy: &Policy, version: &str) -> Result<()> {
    let last = policy.head.approvals.iter().rev().find_map(|approval| approval.version.as_ref());
    match last {
        Some(last) if compare(version, last) != Ordering::Greater => Err(Error::new(format!(
            "version {} does not follow version {}",
            safe(version),
            clip(&safe(last), 40)
        ))
        .hint("acknowledgements name versions, so each text has a greater one of its own")),
        _ => Ok(()),
    }
}

/// Refuses whoever wrote the last edit of the text, and a day before it; where git cannot tell, nothing is said.
fn not_the_author(ground: &Ground<'_>, policy: &Policy, approval: &Approval<'_>) -> Result<()> {
    let program = &ground.program;
    let path = program.sources.path(policy.file);
    let id = who::id(ground, approval.by);
    let alone = people::head_count(program, approval.on) < 2;
    let Some(edit) = witness::last_edit(program, policy.file) else {
        if approval.own && !alone && is_uncommitted(ground, policy) {
            return Err(Error::new(format!(
                "the text of `{}` is not committed as it stands, so who wrote it cannot be told",
                safe(path)
            ))
            .hint("whoever wrote it commits it first; then another person approves it"));
        }
        return Ok(());
    };
    let author = witness::person(program, &edit.author);
    if author == Some(approval.by) && !alone {
        return Err(Error::new(format!(
            "`{id}` wrote the last edit of this text, in commit {}, and cannot approve it",
            edit.short()
        ))
        .hint("an approval is a second person's agreement: have another person of management run this"));
    }
    let day = edit.day(&program.zone());
    if approval.on < day {
        return Err(Error::new(format!(
            "approved on {}, before the text was there: its last edit is of {day}, in commit {}",
            approval.on,
            edit.short()
        ))
        .hint("have the text approved as it is now"));
    }
    Ok(())
}

/// Does git know this programme, and not this text?
fn is_uncommitted(ground: &Ground<'_>, policy: &Policy) -> bool {
    let program = &ground.program;
    let Some(place) = program.text_place(policy.file).filter(|_| program.history.is_known()) else {
        return false;
    };
    let Some(file) = program.history.file(program.sources.path(policy.file)) else { return true };
    let first = program.sources.position(place).line.saturating_sub(1);
    let last = program.sources.end_position(place).line.min(file.lines.len());
    file.uncommitted && file.lines.get(first..last).is_none_or(|lines| lines.contains(&u32::MAX))
}

/// What comes next.
fn next(ground: &Ground<'_>, judgement: &Judgement<'_>, policy: &Policy, args: &Args, path: &str) -> String {
    let days = Settings::of(&ground.program).acknowledgement_days;
    let people = count(readers(judgement, policy).len(), "person");
    format!(
        "Next: commit it: git commit -m \"Approve {} {}\" {path}\n      \
         {people} acknowledge version {} within {days} days of {}: registers/acknowledgements\n",
        policy.head.id,
        args.version.trim().replace(['"', '$', '`', '\\'], ""),
        safe(args.version.trim()),
        args.effective,
    )
}
