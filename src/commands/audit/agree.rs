//! `soc2 audit agree`: the list of controls that the auditor agreed to test, kept so that later changes can be listed against it.

use std::process::ExitCode;

use jiff::civil::Date;

use super::{Ground, known, one};
use crate::baseline::{self, Listed};
use crate::commands::check::date;
use crate::commands::place::whole;
use crate::commands::put::{self, Change};
use crate::commands::register;
use crate::error::{Error, Result};
use crate::git::{Commit, Repository};
use crate::program::Program;
use crate::rootfile;
use crate::source::{ROOT_FILE, Sources};
use crate::text::{count, safe, some};
use crate::timeline::Judgement;
use crate::ui;

/// Record that the auditor agreed the list of controls of an audit.
///
/// Writes the day into soc2.toml, and the controls as the checked-out commit has them into audits/ID/agreed.yaml: ids, cadence,
/// criteria, systems, and a digest of the wording. Later changes are listed against it by `soc2 check`, `soc2 report` and
/// `soc2 diff --agreed`. That the auditor agreed is what you say; keep what shows it with the records.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The audit; without it the one whose window holds today, else the next, else the last.
    #[arg(value_name = "ID")]
    id: Option<String>,
    /// The day on which the auditor agreed; today unless said.
    #[arg(long, value_name = "DATE", value_parser = date)]
    on: Option<Date>,
    /// The auditor agreed another list than the one recorded before: add it; the last one counts.
    #[arg(long)]
    again: bool,
    /// Show what would be written; write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Runs the verb.
pub(super) fn run(args: &Args, ground: &Ground<'_>) -> Result<ExitCode> {
    let program = &ground.program;
    let id = match &args.id {
        Some(id) => {
            known(program, id)?;
            Some(id.as_str())
        }
        None => one(program, ground.today, None)?,
    };
    let Some(id) = id else {
        return Err(Error::new("soc2.toml names no audit yet").hint("add an [[audit]]: soc2 explain audit"));
    };
    let on = args.on.unwrap_or(ground.today);
    if on > ground.today {
        return Err(Error::new(format!("{on} is in the future: today is {}", ground.today)));
    }
    let earlier = baseline::agreement(program, id);
    let before = earlier.and_then(|list| list.on.as_ref()).map(|on| on.value);
    if earlier.is_some() && !args.again {
        let day = before.map_or_else(String::new, |day| format!(" on {day}"));
        return Err(Error::new(format!("the list of `{id}` was agreed already{day}"))
            .hint("if the auditor agreed another one since: --again"));
    }
    if before.is_some_and(|before| on < before) {
        return Err(Error::new(format!("{on} is before the list that was agreed last"))
            .hint("lists are added in their order"));
    }
    let (commit, listed) = committed(ground, id)?;
    let path = format!("audits/{id}/agreed.yaml");
    let text = register::text(&ground.root, program, &path, "")?;
    let fresh = text.is_empty();
    let after = baseline::with_list(&text, on, &commit.id(), &listed).ok_or_else(|| {
        Error::new(format!("`{}` is left as it is: a list cannot be added at its end", safe(&path)))
            .hint("soc2 check names what is wrong with it")
    })?;
    let root = register::text(&ground.root, program, ROOT_FILE, "")?;
    let dated = rootfile::with_agreed(&root, id, on)
        .map_err(|why| Error::new(format!("`{ROOT_FILE}` is left as it is: {why}")))?;
    let list =
        if fresh { Change::file(&ground.root, &path, after)? } else { Change::edit(&path, text, after)? };
    let changes = [Change::edit(ROOT_FILE, root, dated)?, list];
    let notes = ground.ui.busy("reading", || put::tried(program, ground.today, &changes))?;
    let what = format!(
        "the list of `{id}` as agreed on {on}: {}, commit {}",
        count(listed.len(), "control"),
        commit.short()
    );
    let mut out = put::told(&ground.root, &changes, &what, args.dry_run)?;
    if ground.ui.verbosity >= 0 && !args.dry_run {
        out.push_str(&format!(
            "Next: git add {ROOT_FILE} {path} && git commit -m \"The auditor agreed the controls of {id}\"\n      \
             what changed since, at any time: {}\n",
            ground.command(&format!("diff --agreed {id}"))
        ));
    }
    ui::print(&out)?;
    notes.iter().for_each(|note| ui::tell(&format!("note: {note}")));
    Ok(ExitCode::SUCCESS)
}

/// The commit that is checked out, and the controls of the audit as it has them; refused when the work tree has others.
fn committed(ground: &Ground<'_>, id: &str) -> Result<(Commit, Vec<Listed>)> {
    let (Some(repository), Some(commit)) = (&ground.repository, ground.commit) else {
        return Err(Error::new("there is no commit whose controls could be named")
            .hint("commit the programme first: git add -A && git commit"));
    };
    let now = listed(&ground.program, ground, id);
    let then = program(repository, commit)?;
    whole(&then, "HEAD")?;
    let then = listed(&then, ground, id);
    if now.is_empty() {
        return Err(Error::new(format!("no control of `{id}` is implemented, so there is no list to agree"))
            .hint("set `status: implemented` and `effective_from` on what is done as written"));
    }
    // An index is of its own programme.
    let same = |a: &Listed, b: &Listed| Listed { control: b.control, ..a.clone() } == *b;
    let differ: Vec<&str> = now
        .iter()
        .filter(|one| !then.iter().any(|other| same(one, other)))
        .chain(then.iter().filter(|one| !now.iter().any(|other| other.id == one.id)))
        .map(|one| one.id.as_str())
        .collect();
    if differ.is_empty() {
        return Ok((commit, now));
    }
    Err(Error::new(format!(
        "the work tree says something else of {} than commit {}: {}",
        count(differ.len(), "control"),
        commit.short(),
        some(&differ, 5)
    ))
    .hint("commit what the auditor agreed, or put it back; then record it"))
}

fn program(repository: &Repository, commit: Commit) -> Result<Program> {
    Ok(Program::load(Sources::of_tree(repository.tree(commit))))
}

fn listed(program: &Program, ground: &Ground<'_>, id: &str) -> Vec<Listed> {
    let judgement = Judgement::new(program, ground.today, Some(id));
    judgement.audits.first().map_or_else(Vec::new, |audit| baseline::listed(program, audit))
}
