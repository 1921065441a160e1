//! `soc2 new policy`: a document of its own, from a template where there is one.

use std::process::ExitCode;

use super::form::Form;
use super::{Ground, control, read};
use crate::catalogue;
use crate::commands::put::Change;
use crate::error::{Error, Result};
use crate::fresh::{self, NewPolicy};
use crate::rows::Written;
use crate::text::{clip, count, nearest, safe, some};
use crate::ui;

/// Add a policy, as a draft: from the template of that id where there is one, else made of the answers.
///
/// A template comes with the sections that controls of this programme carry, and brings the variables it needs to soc2.toml.
/// Whoever approves a policy does so in their own name: soc2 policy approve.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Its id, never used before: access-control.
    #[arg(value_name = "ID")]
    id: Option<String>,
    /// Use this template under another id.
    #[arg(long, value_name = "ID")]
    like: Option<String>,
    /// List the templates.
    #[arg(long)]
    list: bool,
    /// Its title.
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// The person or role that answers for it.
    #[arg(long, value_name = "ID")]
    owner: Option<String>,
    /// What it is for, in a sentence.
    #[arg(long, value_name = "TEXT")]
    purpose: Option<String>,
    /// What must be done, by whom and how often, in a sentence; repeatable.
    #[arg(long = "requirement", value_name = "TEXT")]
    requirements: Vec<String>,
    /// Show what would be written; write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Runs the verb.
pub(super) fn run(args: &Args, ground: &Ground<'_>) -> Result<ExitCode> {
    if args.list {
        return list(ground);
    }
    let mut form = Form::new(ground, "new policy");
    let ask = (
        "ID",
        "Id? (soc2 new policy --list shows the templates)",
        "its id; soc2 new policy --list shows the templates",
    );
    let id = form
        .answer(args.id.as_deref().or(args.like.as_deref()), ask, |ground, text| free(ground, text.trim()))?;
    let template =
        args.like.as_deref().or(id.as_deref()).filter(|id| catalogue::policy_outline(id).is_some());
    if let (Some(like), None) = (&args.like, template) {
        return Err(unknown(like));
    }
    let (id, text) = match template {
        Some(template) if args.purpose.is_none() && args.requirements.is_empty() => {
            tailored(args, ground, form, id.clone().unwrap_or_default(), template)?
        }
        Some(template) => {
            return Err(Error::new(format!(
                "there is a template `{template}`: it says what the policy is for"
            ))
            .hint("leave --purpose and --requirement out, or give another id"));
        }
        None => answered(args, ground, form, id)?,
    };
    let path = format!("policies/{id}.md");
    let decisions = text.matches("{%-- Decide").count();
    let mut changes = control::variables(ground, &text)?;
    changes.push(Change::file(&ground.root, &path, text)?);
    let mut next = Vec::new();
    if decisions > 0 {
        next.push(format!(
            "read it: {} marked `Decide`",
            if decisions == 1 { "1 choice is".to_owned() } else { format!("{decisions} choices are") }
        ));
    }
    next.push(format!("let the controls it orders name it: policies: [{id}#SECTION]"));
    next.push(format!(
        "commit it; then another person approves it: {}",
        ground.command(&format!("policy approve {id} --version 1.0 --effective DATE"))
    ));
    ground.put(&changes, &format!("policy `{id}`, a draft"), args.dry_run, &next)
}

/// An id that no policy here has.
fn free(ground: &Ground<'_>, text: &str) -> Result<String> {
    let id = read::id(text)?;
    let program = &ground.program;
    let Some(there) = program.names.policies.get(&*id).and_then(|index| program.policies.get(*index)) else {
        return Ok(id);
    };
    Err(Error::new(format!("there is a policy `{id}` already: {}", safe(program.sources.path(there.file))))
        .hint("edit that policy, or give another id"))
}

fn unknown(id: &str) -> Error {
    let error = Error::new(format!("there is no template `{}`", clip(&safe(id), 60)));
    let templates = catalogue::policy_templates();
    match nearest(id, templates.iter().map(|template| &*template.id.value)) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint("soc2 new policy --list shows them"),
    }
}

/// The template, with another id, title or owner where flags give some.
fn tailored(
    args: &Args,
    ground: &Ground<'_>,
    mut form: Form<'_>,
    id: String,
    template: &str,
) -> Result<(String, String)> {
    let Some(document) = fresh::from_template(template, &ground.program, ground.today) else {
        let carriers = catalogue::policy_outline(template)
            .map_or_else(Vec::new, |(_, carriers)| carriers.into_iter().collect());
        return Err(Error::new(format!(
            "nothing would be left of the template `{template}`: no control here carries a section of it"
        ))
        .hint(format!("add one of these first: {}", some(&carriers, 6)))
        .hint("or write your own: --purpose TEXT --requirement TEXT, under another id"));
    };
    let title = form.may("title", args.title.as_deref(), None, read::line)?;
    let owner = document.text.lines().find_map(|line| line.strip_prefix("owner: ")).unwrap_or_default();
    if args.owner.is_some() || read::holder(ground, owner).is_err() {
        let ask = (
            "--owner ID",
            "Owner? (person or role)",
            "the person or role that answers for it: nobody here is the one that the template names",
        );
        form.need("owner", args.owner.as_deref(), ask, read::holder)?;
    }
    let mut set = form.complete()?;
    if id != document.id {
        set.insert(0, ("id", Written::Text(id.clone())));
    }
    let text = fresh::with_head(&document.text, &set, title.as_deref()).ok_or_else(|| {
        Error::new("the values cannot be put into the template")
            .hint("leave the flags out, and edit the file")
    })?;
    Ok((id, text))
}

/// A policy made of the answers.
fn answered(
    args: &Args,
    ground: &Ground<'_>,
    mut form: Form<'_>,
    id: Option<String>,
) -> Result<(String, String)> {
    let templates = catalogue::policy_templates();
    if let Some(near) = id.as_deref().and_then(|id| nearest(id, templates.iter().map(|one| &*one.id.value))) {
        ui::tell(&format!(
            "note: there is a template `{near}`: {}",
            ground.command(&format!("new policy {near}"))
        ));
    }
    let ask = ("--title TEXT", "Title?", "its title");
    let title = form.answer(args.title.as_deref(), ask, read::line)?;
    let ask = ("--owner ID", "Owner? (person or role)", "the person or role that answers for it");
    let owner = form.answer(args.owner.as_deref(), ask, read::holder)?;
    let ask = ("--purpose TEXT", "What is it for? (a sentence)", "what it is for, in a sentence");
    let purpose = form.answer(args.purpose.as_deref(), ask, read::line)?;
    let words = "What must be done? (sentences, separated by `;`)";
    let requirements = form.list("requirements", &args.requirements, Some(words), read::line)?;
    form.complete()?;
    let (Some(id), Some(title), Some(owner), Some(purpose)) = (id, title, owner, purpose) else {
        return Err(Error::new("nothing was written"));
    };
    let policy = NewPolicy { id: id.clone(), title, owner, purpose, requirements };
    Ok((id, policy.text()))
}

/// The templates.
fn list(ground: &Ground<'_>) -> Result<ExitCode> {
    let templates = catalogue::policy_templates();
    let mut out = String::new();
    let mut here = 0;
    for template in &templates {
        let id = &*template.id.value;
        let there = ground.program.names.policies.contains_key(id);
        here += usize::from(there);
        let title = catalogue::policy_outline(id).map_or("", |(title, _)| title);
        out.push_str(&format!("{:<4}  {id:<26} {title}\n", if there { "here" } else { "" }));
    }
    out.push_str(&format!("{}, {here} of them here\n", count(templates.len(), "template")));
    if ground.ui.verbosity >= 0 {
        out.push_str(&format!("Next: {}\n", ground.command("new policy ID")));
    }
    ui::print(&out)?;
    Ok(ExitCode::SUCCESS)
}
