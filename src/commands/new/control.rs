//! `soc2 new control`: a file of its own, from the catalogue where it has the control.

use std::process::ExitCode;

use super::form::Form;
use super::{Ground, read};
use crate::catalogue::{self, CatalogueControl};
use crate::commands::put::Change;
use crate::commands::register;
use crate::error::{Error, Result};
use crate::fresh::{self, NewControl};
use crate::model::{Cadence, ControlType};
use crate::rootfile;
use crate::rows::{Fields, Written};
use crate::source::ROOT_FILE;
use crate::text::{clip, count, nearest, safe};
use crate::ui;

/// Add a control, as a draft: the catalogue's where it has one of that id, else one made of the answers.
///
/// A control of the catalogue comes with its criteria, tests and evidence, names the policy sections here that order it, and
/// brings the variables it needs to soc2.toml. A draft covers nothing.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Its id, never used before: iam-access-review.
    #[arg(value_name = "ID")]
    id: Option<String>,
    /// Copy this control of the catalogue under another id.
    #[arg(long, value_name = "ID")]
    like: Option<String>,
    /// List the controls of the catalogue; those whose id begins with ID, where one is given.
    #[arg(long)]
    list: bool,
    /// What is done, in one short sentence.
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// The sentence the auditor tests: who does what, how often, on which system, leaving what trace.
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// The person or role that answers for it.
    #[arg(long, value_name = "ID")]
    owner: Option<String>,
    /// How often: once, annual, semiannual, quarterly, monthly, weekly, daily, continuous or event.
    #[arg(long, value_name = "CADENCE")]
    cadence: Option<String>,
    /// Criteria it meets, strongest first.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    criteria: Vec<String>,
    /// Sections of policies that order it: access-control#access-reviews.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    policies: Vec<String>,
    /// In-scope systems it covers; each is a slot of its own.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    systems: Vec<String>,
    /// Who does the work: manual, automated or it-dependent.
    #[arg(long = "type", value_name = "TYPE")]
    r#type: Option<String>,
    /// Show what would be written; write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Runs the verb.
pub(super) fn run(args: &Args, ground: &Ground<'_>) -> Result<ExitCode> {
    let catalogue = catalogue::all();
    if args.list {
        return list(&catalogue, args, ground);
    }
    let mut form = Form::new(ground, "new control");
    let ask = (
        "ID",
        "Id? (soc2 new control --list shows the catalogue)",
        "its id; soc2 new control --list shows the catalogue",
    );
    let id = form
        .answer(args.id.as_deref().or(args.like.as_deref()), ask, |ground, text| free(ground, text.trim()))?;
    let find = |id: &str| catalogue.iter().find(|entry| *entry.control.id.value.0 == *id);
    let entry = match &args.like {
        Some(like) => Some(find(like).ok_or_else(|| unknown(&catalogue, like))?),
        None => id.as_deref().and_then(find),
    };
    let made = match entry {
        Some(entry) => copied(args, ground, form, entry, id)?,
        None => answered(args, ground, form, id, &catalogue)?,
    };
    let (id, text) = made;
    let family = id.split('-').next().unwrap_or(&id);
    let path = format!("controls/{family}/{id}.yaml");
    let mut changes = variables(ground, &text)?;
    let with_variables = !changes.is_empty();
    changes.push(Change::file(&ground.root, &path, text)?);
    let mut next = vec![format!(
        "read it and make it true; once it runs, `status: implemented` and `effective_from`, then\n        {}",
        ground.command(&format!("evidence add FILE --control {id}"))
    )];
    if with_variables {
        next.push(
            "the values in soc2.toml are the company's own promise: change them to what is done".to_owned(),
        );
    }
    ground.put(&changes, &format!("control `{id}`, a draft"), args.dry_run, &next)
}

/// An id that no control here has.
fn free(ground: &Ground<'_>, text: &str) -> Result<String> {
    let id = read::id(text)?;
    let program = &ground.program;
    let Some(there) = program.names.controls.get(&*id).and_then(|index| program.controls.get(*index)) else {
        return Ok(id);
    };
    let path = safe(program.sources.path(there.id.at.file));
    let line = program.sources.position(there.id.at).line;
    Err(Error::new(format!("there is a control `{id}` already: {path}:{line}"))
        .hint("an id is never used again: edit that control, or give another id"))
}

fn unknown(catalogue: &[CatalogueControl], id: &str) -> Error {
    let error = Error::new(format!("the catalogue has no control `{}`", clip(&safe(id), 60)));
    match nearest(id, catalogue.iter().map(|entry| &*entry.control.id.value.0)) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint("soc2 new control --list shows what it has"),
    }
}

/// The catalogue's control, with other values where flags give some.
fn copied(
    args: &Args,
    ground: &Ground<'_>,
    mut form: Form<'_>,
    entry: &CatalogueControl,
    id: Option<String>,
) -> Result<(String, String)> {
    let own = &*entry.control.id.value.0;
    form.may("title", args.title.as_deref(), None, read::line)?;
    form.may("description", args.description.as_deref(), None, read::text)?;
    let owner = entry.control.owner.as_ref().map(|owner| &*owner.value.0);
    let is_here = owner.is_some_and(|owner| read::holder(ground, owner).is_ok());
    if args.owner.is_some() || !is_here {
        let ask = (
            "--owner ID",
            "Owner? (person or role)",
            "the person or role that answers for it: nobody here is the one that the catalogue names",
        );
        form.need("owner", args.owner.as_deref(), ask, read::holder)?;
    }
    form.may("cadence", args.cadence.as_deref(), None, read::word::<Cadence>)?;
    form.list("criteria", &args.criteria, None, read::criterion)?;
    form.list("policies", &args.policies, None, read::policy)?;
    form.list("systems", &args.systems, None, read::system)?;
    form.may("type", args.r#type.as_deref(), None, read::word::<ControlType>)?;
    let mut set: Fields = form.complete()?;
    let id = id.unwrap_or_else(|| own.to_owned());
    if id != own {
        set.insert(0, ("id", Written::Text(id.clone())));
    }
    let text = fresh::from_catalogue(entry, &ground.program, &set).ok_or_else(|| {
        Error::new(format!("the values cannot be put into the catalogue's `{own}`"))
            .hint("leave the flags out, and edit the file")
    })?;
    Ok((id, text))
}

/// Says when the catalogue may have what an id means.
fn resembles(ground: &Ground<'_>, catalogue: &[CatalogueControl], id: &str) -> Option<String> {
    let ids = || catalogue.iter().map(|entry| &*entry.control.id.value.0);
    if let Some(near) = nearest(id, ids()) {
        return Some(format!(
            "the catalogue has `{near}`: {}",
            ground.command(&format!("new control {near}"))
        ));
    }
    let family = format!("{}-", id.split('-').next().unwrap_or(id));
    let own = ids().filter(|id| id.starts_with(&family)).count();
    let list = ground.command(&format!("new control {family} --list"));
    (own > 0)
        .then(|| format!("the catalogue has {} that begin with `{family}`: {list}", count(own, "control")))
}

/// A control made of the answers.
fn answered(
    args: &Args,
    ground: &Ground<'_>,
    mut form: Form<'_>,
    id: Option<String>,
    catalogue: &[CatalogueControl],
) -> Result<(String, String)> {
    if let Some(note) = id.as_deref().and_then(|id| resembles(ground, catalogue, id)) {
        ui::tell(&format!("note: {note}"));
    }
    let ask = (
        "--title TEXT",
        "Title? (what is done, in one short sentence)",
        "what is done, in one short sentence",
    );
    let title = form.answer(args.title.as_deref(), ask, read::line)?;
    let ask = (
        "--description TEXT",
        "Description? (who does what, how often, on which system, leaving what trace)",
        "the sentence the auditor tests: who does what, how often, on which system, leaving what trace",
    );
    let description = form.answer(args.description.as_deref(), ask, read::text)?;
    let ask = ("--owner ID", "Owner? (person or role)", "the person or role that answers for it");
    let owner = form.answer(args.owner.as_deref(), ask, read::holder)?;
    let ask = (
        "--cadence CADENCE",
        "How often? (annual, quarterly, monthly, event, …)",
        "how often it is done: soc2 explain cadence",
    );
    let cadence = form.answer(args.cadence.as_deref(), ask, read::word::<Cadence>)?;
    let ask = (
        "--criteria ID,ID",
        "Criteria it meets? (CC6.2; CC6.3)",
        "the criteria it meets, strongest first: soc2 explain criteria",
    );
    let criteria = form.some("criteria", &args.criteria, ask, read::criterion)?;
    let words = "Policy sections that order it? (access-control#access-reviews)";
    let policies = form.list("policies", &args.policies, Some(words), read::policy)?;
    let systems = form.list(
        "systems",
        &args.systems,
        Some("Systems it covers? (ids, separated by `;`)"),
        read::system,
    )?;
    let r#type = form.may(
        "type",
        args.r#type.as_deref(),
        Some("Who does the work? (manual, automated, it-dependent)"),
        read::word::<ControlType>,
    )?;
    form.complete()?;
    let (Some(id), Some(title), Some(description), Some(owner), Some(cadence)) =
        (id, title, description, owner, cadence)
    else {
        return Err(Error::new("nothing was written"));
    };
    let control = NewControl {
        id: id.clone(),
        title,
        description,
        owner,
        cadence,
        criteria,
        policies,
        systems,
        r#type,
    };
    Ok((id, control.text()))
}

/// The change of soc2.toml that brings the variables which a text needs.
pub(super) fn variables(ground: &Ground<'_>, text: &str) -> Result<Vec<Change>> {
    let lacking = fresh::lacking(&ground.program, text);
    if lacking.is_empty() {
        return Ok(Vec::new());
    }
    let before = register::text(&ground.root, &ground.program, ROOT_FILE, "")?;
    let after = rootfile::with_variables(&before, &lacking).map_err(|why| {
        let names: Vec<&str> = lacking.iter().map(|one| one.id.as_str()).collect();
        Error::new(format!("`{ROOT_FILE}` is left as it is: {why}"))
            .hint(format!("add to [variables] by hand first: {}", names.join(", ")))
    })?;
    Ok(vec![Change::edit(ROOT_FILE, before, after)?])
}

/// What the catalogue has.
fn list(catalogue: &[CatalogueControl], args: &Args, ground: &Ground<'_>) -> Result<ExitCode> {
    let begins = args.id.as_deref().unwrap_or_default();
    let shown: Vec<&CatalogueControl> =
        catalogue.iter().filter(|entry| entry.control.id.value.0.starts_with(begins)).collect();
    if shown.is_empty() {
        return Err(unknown(catalogue, begins));
    }
    let mut out = String::new();
    let mut here = 0;
    for entry in &shown {
        let control = &entry.control;
        let id = &*control.id.value.0;
        let there = ground.program.names.controls.contains_key(id);
        here += usize::from(there);
        let title = control.title.as_ref().map_or("", |title| &*title.value);
        let criteria: Vec<&str> = control.criteria.iter().map(|one| &*one.value.0).collect();
        let mark = if there { "here" } else { "" };
        out.push_str(&format!("{mark:<4}  {id:<32} {title}  ({})\n", criteria.join(" ")));
    }
    out.push_str(&format!("{} of the catalogue, {here} of them here\n", count(shown.len(), "control")));
    if ground.ui.verbosity >= 0 {
        out.push_str(&format!("Next: {}\n", ground.command("new control ID")));
    }
    ui::print(&out)?;
    Ok(ExitCode::SUCCESS)
}
